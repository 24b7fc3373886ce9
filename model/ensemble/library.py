"""Run the kernel from the library that was linked when Papertiger was installed.

The library holds the shipped kernel for this machine, and a hash of the sources that it was made of. If it is not
whole, cannot be loaded or was made of other sources, `library` says so in one line, and
`papertiger.model.ensemble.engine` compiles instead, as it does without a word where none was installed. Its entries
take all arguments as one table of 64-bit words, in the order in which the kernel names them; an array is seven words
and more: two that are unused here, the number of items, the size of one, the address, and lengths and strides by
dimension.
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
    ENTRIES,
    FUNCTIONS,
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
    "ensemble/batches.py",
    "ensemble/records.py",
    "ensemble/start.py",
    "ensemble/tables.py",
    "ensemble/kernel/*.py",
)
"""The files of which the kernel is made, in `papertiger.model`; a test holds that there are no others."""


WORD = 0xFFFFFFFFFFFFFFFF


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
            for stride in argument.strides:  # an array of one item may have any
                yield stride & WORD
        elif isinstance(argument, tuple):
            yield from _words(argument)
        else:
            yield int(argument) & WORD


@cache
def library() -> ctypes.CDLL | None:
    """Return the library, or ``None`` if there is none to use.

    Warns
    -----
    LibraryWarning
        If there is none although one was to be expected: compiling takes a minute.
    """
    path = _place()
    if path is None:
        return None
    wrong = ""
    loaded: ctypes.CDLL | None = None
    try:
        # Half a library can end the process that loads it.
        if path.name != library_name(this_platform(), digest_of(path)):
            wrong = "is not whole"
        else:
            loaded = ctypes.CDLL(str(path))
            if _sources_of(loaded) != kernel_sources():
                wrong = "was made of other sources (python -m papertiger.model.build makes it of these)"
    except FileNotFoundError:
        wrong = "is missing"
    except (OSError, ValueError, AttributeError) as error:
        wrong = f"cannot be loaded ({' '.join(str(error).split())[:200]})"
    if wrong:
        _say(path, wrong)
        return None
    return loaded


def _place() -> Path | None:
    """Return where the library is to be, or ``None`` if there is none and nobody asked for one."""
    named, name = os.environ.get(LIBRARY_VARIABLE), this_platform()
    if named == "" or name not in PLATFORMS:
        return None
    if named is not None:
        return Path(named).resolve()
    return next(iter(sorted(LIBRARIES.glob(library_name(name, "*")))), None)


def _sources_of(loaded: ctypes.CDLL) -> str:
    """Return the hash of the sources of a library, which has all functions at the level of this processor."""
    level = level_of(PLATFORMS[this_platform()].levels)
    for function in FUNCTIONS:
        getattr(loaded, f"{ENTRIES}{function}{level}")
    return ctypes.string_at(ctypes.addressof(ctypes.c_char.in_dll(loaded, SOURCES_SYMBOL))).decode()


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
    """Tell whether the processor has the instructions of the third level of x86-64; if in doubt, no.

    Windows and macOS are asked for one of them alone; a processor that has it has the others.
    """
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
