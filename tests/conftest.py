"""Profiles of the property tests: `ci` (default), and `nightly` for a longer search."""

import os

from hypothesis import HealthCheck, settings

SLOW = [HealthCheck.too_slow]
settings.register_profile(
    "ci", max_examples=1000, derandomize=True, deadline=None, suppress_health_check=SLOW
)
settings.register_profile("nightly", max_examples=20_000, deadline=None, suppress_health_check=SLOW)
settings.register_profile("quick", max_examples=50, deadline=None, suppress_health_check=SLOW)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
