"""Profiles of the property tests: `ci` (default), and `nightly` for a longer search."""

import os

from hypothesis import HealthCheck, settings

COMMON = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("ci", max_examples=1000, derandomize=True, **COMMON)
settings.register_profile("nightly", max_examples=20_000, **COMMON)
settings.register_profile("quick", max_examples=50, **COMMON)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
