"""The library for Windows gives the bits of this machine: it is loaded and run under Wine, at each level."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from papertiger.model.build import link
from papertiger.model.build.image import Image, memory_image
from papertiger.model.build.link import ENTRIES, PLATFORMS
from papertiger.model.ensemble.kernel.record import PATHS
from tests.model.build.test_same_bits import RUNS, SEED, paths_of

HERE = Path(__file__).parent
TARGET = PLATFORMS["windows-x86_64"]
WINE = shutil.which("wine64") or shutil.which("wine")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("wine"),
    pytest.mark.skipif(platform.machine() != "x86_64", reason="Wine runs programs of this machine's processor"),
    # CI installs it where it can be had, and says aloud where it cannot.
    pytest.mark.skipif(WINE is None, reason="NOT CHECKED: Wine is missing (apt-get install wine wine64)"),
]

FAILURES = {3: "the library was not loaded", 5: "the kernel ended with a fault", 7: "the library has no such entry"}
"""What the program's ends mean."""

type Windows = Callable[[Image, str, Path], bytes]


@pytest.fixture(scope="module")
def windows(tmp_path_factory: pytest.TempPathFactory) -> Windows:
    """Return what runs an image in the library for Windows, at a level of instructions."""
    folder = tmp_path_factory.mktemp("windows")
    library = link.link("windows-x86_64", folder)
    program = folder / "run_windows.exe"
    command = [sys.executable, "-m", "ziglang", "cc", "-target", "x86_64-windows-gnu", "-O1", "-nostdlib"]
    command += ["-ffreestanding", "-fno-sanitize=all", "-fno-stack-protector", "-Wl,-e,mainCRTStartup"]
    command += ["-o", str(program), str(HERE / "run_windows.c"), "-lkernel32"]
    subprocess.run(command, check=True, capture_output=True)
    # A home of its own, and nobody to ask whether a browser's parts are wanted.
    quiet = {"WINEPREFIX": str(folder / "wine"), "WINEDEBUG": "-all", "WINEDLLOVERRIDES": "mscoree,mshtml="}

    def run(image: Image, level: str, place: Path) -> bytes:
        given, out = place / "image", place / f"data{level}"
        given.write_bytes(image.content)
        said = {"LIBRARY": f"Z:{library}", "ENTRY": f"{ENTRIES}run_months{level}", "IMAGE": f"Z:{given}"}
        environment = {**os.environ, **quiet, **said, "OUT": f"Z:{out}"}
        done = subprocess.run([str(WINE), str(program)], env=environment, capture_output=True, check=False)
        assert done.returncode == 0, FAILURES.get(done.returncode, done.stderr.decode(errors="replace"))
        return out.read_bytes()

    return run


def levels() -> list[str]:
    """Return the levels of instructions that this processor has."""
    file = Path("/proc/cpuinfo")
    has = file.read_text(encoding="utf-8") if file.is_file() else ""
    return [level for level in TARGET.levels if level != "_v3" or (" avx2 " in has and " fma " in has)]


@pytest.mark.parametrize("level", levels())
@pytest.mark.parametrize("name", ["partners_2020", "chechnya_succession", "partners_generative"])
def test_windows_gives_the_bits_of_this_machine(name: str, level: str, windows: Windows, tmp_path: Path) -> None:
    image = memory_image(name, SEED, RUNS, PATHS)
    data = windows(image, level, tmp_path)
    here = paths_of(name)
    for path in PATHS:
        assert image.read(data, path).tobytes() == here[path], path


def test_an_entry_that_is_not_there_is_named(windows: Windows, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="no such entry"):
        windows(memory_image("partners_2020", SEED, 1, PATHS), "_v9", tmp_path)
