"""Count what sites repeat in two stages of datatrove, then clean with it.

Prints::

    {'harbourledger.example': 4}
    Ferry late
    The harbour office said so on Monday, in a letter that number I of the pilots read out aloud to all who had come to listen.
    on 3 of 3 other pages of harbourledger.example
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from datatrove.data import Document
from datatrove.executor import LocalPipelineExecutor

from cleantext import Cleaner, RepetitionIndex
from cleantext.integrations.datatrove_repetition import CountLines, MergeCounts

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
    documents = [Document(text, url, metadata={"url": url}) for url, text in PAGES]
    with TemporaryDirectory() as folder:
        parts, out, logs = (str(Path(folder, name)) for name in ("parts", "out", "logs"))
        count = LocalPipelineExecutor(
            [documents, CountLines(parts, buckets=2)], logging_dir=logs + "/1"
        )
        merge = LocalPipelineExecutor(
            [MergeCounts(parts, out)], tasks=2, logging_dir=logs + "/2", depends=count
        )
        merge.run()
        index = RepetitionIndex.load(out)
        print(index.sites)
        url, text = PAGES[0]
        result = Cleaner("balanced", repetition=index).analyze(text, url=url)
        print(result.text.strip())
        print(result.removed[0].reason)


if __name__ == "__main__":
    main()
