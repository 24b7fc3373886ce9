"""Let Numba write the shipped kernel as text of LLVM, without anything that only one machine has.

What Numba makes of a function is bound to its own run-time library by the wrappers that Python calls; the function
itself calls nothing. It is taken alone, gets a name that people can read, and beside it an entry that takes all
arguments as one table of 64-bit words, so that whoever loads the library needs no header.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import llvmlite.binding as llvm
import numba
import numpy as np

from papertiger import scenarios
from papertiger.model.build.link import ENTRIES
from papertiger.model.ensemble.batches import key_of, make_fixed, make_kept, make_moving
from papertiger.model.ensemble.compile import Compiler
from papertiger.model.ensemble.kernel import run_months
from papertiger.model.ensemble.kernel.chain import posture_chain
from papertiger.model.ensemble.kernel.state import Batch
from papertiger.model.ensemble.library import kernel_sources
from papertiger.model.ensemble.start import start_of
from papertiger.model.ensemble.tables import build_decisions, build_tables
from papertiger.model.rules.rules import Rules
from papertiger.model.template import build_setting

KNOWN_CALLS = frozenset(
    f"llvm.{name}"
    for name in (
        "assume", "fabs.f64", "floor.f64", "memcpy.p0.p0.i64", "memset.p0.i64", "smax.i64", "smin.i64", "sqrt.f64",
        "umax.i64", "umin.i64", "usub.with.overflow.i64", "usub.sat.i64", "abs.i64",
    )
)  # fmt: skip
"""What the kernel may call: operations of LLVM that every target has exactly, so neither exp nor pow."""


class BuildError(RuntimeError):
    """The kernel calls something that not every machine has."""


def intermediate_text() -> str:
    """Return the kernel as text for any target: two functions, their entries, and the hash of their sources."""
    fixed, moving, results, key, start, batch = _example()
    chain = np.zeros((1, 1, 5, 5)), np.zeros((1, 1, 2))
    parts = (
        ("run_months", run_months, (fixed, moving, results, key, start, batch)),
        ("posture_chain", posture_chain, (fixed, moving, key, start, *chain)),
    )
    module = llvm.parse_assembly(_plain(*parts[0]))
    module.link_in(llvm.parse_assembly(_plain(*parts[1])))
    lines = list(_without_remarks(str(module)))
    declared = [line for line in lines if line.startswith("declare")]
    for line in declared:
        name = line.partition("@")[2].partition("(")[0]
        if name not in KNOWN_CALLS:
            raise BuildError(f"the kernel calls {name}, which not every machine has")
    for name, _, _ in parts:
        head = next(line for line in lines if line.startswith("define") and f"@{name}(" in line)
        lines += _entry(name, head)
    return "\n".join((f"; sources {kernel_sources()}", f"; numba {numba.__version__}", *lines, ""))


def _example() -> tuple[Any, ...]:
    """Return arguments of the kernel; tables of all scenarios have the same types."""
    setting = build_setting(scenarios.load(scenarios.names()[0]), 1)
    tables = build_tables(setting)
    return (
        make_fixed(tables, build_decisions(None, setting)),
        make_moving(tables),
        make_kept(tables),
        key_of(setting, 0),
        start_of(setting).state,
        Batch(0, 1, 0, 1),
    )


def _plain(name: str, function: Callable[..., Any], arguments: tuple[Any, ...]) -> str:
    """Return a function's text alone: without wrappers, under a plain name, and with LLVM's own square root."""
    dispatcher = Compiler(Rules()).compile(function)
    signature = tuple(map(numba.typeof, arguments))
    dispatcher.compile(signature)
    overload = dispatcher.overloads[signature]
    mangled = overload.fndesc.llvm_func_name
    module = llvm.parse_assembly(overload.library.get_llvm_str())
    for item in (*module.functions, *module.global_variables):
        if not item.is_declaration and item.name != mangled:
            item.linkage = "internal"
    machine = llvm.Target.from_triple(module.triple).create_target_machine()
    passes = llvm.create_new_module_pass_manager()
    passes.add_global_dead_code_eliminate_pass()
    passes.run(module, llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options()))
    text = str(module).replace(f"@{mangled}(", f"@{name}(")
    text = text.replace("declare double @sqrt(double)", "declare double @llvm.sqrt.f64(double)")
    text = text.replace("@sqrt(", "@llvm.sqrt.f64(")
    # Constants are numbered by the order of compilation: name them by their function and place.
    for place, constant in enumerate(dict.fromkeys(re.findall(r"@(\.const[\w.]*)", text))):
        text = re.sub(rf"@{re.escape(constant)}(?![\w.])", f"@{name}.constant.{place}", text)
    return text


def _without_remarks(text: str) -> Iterator[str]:
    """Yield the lines of a text without remarks, empty lines, and what names a machine."""
    for line in text.splitlines():
        bare = line.partition(" ; preds")[0] if " ; preds" in line else line
        bare = bare.rstrip()
        if bare and not bare.startswith((";", "target ", "source_filename", "!llvm.")):
            yield bare


def _entry(name: str, head: str) -> Iterator[str]:
    """Yield the text of an entry: a function of the address of a table of words, one for each argument in order."""
    inner = head.partition(f"@{name}(")[2]
    depth, end = 1, 0
    while depth:
        depth += {"(": 1, ")": -1}.get(inner[end], 0)
        end += 1
    kinds = [argument.split()[0] for argument in re.split(r",\s*(?![^()]*\))", inner[: end - 1])]
    yield f"define i32 @{ENTRIES}{name}(ptr %words) {{"
    yield "  %answer = alloca ptr"
    yield "  %fault = alloca ptr"
    passed = ["ptr %answer", "ptr %fault"]
    for place, kind in enumerate(kinds[2:]):  # before the arguments: where results and errors are written
        yield f"  %at.{place} = getelementptr i64, ptr %words, i64 {place}"
        yield f"  %word.{place} = load i64, ptr %at.{place}"
        if kind == "ptr":
            yield f"  %value.{place} = inttoptr i64 %word.{place} to ptr"
        elif kind == "i64":
            yield f"  %value.{place} = add i64 %word.{place}, 0"
        elif kind in ("i1", "i8"):
            yield f"  %value.{place} = trunc i64 %word.{place} to {kind}"
        else:
            raise BuildError(f"{name} takes an argument of the type {kind}, which the entry cannot pass")
        passed.append(f"{kind} %value.{place}")
    yield f"  %status = call i32 @{name}({', '.join(passed)})"
    yield "  ret i32 %status"
    yield "}"
