"""A theory of one's own goes everywhere that the shipped rules go, and a faulty one is stopped by its name."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import papertiger as pt
from papertiger.experiments.measures import base
from papertiger.model import theories
from papertiger.model.plugins import is_from_file
from tests.papertiger.conftest import Command
from tests.scenarios.minimal import SMALL, write

DECLARED = """\
title: Declares
description: What a theory takes
extends: small
own_parameters:
  cheap_talk: {value: 0.5, uniform: [0, 1], why: for tests}
"""
THEORY = """\
import papertiger as pt

def by_cost(scale: float, weight: float, intensity: float, cheap_talk: float) -> float:
    return cheap_talk * scale * weight * intensity

pt.theory("by_cost", "By cost", evidence_size=by_cost)
"""
STUDY = """\
title: Two theories
question: Which?
description: Two theories in one world.
replicates: 2
scenarios:
  - {scenario: declares.yaml, label: shipped}
  - {scenario: declares.yaml, label: own, rules: by_cost}
vary:
  talk: {path: own_parameters.cheap_talk}
design: {kind: random, points: 2}
measures:
  belief: {kind: protection, client: Alfa}
"""


@pytest.fixture(autouse=True)
def forgotten(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Forget theories, kinds of measure and modules that a test brings in."""
    before = set(sys.modules)
    monkeypatch.setattr(base, "_KINDS", dict(base._KINDS))
    monkeypatch.setattr(theories, "_THEORIES", {})
    yield
    for name in set(sys.modules) - before:
        if is_from_file(name):
            del sys.modules[name]


def world(folder: Path, theory: str = THEORY, file: str = "by_cost_of_tests.py") -> Path:
    """Write the small scenario, one that declares a parameter, a theory and a study."""
    write(folder, SMALL, "small.yaml")
    write(folder, DECLARED, "declares.yaml")
    (folder / "study.yaml").write_text(STUDY, encoding="utf-8")
    path = folder / file
    path.write_text(theory, encoding="utf-8")
    return path


def test_a_parameter_reaches_the_rule_by_name_and_can_be_set(papertiger: Command, tmp_path: Path) -> None:
    world(tmp_path)
    answer = papertiger("list", "--rules", "--import", "by_cost_of_tests.py")
    assert "by_cost: By cost (evidence_size, with cheap_talk of its own)" in answer.out
    mine = theories.find_theory("by_cost").rules
    run = pt.simulate(tmp_path / "declares.yaml", rules=mine)
    same = pt.simulate(tmp_path / "declares.yaml")
    # At a half, the theory is the shipped rule to the last bit.
    assert run.clients.equals(same.clients)
    silent = pt.simulate(tmp_path / "declares.yaml", rules=mine, overrides={"own_parameters.cheap_talk": 0.0})
    assert not silent.clients.equals(same.clients)
    evidence = silent.ledger[silent.ledger["cause"] != "succession"]
    assert (evidence[["good", "bad"]].to_numpy() == 0.0).all()


def test_a_study_names_a_theory_and_check_says_when_it_is_not_known(papertiger: Command, tmp_path: Path) -> None:
    world(tmp_path)
    unknown = papertiger("check", "study.yaml")
    assert unknown.code == 2
    assert "study.yaml:7: scenarios.1.rules: no theory 'by_cost' is known" in unknown.error
    assert "--import FILE.py" in unknown.error
    assert papertiger("check", "study.yaml", "--import", "by_cost_of_tests.py").code == 0
    (tmp_path / "study.yaml").write_text(STUDY.replace("declares.yaml, label: own", "small.yaml, label: own"))
    undeclared = papertiger("check", "study.yaml")
    assert "takes 'cheap_talk', which the scenario does not declare under own_parameters" in undeclared.error


@pytest.mark.parametrize(
    ("theory", "said"),
    [
        ("import nothing_at_all\n", ":1: ModuleNotFoundError"),
        ("def f(:\n", ":1: invalid syntax"),
        (THEORY.replace("evidence_size=", "evidence_sise="), "did you mean 'evidence_size'?"),
        (
            THEORY.replace("scale: float, weight: float", "weight: float, scale: float"),
            "expected them in the order of the shipped rule: scale, weight, intensity",
        ),
        (
            THEORY.replace("(scale: float, weight: float, intensity: float, cheap_talk: float)", "(x)"),
            "takes x, expected",
        ),
        (
            "import random\n" + THEORY.replace("return cheap_talk", "return random.random()"),
            "draws numbers of its own (random)",
        ),
        (
            "import numpy as np\n" + THEORY.replace("return cheap_talk", "return np.random.rand()"),
            "draws numbers of its own",
        ),
        (
            "import time\n" + THEORY.replace("return cheap_talk", "return time.time()"),
            "asks what is outside the model",
        ),
        (
            "LAST = 0.0\n" + THEORY.replace("    return", "    global LAST\n    LAST = weight\n    return"),
            "sets 'LAST', which outlives the call",
        ),
        (THEORY.replace("    return", "    print(weight)\n    return"), "calls print()"),
        ("import sys\nsys.exit(0)\n", ":2: SystemExit: 0"),
        (
            THEORY.replace("intensity: float, cheap_talk", "intensity: float, *, cheap_talk"),
            "takes arguments by keyword alone",
        ),
        (
            THEORY.replace("cheap_talk: float)", "**more: float)"),
            "takes arguments by keyword alone",
        ),
        (THEORY.replace("evidence_size=by_cost", "evidence_size=3"), "expected a function"),
        (THEORY.replace(", evidence_size=by_cost", ""), "changes no rule"),
    ],
)
def test_a_theory_that_is_none_is_refused_before_anything_runs(
    papertiger: Command, tmp_path: Path, theory: str, said: str
) -> None:
    world(tmp_path, theory)
    answer = papertiger("run", "declares.yaml", "--import", "by_cost_of_tests.py", "--rules", "by_cost")
    assert answer.code == 2
    assert "by_cost_of_tests.py" in answer.error
    assert said in answer.error
    assert "Traceback" not in answer.error


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("return math.nan", "the rule 'evidence_size' returned nan of ("),
        ("return -1.0", "returned -1.0 of ("),
        ("return scale / 1e-320", "returned inf of ("),
        ("SEEN.append(1)\n    return float(len(SEEN))", "returned 1.0 and then 2.0 of the same numbers ("),
    ],
)
def test_a_faulty_rule_is_stopped_with_client_month_and_rule(
    papertiger: Command, tmp_path: Path, body: str, said: str
) -> None:
    theory = "import math\nSEEN = []\n" + THEORY.replace("return cheap_talk * scale * weight * intensity", body)
    world(tmp_path, theory)
    command = ("--import", "by_cost_of_tests.py", "--rules", "by_cost")
    answer = papertiger("run", "declares.yaml", *command, "--no-figures", "--quiet")
    assert answer.code == 2
    assert said in answer.error
    assert "for Alfa in 2020-" in answer.error or "for Alfa in 2021-" in answer.error


def test_a_file_is_imported_by_its_path_where_python_looks_in_its_folder(
    papertiger: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    answer = papertiger("list", "--rules", "--import", "by_cost_of_tests.py")
    assert (answer.code, answer.error) == (0, "")
    assert is_from_file("by_cost_of_tests")
    (tmp_path / "json.py").write_text(THEORY, encoding="utf-8")
    taken = papertiger("list", "--rules", "--import", "json.py")
    assert taken.code == 2
    assert "there is a module 'json' already" in taken.error


@pytest.mark.parametrize("broken", ["raise RuntimeError('boom')", "import sys; sys.exit(0)", "x = = 1"])
def test_a_package_that_fails_when_it_is_looked_into_is_one_clear_line(
    papertiger: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    world(tmp_path)
    package = tmp_path / "broken_of_tests"
    package.mkdir()
    (package / "__init__.py").write_text(f"{broken}\n", encoding="utf-8")
    (package / "part.py").write_text("", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    answer = papertiger("run", "declares.yaml", "--import", "broken_of_tests.part")
    assert answer.code == 2
    assert "broken_of_tests.part" in answer.error
    assert "Traceback" not in answer.error


def test_import_says_what_it_cannot_find(papertiger: Command, tmp_path: Path) -> None:
    world(tmp_path)
    for named, said in (
        ("nothing.py", "no such file"),
        ("by_cost_of_tests", "did you mean by_cost_of_tests.py?"),
        ("no.such.module", "Python finds no module"),
    ):
        answer = papertiger("run", "declares.yaml", "--import", named)
        assert answer.code == 2
        assert said in answer.error
    answer = papertiger("run", "declares.yaml", "--import", "by_cost_of_tests.py", "--rules", "by_cots")
    assert answer.code == 2
    assert "did you mean 'by_cost'?" in answer.error


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ("cheap_talk: 0.5", "add a range, such as 'uniform: [0, 1]'"),
        ("cheap_talk: {value: 0.5, uniform: [0, 1]}", "add a reason ('why') or a 'source'"),
        ("cheap_talk: {uniform: [0, 1], why: x}", "add a 'value'"),
        ("forgetting: {value: 0.5, uniform: [0, 1], why: x}", "the name of a parameter of the model"),
        ("lambda: {value: 0.5, uniform: [0, 1], why: x}", "expected a name that a function's argument can have"),
    ],
)
def test_a_parameter_of_ones_own_is_declared_whole(
    papertiger: Command, tmp_path: Path, declared: str, said: str
) -> None:
    world(tmp_path)
    old = "cheap_talk: {value: 0.5, uniform: [0, 1], why: for tests}"
    (tmp_path / "declares.yaml").write_text(DECLARED.replace(old, declared), encoding="utf-8")
    answer = papertiger("check", "declares.yaml")
    assert answer.code == 2
    assert said in answer.error


def test_nothing_in_a_file_is_executed(papertiger: Command, tmp_path: Path) -> None:
    world(tmp_path)
    (tmp_path / "study.yaml").write_text(STUDY.replace("rules: by_cost", "rules: by_cost_of_tests.py"))
    answer = papertiger("check", "study.yaml")
    assert answer.code == 2
    assert "no theory 'by_cost_of_tests.py' is known" in answer.error


@pytest.mark.parametrize("rule", ["utility", "help_probability", "last_posture", "is_rejected", "crisis_intensity"])
def test_the_template_of_a_rule_runs_at_once(papertiger: Command, tmp_path: Path, rule: str) -> None:
    answer = papertiger("new", "rule", f"trial_{rule}", "--replaces", rule)
    assert answer.code == 0
    command = ("--import", f"trial_{rule}.py")
    checked = papertiger("check", f"trial_{rule}_study.yaml", *command)
    assert checked.error == ""
    months = ("--months", "12", "--no-figures", "--quiet")
    run = papertiger("run", f"trial_{rule}_world.yaml", "--rules", f"trial_{rule}", *command, *months)
    assert (run.code, run.error) == (0, "")
    assert papertiger("new", "rule", f"trial_{rule}", "--replaces", rule).code == 2  # nothing is overwritten


def test_the_template_of_a_case_runs_at_once(papertiger: Command, tmp_path: Path) -> None:
    assert papertiger("new", "case", "mine").code == 0
    names = ("mine.yaml", "mine_no_help.yaml", "mine_study.yaml")
    checked = papertiger("check", *names)
    assert (checked.code, checked.error) == (0, "")
    assert papertiger("run", "mine.yaml", "--no-figures", "--quiet").code == 0
    made = papertiger("events", "mine_events.csv", "--from", "mine.yaml", "--title", "Later", "--out", "later.yaml")
    assert made.code == 0
    assert (tmp_path / "later.yaml").read_text(encoding="utf-8").startswith("title: Later\n")
    assert papertiger("check", "later.yaml").code == 0


def test_what_new_cannot_write_is_said(papertiger: Command, tmp_path: Path) -> None:
    for words, said in (
        (("new", "rule", "mine", "--replaces", "utillity"), "did you mean 'utility'?"),
        (("new", "rule", "Mine!"), "expected a name of small letters"),
        (("new", "case", "mine", "--from", "sahel_2020"), "--from has no meaning here"),
        (("new", "mine"), "say with --from which scenario"),
        (("new", "world", "mine"), "expected a NAME, or one of case, rule and a NAME"),
    ):
        answer = papertiger(*words)
        assert answer.code == 2
        assert said in answer.error
