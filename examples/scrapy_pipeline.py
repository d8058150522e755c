"""Clean the items of a Scrapy spider, by its settings alone.

Prints::

    The ferry sailed again on Tuesday, the harbour office said.
    The landing stage in May. Photo: Ines Falk / Reuters
    The island had been cut off for eleven weeks, and its baker had run out of flour in the second.
    ['newsletter_signup', 'ad_label']
    1
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import scrapy
from scrapy.crawler import CrawlerProcess

PAGE = """\
The ferry sailed again on Tuesday, the harbour office said. Subscribe to our newsletter here.
The landing stage in May. Photo: Ines Falk / Reuters
Advertisement
The island had been cut off for eleven weeks, and its baker had run out of flour in the second.
"""


class Pages(scrapy.Spider):
    """Takes the paragraphs of a page (here a file), a line each."""

    name = "pages"

    async def start(self):
        yield scrapy.Request(self.address)

    def parse(self, response):
        lines = [" ".join(p.css("::text").getall()) for p in response.css("p")]
        yield {"url": response.url, "text": "\n".join(lines)}


def main():
    settings = {
        "ITEM_PIPELINES": {"cleantext.integrations.scrapy.CleanTextPipeline": 300},
        "CLEANTEXT_FIELDS": ["text"],
        "CLEANTEXT_REMOVED_FIELD": "removed",
        "LOG_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
    }
    with TemporaryDirectory() as folder:
        page = Path(folder, "page.html")
        page.write_text("".join(f"<p>{line}</p>" for line in PAGE.splitlines()), encoding="utf-8")
        process = CrawlerProcess(settings)
        crawler = process.create_crawler(Pages)
        items = []

        def scraped(item):
            items.append(item)

        crawler.signals.connect(scraped, scrapy.signals.item_scraped)
        process.crawl(crawler, address=page.as_uri())
        process.start()
    print(items[0]["text"])
    print([cut["category"] for cut in items[0]["removed"]])
    print(crawler.stats.get_value("cleantext/removed/ad_label"))


if __name__ == "__main__":
    main()
