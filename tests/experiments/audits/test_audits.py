"""An audit: each check finds what is there, names what does not hold, and the shipped one keeps its signs."""

from __future__ import annotations

from pathlib import Path

import pytest

from papertiger import scenarios
from papertiger.experiments.audits import schema
from papertiger.experiments.audits.checks import Outcome, carry_out
from papertiger.experiments.audits.loader import load_audit
from papertiger.experiments.audits.page import Answer, answers, page, verdict
from papertiger.experiments.errors import ExperimentError

pytestmark = pytest.mark.xdist_group("exact")
ROOT = Path(__file__).parents[3]
SMALL = """\
title: Trial
description: An audit of the tests.
rows:
  - number: 1
    question: Is it there?
    before: "0"
    asked: it is there
    checks:
      - {kind: files, folder: "tests/experiments/audits", pattern: "test_*.py"}
      - {kind: tests, figure: a name, tests: ["tests/experiments/audits/test_audits.py::test_nothing_of_the_kind"]}
  - number: 2
    question: May it lack?
    before: "1 | 2"
    asked: "-"
    checks: [{kind: files, folder: nowhere, pattern: "*", may_lack: true}]
"""


def trial(folder: Path, text: str = SMALL) -> schema.Audit:
    file = folder / "trial.yaml"
    file.write_text(text, encoding="utf-8")
    return load_audit(file)


def test_what_is_there_is_found_and_what_is_not_is_named(tmp_path: Path) -> None:
    there, lacks = answers(trial(tmp_path), ROOT)
    assert [outcome.holds for outcome in there.outcomes] == [True, False]
    assert there.outcomes[0].figure.startswith("1 file, the first test_audits.py")
    assert there.outcomes[1].against == ["no test tests/experiments/audits/test_audits.py::test_nothing_of_the_kind"]
    assert (there.verdict, lacks.verdict) == ("does not hold", "not worked out")
    assert (
        verdict([there, lacks]) == "Of 2 signs that were asked for, 0 hold; row 1 does not; row 2 was not worked out."
    )
    text = page(trial(tmp_path), [there, lacks], "papertiger audit trial.yaml")
    assert "| 2 | May it lack? | 1 / 2 | 0 files | - | **not worked out** |" in text
    assert "- Row 1: no test tests/experiments/audits/test_audits.py::test_nothing_of_the_kind." in text


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("kind: files, folder: nowhere", "kind: file, folder: nowhere", "trial.yaml:15"),
        ('    before: "0"\n', "", "before"),
        ("number: 2", "number: two", "trial.yaml:11"),
        ("may_lack: true", "may_lack: maybe", "may_lack"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in SMALL
    with pytest.raises(ExperimentError) as caught:
        trial(tmp_path, SMALL.replace(old, new))
    assert said in str(caught.value)


@pytest.fixture
def one_scenario(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scenarios, "names", lambda: ("armenia_2020_2025",))


@pytest.mark.usefixtures("one_scenario")
def test_signs_of_trust_and_of_forgiving_are_those_of_the_chain() -> None:
    trust = carry_out(schema.TrustCheck(kind="trust", scenario="armenia_2020_2025", at="2025-12"), ROOT)
    assert trust.holds
    assert trust.figure.startswith("Armenia 0.")
    forgiving = schema.ConstantCheck(
        kind="forgives",
        constant="parameters.hard_times_excuse",
        levels=(0.0, 0.7),
        scenario="armenia_2020_2025",
        client="Armenia",
        at="2024-12",
    )
    found = carry_out(forgiving, ROOT)
    blunt, forgave = map(float, found.figure.split(", "))
    assert found.holds
    assert forgave < blunt - 0.05
    # Blaming more for the same is the opposite of forgiving: the check must be able to fail.
    wrong = carry_out(
        forgiving.model_copy(update={"constant": "parameters.bad_news_weight", "levels": (1.0, 3.0)}), ROOT
    )
    assert not wrong.holds
    assert "Armenia in armenia_2020_2025" in wrong.against


@pytest.mark.usefixtures("one_scenario")
def test_a_war_that_is_turned_round_does_not_hold() -> None:
    """Where "without" is more war, the same check finds that clients stand closer by less of it."""
    check = schema.WarCheck(
        kind="war",
        scenario="armenia_2020_2025",
        at="2025-12",
        without={"war.burden": 0.0},
        through={"the cost of standing by": {"standing_cost": 0.0}, "nothing": {}},
    )
    found = carry_out(check, ROOT)
    assert found.holds
    assert found.figure.endswith("the cost of standing by carries it")
    turned = carry_out(check.model_copy(update={"without": {"war.burden": 1.0}}), ROOT)
    assert not turned.holds


def test_the_shipped_audit_asks_each_row_once() -> None:
    audit = load_audit("referee")
    assert [row.number for row in audit.rows] == list(range(1, 15))
    named = [named for row in audit.rows for check in row.checks for named in getattr(check, "tests", ())]
    held = [carry_out(check, ROOT) for row in audit.rows for check in row.checks if check.kind == "tests"]
    assert named
    assert all(outcome.holds for outcome in held)


def test_what_a_check_names_is_looked_for_before_anything_is_worked_out(tmp_path: Path) -> None:
    head = (
        "title: T\ndescription: D\nrows:\n  - number: 1\n    question: q\n    before: b\n    asked: a\n    checks:\n"
    )
    for check, said in (
        (
            "{kind: signals, scenario: cuba, client: Cubba, at: 2026-01}",
            "no client 'Cubba' in cuba (did you mean 'Cuba'?)",
        ),
        ("{kind: trust, scenario: cubba, at: 2026-01}", "no scenario 'cubba' (did you mean 'cuba'?)"),
        ("{kind: trust, scenario: cuba, at: 2035-01}", "expected a month of cuba, 2020-01 to"),
        ("{kind: coverage, clients: 0, least: 0.9}", "expected greater than or equal to 2, got 0"),
        ("{kind: files, folder: x, pattern: /abs}", "expected a pattern of names without a folder, got '/abs'"),
    ):
        file = tmp_path / "own.yaml"
        file.write_text(f"{head}      - {check}\n", encoding="utf-8")
        with pytest.raises(ExperimentError) as error:
            load_audit(file)
        (line,) = str(error.value).splitlines()
        assert line.startswith(f"{file}:9: rows.0.checks.0.")
        assert said in line


def test_without_a_source_tree_nothing_is_said_of_it(tmp_path: Path) -> None:
    audit = load_audit("referee")
    kinds = ("files", "tests")
    outcomes = [carry_out(check, tmp_path) for row in audit.rows for check in row.checks if check.kind in kinds]
    assert outcomes
    assert all(outcome.holds is None for outcome in outcomes)


@pytest.mark.slow
def test_the_signs_that_were_asked_for_hold_in_every_shipped_scenario_but_two_that_are_weak() -> None:
    """A pact holds all and moves nobody by much; beliefs, threat and offers move a successor by less than .01."""
    audit = load_audit("referee")
    asked = {1, 2, 6, 7, 8, 10, 13}
    rows = audit.model_copy(update={"rows": tuple(row for row in audit.rows if row.number in asked)})
    found = {answer.row.number: answer for answer in answers(rows, ROOT)}
    against = {n: [line for outcome in one.outcomes for line in outcome.against] for n, one in found.items()}
    assert {number for number, answer in found.items() if answer.holds} == asked - {7, 10}, against
    assert against[7] == ["moves nobody by 0.05"]
    assert [line.partition(" moves")[0] for line in against[10]] == [
        "with high beliefs",
        "without a threat",
        "without offers",
    ]


def test_a_row_holds_where_all_its_checks_do() -> None:
    row = load_audit("referee").rows[0]
    yes, no, open_ = Outcome("", True), Outcome("", False), Outcome("", None)
    assert [Answer(row, outcomes).holds for outcomes in ((yes, yes), (yes, open_), (yes, open_, no))] == [
        True,
        None,
        False,
    ]
