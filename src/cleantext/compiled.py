"""The compiled twins of hot loops, or None where the package was installed without a compiler."""

from __future__ import annotations

from types import ModuleType

speedups: ModuleType | None
try:
    from cleantext import _speedups as speedups
except ImportError:  # pragma: no cover - depends on the platform
    speedups = None
