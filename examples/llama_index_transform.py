"""Clean documents in a LlamaIndex ingestion pipeline.

Prints::

    The ferry sailed again on Tuesday, the harbour office said.
    The landing stage in May. Photo: Ines Falk / Reuters
    The island had been cut off for eleven weeks, and its baker had run out of flour in the second.
    ['newsletter_signup', 'ad_label']
"""

from llama_index.core import Document
from llama_index.core.ingestion import IngestionPipeline

from cleantext.integrations.llama_index import CleanText

PAGE = """\
The ferry sailed again on Tuesday, the harbour office said. Subscribe to our newsletter here.
The landing stage in May. Photo: Ines Falk / Reuters
Advertisement
The island had been cut off for eleven weeks, and its baker had run out of flour in the second.
"""


def main():
    documents = [Document(text=PAGE, metadata={"url": "https://harbourledger.example/1"})]
    pipeline = IngestionPipeline(transformations=[CleanText(level="safe", removed_key="removed")])
    (node,) = pipeline.run(documents=documents)
    print(node.get_content(), end="")
    print([cut["category"] for cut in node.metadata["removed"]])


if __name__ == "__main__":
    main()
