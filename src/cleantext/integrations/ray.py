"""Ray Data: a dataset of pages in, a dataset out, by way of Arrow (`map_batches`)."""

from __future__ import annotations

from typing import Any

from ray.data import Dataset

from cleantext.cleaner import Cleaner
from cleantext.integrations.arrow import CleanTable


def clean(
    dataset: Dataset,
    column: str = "text",
    *,
    cleaner: Cleaner | None = None,
    url_column: str | None = None,
    removed_column: str | None = None,
    **options: Any,
) -> Dataset:
    """Return the dataset with its text cleaned, one cleaner for each actor.

    Args:
        dataset: a row for each page.
        column: the column of strings that holds the pages' text; nulls stay.
        cleaner: does the work; None: `Cleaner()`.
        url_column: the column with the pages' addresses, or None.
        removed_column: a new last column that receives what was removed; None: nowhere.
        options: further arguments of `Dataset.map_batches`, such as `concurrency` (the number of
            actors; 1 by default) or `batch_size`.
    """
    arguments = {
        "column": column,
        "cleaner": cleaner,
        "url_column": url_column,
        "removed_column": removed_column,
    }
    return dataset.map_batches(
        CleanTable,
        fn_constructor_kwargs=arguments,
        batch_format="pyarrow",
        **{"concurrency": 1, **options},
    )
