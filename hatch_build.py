"""Link the kernel's library while Papertiger is installed or a wheel of it is built.

The kernel's text for any processor is kept in git (`model/build/kernel.ll.xz`); this hook makes the library of the
machine at hand from it, in a few seconds, so that nobody waits for a compiler at the first run. If it cannot, it
says so in the log of the installation, and Papertiger compiles at its first run instead, with the extra ``rules``.
Beside it lies the kernel for pages, as WebAssembly, which is the same in every wheel.

Environment variables: ``PAPERTIGER_PLATFORM`` names another platform to build the wheel for, and ``pure`` a wheel
without a library.
"""

from __future__ import annotations

import importlib.util
import os
import sys
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

VARIABLE = "PAPERTIGER_PLATFORM"
LIBRARIES = Path("model") / "ensemble" / "libraries"
PAGES = "wasm32"
"""Platform of the kernel for pages."""


def _linking(root: Path) -> ModuleType:
    """Return the module that links, which stands alone: there is no Papertiger to import yet."""
    spec = importlib.util.spec_from_file_location("papertiger_link", root / "model" / "build" / "link.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


class LibraryHook(BuildHookInterface[Any]):
    """Put the kernel's library into a wheel, or beside the sources of a checkout."""

    PLUGIN_NAME = "custom"
    _work: tempfile.TemporaryDirectory[str] | None = None

    def _folder(self) -> Path:
        """Return a folder for what goes into a wheel, which is needed until the wheel is written."""
        self._work = tempfile.TemporaryDirectory(prefix="papertiger-")
        return Path(self._work.name)

    def _place(self, linked: Path, version: str, build_data: dict[str, Any]) -> None:
        """Put a file into the wheel; in a checkout it lies where it belongs."""
        if version != "editable":
            build_data["force_include"][str(linked)] = f"papertiger/{LIBRARIES.as_posix()}/{linked.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Remove what was needed until the wheel was written."""
        if self._work is not None:
            self._work.cleanup()

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Link the library, and say where it goes.

        Parameters
        ----------
        version
            ``editable`` for a checkout, ``standard`` for a wheel.
        build_data
            What the builder does with it, changed here.
        """
        if self.target_name != "wheel":
            return
        root = Path(self.root)
        link = _linking(root)
        asked = os.environ.get(VARIABLE, "")
        name = asked or link.this_platform()
        folder = root / LIBRARIES if version == "editable" else self._folder()
        try:
            self._place(link.link(PAGES, folder), version, build_data)
        except Exception as error:  # then pages carry no kernel, and say so
            self.app.display_warning(f"the kernel for pages could not be made: {error}")
        if name == "pure":
            return
        if name not in link.PLATFORMS or not link.PLATFORMS[name].tag:
            known = ", ".join(known for known, platform in link.PLATFORMS.items() if platform.tag)
            if asked:
                raise SystemExit(f"{VARIABLE}: expected pure or one of {known}, got {asked!r}")
            self.app.display_warning(f"no library is made for {name}: the model is compiled at its first run")
            return
        try:
            made = link.link(name, folder)
        except Exception as error:  # whatever stands in the way, Papertiger can be installed without
            if asked:
                raise
            self.app.display_warning(f"the kernel's library could not be made, and the model is compiled: {error}")
            return
        self._place(made, version, build_data)
        if version != "editable":
            build_data["pure_python"] = False
            build_data["tag"] = f"py3-none-{link.PLATFORMS[name].tag}"
