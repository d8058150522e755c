"""Title, author, date, site and language of a page, as trafilatura finds them."""

from __future__ import annotations

from copy import copy
from typing import Any

from cleantext.result import Metadata

# As far ahead as dates are believed: the outcome must not depend on the day it is asked for.
_DATES = {"original_date": True, "extensive_search": False, "max_date": "2100-01-01"}


def read(root: Any | None, url: str | None, lang: str | None) -> Metadata:
    """Return the metadata of a parsed page.

    Args:
        root: the page, not changed; None: an empty one.
        url: where it was found.
        lang: its language as told from the text, for pages that do not declare theirs.
    """
    if root is None:
        return Metadata(language=lang, url=url)
    from trafilatura.metadata import extract_metadata

    try:
        found = extract_metadata(copy(root), url, dict(_DATES))
    except Exception:  # whatever a broken page does to it: the article is not lost for that
        return Metadata(language=_declared(root) or lang, url=url)
    return Metadata(
        title=found.title or None, author=found.author or None, date=found.date or None,
        site=found.sitename or None, language=_declared(root) or lang,
        description=found.description or None, url=found.url or url,
    )  # fmt: skip


def _declared(root: Any) -> str | None:
    value = (root.get("lang") or "").strip().lower().replace("_", "-").split("-")[0]
    return value if value.isascii() and value.isalpha() and 2 <= len(value) <= 3 else None
