"""Compile the hot loops when the package is built; without a compiler it is pure Python."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCE = Path("src") / "cleantext" / "_speedups.pyx"


class CompileHook(BuildHookInterface):  # type: ignore[type-arg]
    """Put the extension beside its source, for wheels and for editable installs."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile; say so and go on where that fails: the Python twins give the same answers."""
        if self.target_name != "wheel":
            return
        try:
            made = compiled(Path(self.root))
        except Exception as error:
            self.app.display_warning(f"cleantext is built without compiled parts: {error}")
            return
        build_data["pure_python"] = False
        build_data["infer_tag"] = True
        if version != "editable":
            build_data["force_include"][str(made)] = f"cleantext/{made.name}"


def compiled(root: Path) -> Path:
    """Compile the extension and return its file."""
    from Cython.Build import cythonize
    from setuptools import Distribution, Extension
    from setuptools.command.build_ext import build_ext

    flags = [] if sys.platform == "win32" else ["-O3"]
    extension = Extension("cleantext._speedups", [str(root / SOURCE)], extra_compile_args=flags)
    build = root / "build"
    modules = cythonize([extension], build_dir=str(build))  # type: ignore[no-untyped-call,unused-ignore]
    command = build_ext(Distribution({"ext_modules": modules}))
    command.build_temp, command.build_lib = str(build), str(root / "src")
    command.ensure_finalized()
    command.run()
    return Path(command.get_ext_fullpath("cleantext._speedups"))
