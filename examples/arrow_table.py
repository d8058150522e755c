"""Clean a column of an Arrow table, as Parquet files hold it.

Prints::

    The ferry sailed again on Tuesday, the harbour office said.
    The landing stage in May. Photo: Ines Falk / Reuters
    The island had been cut off for eleven weeks, and its baker had run out of flour in the second.
    ['newsletter_signup', 'ad_label']
"""

import pyarrow as pa

from cleantext.integrations.arrow import CleanTable

PAGE = """\
The ferry sailed again on Tuesday, the harbour office said. Subscribe to our newsletter here.
The landing stage in May. Photo: Ines Falk / Reuters
Advertisement
The island had been cut off for eleven weeks, and its baker had run out of flour in the second.
"""


def main():
    table = pa.table({"url": ["https://harbourledger.example/1", None], "text": [PAGE, None]})
    table = CleanTable("text", url_column="url", removed_column="removed")(table)
    print(table["text"][0].as_py(), end="")
    print([cut["category"] for cut in table["removed"][0].as_py()])


if __name__ == "__main__":
    main()
