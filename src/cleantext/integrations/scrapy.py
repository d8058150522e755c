"""A Scrapy item pipeline.

In the project's settings::

    ITEM_PIPELINES = {"cleantext.integrations.scrapy.CleanTextPipeline": 300}
    CLEANTEXT_FIELDS = ["text"]

`CLEANTEXT_LEVEL`, `CLEANTEXT_RULESETS`, `CLEANTEXT_KEEP` and `CLEANTEXT_DISABLE` are the options
of `cleantext.Cleaner`; `CLEANTEXT_URL_FIELD` (default ``url``) names the field with the page's
address, and `CLEANTEXT_REMOVED_FIELD`, where it is set, the one that receives what was removed, a
list of `Removed.to_dict` values. Counts go to the crawler's stats under ``cleantext/``.
"""

from __future__ import annotations

from typing import Any, Self

from itemadapter import ItemAdapter

from cleantext.cleaner import Cleaner
from cleantext.integrations import cleaned


class CleanTextPipeline:
    """Strips chrome from the text fields of items.

    Args:
        cleaner: does the work.
        fields: names of the fields that hold a page's text; an item may lack them.
        url_field: the field with the page's address; an item may lack it.
        removed_field: the field that receives what was removed; None: nowhere.
        stats: the crawler's stats collector, or None.
    """

    def __init__(
        self,
        cleaner: Cleaner,
        fields: list[str],
        url_field: str = "url",
        removed_field: str | None = None,
        stats: Any = None,
    ) -> None:
        self.cleaner, self.fields, self.stats = cleaner, fields, stats
        self.url_field, self.removed_field = url_field, removed_field

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """Build the pipeline from the crawler's settings; Scrapy calls this."""
        settings = crawler.settings
        return cls(
            Cleaner(
                settings.get("CLEANTEXT_LEVEL", "safe"),
                settings.getlist("CLEANTEXT_RULESETS") or None,
                keep=settings.getlist("CLEANTEXT_KEEP"),
                disable=settings.getlist("CLEANTEXT_DISABLE"),
            ),
            settings.getlist("CLEANTEXT_FIELDS", ["text"]),
            settings.get("CLEANTEXT_URL_FIELD", "url"),
            settings.get("CLEANTEXT_REMOVED_FIELD"),
            crawler.stats,
        )

    def process_item(self, item: Any, spider: Any = None) -> Any:
        """Clean one item in place and return it."""
        fields = ItemAdapter(item)
        removed: list[dict[str, Any]] = []
        for field in self.fields:
            text, cuts = cleaned(self.cleaner, fields.get(field), fields.get(self.url_field))
            if text is None:
                continue
            fields[field] = text
            removed += cuts
            self._count(cuts)
        if self.removed_field:
            fields[self.removed_field] = removed
        return item

    def _count(self, cuts: list[dict[str, Any]]) -> None:
        if self.stats is None:
            return
        self.stats.inc_value("cleantext/texts")
        for cut in cuts:
            self.stats.inc_value(f"cleantext/removed/{cut['category']}")
            self.stats.inc_value("cleantext/removed_characters", len(cut["text"]))
