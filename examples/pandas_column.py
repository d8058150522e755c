"""Clean a column of a pandas frame.

Prints::

    The ferry sailed again on Tuesday, the harbour office said.
    The landing stage in May. Photo: Ines Falk / Reuters
    The island had been cut off for eleven weeks, and its baker had run out of flour in the second.
    ['newsletter_signup', 'ad_label']
"""

import pandas as pd

from cleantext.integrations import pandas as cleantext_pandas

PAGE = """\
The ferry sailed again on Tuesday, the harbour office said. Subscribe to our newsletter here.
The landing stage in May. Photo: Ines Falk / Reuters
Advertisement
The island had been cut off for eleven weeks, and its baker had run out of flour in the second.
"""


def main():
    pages = pd.DataFrame({"url": ["https://harbourledger.example/1", None], "text": [PAGE, None]})
    pages["removed"] = cleantext_pandas.removed(pages["text"], urls=pages["url"])
    pages["text"] = cleantext_pandas.clean(pages["text"], urls=pages["url"])
    print(pages["text"][0], end="")
    print([cut["category"] for cut in pages["removed"][0]])


if __name__ == "__main__":
    main()
