"""Both engines run the steps of one table, in its order, and nothing else; their helpers are called alike."""

from __future__ import annotations

import ast
import inspect
from types import FunctionType
from typing import Any

import pytest

from papertiger.model.agents.adversary import Adversary
from papertiger.model.agents.client import Client
from papertiger.model.agents.patron import Patron
from papertiger.model.agents.rival import Rival
from papertiger.model.agents.world import World
from papertiger.model.ensemble.kernel import month as kernel_month
from papertiger.model.month import STEPS
from tests.docs.pages import script, text_of
from tests.model.busy import busy_world

AGENTS = (World, Client, Patron, Rival, Adversary)
ALONE = {
    # What the kernel needs because it has tables in place of objects and writes other things down.
    "record": None,
    "feedback": {"is_lost", "credibility"},
    "choices": {"set_anchors"},
    "breaks": {"stocks"},
    "events": {"draws_successor"},
    "ties": {
        "set_first_attractions",
        "change_of",
        "draw_to_rivals",
        "forget_rivals",
        "rivals_as_before",
        "weigh_rivals",
    },
}
"""Functions of the kernel that are no method of an agent, by step; None excuses a whole step."""


def calls_of(function: Any) -> list[str]:
    """Return what the statements of a function call, in their order."""
    tree = ast.parse(inspect.cleandoc("\n" + inspect.getsource(function)))
    (body,) = (node.body for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    return [
        node.value.func.attr if isinstance(node.value.func, ast.Attribute) else node.value.func.id  # type: ignore[attr-defined]
        for node in body
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    ]


@pytest.mark.parametrize("mode", ["replay", "generative"])
def test_a_step_of_the_world_runs_the_steps_in_order(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def listening(name: str, method: Any) -> Any:
        def listen(world: World) -> None:
            asked.append(name)
            method(world)

        return listen

    for step in STEPS:
        monkeypatch.setattr(World, step.method, listening(step.method, getattr(World, step.method)))
    world = World(busy_world(), rng=1, collect=False, mode=mode)
    world.step()
    assert asked == [step.method for step in STEPS]


def test_a_step_of_the_world_calls_nothing_but_the_steps() -> None:
    step = inspect.getattr_static(World, "step")
    # Before the first of them it refuses to go on after the last month.
    assert calls_of(step) == ["_refuse_after_the_end", *(step.method for step in STEPS)]


def test_the_compiled_month_calls_the_steps_in_order_and_nothing_else() -> None:
    halves = (kernel_month.begin_common, kernel_month.end_alone)
    assert [call for half in halves for call in calls_of(half)] == [step.function for step in STEPS]
    assert all(f"{half.__name__}(" in inspect.getsource(kernel_month.run_months) for half in halves)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: str(step.name))
def test_a_module_of_the_kernel_is_called_like_its_step(step: Any) -> None:
    function = getattr(kernel_month, step.function)
    assert function.__module__.rpartition(".")[2] == step.name


@pytest.mark.parametrize("step", STEPS, ids=lambda step: str(step.name))
def test_what_helps_a_step_is_called_like_the_agents_methods(step: Any) -> None:
    module = inspect.getmodule(getattr(kernel_month, step.function))
    excused = ALONE.get(step.name, set())
    if excused is None:
        return
    helpers = {
        name
        for name, value in vars(module).items()
        if isinstance(value, FunctionType) and value.__module__ == module.__name__  # type: ignore[union-attr]
    }
    methods = {name.lstrip("_") for kind in AGENTS for name in dir(kind)}
    assert helpers - methods - excused == set()


def test_the_table_of_steps_is_fresh() -> None:
    page = text_of("ARCHITECTURE.md")
    assert script("month").render(page) == page, "run uv run python docs/month.py"
