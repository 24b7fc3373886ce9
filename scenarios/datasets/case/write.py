"""Write a case: a scenario and its observed postures, as files that `check` accepts."""

from __future__ import annotations

import textwrap
from collections import Counter
from dataclasses import dataclass
from typing import Any

from papertiger.scenarios.datasets.case.changes import ruler_events, sanction_events, treaty_events
from papertiger.scenarios.datasets.case.clients import CaseClient, client_block, clients_of, judged
from papertiger.scenarios.datasets.case.crises import crisis_events
from papertiger.scenarios.datasets.case.disputes import Events, dispute_events, years_at_war
from papertiger.scenarios.datasets.case.material import Material
from papertiger.scenarios.datasets.case.observations import observed_tree
from papertiger.scenarios.datasets.panel import tables as own
from papertiger.scenarios.errors import Problem, ScenarioError
from papertiger.scenarios.reading.inheritance import resolve_tree
from papertiger.scenarios.reading.yaml_writer import block, check_written

PARENT = "defaults"
"""The scenario that a case extends: constants and signals, and no actor."""

NEVER = (
    "trade between patron and client: the economy's share is a stand-in or neutral",
    "people whom the patron can squeeze or claim (diaspora): 0 for all",
    "what clients hold that serves the patron (assets): none, so nothing is lost with a client",
    "the patron's income: constant, and without effect",
    "air defence and other systems that the patron supplied: none",
    "successors after a fall of rulers: what they want is in no data set",
    "acts short of force by the patron: aid, arms and words are seen where ICB coded a crisis, else not at all",
)  # fmt: skip
"""What no data set that is read here gives to any case."""


@dataclass(frozen=True)
class CaseFiles:
    """A written case.

    Attributes
    ----------
    scenario, postures
        Texts of the two files.
    clients, events, facts
        How many of each.
    sources
        Files that it was made of, with what they are and how many rows they have.
    missing
        What no data set gave, in sentences.
    """

    scenario: str
    postures: str
    clients: int
    events: int
    facts: int
    sources: tuple[str, ...]
    missing: tuple[str, ...]


def write_case(material: Material, name: str) -> CaseFiles:
    """Return the two files of a case.

    Parameters
    ----------
    material
        What it is made of.
    name
        The scenario's name: that of its file, without the ending.

    Raises
    ------
    ScenarioError
        When nothing that the reader would take came of it.
    """
    clients = clients_of(material)
    if not clients:
        message = f"rule {material.rule} codes no client of {material.name} from {material.first} to {material.last}"
        raise ScenarioError([Problem("--rule", message=message)])
    signals = tuple(resolve_tree(PARENT).data.get("signals", {}))
    events = crisis_events(clients, material, dispute_events(clients, material))
    events |= ruler_events(clients, material)
    events |= sanction_events(clients, material)
    events |= treaty_events(clients, material)
    first, last = f"{material.first}-01", f"{material.last}-12-31"
    events = {key: event for key, event in events.items() if first <= str(event["date"]) <= last}
    events = dict(sorted(events.items(), key=lambda item: (str(item[1]["date"]), item[0])))
    events = _strongest_first(events, signals)
    tree = _scenario(clients, events, material)
    observed = observed_tree(clients, material)
    _late_data(material)
    missing = (*material.missing, *NEVER)
    sources = tuple(_described(material))
    head = _head(material, sources, missing)
    scenario = f"{head}\n" + "\n".join(block(tree)) + "\n"
    postures = f"# Written by papertiger case beside {name}.yaml.\n" + "\n".join(block(observed)) + "\n"
    check_written(scenario, name)
    check_written(postures, f"{name}_postures")
    return CaseFiles(scenario, postures, len(clients), len(events), len(observed["facts"]), sources, missing)


def _strongest_first(events: Events, signals: tuple[str, ...]) -> Events:
    """Return events in which the weaker of two signals of one kind, client and month stand beside the strongest."""
    strongest: dict[tuple[str, str, str], str] = {}
    for key, event in events.items():
        place = (str(event["kind"]), str(event["client"]), str(event["date"])[:7])
        other = strongest.get(place)
        if event["kind"] in signals and (other is None or event["intensity"] > events[other]["intensity"]):
            strongest[place] = key
    said: Events = {}
    for key, event in events.items():
        first = strongest.get((str(event["kind"]), str(event["client"]), str(event["date"])[:7]), key)
        said[key] = event if first == key else {**event, "beside": first}
    return said


def _late_data(material: Material) -> None:
    """Say of each data set that ends before the span does."""
    for name, column in (
        ("gml_participants", "start"),
        ("icb_actors", "start"),
        ("archigos", "end"),
        ("gsdb", "end"),
    ):
        table = material.table(name)
        if table is None:
            continue
        ends = table.rows[column].dropna()
        end = int(ends.max()) if ends.dtype != object else max(day.year for day in ends)
        if end < material.last:
            material.missing.append(f"nothing of {table.data_set.title} after {end}: the file ends there")


def _described(material: Material) -> list[str]:
    described: list[str] = []
    for table in material.tables.values():
        version = f" {table.version}" if table.version else ""
        described.append(f"{table.data_set.title}{version}: {table.path.name}, {len(table.rows)} rows")
    return described


def _head(material: Material, sources: tuple[str, ...], missing: tuple[str, ...]) -> str:
    lines = [
        f"{material.name} and its clients, {material.first} to {material.last}. Written by papertiger case; every "
        "figure says where it stands, or why it was judged so. Read it before you believe it.",
        "",
        "Made of:",
        *(f"  - {one}" for one in sources),
        "",
        "What no data set gave (neutral values stand where a number is needed):",
        *(f"  - {one}" for one in missing),
    ]
    wrapped: list[str] = []
    for line in lines:
        indent = "    " if line.startswith("  -") else ""
        wrapped += textwrap.wrap(line, 116, subsequent_indent=indent) or [""]
    return "\n".join(f"# {line}".rstrip() for line in wrapped)


def _scenario(clients: list[CaseClient], events: Events, material: Material) -> dict[str, Any]:
    adversaries = sorted({str(event["adversary"]) for event in events.values() if "adversary" in event})
    tree: dict[str, Any] = {
        "extends": PARENT,
        "title": f"{material.name} and its clients, {material.first} to {material.last}, from the field's data",
        "description": f"Who is a client, how each stands and what happened to it come from the data sets that the "
        f"file's head names, by written rules; postures by rule {material.rule}. No figure is tuned.",
        "span": {"start": f"{material.first}-01", "end": f"{material.last}-12"},
        "mode": "replay",
        "patron": _patron(material),
        "war": _war(material),
        "income": {
            "index": {"points": {f"{material.first}-01": 1}, "why": "No data: constant."},
            "elasticity": {"value": 0, "why": "Without a path of income none reaches the budget."},
            "after": "holds",
        },
    }
    if material.rivals:
        tree["rivals"] = {name: _rival(code, material) for name, code in material.rivals.items()}
    if adversaries:
        rule = material.judgements.adversary
        clash = {"value": rule.clash, "uniform": [0, 1], "why": rule.why}
        worth = {"value": rule.worth, "uniform": [0, 0.5], "why": rule.why}
        tree["adversaries"] = {name: {"clash": clash, "worth": worth} for name in adversaries}
    tree["parameters"] = _parameters()
    tree["clients"] = {client.name: _client(client, events, material) for client in clients}
    if events:
        tree["events"] = in_one_place(tree["clients"], events)
    return tree


def in_one_place(clients: dict[str, Any], events: Events) -> Events:
    """Return events whose new situations say, too, what their client's course says of the same month.

    What is moved is taken out of the course, since a month may be said in one place only.

    Parameters
    ----------
    clients
        As a scenario file holds them, by name.
    events
        As a scenario file holds them.
    """
    said: Events = {}
    for key, event in events.items():
        said[key] = event
        if event["kind"] != "new_situation":
            continue
        client, month = clients[event["client"]], str(event["date"])[:7]
        course = {name: points for name, points in client.get("course", {}).items() if isinstance(points, dict)}
        moved = {name: points.pop(month) for name, points in course.items() if month in points}
        if moved:
            said[key] = {**event, "situation": {**moved, **event["situation"]}}
            client["course"] = {name: points for name, points in client["course"].items() if points}
            if not any(course.values()):
                del client["course"]
    return said


def _client(client: CaseClient, events: Events, material: Material) -> dict[str, Any]:
    """Return a client with the adversary that attacked it most often in the span."""
    data = client_block(client, material)
    attackers = Counter(
        str(event["adversary"])
        for event in events.values()
        if event["kind"] == "attack" and event["client"] == client.name
    )
    if attackers:
        most = max(attackers.values())
        data["adversary"] = min(name for name, times in attackers.items() if times == most)
    return data


def _patron(material: Material) -> dict[str, Any]:
    patron: dict[str, Any] = {"name": material.name}
    sizes = {name: _share(code, material) for name, code in material.rivals.items()}
    if sizes:
        patron["main_rival"] = max(sizes, key=lambda name: sizes[name][0])
    patron["rival_track"] = {"points": {f"{material.first}-01": 1}, "why": "The unit."}
    return patron


def _share(code: int, material: Material) -> tuple[float, str]:
    """Return a state's share of the world's capabilities in the first year, with where it stands."""
    table = material.table("cow_nmc")
    if table is None or (code, material.first) not in material.cinc:
        return 0.0, ""
    share, line = material.cinc[code, material.first]
    return share, table.source(line)


def _rival(code: int, material: Material) -> dict[str, Any]:
    rule = material.judgements.rivals
    theirs, source = _share(code, material)
    ours, _ = _share(material.patron.code, material)
    gap = judged(rule.gap, rule.gap_spread, rule.gap_why)
    if not source or ours <= 0:
        return {"gap": gap, "size": {"value": rule.size, "uniform": [0.1, 1], "why": "No data: neutral."}}
    return {"gap": gap, "size": judged(min(1.0, theirs / ours), 0.2, rule.size_why, source)}


def _war(material: Material) -> dict[str, Any]:
    """Return the burden of the patron's wars by year, from the panel's table or from disputes at war."""
    rule = material.judgements.war
    years = range(material.first, material.last + 1)
    table = material.tables.get(own.DYAD_YEARS.name)
    levels: dict[int, float] = {}
    source = ""
    if table is not None:
        rows = table.rows[(table.rows["patron"] == material.patron.code) & table.rows["patron_war_abroad"].notna()]
        steps = (rule.none, rule.minor, rule.major)
        for year, intensity in zip(rows["year"], rows["patron_war_abroad"], strict=True):
            levels[int(year)] = max(levels.get(int(year), 0.0), steps[int(intensity)])
        source = f"{table.data_set.title}, {table.path.name}, patron_war_abroad"
    if not levels and material.table("gml_participants") is not None:
        wars = years_at_war(material)
        levels = {year: rule.major if year in wars else rule.none for year in years}
        participants = material.table("gml_participants")
        lines = ", ".join(str(line) for line in sorted(set(wars.values()))[:12])
        if participants is not None:
            title, file = participants.data_set.title, participants.path.name
            source = f"{title}, {file}, {participants.unit}s {lines}" if lines else f"{title}, {file}: no such row"
    if not levels:
        material.missing.append("the patron's wars abroad: none is assumed")
    points: dict[str, float] = {}
    for year in years:
        level = levels.get(year, rule.none)
        if not points or level != list(points.values())[-1]:
            points[f"{year}-01"] = level
    burden: dict[str, Any] = {"points": points}
    if source:
        burden["source"] = source
    return {"adversary": "wars abroad", "burden": {**burden, "why": rule.why}, "after": "continues"}


def _parameters() -> dict[str, Any]:
    why = "No data set says anything about it, so it is switched off; a sweep may switch it on."
    names = (
        "budget_feedback",
        "burden_feedback",
        "contagion",
        "covert_start",
        "succession_base",
        "succession_health",
    )
    return {name: {"value": 0, "why": why} for name in names}
