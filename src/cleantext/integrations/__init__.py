"""cleantext inside other frameworks: a module for each, on that framework's own interface.

A module imports its framework when it is imported itself, so ``pip install
'cleantext-boilerplate[scrapy]'`` (or whichever) first. Where the framework writes its settings
to a file, options are plain values (`level`, `rulesets`, `keep`, `disable`, as in `Cleaner`);
elsewhere a `Cleaner` is passed, which pickles as its options. What is not text (None, NaN, a
missing field) passes through untouched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cleantext.cleaner import Cleaner


def cleaned(
    cleaner: Cleaner, text: Any, url: Any = None, *, reasons: bool = True
) -> tuple[Any, list[dict[str, Any]]]:
    """Clean a value that may not be text.

    Args:
        cleaner: does the work.
        text: a str; anything else comes back as it is.
        url: where the text was found; ignored where it is no str.
        reasons: say what was removed; False is faster, and the list is then empty.

    Returns:
        The cleaned text, and each removed span as `Removed.to_dict` gives it.
    """
    if not isinstance(text, str):
        return text, []
    url = url if isinstance(url, str) else None
    if not reasons:
        return cleaner.clean(text, url=url), []
    result = cleaner.analyze(text, url=url)
    return result.text, [cut.to_dict() for cut in result.removed]
