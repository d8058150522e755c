"""Clean a column of a Hugging Face dataset.

Prints::

    The ferry sailed again on Tuesday, the harbour office said.
    The landing stage in May. Photo: Ines Falk / Reuters
    The island had been cut off for eleven weeks, and its baker had run out of flour in the second.
    ['newsletter_signup', 'ad_label']
"""

import datasets

from cleantext.integrations.datasets import CleanBatch

PAGE = """\
The ferry sailed again on Tuesday, the harbour office said. Subscribe to our newsletter here.
The landing stage in May. Photo: Ines Falk / Reuters
Advertisement
The island had been cut off for eleven weeks, and its baker had run out of flour in the second.
"""


def main():
    datasets.disable_progress_bars()
    pages = datasets.Dataset.from_dict({"url": ["https://harbourledger.example/1"], "text": [PAGE]})
    step = CleanBatch("text", url_column="url", removed_column="removed")
    pages = pages.map(step, batched=True, features=step.features(pages.features))
    print(pages[0]["text"], end="")
    print([cut["category"] for cut in pages[0]["removed"]])


if __name__ == "__main__":
    main()
