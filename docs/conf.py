"""The documentation site: `sphinx-build -W docs build/docs` with the extra `docs` installed."""

from __future__ import annotations

import sys
from pathlib import Path

import cleantext

sys.path.insert(0, str(Path(__file__).parent))

import rule_reference

project = "cleantext"
author = project_copyright = "the authors of cleantext"
release = cleantext.__version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
suppress_warnings = ["toc.empty_glob"]
autodoc_member_order = "bysource"
autodoc_typehints = "description"
html_theme = "furo"
html_title = f"cleantext {release}"

rule_reference.write(Path(__file__).parent / "rules")
