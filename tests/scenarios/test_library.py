"""The shipped scenarios keep the coding rules of `partners_2020.yaml`, and each twin differs as it says."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from papertiger import scenarios
from papertiger.scenarios import Scenario, load, names
from papertiger.scenarios.loader import collecting_notes
from papertiger.scenarios.schema.events import STRUCTURAL_KINDS, Event

FOLDER = Path(scenarios.__file__).parent
FILES = sorted(FOLDER.glob("*.yaml"))
BASE = "partners_2020"

LEADERS = (
    "Aliyev|Araghchi|Assad|Biden|Bogdanov|Díaz-Canel|Erdo[gğ]an|Fyodorov|Goita|Haftar|Hakobyan|Japarov|Kadyrov|Keosayan|"
    "Khamenei|Kushner|Lavrov|Lukashenk[ao]|Macron|Maduro|Medvedev|Mirziyoyev|Modi|Nebenzia|Nikonov|Ortega|Overchuk|"
    "Pashin[iy]an|Peskov|Pezeshkian|Putin|Rahmon|Rodr[ií]guez|Rubio|Rudenko|Sadr|Sharaa|Shoigu|Tiani|To[kq]a[iy]ev|"
    "Traor[eé]|Trump|Vu[cč]i[cć]|Witkoff|Xi|Zakharova|Zelensk[iy]+"
)
"""Surnames of living people in office, or lately out of it, in the record of events."""

EXPLAINED = {
    "outcome",
    "background",
    "invasion",
    "regime_loss",
    "leader_fell",
    "leader_health",
    "help_failed",
    "help_tried",
    "personnel_killed",
}
"""Kinds that no row of the record names as such, so that each use of them is a judgement."""


@cache
def scenario(name: str) -> Scenario:
    return load(name)


def network() -> list[str]:
    """Return the scenarios about the same patron as the base network."""
    patron = scenario(BASE).patron.name
    return [name for name in names() if scenario(name).patron.name == patron]


def twins() -> list[str]:
    return [name for name in names() if scenario(name).counterfactual_to is not None]


def events(name: str) -> dict[str, Event]:
    return dict(scenario(name).events)


def world(name: str) -> dict[str, Any]:
    """Return what a scenario is made of, without what it says about itself and without its events."""
    told = {"name", "title", "description", "counterfactual_to", "claims", "events", "game"}
    return scenario(name).model_dump(exclude=told)


def month_after(month: str) -> str:
    year, number = int(month[:4]), int(month[5:7])
    return f"{year + number // 12}-{number % 12 + 1:02d}"


def test_the_library_is_complete() -> None:
    assert len(names()) >= 21
    assert BASE in names()


@pytest.mark.parametrize("name", names())
def test_nothing_shipped_is_taken_and_does_nothing(name: str) -> None:
    with collecting_notes() as notes:
        load(name)
    assert not list(notes)


def test_every_event_is_an_input_or_a_note() -> None:
    signals = scenario(BASE).signals
    assert not {"outcome", "background"} & set(signals)
    for name, event in events(BASE).items():
        assert event.kind in signals or event.kind in STRUCTURAL_KINDS, name
        if event.kind in signals:
            assert event.client, name
            assert event.news == signals[event.kind].news, name
        else:
            assert event.news is None, name


def test_acts_of_clients_and_help_to_the_patron_are_no_inputs() -> None:
    base = events(BASE)
    acts = ["armenia_2024_02_pact_frozen", "kazakhstan_2022_06_no_recognition", "serbia_2024_08_french_jets"]
    acts += ["chechnya_2023_06_men_for_the_centre", "chechnya_2025_03_secret_talks_reported"]
    acts += ["venezuela_2026_01_paper_tiger", "nicaragua_2026_01_prisoners_freed"]
    assert {base[name].kind for name in acts} == {"outcome"}
    reverse = [
        "iran_2022_08_drones_for_the_war",
        "iran_2022_11_drone_plant",
        "dprk_2024_10_troops_for_the_war",
    ]
    assert {base[name].kind for name in reverse} == {"background"}
    assert [name for name, event in base.items() if event.kind == "invasion"] == ["war_2022_02_full_scale_invasion"]


@pytest.mark.parametrize("name", network())
def test_every_event_has_a_source_and_every_judgement_a_reason(name: str) -> None:
    for key, event in events(name).items():
        assert event.source, key
        if event.kind in EXPLAINED or event.confidence == "low":
            assert event.why, key
        if event.contested:
            assert event.why or (event.happened and event.believed), key


FIGURES = ("arms", "economy", "border", "bases", "diaspora", "threat", "value")


@pytest.mark.parametrize("name", [BASE, "sahel_2020", "southeast_asia_1962", "france_africa_1990"])
def test_every_figure_of_a_client_has_a_source_or_is_a_judgement_with_a_range(name: str) -> None:
    for key, client in scenario(name).clients.items():
        for field in FIGURES:
            figure = getattr(client, field)
            if field in client.model_fields_set and figure.value != 0:
                assert figure.source or (figure.why or "").startswith("Judgement"), (key, field)
                assert figure.source or figure.prior is not None, (key, field)
        for asset, share in client.assets.items():
            counted = scenario(name).patron.assets[asset].value.source
            assert share.source or share.prior is not None or counted, (key, asset)
        for rival, option in client.options.items():
            assert client.why, key
            for figure in (option.protection, option.economy, option.proximity):
                assert figure.prior is not None or figure.source, (key, rival)


@pytest.mark.parametrize("name", [BASE, "sahel_2020"])
def test_the_economy_of_all_clients_is_one_measure(name: str) -> None:
    """The patron's share of trade in goods, from one source, or a judgement of it with a range."""
    patron = scenario(name).patron.name
    sources = set()
    for key, client in scenario(name).clients.items():
        figure = client.economy
        assert figure.why, key
        assert figure.prior is not None, key
        judged = figure.why.startswith("Judgement: ")
        assert judged or figure.why.startswith(f"{patron}'s share of trade in goods"), key
        assert judged or figure.source, key
        sources |= {figure.source} - {None}
    assert len(sources) == 1


def test_a_neighbour_of_the_patron_has_a_border() -> None:
    clients = scenario(BASE).clients
    assert {name for name, client in clients.items() if client.border.value} == {"Belarus", "DPRK", "Kazakhstan"}
    assert all(clients[name].border.value == 1 and clients[name].border.source for name in ("DPRK", "Belarus"))


def test_a_disputed_act_of_a_client_says_so() -> None:
    case = events(BASE)["kyrgyzstan_2026_01_court_case"]
    assert (case.kind, case.contested, case.confidence) == ("outcome", True, "low")


@pytest.mark.parametrize("name", network())
def test_every_attack_names_its_adversary_and_has_its_answer(name: str) -> None:
    """Silence counts as abandonment, so a missing answer would be invented by the model."""
    signals = scenario(name).signals
    answers = {
        (event.client, event.date[:7])
        for event in events(name).values()
        if event.kind in signals and signals[event.kind].response
    }
    for key, event in events(name).items():
        if event.kind == "attack":
            month = event.date[:7]
            assert event.adversary in scenario(name).adversaries, key
            assert {(event.client, month), (event.client, month_after(month))} & answers, key


def test_a_regime_loss_names_a_successor_and_is_seen_by_others() -> None:
    losses = {key: event for key, event in events(BASE).items() if event.kind == "regime_loss"}
    assert [(event.client, event.date[:7]) for event in losses.values()] == [
        ("Syria", "2024-12"),
        ("Venezuela", "2026-01"),
    ]
    fell = {(event.client, event.date) for event in events(BASE).values() if event.kind == "leader_fell"}
    assert fell == {(event.client, event.date) for event in losses.values()}
    for event in losses.values():
        assert event.successor
        assert event.successor.source
        assert event.successor.why
        assert set(event.successor.options) == set(scenario(BASE).rivals)


def test_contested_facts_hang_on_switches() -> None:
    base = scenario(BASE)
    used = {switch for event in base.events.values() for switch in (event.only_if, event.unless) if switch}
    assert used == set(base.switches)
    for key, event in base.events.items():
        if event.only_if or event.unless:
            assert event.contested, key
        if event.kind == "leader_health":
            assert event.only_if == "health_reports", key
    assert base.switches["iran_criticised"].value is False
    assert base.switches["iran_intelligence_allegation"].value is False


@pytest.mark.parametrize("name", network())
def test_history_starts_where_the_base_does(name: str) -> None:
    assert scenario(name).span.start == scenario(BASE).span.start


@pytest.mark.parametrize("name", twins())
def test_a_twin_differs_from_its_base(name: str) -> None:
    base = scenario(name).counterfactual_to
    assert base in names()
    assert (world(name), events(name)) != (world(base), events(base))
    assert scenario(name).description != scenario(base).description


@pytest.mark.parametrize(
    ("name", "added"),
    [
        (
            "venezuela_2026_defence_holds",
            ["venezuela_2026_01_defence_holds", "venezuela_2026_01_upkeep_delivered"],
        ),
        ("cuba_no_raid", []),
        ("syria_2024_damascus_holds", ["syria_2024_12_reinforced"]),
        ("armenia_2020_2025_helped", ["armenia_2022_09_helped"]),
        ("kazakhstan_no_claims", []),
        ("iran_2026_helped", ["iran_2026_03_helped"]),
        ("cuba_fuel_2026_second_tanker", ["cuba_2026_05_second_tanker"]),
        ("mali_north_2026_kidal_holds", ["mali_2026_04_kidal_held"]),
        ("armenia_election_2026_no_pressure", []),
        ("france_africa_1990_no_coups", []),
    ],
)
def test_a_twin_by_events_changes_nothing_else(name: str, added: list[str]) -> None:
    base = str(scenario(name).counterfactual_to)
    mine, theirs = events(name), events(base)
    assert world(name) == world(base)
    assert sorted(mine.keys() - theirs.keys()) == added
    assert all(mine[key] == theirs[key] for key in mine.keys() & theirs.keys())
    assert theirs.keys() - mine.keys()


@pytest.mark.parametrize(
    ("name", "part", "key"),
    [
        ("chechnya_succession_agreed", "parameters", "succession_contested"),
        ("no_witness", "parameters", "witness_weight"),
        ("contagion", "parameters", "contagion"),
        ("war_ends_2026", "war", "after"),
        ("war_escalates", "war", "after"),
        ("partners_2026_war_ends", "war", "after"),
        ("partners_2026_war_escalates", "war", "after"),
        ("partners_generative_no_track", "patron", "rival_track"),
        ("iran_2025_supported", "switches", "iran_criticised"),
    ],
)
def test_a_twin_by_one_setting_changes_nothing_else(name: str, part: str, key: str) -> None:
    base = str(scenario(name).counterfactual_to)
    mine, theirs = world(name), world(base)
    assert mine[part].pop(key) != theirs[part].pop(key)
    assert mine == theirs
    new = events(name).keys() - events(base).keys()
    assert new == ({"iran_2025_06_delivery"} if name == "iran_2025_supported" else set())
    assert events(base).keys() <= events(name).keys()


def test_a_client_that_is_saved_stays_and_nothing_else_differs() -> None:
    name, base = "southeast_asia_1962_saigon_helped", "southeast_asia_1962"
    mine, theirs = world(name), world(base)
    leaves = [one["clients"]["South Vietnam"].pop("leaves") for one in (mine, theirs)]
    assert leaves == [None, "1975-05"]
    assert mine == theirs
    assert events(name).keys() - events(base).keys() == {"south_vietnam_1975_01_bombers_come_back"}
    gone = events(base).keys() - events(name).keys()
    assert {events(base)[key].client for key in gone} == {"South Vietnam"}
    assert min(events(base)[key].date[:7] for key in gone) == "1975-01"


def test_a_rival_that_stays_away_makes_no_offer_and_protects_nobody() -> None:
    name, base, rival = "france_africa_1990_no_fighters", "france_africa_1990", "Russia"
    mine, theirs = world(name), world(base)
    for one, open_to in ((mine, {0}), (theirs, {0.2, 0.5, 0.8})):
        steps = [client["course"]["options"].pop(rival, {}) for client in one["clients"].values() if client["course"]]
        assert {option["protection"]["value"] for step in steps for option in step.values()} == open_to
    assert mine == theirs
    assert events(base).keys() - events(name).keys() == {
        key for key, event in events(base).items() if event.rival == rival
    }
    assert events(name).keys() <= events(base).keys()


def test_without_a_war_the_burden_is_history_until_the_invasion_and_flat_after_it() -> None:
    mine, theirs = scenario("no_war_2022").war.burden.points, scenario(BASE).war.burden.points
    assert mine.keys() == theirs.keys()
    for month, value in mine.items():
        assert value == (theirs[month] if month < "2022-02" else 0.15)
    calm, pressed = (scenario(name).patron.sanctions for name in ("no_war_2022", BASE))
    assert calm is not None
    assert pressed is not None
    assert calm.points.keys() == pressed.points.keys()
    assert set(calm.points.values()) == {pressed.points["2020-01"]} == {0.1}
    gone = events(BASE).keys() - events("no_war_2022").keys()
    assert min(events(BASE)[key].date[:7] for key in gone) == "2022-02"
    inputs = sorted(key for key in gone if events(BASE)[key].kind not in ("background", "outcome"))
    assert inputs == [
        "burkina_faso_2024_08_fewer_men",
        "burkina_faso_2024_08_unit_goes_home",
        "kazakhstan_2022_04_tv_threat",
        "serbia_2025_05_stab_in_the_back",
        "syria_2022_03_paramilitaries_leave",
        "syria_2022_08_air_defence_shipped_home",
        "war_2022_02_full_scale_invasion",
    ]


def test_a_war_that_ends_or_escalates_is_history_until_2026() -> None:
    for name in ("war_ends_2026", "war_escalates"):
        assert max(scenario(name).war.burden.points) == "2026-01"


SHORT = ("iran_2026", "cuba_fuel_2026", "mali_north_2026", "armenia_election_2026")
LATER = ("partners_2026_record", "partners_2026", *SHORT)


@pytest.mark.parametrize("name", LATER)
def test_what_came_after_january_2026_only_adds_to_the_record(name: str) -> None:
    """What came later changes nothing of the years before, and no setting but the paths of war and price."""
    mine, theirs = scenario(name), scenario(BASE)
    assert all(mine.events[key] == event for key, event in theirs.events.items() if event.date[:7] <= mine.span.end)
    new = {key: event for key, event in mine.events.items() if key not in theirs.events}
    assert len(new) == 39
    assert {event.date[:7] for event in new.values()} == {f"2026-{month:02d}" for month in range(2, 7)}
    for later, before in ((mine.war.burden, theirs.war.burden), (mine.income.index, theirs.income.index)):
        assert {month: value for month, value in later.points.items() if month <= "2026-01"} == dict(before.points)
        assert max(later.points) == "2026-06"
    assert (mine.clients, mine.rivals, mine.adversaries, mine.signals) == (
        theirs.clients,
        theirs.rivals,
        theirs.adversaries,
        theirs.signals,
    )
    assert mine.parameters == theirs.parameters


def test_the_later_forecast_begins_when_its_record_ends() -> None:
    world = scenario("partners_2026")
    assert (world.generative_from, world.span.end) == ("2026-07", "2028-12")
    assert scenario("partners_forecast").generative_from == "2026-02"
    for name in SHORT:
        assert (scenario(name).generative_from, scenario(name).span.end) == (None, "2026-12")


def test_help_that_nobody_speaks_of_hangs_on_a_switch() -> None:
    covert = {key: event for key, event in events("partners_2026").items() if event.only_if == "iran_covert_help"}
    assert set(covert) == {"iran_2026_03_drone_parts", "iran_2026_03_satellite_data"}
    assert all(event.contested for event in covert.values())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_files_are_readable_and_name_nobody_in_office(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    long = [number for number, line in enumerate(text.splitlines(), 1) if len(line) > 110]
    assert not long
    unfolded = re.sub(r"\\\n\s*", "", text)
    prose = re.sub(r"https?://\S+", "", unfolded)
    assert re.findall(rf"\b(?:{LEADERS})\b", prose) == []
