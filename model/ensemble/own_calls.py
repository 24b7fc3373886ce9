"""Let the kernel hand parameters of a modeler's own to the rules that take them.

The kernel calls each rule with the arguments of the shipped one. Where a rule takes more, the kernel's function is
written anew with a call that adds them, read from the state: whatever has the state at hand can call any rule.
"""

from __future__ import annotations
import __future__

import ast
import inspect
import textwrap
import types
from collections.abc import Mapping
from typing import Any

STATE = "moving"
"""What the kernel calls the state of a run; its field ``own`` holds the values, in the order of `own_names`."""


def with_own_arguments(function: types.FunctionType, places: Mapping[str, tuple[int, ...]]) -> types.FunctionType:
    """Return a function of the kernel whose calls of some rules hand over parameters of the modeler's own.

    Parameters
    ----------
    function
        One of the kernel's.
    places
        For each name by which it calls such a rule, the places of the rule's own parameters in the state.
    """
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    _Calls(places).visit(tree)
    ast.fix_missing_locations(tree)
    ast.increment_lineno(tree, function.__code__.co_firstlineno - 1)
    code = compile(
        tree,
        function.__code__.co_filename,
        "exec",
        flags=__future__.annotations.compiler_flag,
        dont_inherit=True,
    )
    space: dict[str, Any] = dict(function.__globals__)
    exec(code, space)  # nosec B102 - the kernel's own source
    rewritten: types.FunctionType = space[function.__name__]
    rewritten.__qualname__, rewritten.__module__ = function.__qualname__, function.__module__
    return types.FunctionType(
        rewritten.__code__, function.__globals__, rewritten.__name__, function.__defaults__, function.__closure__
    )


class _Calls(ast.NodeTransformer):
    """Add what a rule takes beyond the shipped one to each call of it."""

    def __init__(self, places: Mapping[str, tuple[int, ...]]) -> None:
        self._places = places

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Return a call with its further arguments."""
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id in self._places:
            for place in self._places[node.func.id]:
                node.args.append(ast.parse(f"{STATE}.own[{place}]", mode="eval").body)
        return node
