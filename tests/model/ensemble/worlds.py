"""Made-up scenarios and orders: small worlds in which anything may meet anything."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import strategies as st

from papertiger.model.decisions import FREE, HELP, Decision, Decisions, Offer
from papertiger.model.template import build_setting
from papertiger.scenarios import POSTURES, Scenario
from papertiger.scenarios.schema.events import RESERVED_SIGNALS
from tests.model.worlds import client, event, world_of

CLIENTS = ("Anu", "Bel", "Cor", "Dun", "Eru", "Fal", "Gor", "Hal")
RIVALS = ("West", "East", "South", "North")
ADVERSARIES = ("Foe", "Raiders")
SIGNALS = tuple(name for name in RESERVED_SIGNALS if name != "war_holds")

shares = st.one_of(st.sampled_from((0.0, 1.0)), st.floats(0.0, 1.0))
intensities = st.one_of(st.sampled_from((1.0, 2.0, 3.0)), st.floats(1.0, 3.0))

PARAMETERS: dict[str, st.SearchStrategy[float]] = {
    "forgetting": st.one_of(st.sampled_from((0.0, 1.0)), st.floats(0.9, 1.0)),
    "bad_news_weight": st.floats(0.0, 4.0),
    "witness_weight": st.floats(-1.0, 1.0),
    "hard_times_excuse": shares,
    "evidence_scale": st.floats(0.0, 5.0),
    "evidence_cap": st.floats(0.0, 4.0),
    "attack_memory": shares,
    "offer_memory": shares,
    "lock_in": shares,
    "choice_noise": st.sampled_from((0.001, 0.015, 0.3, 5.0)),
    "switching_cost": st.floats(0.0, 0.2),
    "review_rate": shares,
    "contagion": st.sampled_from((0.0, 0.5, 1.5)),
    "blame_shift": shares,
    "system_cap": st.floats(0.0, 2.0),
    "anchoring": shares,
    "successor_noise": st.sampled_from((0.5, 1.0, 4.0)),
    "covert_health": shares,
    "tie_noise": st.sampled_from((0.05, 0.3, 5.0)),
    "arms_tie_rate": shares,
    "economy_tie_rate": shares,
    "supply_burden": shares,
    "procurement_lasting": shares,
    "break_away": st.sampled_from((0.0, 0.1, 1.0)),
    "break_toward": st.sampled_from((0.0, 0.1, 1.0)),
    "break_memory": shares,
    "break_ruler": st.floats(-3.0, 3.0),
    "break_coercion": st.floats(-3.0, 3.0),
    "break_disengagement": st.floats(-3.0, 3.0),
    "break_pledge": st.floats(-3.0, 3.0),
    "break_toward_ruler": st.floats(-3.0, 3.0),
    "break_to_distancing": st.sampled_from((0.0, 3.0)),
    "break_to_realigned": st.sampled_from((0.0, 0.3)),
    "covert_start": shares,
    "covert_growth": st.floats(0.0, 0.5),
    "covert_discovery": shares,
    "succession_base": shares,
    "succession_contested": shares,
    "succession_months": st.sampled_from((0.0, 0.5, 3.0, 12.0)),
    "attention_focus": st.sampled_from((0.0, 1.5, 100.0)),
    "response_base": st.sampled_from((-100.0, 0.0, 1.0, 100.0)),
    "help_works": shares,
    "systems_hold": shares,
    "budget_feedback": shares,
    "burden_feedback": shares,
    "crisis_hazard": shares,
    "abandonment_share": shares,
    "coercion_rate": shares,
    "claim_rate": shares,
    "criticism_rate": shares,
    "courting_rate": shares,
    "support_lapse": shares,
    "support_delivery": shares,
    "offer_rate": shares,
    "offer_withdrawal": shares,
    "complaint_rate": shares,
}


def month_names(count: int) -> list[str]:
    """Return the months of a small world."""
    return [f"{2020 + month // 12}-{month % 12 + 1:02d}" for month in range(count)]


@st.composite
def options(draw: st.DrawFn, rivals: tuple[str, ...]) -> dict[str, Any]:
    """Return what some rivals could be for a client."""
    named = draw(st.lists(st.sampled_from(rivals), unique=True)) if rivals else []
    return {
        rival: {
            "protection": draw(shares),
            "economy": draw(shares),
            "proximity": draw(st.sampled_from((0.2, 0.5, 1.0))),
        }
        for rival in named
    }


@st.composite
def courses(draw: st.DrawFn, rivals: tuple[str, ...], months: list[str]) -> dict[str, Any] | None:
    """Return how a client's figures go on, or nothing."""
    if draw(st.integers(0, 2)) > 0:
        return None
    when = st.sampled_from(months)
    return {
        "treaty": draw(st.dictionaries(when, st.sampled_from(("none", "defence_pact")), max_size=2)),
        "threat": draw(st.dictionaries(when, shares, max_size=2)),
        "arms": draw(st.dictionaries(when, shares, max_size=2)),
        "economy": draw(st.dictionaries(when, shares, max_size=1)),
        "options": {
            rival: draw(st.dictionaries(when, st.just({"protection": 0.4}), max_size=1)) for rival in rivals[:1]
        },
    }


@st.composite
def made_up_client(draw: st.DrawFn, rivals: tuple[str, ...], months: list[str]) -> dict[str, Any]:
    """Return a client of any kind."""
    sub_state = draw(st.integers(0, 4)) == 0
    return client(
        posture=draw(st.sampled_from(POSTURES[:2] if sub_state else POSTURES)),
        sub_state=sub_state,
        enters=draw(st.sampled_from((None, None, *months))),
        leaves=draw(st.sampled_from((None, None, None, *months))),
        course=draw(courses(rivals, months)),
        treaty=draw(st.sampled_from(("defence_pact", "lesser_treaty", "none"))),
        pact=draw(st.sampled_from((None, "Pact"))),
        region=draw(st.sampled_from((None, "Coast", "Hills"))),
        adversary=draw(st.sampled_from((None, *ADVERSARIES))),
        arms=draw(shares),
        economy=draw(shares),
        border=draw(shares),
        bases=draw(shares),
        diaspora=draw(shares),
        threat=draw(shares),
        value=draw(shares),
        prior_resolve=draw(st.sampled_from((None, 0.0, 0.5, 1.0))),
        supplied_air_defence=draw(st.booleans()),
        assets={"bases": draw(shares)} if draw(st.booleans()) else {},
        options=draw(options(rivals)),
    )


@st.composite
def made_up_event(
    draw: st.DrawFn, clients: tuple[str, ...], rivals: tuple[str, ...], months: list[str]
) -> dict[str, Any]:
    """Return a dated event of any kind."""
    kinds = [
        "attack",
        "attack",
        "invasion",
        "regime_loss",
        "leader_health",
        "new_situation",
        "leader_change",
        "disengagement",
        "signal",
        "signal",
        "signal",
    ]
    kind = draw(st.sampled_from(kinds + ["offer", "offer_withdrawn", "rival_pledge"] * bool(rivals)))
    fields: dict[str, Any] = {"intensity": draw(intensities), "always": draw(st.booleans())}
    date, name = draw(st.sampled_from(months)), draw(st.sampled_from(clients))
    if kind == "invasion":
        return event(kind, date, **fields)
    if kind == "signal":
        fields["loading"] = draw(st.sampled_from((None, 0.0, 0.4, 1.0)))
        return event(draw(st.sampled_from(SIGNALS)), date, name, **fields)
    if kind == "attack":
        fields["answer"] = draw(st.sampled_from((None, None, "unknown", "no_party")))
    if kind.startswith("offer") or kind == "rival_pledge":
        fields["rival"] = draw(st.sampled_from(rivals))
    if kind == "regime_loss":
        fields["successor"] = {
            "continuity": draw(shares),
            "threat": draw(st.sampled_from((None, 0.3))),
            "exposure": draw(st.sampled_from((None, 0.0, 0.8))),
            "arms": draw(st.sampled_from((None, 0.1))),
            "prior_capability": draw(st.sampled_from((None, 0.2))),
            "prior_resolve": draw(st.sampled_from((None, 0.9))),
            "options": draw(options(rivals)),
        }
    if kind == "new_situation":
        fields["situation"] = {
            "treaty": draw(st.sampled_from((None, "none", "lesser_treaty", "defence_pact"))),
            "border": draw(st.sampled_from((None, 1.0))),
            "bases": draw(st.sampled_from((None, 0.0, 0.7))),
            "threat": draw(st.sampled_from((None, 0.8))),
            "arms": draw(st.sampled_from((None, 0.0, 1.0, 0.3))),
            "economy": draw(st.sampled_from((None, 0.2))),
            "options": draw(options(rivals)),
        }
    return event(kind, date, name, **fields)


@st.composite
def made_up_worlds(draw: st.DrawFn) -> Scenario:
    """Return a small scenario."""
    count = draw(st.integers(2, 18))
    months = month_names(count)
    clients = CLIENTS[: draw(st.integers(1, len(CLIENTS)))]
    rivals = RIVALS[: draw(st.integers(0, len(RIVALS)))]
    mode = draw(st.sampled_from(("replay", "generative", "mixed")))
    assets = {
        "bases": {"what": "bases", "value": 1.0},
        "votes": {"what": "votes", "value": {"points": {months[0]: 0.5}}},
    }
    events = draw(st.lists(made_up_event(clients, rivals, months), max_size=14))
    chosen = draw(st.lists(st.sampled_from(sorted(PARAMETERS)), unique=True, max_size=14))
    return world_of(
        {name: draw(made_up_client(rivals, months)) for name in clients},
        {f"event {number}": found for number, found in enumerate(events)},
        months=count,
        burden={month: draw(shares) for month in draw(st.lists(st.sampled_from(months), min_size=1, unique=True))},
        mode="generative" if mode == "generative" else "replay",
        generative_from=draw(st.sampled_from(months)) if mode == "mixed" else None,
        rivals={name: {"gap": draw(shares), "size": draw(shares)} for name in rivals},
        adversaries={name: {"clash": draw(shares), "worth": draw(shares)} for name in ADVERSARIES},
        patron={
            "name": "Protector",
            "rival_track": draw(st.sampled_from((0.0, 1.0, 2.0))),
            "assets": {name: assets[name] for name in draw(st.sampled_from(((), ("bases",), ("bases", "votes"))))},
        },
        income={
            "index": draw(st.sampled_from((0.5, 1.0, 1.5))),
            "after": draw(st.sampled_from(("holds", "ar1"))),
            "noise": draw(st.sampled_from((0.0, 0.05, 0.5))),
        },
        parameters={name: draw(PARAMETERS[name]) for name in chosen},
    )


@st.composite
def made_up_bonds(draw: st.DrawFn, months: list[str]) -> dict[str, Any]:
    """Return what stands between a client and a further patron."""
    return {
        "posture": draw(st.sampled_from(POSTURES)),
        "treaty": draw(st.sampled_from(("none", "lesser_treaty", "defence_pact"))),
        "pact": draw(st.sampled_from((None, "Club"))),
        "arms": draw(st.sampled_from((0.0, 0.1, 0.25))),
        "economy": draw(st.sampled_from((0.0, 0.2))),
        "border": draw(shares),
        "bases": draw(shares),
        "value": draw(shares),
        "prior_capability": draw(st.sampled_from((None, 0.0, 0.9))),
        "supplied_air_defence": draw(st.booleans()),
        "assets": {"mine": draw(st.sampled_from((0.0, 0.1)))},
        "course": draw(
            st.sampled_from((None, {"arms": {months[-1]: 0.2}, "treaty": {months[len(months) // 2]: "defence_pact"}}))
        ),
    }


@st.composite
def worlds_of_patrons(draw: st.DrawFn) -> Scenario:
    """Return a small scenario with up to three patrons, in which any client may have several."""
    data = draw(made_up_worlds()).model_dump(exclude_none=True)
    months = month_names(len(build_setting(Scenario.model_validate(data), 1).months))
    further = ("Second", "Third")[: draw(st.integers(1, 2))]
    mine = {"mine": {"what": "a mine", "value": 1.0}}
    data["patrons"] = {
        name: {
            "war": {"burden": draw(shares)},
            "income": {"index": 1.0, "after": draw(st.sampled_from(("holds", "ar1"))), "noise": 0.1},
            "rival_track": draw(st.sampled_from((0.0, 1.0))),
            "assets": mine,
        }
        for name in further
    }
    for own in data["clients"].values():
        if own["sub_state"]:
            continue
        # Two further patrons hold at most half, and the first one what is left.
        for kind in ("arms", "economy"):
            own[kind] = {"value": min(own[kind]["value"], 0.5)}
        own.pop("course", None)
        own["bonds"] = {}
        for name in further:
            if draw(st.booleans()):
                own["bonds"][name] = draw(made_up_bonds(months))
    for one in data["events"].values():
        several = data["clients"].get(one.get("client"), {}).get("bonds", {})
        named = [*several, *(("Second",) if one["kind"] == "invasion" else ())]
        allowed = one["kind"] not in ("leader_health", "leader_change")
        if named and allowed and draw(st.booleans()):
            one["patron"] = draw(st.sampled_from(named))
    return Scenario.model_validate(data)


LARGEST = {Decision.POSTURE: 4, Decision.PRESS: 3, Decision.RESPONSE: HELP, Decision.SUPPORT: 2}


def made_up_decisions(scenario: Scenario, seed: int) -> Decisions:
    """Return orders of every kind to anybody, dense enough to meet."""
    luck, setting = random.Random(seed), build_setting(scenario, 1)
    months, rivals = len(setting.months), len(setting.rivals)
    largest = LARGEST | {Decision.COVERT: rivals}
    book = Decisions()
    for month in range(months):
        for index, own in enumerate(setting.clients):
            for decision in luck.sample(list(Decision), luck.randint(0, 4)):
                if decision == Decision.PRESS and own.lead != index:
                    continue
                book.decisions[month, index, decision] = luck.randint(FREE, largest.get(decision, 1))
            for rival in range(rivals):
                if luck.random() < 0.3:
                    book.offers[month, index, rival, luck.choice(list(Offer))] = luck.randint(FREE, 1)
            if luck.random() < 0.2:
                book.attention[month, index] = 3.0 * luck.random()
    return book
