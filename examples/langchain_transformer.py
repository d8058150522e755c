"""Clean LangChain documents before they are split.

Prints::

    The ferry sailed again on Tuesday, the harbour office said.
    The landing stage in May. Photo: Ines Falk / Reuters
    The island had been cut off for eleven weeks, and its baker had run out of flour in the second.
    ['newsletter_signup', 'ad_label']
"""

from langchain_core.documents import Document

from cleantext.integrations.langchain import CleanTextTransformer

PAGE = """\
The ferry sailed again on Tuesday, the harbour office said. Subscribe to our newsletter here.
The landing stage in May. Photo: Ines Falk / Reuters
Advertisement
The island had been cut off for eleven weeks, and its baker had run out of flour in the second.
"""


def main():
    documents = [Document(PAGE, metadata={"source": "https://harbourledger.example/1"})]
    transformer = CleanTextTransformer(removed_key="removed")
    (document,) = transformer.transform_documents(documents)
    print(document.page_content, end="")
    print([cut["category"] for cut in document.metadata["removed"]])


if __name__ == "__main__":
    main()
