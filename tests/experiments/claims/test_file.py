"""The shipped claims: all there, each against a twin that differs in one thing; and what an author is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from papertiger.experiments.claims.loader import load_claims
from papertiger.experiments.claims.schema import Claim
from papertiger.experiments.claims.worlds import pair, scenario_of
from papertiger.experiments.errors import ExperimentError
from papertiger.scenarios.comparison import differences

ALONE = ("4", "5", "6", "7", "8")
TOGETHER = "4-8"
CLAIMS = load_claims().claims
TESTED = {key: claim for key, claim in CLAIMS.items() if claim.missing is None}


def twin_parts(claim: Claim) -> tuple[str, ...]:
    """Return the paths at which a claim's twin may differ from its scenario."""
    assert claim.twin is not None
    return claim.twin.differs_at


def test_all_claims_are_there_and_one_set_is_taken_together() -> None:
    assert [key for key in CLAIMS if key != TOGETHER] == [str(number) for number in range(1, 30)]
    assert TOGETHER in CLAIMS
    assert [key for key, claim in CLAIMS.items() if claim.missing] == ["13"]


def test_hypotheses_and_opinions_assert_a_sign_or_say_what_is_missing() -> None:
    opinions = {key for key, claim in CLAIMS.items() if claim.borne_out in ("opinion", "not found")}
    assert opinions == {"13", "14", "15", "20", "22", "29"}
    assert all(CLAIMS[key].effects or CLAIMS[key].missing for key in opinions)


@pytest.mark.parametrize("key", TESTED)
def test_a_twin_differs_in_what_it_says_and_in_nothing_else(key: str) -> None:
    worlds = pair(TESTED[key])
    allowed = twin_parts(TESTED[key])
    found = [row.path for row in differences(worlds.claimed, worlds.twin)]

    def within(path: str, part: str) -> bool:
        here = f"parameters.{part}" if "." not in part else part
        return path == here or path.startswith(f"{here}.")

    assert [path for path in found if not any(within(path, part) for part in allowed)] == []
    assert [part for part in allowed if not any(within(path, part) for path in found)] == []


def test_under_learned_constants_a_twin_differs_in_the_same() -> None:
    told, again = pair(TESTED["6"]), pair(TESTED["6"], "patrons")
    assert again.claimed.posterior == again.twin.posterior is not None
    same = [row.path for row in differences(told.claimed, told.twin)]
    assert [row.path for row in differences(again.claimed, again.twin)] == same
    assert {row.path.split(".")[0] for row in differences(told.twin, again.twin)} == {"posterior"}


def test_no_two_claims_share_a_twin() -> None:
    pairs = [(claim.scenario, frozenset(twin_parts(claim))) for claim in TESTED.values()]
    assert len(set(pairs)) == len(pairs)


def test_the_failures_of_one_night_are_apart_alone_and_all_together() -> None:
    parts = [set(twin_parts(CLAIMS[key])) for key in ALONE]
    assert sum(len(part) for part in parts) == len(set().union(*parts))
    assert set(twin_parts(CLAIMS[TOGETHER])) == set().union(*parts)
    assert {CLAIMS[key].scenario for key in (*ALONE, TOGETHER)} == {CLAIMS["4"].scenario}


@pytest.mark.parametrize("key", TESTED)
def test_whoever_is_measured_is_in_the_network_by_then(key: str) -> None:
    claim = TESTED[key]
    assert claim.scenario is not None
    world = scenario_of(claim.scenario)
    for effect in claim.effects:
        for name in effect.clients:
            assert (world.clients[name].enters or world.span.start) <= effect.start


def test_scenarios_and_claims_know_of_each_other() -> None:
    for key, claim in TESTED.items():
        if key != TOGETHER:
            assert claim.scenario is not None
            assert claim.twin is not None
            names = {claim.scenario, claim.twin.scenario or claim.scenario}
            assert int(key) in {number for name in names for number in scenario_of(name).claims}, key


SMALL = """\
title: One claim
description: To test with.
articles:
  A: {what: an article, dated: 2026-01}
smallest:
  belief: {value: 0.02, why: judgement}
  network: {value: 0.01, why: judgement}
  tie: {value: 0.01, why: judgement}
  share: {value: 0.02, why: judgement}
  rung: {value: 0.05, why: judgement}
  patron: {value: 0.005, why: judgement}
claims:
  "6":
    short: No warning
    claim: No warning came.
    articles: [A]
    says: Nobody warned.
    borne_out: "yes"
    facts: Found.
    scenario: venezuela_2026
    twin:
      what: a warning
      remove: [venezuela_2026_01_no_warning]
    mechanism:
      what: the signal
      off: {signals.intelligence_failed.weight: 0}
    effects:
      - {measure: capability, clients: [Venezuela], start: 2026-01, end: 2026-12, sign: lower}
"""
TWIN = "      what: a warning\n      remove: [venezuela_2026_01_no_warning]\n"
BROKEN = {
    "an unknown scenario": (
        SMALL.replace("scenario: venezuela_2026", "scenario: venezuela_2062"),
        "claims.yaml:20: claims.6.scenario: no shipped scenario 'venezuela_2062' (did you mean 'venezuela_2026'?)",
    ),
    "unknown draws": (
        SMALL.replace("claims:\n", "learned: patronz\nclaims:\n", 1),
        "claims.yaml:12: learned: no shipped draws 'patronz', expected one of ",
    ),
    "an unknown event": (
        SMALL.replace("01_no_warning", "01_no_warming"),
        "claims.yaml:23: claims.6.twin.remove.0: no event 'venezuela_2026_01_no_warming' in the scenario "
        "venezuela_2026 (did you mean 'venezuela_2026_01_no_warning'?)",
    ),
    "an unknown client": (
        SMALL.replace("[Venezuela]", "[Venezuala]"),
        "claims.yaml:28: claims.6.effects.0.clients.0: no client 'Venezuala' in the scenario venezuela_2026 "
        "(did you mean 'Venezuela'?)",
    ),
    "a month outside": (
        SMALL.replace("end: 2026-12", "end: 2027-01"),
        "claims.yaml:28: claims.6.effects.0.end: 2027-01 is outside the span of venezuela_2026, 2020-01 to 2026-12",
    ),
    "months the wrong way round": (
        SMALL.replace("end: 2026-12", "end: 2025-12"),
        "claims.yaml:28: claims.6.effects.0: expected an end of 2026-01 or later, got 2025-12",
    ),
    "an unknown measure": (
        SMALL.replace("measure: capability", "measure: capabilty"),
        "claims.yaml:28: claims.6.effects.0.measure: expected one of ",
    ),
    "an unknown figure to switch off": (
        SMALL.replace("intelligence_failed.weight", "inteligence_failed.weight"),
        "claims.yaml:26: claims.6.mechanism.off.signals.inteligence_failed.weight: no 'inteligence_failed' in "
        "'signals' to set (did you mean 'signals.intelligence_failed.weight'?)",
    ),
    "a value that a figure cannot take": (
        SMALL.replace("weight: 0}", "weight: -1}"),
        "claims.yaml:26: claims.6.mechanism.off.signals.intelligence_failed.weight: expected a number from 0 to ",
    ),
    "a twin that changes nothing": (
        SMALL.replace(TWIN, "      what: a warning\n"),
        "claims.yaml:21: claims.6.twin: expected a 'scenario', or something under 'remove', 'events' or 'set'",
    ),
    "a value of a twin": (
        SMALL.replace(TWIN, "      what: less\n      set: {forgetting: 2}\n"),
        "claims.yaml:23: claims.6.twin.set.forgetting: expected a number from 0 to 1, got 2",
    ),
    "an event of a twin": (
        SMALL.replace(TWIN, "      what: more\n      events: {more: {kind: warning, date: 2026-01, what: it}}\n"),
        "claims.yaml:23: claims.6.twin.events.more.kind: ",
    ),
    "parts without a shipped twin": (
        SMALL.replace(TWIN, TWIN + "      parts: [events]\n"),
        "claims.yaml:21: claims.6.twin: parts: expected for a shipped twin, and for no other",
    ),
    "an unknown article": (
        SMALL.replace("articles: [A]", "articles: [B]"),
        "claims.yaml:16: claims.6.articles.0: no article 'B', expected one of A",
    ),
    "no smallest effect": (
        SMALL.replace("  rung: {value: 0.05, why: judgement}\n", ""),
        "claims.yaml:5: smallest: missing unit rung",
    ),
    "a smallest effect of nothing": (
        SMALL.replace("value: 0.05", "value: 0"),
        "claims.yaml:10: smallest.rung.value: expected",
    ),
    "no test and no reason": (
        SMALL[: SMALL.index("    scenario:")],
        "claims.yaml:13: claims.6: expected 'scenario', 'twin', 'mechanism' and 'effects', or 'missing' that says",
    ),
    "clients of a patron's measure": (
        SMALL.replace("measure: capability", "measure: budget"),
        "claims.yaml:28: claims.6.effects.0.clients: 'budget' is the patron's and has no clients; leave this key out",
    ),
    "a rival of another measure": (
        SMALL.replace("sign: lower", "sign: lower, rival: US"),
        "claims.yaml:28: claims.6.effects.0.rival: expected for the measure 'realigned' alone; leave this key out",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_an_author_is_told_file_line_and_key(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text, told = BROKEN[case]
    monkeypatch.chdir(tmp_path)
    Path("claims.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ExperimentError) as refused:
        load_claims(Path("claims.yaml"))
    assert str(refused.value).startswith(told), str(refused.value)
    assert len(refused.value.problems) == 1


def test_the_small_file_is_right(tmp_path: Path) -> None:
    path = tmp_path / "claims.yaml"
    path.write_text(SMALL, encoding="utf-8")
    assert list(load_claims(path).claims) == ["6"]
