"""Test the lower bounds of the dependencies: install the wheel at exactly these versions.

`python .ci/bounds.py FOLDER [EXTRA...]` makes a bare environment in FOLDER, installs the package
there with every bounded requirement of the project (and of the extras) held at its lower bound,
lets pip check it, cleans the example page and runs the tests that need nothing else; with extras,
those of the integrations. One extra at a time: old releases of frameworks do not go together.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
TESTS = ["test_api", "test_segment", "test_rulesets", "test_cases", "test_cli"]


def bounds(extras: list[str]) -> list[str]:
    """Return a constraint for each requirement, `name==lower bound`."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    chosen = [*project["dependencies"]]
    for extra in extras:
        chosen += project["optional-dependencies"][extra]
    found = [re.match(r"([\w.-]+)(?:\[.*\])?>=([\w.]+)", item) for item in chosen]
    return [f"{match[1]}=={match[2]}" for match in found if match]


def main() -> None:
    """Run it."""
    folder, *extras = sys.argv[1:]
    venv.create(folder, with_pip=True, clear=True)
    python = Path(folder, "bin", "python")
    constraints = Path(folder, "constraints.txt")
    constraints.write_text("\n".join(bounds(extras)) + "\n", encoding="utf-8")
    wanted = f"{ROOT}[{','.join(extras)}]" if extras else str(ROOT)
    tests = ["test_integrations"] if extras else TESTS
    commands: list[list[str | Path]] = [
        [python, "-m", "pip", "install", "-q", "-c", constraints, wanted],
        [python, "-m", "pip", "check"],
        [python.parent / "cleantext", ROOT / "examples" / "page.txt"],
        [python, "-m", "pip", "install", "-q", "-c", constraints, "pytest>=8.2", "hypothesis>=6.100"],
        [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=short", "-r", "f",
         *(ROOT / "tests" / f"{name}.py" for name in tests)],
    ]  # fmt: skip
    for command in commands:
        subprocess.run(command, cwd=folder, check=True)


if __name__ == "__main__":
    main()
