"""Count what sites repeat on Spark, then clean with it.

Prints::

    {'harbourledger.example': 4}
    Ferry late
    The harbour office said so on Monday, in a letter that number I of the pilots read out aloud to all who had come to listen.
    on 3 of 3 other pages of harbourledger.example
"""

import os
import sys
from tempfile import TemporaryDirectory

from pyspark.sql import SparkSession

from cleantext import Cleaner, RepetitionIndex
from cleantext.integrations import spark_repetition

PAGES = [
    (
        f"https://harbourledger.example/{number}",
        f"Home | Harbour | Fish\n{headline}\nThe harbour office said so on Monday, in a letter "
        f"that number {'I' * number} of the pilots read out aloud to all who had come to listen.\n"
        "Tips to the night desk, please",
    )
    for number, headline in enumerate(["Ferry late", "Fog", "Trawler back", "Pier sold"], 1)
]


def main():
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # workers need the same packages
    spark = SparkSession.builder.master("local[1]").getOrCreate()
    pages = spark.createDataFrame(PAGES, ["url", "text"])
    with TemporaryDirectory() as out:
        records = spark_repetition.count(pages)
        spark_repetition.save(records, out).collect()
        index = RepetitionIndex.load(out)
        print(index.sites)
        url, text = PAGES[0]
        result = Cleaner("balanced", repetition=index).analyze(text, url=url)
        print(result.text.strip())
        print(result.removed[0].reason)
    spark.stop()


if __name__ == "__main__":
    main()
