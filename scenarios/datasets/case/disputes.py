"""Read militarised disputes: attacks on clients, the patron's answer in them, and its own coercion."""

from __future__ import annotations

import datetime
from typing import Any

from papertiger.scenarios.datasets.case import blocks
from papertiger.scenarios.datasets.case.clients import CaseClient
from papertiger.scenarios.datasets.case.conflict import Side, attackers, disputes_of
from papertiger.scenarios.datasets.case.material import Material

Events = dict[str, dict[str, Any]]
"""Events by their key, as a scenario file holds them."""

WAR = 5
"""The hostility of a war, by the disputes' own levels."""


def dispute_events(clients: list[CaseClient], material: Material) -> Events:
    """Return attacks on clients with the patron's answers, and its own coercion, from militarised disputes."""
    table = material.table("gml_participants")
    if table is None:
        return {}
    events: Events = {}
    by_code = {client.code: client for client in clients}
    for number, sides in disputes_of(material).items():
        patron = next((one for one in sides if one.state == material.patron.code), None)
        for one in sides:
            client = by_code.get(one.state)
            if client is None or not client.is_there(one.year):
                continue
            if patron is not None and patron.side_a != one.side_a:
                events |= _coerced(number, client, patron, one, material)
                continue
            hit = attackers(client.code, sides, material)
            if hit is not None and hit[0] is one:
                events |= _attacked(number, client, hit, patron, material)
    return events


def _coerced(number: int, client: CaseClient, patron: Side, one: Side, material: Material) -> Events:
    rule = material.judgements.coercion
    if patron.hostility < rule.least_hostility:
        return {}
    intensity = rule.by_hostility.get(str(patron.hostility), 1.0)
    return {
        f"dispute_{number}_{client.code}_coercion": {
            "date": one.month,
            "kind": "coercion",
            "client": client.name,
            "news": "bad",
            "intensity": intensity,
            "what": f"Dispute {number}: the patron is on the other side.",
            "source": _source(material, patron.line, one.line),
            "why": rule.why,
        }
    }


def _attacked(
    number: int, client: CaseClient, hit: tuple[Side, list[Side]], patron: Side | None, material: Material
) -> Events:
    rule = material.judgements.attacks
    target, against = hit
    who = ", ".join(dict.fromkeys(material.called(one.state) for one in against))
    deaths, where = _deaths(number, material)
    worst = max(one.hostility for one in (target, *against))
    grave = worst >= WAR or deaths >= rule.grave_from
    attack: dict[str, Any] = {
        "date": target.month,
        "kind": "attack",
        "client": client.name,
        "adversary": material.enemy(against[0].state),
        "intensity": 3.0 if grave else 2.0 if deaths >= rule.deadly_from else 1.0,
        "what": f"Dispute {number}: force used against it by {who}.",
        "source": _source(material, target.line, *(one.line for one in against[:5])) + where,
        "why": rule.why,
    }
    key = f"dispute_{number}_{client.code}"
    if patron is None:
        return {f"{key}_attack": blocks.unanswered(attack)}
    intensity = rule.answer_by_hostility.get(str(patron.hostility), 1.0)
    return {
        f"{key}_attack": attack,
        f"{key}_answer": {
            "date": target.month,
            "kind": "intervened",
            "client": client.name,
            "news": "good",
            "intensity": intensity,
            "what": f"Dispute {number}: the patron is a party on its side.",
            "source": _source(material, patron.line),
            "why": rule.answer_why,
        },
    }


def _deaths(number: int, material: Material) -> tuple[int, str]:
    """Return the level of deaths in a dispute with where it stands; 0 where nothing says it."""
    table = material.table("gml_disputes")
    if table is None:
        return 0, ""
    hit = table.rows[table.rows["dispute"] == number]
    if hit.empty or hit["fatality"].isna().iloc[0]:
        return 0, ""
    line = int(hit.index[0])
    return int(hit["fatality"].iloc[0]), f"; {table.source(line)}"


def _source(material: Material, line: int, *more_lines: int) -> str:
    table = material.table("gml_participants")
    if table is None:
        return ""
    more = f", {', '.join(map(str, more_lines))}" if more_lines else ""
    return f"{table.source(line)}{more}"


def years_at_war(material: Material) -> dict[int, int]:
    """Return the years in which a dispute of the patron began at the hostility of a war, each with a line."""
    years: dict[int, int] = {}
    table = material.table("gml_participants")
    if table is None:
        return years
    rows = table.rows[(table.rows["state"] == material.patron.code) & (table.rows["hostility"] == WAR)]
    for line, start, end in zip(rows.index, rows["start"], rows["end"], strict=True):
        last = end if isinstance(end, datetime.date) else start
        for year in range(start.year, last.year + 1):
            years.setdefault(year, int(line))
    return years
