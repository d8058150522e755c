"""Clean a column of a Ray dataset.

Prints::

    The ferry sailed again on Tuesday, the harbour office said.
    The landing stage in May. Photo: Ines Falk / Reuters
    The island had been cut off for eleven weeks, and its baker had run out of flour in the second.
    ['newsletter_signup', 'ad_label']
"""

import ray

from cleantext.integrations import ray as cleantext_ray

PAGE = """\
The ferry sailed again on Tuesday, the harbour office said. Subscribe to our newsletter here.
The landing stage in May. Photo: Ines Falk / Reuters
Advertisement
The island had been cut off for eleven weeks, and its baker had run out of flour in the second.
"""


def main():
    ray.init(num_cpus=1, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
    pages = ray.data.from_items([{"url": "https://harbourledger.example/1", "text": PAGE}])
    pages = cleantext_ray.clean(pages, "text", url_column="url", removed_column="removed")
    (row,) = pages.take_all()
    print(row["text"], end="")
    print([cut["category"] for cut in row["removed"]])
    ray.shutdown()


if __name__ == "__main__":
    main()
