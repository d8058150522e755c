"""A scikit-learn transformer, for the front of a text pipeline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Self

from sklearn.base import BaseEstimator, TransformerMixin

from cleantext.cleaner import Cleaner


class CleanText(TransformerMixin, BaseEstimator):
    """Strips chrome from texts; learns nothing, so `fit` only checks the parameters.

    Args:
        level, rulesets, keep, disable: as in `cleantext.Cleaner`.
    """

    def __init__(
        self,
        level: str = "safe",
        rulesets: Sequence[str] | None = None,
        keep: Sequence[str] = (),
        disable: Sequence[str] = (),
    ) -> None:
        self.level, self.rulesets, self.keep, self.disable = level, rulesets, keep, disable

    def fit(self, X: Iterable[str], y: Any = None) -> Self:  # noqa: N803
        """Check the parameters.

        Raises:
            ValueError: an unknown level, category or rule.
        """
        self._cleaner()
        return self

    def transform(self, X: Iterable[str]) -> list[str]:  # noqa: N803
        """Return the texts cleaned, in order.

        Raises:
            ValueError: one str instead of a collection of them.
        """
        if isinstance(X, str):
            raise ValueError("X must be a collection of texts, not one text")
        cleaner = self._cleaner()
        return [cleaner.clean(text) for text in X]

    def _cleaner(self) -> Cleaner:
        return Cleaner(self.level, self.rulesets, keep=self.keep, disable=self.disable)  # type: ignore[arg-type]

    def __sklearn_tags__(self) -> Any:
        """Say that it takes texts and needs no fit; scikit-learn 1.6 and later ask."""
        tags = super().__sklearn_tags__()
        tags.requires_fit = False
        tags.input_tags.string = True
        tags.input_tags.one_d_array = True
        tags.input_tags.two_d_array = False
        return tags
