"""Clean a column of a Spark data frame.

Prints::

    The ferry sailed again on Tuesday, the harbour office said.
    The landing stage in May. Photo: Ines Falk / Reuters
    The island had been cut off for eleven weeks, and its baker had run out of flour in the second.
    ['newsletter_signup', 'ad_label']
"""

import os
import sys

from pyspark.sql import SparkSession

from cleantext import Cleaner
from cleantext.integrations import spark as cleantext_spark

PAGE = """\
The ferry sailed again on Tuesday, the harbour office said. Subscribe to our newsletter here.
The landing stage in May. Photo: Ines Falk / Reuters
Advertisement
The island had been cut off for eleven weeks, and its baker had run out of flour in the second.
"""


def main():
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # workers need the same packages
    spark = SparkSession.builder.master("local[1]").getOrCreate()
    pages = spark.createDataFrame([("https://harbourledger.example/1", PAGE)], ["url", "text"])
    pages = cleantext_spark.clean(
        pages, "text", url_column="url", removed_column="removed", cleaner=Cleaner(level="safe")
    )
    (row,) = pages.collect()
    print(row["text"], end="")
    print([cut["category"] for cut in row["removed"]])
    spark.stop()


if __name__ == "__main__":
    main()
