"""Clean a column of a polars frame, lazily.

Prints::

    The ferry sailed again on Tuesday, the harbour office said.
    The landing stage in May. Photo: Ines Falk / Reuters
    The island had been cut off for eleven weeks, and its baker had run out of flour in the second.
    ['newsletter_signup', 'ad_label']
"""

import polars as pl

from cleantext.integrations import polars as cleantext_polars

PAGE = """\
The ferry sailed again on Tuesday, the harbour office said. Subscribe to our newsletter here.
The landing stage in May. Photo: Ines Falk / Reuters
Advertisement
The island had been cut off for eleven weeks, and its baker had run out of flour in the second.
"""


def main():
    pages = pl.LazyFrame({"url": ["https://harbourledger.example/1", None], "text": [PAGE, None]})
    pages = pages.with_columns(
        cleantext_polars.clean("text", url="url"), cleantext_polars.removed("text", url="url")
    ).collect()
    print(pages["text"][0], end="")
    print([cut["category"] for cut in pages["removed"][0]])


if __name__ == "__main__":
    main()
