"""What a file says without any effect is said when it is read, with line and reason."""

from __future__ import annotations

from pathlib import Path

import pytest

import papertiger as pt
from papertiger import scenarios
from papertiger.scenarios import loader
from papertiger.scenarios.loader import build, collecting_notes, load, notes
from papertiger.scenarios.reading.inheritance import read_tree
from tests.scenarios.minimal import SMALL, write


@pytest.fixture(autouse=True)
def nothing_told_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget what other tests of this process were told: each note is said once in a process."""
    monkeypatch.setattr(loader, "_TOLD", set())


CASES = {
    "generative from the start": (
        SMALL + "mode: generative\n",
        "events.raid.date: has no effect: months are generative from 2020-01 on",
    ),
    "generative later": (
        SMALL + "generative_from: 2022-01\n",
        "events.talks.date: has no effect: months are generative from 2022-01 on",
    ),
    "before it enters": (
        SMALL.replace("  Bravo:\n", "  Bravo:\n    enters: 2022-06\n"),
        "events.talks.date: has no effect: Bravo enters the network in 2022-06, after 2022-03",
    ),
    "after it left": (
        SMALL.replace("  Bravo:\n", "  Bravo:\n    leaves: 2022-05\n"),
        "events.fall.date: has no effect: Bravo is out of the network from 2022-05 on, before 2022-06",
    ),
    "leaves after the end": (
        SMALL.replace("  Bravo:\n", "  Bravo:\n    leaves: 2023-01\n"),
        "clients.Bravo.leaves: has no effect: the span ends with 2022-12",
    ),
    "course after it left": (
        SMALL.replace("  Bravo:\n", "  Bravo:\n    course: {threat: {2020-06: 0.1, 2023-06: 0.2}}\n"),
        "clients.Bravo.course.threat.2023-06: has no effect: it is after the last month of the client in the network",
    ),
    "only for breaks": (
        SMALL + "  coup: {date: 2021-05, kind: leader_change, client: Bravo, what: x}\n",
        "events.coup: has no effect: it only makes breaks likelier, and 'break_away' and 'break_toward' are 0",
    ),
    "only for breaks, twice": (
        SMALL
        + "  coup: {date: 2021-05, kind: leader_change, client: Bravo, what: x}\n"
        + "  pledge: {date: 2021-04, kind: rival_pledge, client: Alfa, rival: Rivalia, what: x}\n",
        "events.pledge: has no effect, like 1 more: it only makes breaks likelier",
    ),
    "swallowed": (
        SMALL + "  again: {date: 2021-07-20, kind: criticism, client: Alfa, news: bad, what: x, intensity: 1}\n",
        "events.again: has no effect: of 'criticism' about Alfa in 2021-07 only the strongest one counts, which is "
        "'scolded'; if both are meant to stay, say 'beside: scolded'",
    ),
    "duplicate": (
        SMALL + "  again: {date: 2022-06, kind: regime_loss, client: Bravo, successor: {threat: 0.1}, what: x}\n",
        "events.again: has no successor: in 2022-06 Bravo loses its regime again, and the last one counts, 'fall'",
    ),
    "withdrawn before it is offered": (
        SMALL + "  off: {date: 2022-01, kind: offer_withdrawn, client: Bravo, rival: Rivalia, what: x}\n",
        "events.off: has no effect: Rivalia has offered Bravo nothing before",
    ),
    "unread switch": (
        SMALL.replace("switches:\n", "switches:\n  other: {value: true, why: x}\n"),
        "switches.other: has no effect",
    ),
    "switch on and off": (
        SMALL.replace("only_if: contested_claim", "only_if: contested_claim, unless: contested_claim"),
        "events.scolded: has no effect: the switch 'contested_claim' cannot be on and off at once",
    ),
    "unused signal": (
        SMALL + "signals:\n  odd: {label: odd, news: bad, weight: 1, loading: 0.5, why: x}\n",
        "signals.odd: has no effect: no event is of this kind",
    ),
    "unnamed adversary": (SMALL.replace("  Foeland:", "  Nobody: {clash: 0}\n  Foeland:"), "adversaries.Nobody"),
    "asset that nobody holds": (
        SMALL.replace("    port: {value", "    mine: {value: 1, what: a mine}\n    port: {value"),
        "patron.assets.mine: has no effect: no client holds a share",
    ),
    "empty option": (
        SMALL.replace("{protection: 0.5, economy: 0.4}", "{proximity: 1}"),
        "clients.Alfa.options.Rivalia: has no effect",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_it_is_said_with_line_and_reason(tmp_path: Path, case: str, caplog: pytest.LogCaptureFixture) -> None:
    text, expected = CASES[case]
    path = write(tmp_path, text)
    tree = read_tree(path)
    found = [str(note) for note in notes(build(tree), tree)]
    assert any(expected in line and line.startswith(f"{path}:") for line in found), found
    load(path)
    load(path)
    assert caplog.text.count(expected) == 1


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what was said of files; other libraries may log at any time."""
    return [record.getMessage() for record in caplog.records if record.name == "papertiger"]


def test_a_file_without_idle_rows_is_clean(tmp_path: Path) -> None:
    tree = read_tree(write(tmp_path, SMALL))
    assert notes(build(tree), tree) == ()


def test_events_for_breaks_are_said_once_and_not_where_breaks_are_off_for_once(tmp_path: Path) -> None:
    coup = "  coup_{n}: {{date: 2021-0{n}, kind: leader_change, client: Bravo, what: x}}\n"
    coups = "".join(coup.format(n=n) for n in (3, 4, 5))
    tree = read_tree(write(tmp_path, SMALL + coups))
    assert [str(note).count("coup_3") for note in notes(build(tree), tree)] == [1]
    with_breaks = "parameters: {break_away: 0.01}\n"
    path = write(tmp_path, with_breaks + SMALL + coups)
    tree = read_tree(path)
    assert notes(build(tree), tree) == ()
    child = write(tmp_path, "title: x\ndescription: y\nextends: small\nparameters: {break_away: 0}\n", "child.yaml")
    write(tmp_path, with_breaks + SMALL + coups, "small.yaml")
    tree = read_tree(child)
    assert notes(build(tree), tree) == ()


def test_what_stands_beside_a_stronger_event_on_purpose_is_not_said(tmp_path: Path) -> None:
    row = "  again: {date: 2021-07-20, kind: criticism, client: Alfa, news: bad, what: x, beside: scolded}\n"
    tree = read_tree(write(tmp_path, SMALL + row))
    assert notes(build(tree), tree) == ()
    with pytest.raises(scenarios.ScenarioError, match="no event 'scold' in this scenario"):
        load(write(tmp_path, SMALL + row.replace("beside: scolded", "beside: scold")))


@pytest.mark.parametrize("name", scenarios.names())
def test_the_shipped_scenarios_are_clean(name: str) -> None:
    tree = read_tree(name)
    assert notes(build(tree), tree) == ()


def test_a_descendant_is_not_told_of_what_it_inherits(tmp_path: Path) -> None:
    write(tmp_path, SMALL + "mode: replay\n")
    child = write(tmp_path, "title: x\ndescription: y\nextends: small\nmode: generative\n", "child.yaml")
    tree = read_tree(child)
    assert notes(build(tree), tree) == ()


@pytest.mark.parametrize(
    "case", ["generative later", "before it enters", "swallowed", "withdrawn before it is offered"]
)
def test_a_run_is_the_same_without_what_has_no_effect(tmp_path: Path, case: str) -> None:
    scenario = load(write(tmp_path, CASES[case][0]))
    tree = read_tree(tmp_path / "case.yaml")
    idle = {note.key.split(".")[1] for note in notes(scenario, tree)}
    rest = {name: event for name, event in scenario.events.items() if name not in idle}
    assert len(rest) < len(scenario.events)
    changed = scenario.model_copy(update={"events": rest})
    columns = ["month", "client", "posture", "capability", "resolve", "patron_threat"]
    one, two = (pt.simulate(world).clients for world in (scenario, changed))
    assert one[columns].equals(two[columns])


def test_a_change_says_what_it_leaves_without_effect_and_nothing_else(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    scenario = load(write(tmp_path, CASES["swallowed"][0]))
    caplog.clear()
    scenarios.change(scenario, {"contagion": 0.31})
    assert told(caplog) == []
    scenarios.change(scenario, {"clients.Alfa.options.Rivalia": {"protection": 0, "economy": 0}}, door="mine")
    assert caplog.text.count("has no effect") == 1
    assert "mine: clients.Alfa.options.Rivalia: has no effect: an option of protection 0" in caplog.text


def test_notes_are_collected_in_place_of_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = write(tmp_path, CASES["swallowed"][0])
    for _ in range(2):
        with collecting_notes() as collected:
            load(path)
            load(path)
        assert [note.key for note in collected] == ["events.again"]
    assert told(caplog) == []


def test_what_a_shortened_span_leaves_unnamed_is_not_said(caplog: pytest.LogCaptureFixture) -> None:
    for overrides in ({"span.end": "2021-06"}, {"span.start": "2022-06"}):
        for changed in (load("sahel_2020", overrides), scenarios.change(load("partners_2020"), overrides)):
            assert len(changed.events) > 0
    assert told(caplog) == []
