"""Make a library of the kernel's kept text: an object for each level of instructions, linked into one file.

This module stands alone: the hook that installs Papertiger loads it before there is a Papertiger. It needs llvmlite,
whose wheels know every target, and the linker in the package ``ziglang``.
"""

from __future__ import annotations

import contextlib
import hashlib
import lzma
import os
import platform
import subprocess  # nosec B404 - runs the linker, with arguments of this module
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

KEPT = Path(__file__).with_name("kernel.ll.xz")
"""The kernel's text for any target, which `papertiger.model.build` writes."""

ENTRIES = "papertiger_"
"""How the names of entries begin; the function's name follows, and the level of instructions if there are several."""

SOURCES_SYMBOL = "papertiger_sources"
"""Name of the text in a library that says what sources it was made of."""

STEM = "kernel"
"""Name of a library, without its ending."""


class Platform(NamedTuple):
    """What a library is linked for.

    Attributes
    ----------
    triple
        The target as LLVM names it.
    linker
        The target as the linker names it.
    levels
        Levels of instructions by the suffix of the names of their entries: what LLVM calls the processor, and
        features beside.
    suffix
        How the name of a library ends.
    tag
        The platform's tag in the name of a wheel; blank if there is none.
    """

    triple: str
    linker: str
    levels: dict[str, tuple[str, str]]
    suffix: str
    tag: str


_X86_LEVELS = {"_v2": ("x86-64-v2", ""), "_v3": ("x86-64-v3", "")}

PLATFORMS: dict[str, Platform] = {
    "linux-x86_64": Platform(
        "x86_64-unknown-linux-gnu",
        "x86_64-linux-gnu",
        _X86_LEVELS,
        ".so",
        "manylinux_2_17_x86_64.manylinux2014_x86_64.musllinux_1_1_x86_64",
    ),
    "linux-aarch64": Platform(
        "aarch64-unknown-linux-gnu",
        "aarch64-linux-gnu",
        {"": ("generic", "")},
        ".so",
        "manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64",
    ),
    "macos-arm64": Platform(
        "arm64-apple-macosx11.0.0", "aarch64-macos.11.0", {"": ("apple-m1", "")}, ".dylib", "macosx_11_0_arm64"
    ),
    "macos-x86_64": Platform(
        "x86_64-apple-macosx10.13.0", "x86_64-macos.10.13", _X86_LEVELS, ".dylib", "macosx_10_13_x86_64"
    ),
    "windows-x86_64": Platform("x86_64-w64-windows-gnu", "x86_64-windows-gnu", _X86_LEVELS, ".dll", "win_amd64"),
    "wasm32": Platform(
        "wasm32-unknown-unknown", "wasm32-freestanding", {"": ("generic", "+simd128,+bulk-memory")}, ".wasm", ""
    ),
}

FUNCTIONS = ("run_months", "posture_chain")

_SUPPORT = """
define ptr @memset(ptr returned %at, i32 %value, {word} %count) #0 {{
  %byte = trunc i32 %value to i8
  br label %test
test:
  %i = phi {word} [ 0, %0 ], [ %next, %body ]
  %more = icmp ult {word} %i, %count
  br i1 %more, label %body, label %done
body:
  %here = getelementptr i8, ptr %at, {word} %i
  store i8 %byte, ptr %here
  %next = add {word} %i, 1
  br label %test
done:
  ret ptr %at
}}
define void @bzero(ptr %at, {word} %count) #0 {{
  %unused = call ptr @memset(ptr %at, i32 0, {word} %count)
  ret void
}}
define void @__bzero(ptr %at, {word} %count) #0 {{
  %unused = call ptr @memset(ptr %at, i32 0, {word} %count)
  ret void
}}
define ptr @memcpy(ptr returned %to, ptr %from, {word} %count) #0 {{
  br label %test
test:
  %i = phi {word} [ 0, %0 ], [ %next, %body ]
  %more = icmp ult {word} %i, %count
  br i1 %more, label %body, label %done
body:
  %source = getelementptr i8, ptr %from, {word} %i
  %target = getelementptr i8, ptr %to, {word} %i
  %byte = load i8, ptr %source
  store i8 %byte, ptr %target
  %next = add {word} %i, 1
  br label %test
done:
  ret ptr %to
}}
attributes #0 = {{ "no-builtins" noinline }}
"""
"""What a compiler takes for granted, so that the library needs no other; as builtins each would call itself."""

_WINDOWS_ASSEMBLY = """\
.globl ___chkstk_ms
___chkstk_ms:
  pushq %rcx
  pushq %rax
  leaq 24(%rsp), %rcx
0:
  cmpq $4096, %rax
  jbe 1f
  subq $4096, %rcx
  orl $0, (%rcx)
  subq $4096, %rax
  jmp 0b
1:
  subq %rax, %rcx
  orl $0, (%rcx)
  popq %rax
  popq %rcx
  ret
"""
"""What Windows asks for beside: each page of a large frame is touched in order, with the frame's size in rax and no
register changed. The linker reads it: LLVM itself reads assembly of the machine at hand alone, and ends the process
over that of another."""

_WINDOWS_SUPPORT = """
define i32 @DllMainCRTStartup(ptr %module, i32 %reason, ptr %reserved) {
  ret i32 1
}
"""
"""And a start of the library, which has nothing to do."""


class LinkError(RuntimeError):
    """The kernel could not be linked."""


def kept_text() -> str:
    """Return the kernel's kept text, or nothing if there is none."""
    return lzma.decompress(KEPT.read_bytes()).decode() if KEPT.is_file() else ""


def keep_text(text: str) -> None:
    """Keep the kernel's text, compressed to the same bytes each time."""
    KEPT.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))


def sources_of(text: str) -> str:
    """Return the hash of the sources that a text was made of."""
    return text.partition("\n")[0].removeprefix("; sources ").strip()


def this_platform() -> str:
    """Return the name of the platform at hand, whether or not a library can be linked for it."""
    system = {"darwin": "macos", "win32": "windows"}.get(sys.platform, sys.platform)
    machine = platform.machine().lower()
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(machine, machine)
    return f"{system}-{'arm64' if system == 'macos' and machine == 'aarch64' else machine}"


def library_name(name: str, digest: str) -> str:
    """Return the file name of a platform's library, in which its own digest stands: half a library has another."""
    return f"{STEM}-{digest}{PLATFORMS[name].suffix}"


def link(name: str, folder: Path) -> Path:
    """Link the kernel for a platform, and return the path of the library.

    The library is written beside and put in its place when it is whole, under a name that no other has, so that
    whoever is interrupted leaves the one before, or none. Others are removed afterwards, unless they are in use.

    Parameters
    ----------
    name
        One of `PLATFORMS`.
    folder
        Where to put it; made if it is missing.

    Raises
    ------
    LinkError
        With what the linker said.
    """
    target = PLATFORMS[name]
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".linking-") as work:
        library = Path(work) / f"{STEM}{target.suffix}"
        _run_linker(target, write_objects(target, Path(work)), library)
        goal = folder / library_name(name, digest_of(library))
        if not goal.is_file():  # on Windows a library that is loaded cannot be written over, and this is the same
            library.replace(goal)
    for other in folder.glob(library_name(name, "*")):
        if other != goal:
            with contextlib.suppress(OSError):
                other.unlink()
    return goal


def digest_of(path: Path) -> str:
    """Return the beginning of a file's SHA-256; to load half a library can end a process, so one asks before."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def write_objects(target: Platform, folder: Path) -> list[Path]:
    """Write an object for each level of instructions, and one or two files with what they take for granted.

    Parameters
    ----------
    target
        What they are for.
    folder
        Where to.
    """
    text = kept_text()
    if not text:
        raise LinkError(f"there is no {KEPT.name}: python -m papertiger.model.build")
    parts = []
    for place, (suffix, (processor, features)) in enumerate(target.levels.items()):
        part = folder / f"level{place}.o"
        part.write_bytes(_object(target, _at_level(text, suffix), processor, features))
        parts.append(part)
    part = folder / "support.o"
    part.write_bytes(_object(target, _support(target, text), *next(iter(target.levels.values()))))
    parts.append(part)
    if "windows" in target.triple:
        part = folder / "frames.s"
        part.write_text(_WINDOWS_ASSEMBLY, encoding="ascii", newline="\n")
        parts.append(part)
    return parts


def _at_level(text: str, suffix: str) -> str:
    """Return the text with the level of instructions in the names of its entries, and all else private to it."""
    for function in FUNCTIONS:
        text = text.replace(
            f"define i32 @{ENTRIES}{function}(", f"define dllexport i32 @{ENTRIES}{function}{suffix}("
        )
        # The function itself is called by its entry alone, and two levels have one of this name each.
        text = text.replace(f"i32 @{function}(", f"i32 @{function}{suffix}(")
    return text


def _support(target: Platform, text: str) -> str:
    sources = sources_of(text)
    support = _SUPPORT.format(word="i32" if target.triple.startswith("wasm32") else "i64")
    if "windows" in target.triple:
        support += _WINDOWS_SUPPORT
    return support + f'@{SOURCES_SYMBOL} = dllexport constant [{len(sources) + 1} x i8] c"{sources}\\00"\n'


def _object(target: Platform, text: str, processor: str, features: str) -> bytes:
    """Return the object of a text for a processor."""
    import llvmlite.binding as llvm  # noqa: PLC0415 - not where Papertiger is only used

    if "windows" not in target.triple:
        text = text.replace(" dllexport ", " ")
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    machine = llvm.Target.from_triple(target.triple).create_target_machine(
        cpu=processor, features=features, opt=3, reloc="pic", codemodel="default"
    )
    module: Any = llvm.parse_assembly(
        f'target datalayout = "{machine.target_data}"\ntarget triple = "{target.triple}"\n{text}'
    )
    for function in module.functions:
        if function.name.startswith(FUNCTIONS) and not function.is_declaration:
            function.linkage = "internal"
    module.verify()
    tuning = llvm.create_pipeline_tuning_options(speed_level=3)
    tuning.loop_vectorization = True
    tuning.slp_vectorization = True
    builder = llvm.create_pass_builder(machine, tuning)
    builder.getModulePassManager().run(module, builder)
    emitted: bytes = machine.emit_object(module)
    return emitted


def _run_linker(target: Platform, parts: list[Path], goal: Path) -> None:
    arguments = [sys.executable, "-m", "ziglang"]
    if target.suffix == ".wasm":
        names = [f"--export={ENTRIES}{function}" for function in FUNCTIONS] + [
            f"--export={SOURCES_SYMBOL}",
            "--export=__heap_base",
        ]
        arguments += ["wasm-ld", "--no-entry", "--strip-all", "--export-memory", *names, "-o", str(goal)]
        arguments += map(str, parts)
    else:
        arguments += ["cc", "-target", target.linker, "-shared", "-nostdlib", "-s", "-o", str(goal), *map(str, parts)]
        if target.suffix == ".dylib":
            arguments.append(f"-Wl,-install_name,@rpath/{STEM}{target.suffix}")  # and not the place of this work
    # The linker keeps a cache of its own, which would stay behind in the user's home.
    with tempfile.TemporaryDirectory() as cache:
        environment = os.environ | {"ZIG_GLOBAL_CACHE_DIR": cache, "ZIG_LOCAL_CACHE_DIR": cache}
        done = subprocess.run(arguments, env=environment, capture_output=True, text=True, check=False)  # nosec B603
    if done.returncode != 0 or not goal.is_file():
        raise LinkError(f"the kernel could not be linked for {target.linker}: {done.stderr.strip()[-2000:]}")
