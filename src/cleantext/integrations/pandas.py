"""Helpers for pandas: a series of pages in, a series with the same index out."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import repeat
from typing import Any

import pandas as pd

from cleantext.cleaner import Cleaner
from cleantext.integrations import cleaned


def clean(
    texts: pd.Series, *, urls: Iterable[Any] | None = None, cleaner: Cleaner | None = None
) -> pd.Series:
    """Return the texts without their chrome; missing values stay.

    Args:
        texts: the text of a page each.
        urls: their addresses, in the same order, or None.
        cleaner: does the work; None: `Cleaner()`.
    """
    values = [text for text, _ in _all(texts, urls, cleaner, reasons=False)]
    return pd.Series(values, index=texts.index, dtype=texts.dtype, name=texts.name)


def removed(
    texts: pd.Series, *, urls: Iterable[Any] | None = None, cleaner: Cleaner | None = None
) -> pd.Series:
    """Return what `clean` removes: for each text a list of `Removed.to_dict` values."""
    values = [cuts for _, cuts in _all(texts, urls, cleaner, reasons=True)]
    return pd.Series(values, index=texts.index, dtype=object, name="removed")


def _all(
    texts: pd.Series, urls: Iterable[Any] | None, cleaner: Cleaner | None, *, reasons: bool
) -> Iterable[tuple[Any, list[dict[str, Any]]]]:
    cleaner = cleaner or Cleaner()
    addresses = repeat(None, len(texts)) if urls is None else urls
    for text, url in zip(texts, addresses, strict=True):
        yield cleaned(cleaner, text, url, reasons=reasons)
