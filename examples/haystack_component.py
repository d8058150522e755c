"""Clean documents in a Haystack pipeline.

Prints::

    The ferry sailed again on Tuesday, the harbour office said.
    The landing stage in May. Photo: Ines Falk / Reuters
    The island had been cut off for eleven weeks, and its baker had run out of flour in the second.
    ['newsletter_signup', 'ad_label']
"""

from haystack import Document, Pipeline

from cleantext.integrations.haystack import BoilerplateCleaner

PAGE = """\
The ferry sailed again on Tuesday, the harbour office said. Subscribe to our newsletter here.
The landing stage in May. Photo: Ines Falk / Reuters
Advertisement
The island had been cut off for eleven weeks, and its baker had run out of flour in the second.
"""


def main():
    pipeline = Pipeline()
    pipeline.add_component("chrome", BoilerplateCleaner(level="safe", removed_key="removed"))
    outcome = pipeline.run({"chrome": {"documents": [Document(content=PAGE)]}})
    (document,) = outcome["chrome"]["documents"]
    print(document.content, end="")
    print([cut["category"] for cut in document.meta["removed"]])


if __name__ == "__main__":
    main()
