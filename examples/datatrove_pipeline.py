"""Clean documents in a datatrove pipeline; reasons go to the metadata, counts to the stats.

Prints::

    The ferry sailed again on Tuesday, the harbour office said.
    The landing stage in May. Photo: Ines Falk / Reuters
    The island had been cut off for eleven weeks, and its baker had run out of flour in the second.
    ['newsletter_signup', 'ad_label']
    1
"""

from tempfile import TemporaryDirectory

from datatrove.data import Document
from datatrove.executor import LocalPipelineExecutor

from cleantext import Cleaner
from cleantext.integrations.datatrove import CleanText

PAGE = """\
The ferry sailed again on Tuesday, the harbour office said. Subscribe to our newsletter here.
The landing stage in May. Photo: Ines Falk / Reuters
Advertisement
The island had been cut off for eleven weeks, and its baker had run out of flour in the second.
"""


def show(data, rank=0, world_size=1):
    """Stand for a writer."""
    for document in data:
        print(document.text, end="")
        print([cut["category"] for cut in document.metadata["cleantext"]])
        yield document


def main():
    document = Document(text=PAGE, id="1", metadata={"url": "https://harbourledger.example/1"})
    step = CleanText(Cleaner(level="safe"))
    with TemporaryDirectory() as folder:
        pipeline = [[document], step, show]
        stats = LocalPipelineExecutor(pipeline, logging_dir=folder, skip_completed=False).run()
    print(stats.stats[0]["removed_ad_label"].total)


if __name__ == "__main__":
    main()
