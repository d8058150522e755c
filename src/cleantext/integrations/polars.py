"""Expressions for polars, eager or lazy."""

from __future__ import annotations

from typing import Any

import polars as pl

from cleantext.cleaner import Cleaner
from cleantext.integrations import cleaned

#: The type of what `removed` gives: a list of spans, with the fields of `Removed.to_dict`.
REMOVED = pl.List(
    pl.Struct(
        {
            "start": pl.Int64,
            "end": pl.Int64,
            "text": pl.String,
            "category": pl.String,
            "rule": pl.String,
            "score": pl.Float64,
            "reason": pl.String,
        }
    )
)


def clean(
    text: str | pl.Expr, *, url: str | pl.Expr | None = None, cleaner: Cleaner | None = None
) -> pl.Expr:
    """Return an expression for the texts without their chrome; nulls stay.

    Args:
        text: a column, or an expression, of strings: the text of a page each.
        url: their addresses, or None.
        cleaner: does the work; None: `Cleaner()`.
    """
    cleaner = cleaner or Cleaner()

    def column(pages: pl.Series) -> pl.Series:
        values = [cleaned(cleaner, *row.values(), reasons=False)[0] for row in pages]
        return pl.Series(pages.name, values, dtype=pl.String)

    return _pages(text, url).map_batches(column, return_dtype=pl.String)


def removed(
    text: str | pl.Expr, *, url: str | pl.Expr | None = None, cleaner: Cleaner | None = None
) -> pl.Expr:
    """Return an expression, named ``removed``, for what `clean` removes: a list of structs."""
    cleaner = cleaner or Cleaner()

    def column(pages: pl.Series) -> pl.Series:
        values = [cleaned(cleaner, *row.values())[1] for row in pages]
        return pl.Series(pages.name, values, dtype=REMOVED)

    return _pages(text, url).map_batches(column, return_dtype=REMOVED).alias("removed")


def _pages(text: str | pl.Expr, url: str | pl.Expr | None) -> Any:
    """Return an expression for structs of the text and, where it is known, the address."""
    fields = [_expression(text)]
    if url is not None:
        fields.append(_expression(url).alias("\0url"))
    return pl.struct(fields)


def _expression(column: str | pl.Expr) -> pl.Expr:
    return pl.col(column) if isinstance(column, str) else column
