"""Whatever a program gives to a public function, the refusal is readable and is the project's own.

Every argument of every door is given odd values in turn, the others being right. Either the call holds and the
signature allows the value, or an error of the project comes, or a TypeError or ValueError that the project itself
raised: never what Python, NumPy, pandas or Numba had to say about the inside of a function.
"""

from __future__ import annotations

import dis
import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import pandas as pd
import pytest

import papertiger as pt
from papertiger import scenarios
from papertiger.experiments.design.loader import load_experiment, load_study
from papertiger.experiments.history.evaluate import scores, skill
from papertiger.experiments.report.page import read_index, write_report
from papertiger.experiments.run.results import open_results
from papertiger.experiments.run.runner import run_experiment
from papertiger.experiments.statistics import convergence, discovery, intervals, paired, sensitivity, survival
from papertiger.experiments.statistics.compare import common_month, compare, distinct, points
from papertiger.experiments.statistics.sweep import restricted, sweep
from papertiger.model.decisions import Decisions, check_decisions
from papertiger.model.ensemble.checkpoint import checkpoint
from papertiger.model.ensemble.exact import EXACT, Replay, exact_chain
from papertiger.model.rules.rules import Rules
from papertiger.model.setting import Setting
from papertiger.model.template import Template, build_setting
from papertiger.scenarios import Scenario, observed, posteriors
from papertiger.scenarios.additions import load_with
from papertiger.scenarios.tables import dialect_of, use_dialect
from tests.scenarios.minimal import SMALL, write

ROOT = Path(pt.__file__).resolve().parents[1]


class Strange:
    """Nothing that any function expects."""

    def __repr__(self) -> str:
        return "<strange>"


ODD: tuple[Any, ...] = (
    None,
    True,
    False,
    5,
    -1,
    10**30,
    10**400,
    0.5,
    float("nan"),
    float("inf"),
    "",
    "x",
    "x\0",
    "é" * 300,
    b"x",
    [],
    ["x"],
    [None],
    {},
    {"x": 1},
    {1: None},
    {(1, 2): 3},
    (1, 2),
    {3, 4},
    Strange(),
    np.array([0.1, np.nan]),
    np.float64("nan"),
    pd.DataFrame({"a": [1]}),
)


@dataclass(frozen=True)
class Door:
    """A public function with arguments that it takes."""

    call: Callable[..., Any]
    right: dict[str, Any] = field(default_factory=dict)
    names: tuple[str, ...] = ()

    @property
    def parameters(self) -> list[str]:
        """Names of the arguments that are given odd values."""
        if self.names:
            return list(self.names)
        return _named(self.call)


def _named(call: Callable[..., Any]) -> list[str]:
    """Return the names of a function's arguments, but for what takes all others."""
    return [one.name for one in inspect.signature(call).parameters.values() if one.kind is not one.VAR_KEYWORD]


def of_model(folder: Path) -> Iterator[tuple[str, Door]]:
    """Yield the doors of the model."""
    small = pt.load(write(folder, SMALL))
    exact = scenarios.change(small, dict(EXACT))
    setting = build_setting(small, 1)
    world = pt.World(small, rng=1)
    run = pt.simulate(small, months=2)
    ensemble = pt.ensemble(small, 2, keep=["paths", "ledger", "bands"], threads=1)
    chain = Replay(exact).chain()
    yield "simulate", Door(pt.simulate, {"scenario": small, "months": 1})
    yield "World", Door(pt.World, {"scenario": small, "rng": 1})
    yield (
        "World(forgetting=…)",
        Door(pt.World, {"scenario": small, "rng": 1}, ("forgetting", "clients__Alfa__threat")),
    )
    yield "ensemble", Door(pt.ensemble, {"scenario": small, "runs": 2, "threads": 1})
    yield "checkpoint", Door(checkpoint, {"world": world})
    yield "Run.rows", Door(run.rows, {"name": "clients"})
    yield "Run.shares", Door(run.shares, {"client": "Alfa"})
    yield "Run.why", Door(run.why, {"client": "Alfa"})
    yield "Ensemble.path", Door(ensemble.path, {"name": "beliefs"})
    yield "Ensemble.ledger", Door(ensemble.ledger, {"run": 0})
    yield "Ensemble.why", Door(ensemble.why, {"client": "Alfa"})
    yield "build_setting", Door(build_setting, {"scenario": small, "seed": 1})
    yield "Template", Door(Template, {"scenario": small})
    yield "Replay", Door(Replay, {"scenario": exact})
    yield "Replay.chain", Door(Replay(exact).chain)
    yield "exact_chain", Door(exact_chain, {"scenario": exact})
    yield "Chain.between", Door(chain.between, {"first": "2020-01", "last": "2020-03"})
    yield "check_decisions", Door(check_decisions, {"decisions": Decisions(), "setting": setting}, ("decisions",))
    for part in ("decisions", "offers", "attention"):
        yield f"Decisions({part}=…)", Door(_given_to(setting, part), {}, (part,))


def _given_to(setting: Setting, part: str) -> Callable[..., Any]:
    def call(**given: Any) -> Any:
        value = given[part]
        keys: dict[str, Any] = {"decisions": (0, 0, 0), "offers": (0, 0, 0, 0), "attention": (0, 0)}
        for decisions in (value, {keys[part]: value}, *({k: 1} for k in ([value] if _hashable(value) else []))):
            check_decisions(Decisions(**{part: decisions}), setting)

    return call


def _hashable(value: Any) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True


def of_scenarios(folder: Path) -> Iterator[tuple[str, Door]]:
    """Yield the doors of scenarios."""
    small = pt.load(write(folder, SMALL))
    table = folder / "events.csv"
    table.write_text("id,date,kind,what\na,2021-01,background,x\n", encoding="utf-8")
    more = folder / "more.yaml"
    more.write_text("events: {new: {date: 2022-01, kind: background, what: x}}\n", encoding="utf-8")
    draws = posteriors.Draws("draws", ("parameters.forgetting",), ((0.5,),))
    yield "load", Door(pt.load, {"name_or_path": folder / "small.yaml"})
    yield "names", Door(pt.names)
    yield "change", Door(scenarios.change, {"scenario": small, "overrides": {}})
    yield "differences", Door(scenarios.differences, {"left": small, "right": small})
    yield "events_scenario", Door(scenarios.events_scenario, {"table": table, "parent": "small"})
    yield "parse_settings", Door(scenarios.parse_settings, {"settings": ["a=1"]})
    yield "resolve_tree", Door(scenarios.resolve_tree, {"name_or_path": "partners_2020"})
    yield "template", Door(scenarios.template, {"name": "mine", "parent": "partners_2020"})
    yield "observed.load", Door(observed.load, {"name_or_path": "partners_postures"})
    yield "observed.load_votes", Door(observed.load_votes, {"name_or_path": "partners_votes"})
    yield "observed.load_polls", Door(observed.load_polls, {"name_or_path": "partners_polls"})
    yield "observed.load_ties", Door(observed.load_ties, {"name_or_path": "partners_ties"})
    yield "posteriors.load", Door(posteriors.load, {"name_or_path": "partners_2020_m4"})
    yield "posteriors.parse", Door(posteriors.parse, {"data": b"a\n1\n", "label": "draws"})
    yield "posteriors.hash_of_rows", Door(posteriors.hash_of_rows, {"text": "a\n1\n"})
    yield "posteriors.to_csv", Door(posteriors.to_csv, {"draws": draws})
    yield "load_with", Door(load_with, {"scenario": folder / "small.yaml", "additions": more})
    yield "dialect_of", Door(dialect_of, {"excel": "de"})
    yield "use_dialect", Door(use_dialect, {"excel": None}, ("excel",))


def of_experiments(folder: Path) -> Iterator[tuple[str, Door]]:
    """Yield the doors of experiments, but for whatever would run for long."""
    small = pt.load(write(folder, SMALL))
    file = folder / "tiny.yaml"
    file.write_text(
        "title: Tiny\ndescription: Tiny\nquestion: What if?\nscenarios: [small]\nreplicates: 2\n"
        "measures: {left: {kind: share_defected}}\n",
        encoding="utf-8",
    )
    study = load_study(file)
    results = run_experiment(study, folder / "out", workers=1)
    values = np.arange(10.0)
    frame = pd.DataFrame({"scenario": "a", "point": range(10), "replicate": 0, "factor:x": values, "m": values})
    yield "run_experiment", Door(run_experiment, {"study": study, "folder": folder / "out", "workers": 1}, RUNNER)
    yield "open_results", Door(open_results, {"folder": folder / "out"})
    yield "Results.values", Door(results.values, {"column": "left", "scenario": "small"})
    yield "Results.frame", Door(results.frame)
    yield "write_report", Door(write_report, {"results": results})
    yield "read_index", Door(read_index, {"folder": folder / "out"})
    yield "load_experiment", Door(load_experiment, {"name_or_path": file})
    yield "load_study", Door(load_study, {"name_or_path": file})
    yield "compare", Door(compare, {"compared": [small, small], "runs": 2})
    yield "sweep", Door(sweep, {"frame": frame, "measure": "m"})


SOBOL = 0.5 + np.sin(np.arange(16.0))
"""Values of four blocks of a Sobol design of two factors."""
TRAJECTORIES = [[0.0, 0.0], [0.5, 0.0], [0.5, 0.5]] * 2


def of_statistics(folder: Path) -> Iterator[tuple[str, Door]]:
    """Yield the doors of statistics: what a script calls with numbers of its own."""
    small = pt.load(write(folder, SMALL))
    numbers = np.arange(10.0)
    flags, factors = [0, 1] * 5, ("one", "two")
    sample = {"time": numbers, "event": flags}
    rows = pd.DataFrame(
        {"point": [0, 0, 1, 1], "replicate": [0, 1, 0, 1], "x:one": [0.0, 0.0, 1.0, 1.0], "m": [1.0, 2.0, 4.0, 3.0]}
    )
    incidence = survival.cumulative_incidence(numbers, ["away", ""] * 5)
    forecast, outcome = [[0.2, 0.8], [0.6, 0.4]], [1, 0]
    yield "paired_difference", Door(paired.paired_difference, {"a": numbers, "b": numbers[::-1], "resamples": 20})
    yield "verdict_of", Door(intervals.verdict_of, {"low": 0.0, "high": 1.0, "changed": 0.5})
    yield "leaves_out_zero", Door(intervals.leaves_out_zero, {"low": 0.0, "high": 1.0})
    yield "normal_quantile", Door(intervals.normal_quantile)
    yield "max_differing_share", Door(intervals.max_differing_share, {"n": 3})
    yield "min_alike_share", Door(intervals.min_alike_share, {"n": 3})
    yield "all_alike", Door(intervals.all_alike, {"values": numbers})
    yield "kaplan_meier", Door(survival.kaplan_meier, sample)
    yield "restricted_times", Door(survival.restricted_times, {**sample, "horizon": 5.0})
    yield "restricted_mean", Door(survival.restricted_mean, {"incidence": incidence, "horizon": 5.0})
    yield (
        "log_rank",
        Door(survival.log_rank, {"time_a": numbers, "event_a": flags, "time_b": numbers, "event_b": flags}),
    )
    yield "cumulative_incidence", Door(survival.cumulative_incidence, {"time": numbers, "cause": ["away", ""] * 5})
    yield "block_size", Door(sensitivity.block_size, {"factors": 2, "second_order": False})
    yield "sobol", Door(sensitivity.sobol, {"factors": factors, "values": SOBOL, "resamples": 5})
    yield "sobol_pairs", Door(sensitivity.sobol_pairs, {"factors": factors, "values": SOBOL[:12], "resamples": 5})
    trajectories = {"factors": factors, "points": TRAJECTORIES, "values": SOBOL[:6], "resamples": 5}
    yield "morris", Door(sensitivity.morris, trajectories)
    yield "one_at_a_time", Door(sensitivity.one_at_a_time, {"frame": rows, "measure": "m"})
    yield "main_effects", Door(sensitivity.main_effects, {"frame": rows, "measure": "m"})
    yield "restricted", Door(restricted, {"frame": rows, "measure": "m", "horizon": None})
    table = pd.DataFrame({"one": np.arange(40.0), "two": np.tile(numbers, 4)})
    yield "prim", Door(discovery.prim, {"factors": table, "outcome": [0, 0, 0, 1] * 10})
    yield "running_interval", Door(convergence.running_interval, {"values": numbers})
    yield "enough", Door(convergence.enough, {"values": numbers, "tolerance": 0.1})
    yield "indices_by_size", Door(convergence.indices_by_size, {"factors": factors, "values": SOBOL})
    yield "common_month", Door(common_month, {"worlds": [small, small]})
    yield "distinct", Door(distinct, {"names": ["one", "one"]})
    yield "points", Door(points, {"value": 0.1, "low": 0.0, "high": 0.2})
    yield "publishable", Door(scores.publishable, {"forecast": forecast})
    for score in (scores.ranked_probability, scores.brier, scores.logarithmic):
        yield score.__name__, Door(score, {"forecast": forecast, "outcome": outcome})
    times = {"by_step": [[0.2, 0.8], [0.6, 0.8]], "time": [1, 3], "watched": [2, 2]}
    yield "time_to_event", Door(scores.time_to_event, times)
    cases = {"score": numbers, "reference": numbers[::-1], "client": ["a", "b"] * 5, "resamples": 20}
    yield "skill", Door(skill.skill, cases)
    gains = {"totals": numbers, "sizes": numbers + 1.0, "resamples": 20}
    yield "interval_of_gain", Door(skill.interval_of_gain, gains)
    yield "reliability", Door(skill.reliability, {"probability": numbers / 10.0, "happened": flags})
    yield "each_category", Door(skill.each_category, {"forecast": forecast, "outcome": outcome})
    yield "wilson", Door(skill.wilson, {"share": numbers / 10.0, "count": numbers + 1.0})


RUNNER = ("study", "folder", "workers", "backend", "cluster", "fresh", "progress")

type Family = Callable[[Path], Iterator[tuple[str, Door]]]
FAMILIES: dict[str, Family] = {
    "model": of_model,
    "scenarios": of_scenarios,
    "experiments": of_experiments,
    "statistics": of_statistics,
}


@contextmanager
def working_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let whatever is written land in a folder of its own."""
    with monkeypatch.context() as patch:
        patch.chdir(folder)
        yield


TYPES: dict[str, tuple[type, ...]] = {
    "bool": (bool,),
    "int": (int,),
    "float": (float, int, np.floating),
    "str": (str,),
    "bytes": (bytes,),
    "Mapping": (Mapping,),
    "Collection": (list, tuple, set, dict),
    "Iterable": (list, tuple, set, dict),
    "Sequence": (list, tuple),
    "Path": (Path,),
    "None": (type(None),),
    "ArrayLike": (list, tuple, np.ndarray, pd.Series, pd.DataFrame, int, float, bool),
    "tuple": (tuple,),
    "NDArray": (list, tuple, np.ndarray, pd.Series),
    "DataFrame": (pd.DataFrame,),
}


def may_be(door: Door, parameter: str, value: Any) -> bool:
    """Tell whether a value is of a kind that the function's signature names; a truth value is no number."""
    if parameter not in inspect.signature(door.call).parameters:
        return True
    said = str(inspect.signature(door.call).parameters[parameter].annotation)
    kinds = {
        kind
        for name, kinds in TYPES.items()
        if re.search(rf"\b{name}\b", re.sub(r"\[.*\]", "", said))
        for kind in kinds
    }
    if isinstance(value, bool):
        return bool in kinds
    return isinstance(value, tuple(kinds)) if kinds else True


def objection(error: BaseException) -> str | None:
    """Return what is wrong with an error that comes out of a door, or None."""
    if isinstance(error, SystemExit | KeyboardInterrupt):
        return "the program would end"
    own = type(error).__module__.startswith("papertiger.")
    if not own and type(error) not in (TypeError, ValueError):
        return "a raw error"
    message = str(error)
    if not message.strip() or "object at 0x" in message or len(message) > 2_000:
        return "a message that says nothing"
    if own:
        return None
    last = error.__traceback__
    assert last is not None
    while last.tb_next is not None:
        last = last.tb_next
    return None if _is_raised_here(last) else "raised by what the function is made of"


def _is_raised_here(last: TracebackType) -> bool:
    """Tell whether the project's own code says `raise` where an error comes from."""
    code = last.tb_frame.f_code
    here = Path(code.co_filename).resolve().is_relative_to(ROOT) and ".venv" not in code.co_filename
    return here and dis.opname[code.co_code[last.tb_lasti]] in ("RAISE_VARARGS", "RERAISE")


@pytest.mark.parametrize(
    "family",
    # One process of the tests imports what a modeler's discovery needs, which takes seconds.
    [pytest.param(one, marks=pytest.mark.xdist_group("prim")) if one == "statistics" else one for one in FAMILIES],
)
def test_odd_arguments_are_refused_readably(family: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    faults = []
    with working_in(tmp_path, monkeypatch):
        for name, door in FAMILIES[family](tmp_path):
            for parameter in door.parameters:
                for value in ODD:
                    try:
                        door.call(**{**door.right, parameter: value})
                        if not may_be(door, parameter, value):
                            faults.append(f"{name}({parameter}={value!r:.40}): was taken")
                    except Exception as error:
                        if (said := objection(error)) is not None:
                            faults.append(
                                f"{name}({parameter}={value!r:.40}): {said}: {type(error).__name__}: {error!s:.150}"
                            )
    assert not faults, "\n".join([f"{len(faults)} faults:", *faults])


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return pt.load(write(tmp_path_factory.mktemp("arguments"), SMALL))


@pytest.mark.parametrize(
    ("argument", "value", "said"),
    [
        ("rules", 5, "rules: expected a Rules, such as replace(Rules(), utility=my_utility), got 5"),
        ("rules", Rules(utility=5), "rules: utility: expected a function, got 5"),  # type: ignore[arg-type]
        ("decisions", 5, "decisions: expected a Decisions, got 5"),
        ("decisions", {}, "decisions: expected a Decisions, got a mapping"),
        ("decisions", Decisions({"x": 1}), "decisions: expected keys (month, client, decision), got 'x'"),  # type: ignore[dict-item]
        ("decisions", Decisions({(0, 0, 0): "x"}), "expected a number at (0, 0, 0), got 'x'"),  # type: ignore[dict-item]
        ("decisions", Decisions({(0, 0, 99): 1}), "expected the number of a Decision, 0 to 10, got 99"),  # type: ignore[dict-item]
        ("decisions", Decisions(offers={(0, 0, 0, 7): 1}), "expected the number of an Offer, 0 to 1, got 7"),  # type: ignore[dict-item]
        ("progress", 5, "progress: expected a function to call, got 5"),
        ("overrides", "", "overrides: expected values by the name of a figure, got ''"),
        ("overrides", [], "overrides: expected values by the name of a figure, got a list"),
        ("start", 5, "start: expected the state that checkpoint(world) takes, got 5"),
        ("keep", None, "keep: expected one or several of shares, bands, ledger, paths"),
        ("keep", 5, "got 5"),
        ("keep", "band", "got 'band' (did you mean 'bands'?)"),
        ("collect", "no", "collect: expected True or False, got 'no'"),
    ],
)
def test_both_engines_refuse_in_the_same_words(small: Scenario, argument: str, value: Any, said: str) -> None:
    doors: dict[str, Callable[..., Any]] = {"World": pt.World, "simulate": pt.simulate, "ensemble": pt.ensemble}
    asked = [door for door in doors.values() if argument in _named(door)]
    assert asked
    for door in asked:
        with pytest.raises((TypeError, ValueError, pt.ScenarioError), match=re.escape(said)):
            door(small, **{argument: value})


def test_a_name_that_nobody_has_brings_the_nearest(small: Scenario) -> None:
    run = pt.simulate(small, months=2)
    ensemble = pt.ensemble(small, 2, keep="ledger", threads=1)
    chain = Replay(scenarios.change(small, dict(EXACT))).chain()
    for why in (run.why, run.shares, ensemble.why):
        with pytest.raises(ValueError, match=r"^no client 'Alf' \(did you mean 'Alfa'\?\)$"):
            why("Alf")
        with pytest.raises(ValueError, match=r"^no client 'X'; there are Alfa, Bravo$"):
            why("X")
    with pytest.raises(ValueError, match=r"^no month '2099-01' \(did you mean '20"):
        run.why("Alfa", "2099-01")
    with pytest.raises(ValueError, match=r"^no month 'then'; there are 2020-01, 2020-02$"):
        run.why("Alfa", end="then")
    with pytest.raises(ValueError, match=r"^no month '2031-01'"):
        chain.between("2020-01", "2031-01")
    with pytest.raises(ValueError, match="run: expected a whole number, got '2099-01'"):
        ensemble.why("Alfa", "2099-01")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="^no path 'belief'"):
        ensemble.path("belief")
