"""Run the kernel from the library that was linked when Papertiger was installed.

The library holds the shipped kernel for this machine, and a hash of the sources that it was made of. If it is
missing, cannot be loaded or was made of other sources, `library` says so in one line, and
`papertiger.model.ensemble.engine` compiles instead. Its entries take all arguments as one table of 64-bit words, in
the order in which the kernel names them; an array is seven words and more: two that are unused here, the number of
items, the size of one, the address, and lengths and strides by dimension.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import platform
import sys
import warnings
from collections.abc import Callable, Collection, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from papertiger.model.build.link import (
    DIGEST,
    ENTRIES,
    PLATFORMS,
    SOURCES_SYMBOL,
    digest_of,
    library_name,
    this_platform,
)

LIBRARY_VARIABLE = "PAPERTIGER_LIBRARY"
"""Environment variable that names another library; empty asks for none, so that the kernel is compiled."""

LIBRARIES = Path(__file__).with_name("libraries")
"""Folder of the library, written when Papertiger is installed."""

MODEL = Path(__file__).parents[1]

KERNEL_SOURCES = (
    "constants.py",
    "decisions.py",
    "elementary.py",
    "randomness.py",
    "setting.py",
    "rules/*.py",
    "ensemble/records.py",
    "ensemble/tables.py",
    "ensemble/kernel/*.py",
)
"""The files of which the kernel is made, in `papertiger.model`; a test holds that there are no others."""


class LibraryWarning(RuntimeWarning):
    """The library of the kernel is not used, and who waits should know why."""


@cache
def kernel_sources() -> str:
    """Return a hash of the sources of the kernel, the same on every system."""
    digest = hashlib.sha256()
    for pattern in KERNEL_SOURCES:
        for path in sorted(MODEL.glob(pattern)):
            digest.update(path.name.encode())
            # A checkout may end its lines in another way, which changes nothing.
            digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:32]


class Entry:
    """A function of the library, called with the same arguments as the plain function.

    Parameters
    ----------
    function
        What the library exports.
    name
        For messages.
    """

    def __init__(self, function: Any, name: str) -> None:
        self.function, self.__name__ = function, name

    def __call__(self, *arguments: Any) -> None:
        """Call the function.

        Raises
        ------
        RuntimeError
            If it reports an error, which the shipped rules never do.
        """
        words = np.fromiter(_words(arguments), "u8")
        status = self.function(words.ctypes.data)
        if status != 0:
            raise RuntimeError(f"{self.__name__} of the kernel's library ended with the status {status}")


def _words(arguments: tuple[Any, ...]) -> Iterator[int]:
    """Yield what the table of arguments holds."""
    for argument in arguments:
        if isinstance(argument, np.ndarray):
            if not argument.flags.c_contiguous:
                raise ValueError("the kernel takes only arrays without gaps")
            yield 0
            yield 0
            yield argument.size
            yield argument.itemsize
            yield argument.ctypes.data
            yield from argument.shape
            yield from argument.strides
        elif isinstance(argument, tuple):
            yield from _words(argument)
        else:
            yield int(argument) & 0xFFFFFFFFFFFFFFFF


@cache
def library() -> ctypes.CDLL | None:
    """Return the library, or ``None`` if there is none to use.

    Warns
    -----
    LibraryWarning
        If there is none although one was to be expected: compiling takes a minute.
    """
    named = os.environ.get(LIBRARY_VARIABLE)
    name = this_platform()
    if named == "" or name not in PLATFORMS:
        return None
    path = Path(named) if named else LIBRARIES / library_name(name)
    if not path.is_file():
        if named:
            _say(path, "is missing")
        return None
    try:
        # Half a library can end the process that loads it.
        if path.with_name(path.name + DIGEST).read_text(encoding="ascii").strip() != digest_of(path):
            _say(path, "is not whole")
            return None
        loaded = ctypes.CDLL(str(path))
        made_of = ctypes.string_at(ctypes.addressof(ctypes.c_char.in_dll(loaded, SOURCES_SYMBOL))).decode()
    except (OSError, ValueError) as error:
        _say(path, f"cannot be loaded ({' '.join(str(error).split())[:200]})")
        return None
    if made_of != kernel_sources():
        _say(path, "was made of other sources (python -m papertiger.model.build makes it of these)")
        return None
    return loaded


def _say(path: Path, why: str) -> None:
    """Say in one line why the library is not used."""
    warnings.warn(
        f"the kernel's library {path.name} {why}: the model is compiled instead, which takes about a minute. "
        "To install Papertiger again makes it anew",
        LibraryWarning,
        stacklevel=3,
    )


def library_function(name: str) -> Callable[..., Any] | None:
    """Return a function of the library by its name in the kernel, or ``None`` if there is no library to use."""
    loaded = library()
    if loaded is None:
        return None
    level = level_of(PLATFORMS[this_platform()].levels)
    function = getattr(loaded, f"{ENTRIES}{name}{level}")
    function.argtypes, function.restype = [ctypes.c_void_p], ctypes.c_int32
    return Entry(function, name)


def level_of(levels: Collection[str]) -> str:
    """Return which level of instructions the processor at hand is given, of those that a library has."""
    if len(levels) == 1:
        return next(iter(levels))
    return "_v3" if has_v3() else "_v2"


V3_FLAGS = frozenset({"avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "movbe", "abm"})
"""What the third level of x86-64 has beyond the second, as Linux names it."""


@cache
def has_v3() -> bool:
    """Tell whether the processor has the instructions of the third level of x86-64; if in doubt, no."""
    system = str(sys.platform)  # a checker of types would take it for the one it runs on
    if system == "linux":
        try:
            lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return False
        flags = next((line.partition(":")[2].split() for line in lines if line.startswith("flags")), [])
        return set(flags) >= V3_FLAGS
    if system == "win32":
        avx2 = 40  # PF_AVX2_INSTRUCTIONS_AVAILABLE
        return bool(getattr(ctypes, "windll").kernel32.IsProcessorFeaturePresent(avx2))  # noqa: B009 - on Windows alone
    if system == "darwin" and platform.machine() == "x86_64":
        value, size = ctypes.c_int(0), ctypes.c_size_t(4)
        status = ctypes.CDLL(None).sysctlbyname(
            b"hw.optional.avx2_0", ctypes.byref(value), ctypes.byref(size), None, 0
        )
        return status == 0 and value.value == 1
    return False
