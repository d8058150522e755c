"""What is built can be installed: every file is in it, types are seen, rule sets are found."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "cleantext-ruleset-example"


def run(*command: str | Path, cwd: Path = ROOT, **env: str) -> str:
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, capture_output=True, text=True, check=False,
        env={"PATH": "/usr/bin:/bin", "PYTHONUTF8": "1", **env},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def build(project: Path, target: Path, kind: str) -> Path:
    run(sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", target, cwd=project)
    (made,) = target.glob("*.whl" if kind == "wheel" else "*.tar.gz")
    return made


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from the sdist, as an installer without a wheel does."""
    pytest.importorskip("hatchling", reason="hatchling is not installed")
    folder = tmp_path_factory.mktemp("dist")
    sdist = build(ROOT, folder, "sdist")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    return build(folder / sdist.name.removesuffix(".tar.gz"), folder, "wheel")


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an environment with the wheel in it; dependencies come from the one of the tests."""
    folder = tmp_path_factory.mktemp("venv")
    venv.create(folder, with_pip=False, symlinks=True)
    python = folder / "bin" / "python"
    install(python, wheel)
    (site,) = folder.glob("lib/python*/site-packages")
    borrowed = [path for path in sys.path if path.endswith("site-packages")]
    (site / "borrowed.pth").write_text("\n".join(borrowed) + "\n", encoding="utf-8")
    return python


def install(python: Path, *packages: Path) -> None:
    run(sys.executable, "-m", "pip", "--python", python, "install", "-q", "--no-deps", "--no-index",
        "--no-build-isolation", *packages)  # fmt: skip


def test_the_wheel_holds_every_file(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if name.startswith("cleantext/")}
    files = (ROOT / "src" / "cleantext").rglob("*")
    assert held == {
        path.relative_to(ROOT / "src").as_posix()
        for path in files
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_installed_package_cleans(python: Path, tmp_path: Path) -> None:
    program = "import cleantext; print(cleantext.__file__, cleantext.clean('Share this article'))"
    assert run(python, "-I", "-c", program, cwd=tmp_path).startswith(str(python.parents[1]))
    shown = run(python.parent / "cleantext", ROOT / "examples" / "page.txt", cwd=tmp_path)
    assert shown.startswith("Ferries Return to Aldersea")


def test_a_typed_project_passes_mypy(python: Path, tmp_path: Path) -> None:
    project = ROOT / "tests" / "typing" / "user_project.py"
    run(sys.executable, "-m", "mypy", "--strict", "--warn-unused-ignores", "--config-file=",
        "--cache-dir", tmp_path, "--python-executable", python, project, cwd=tmp_path)  # fmt: skip


def test_the_example_package_is_found_by_name(python: Path, tmp_path: Path) -> None:
    build(EXAMPLE, tmp_path, "wheel")
    install(python, *tmp_path.glob("*.whl"))
    program = "from cleantext.rulesets import available; print('harbour-ledger' in available())"
    assert run(python, "-I", "-c", program, cwd=tmp_path) == "True\n"
    run(python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", tmp_path,
        EXAMPLE / "tests", cwd=tmp_path)  # fmt: skip


def test_every_dependency_has_a_lower_bound() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    for item in [*project["dependencies"], *(item for extra in extras for item in extra)]:
        assert ">=" in item or item.startswith("cleantext-boilerplate["), item
