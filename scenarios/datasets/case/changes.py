"""Read what changed for clients: rulers, sanctions by the patron, and new treaties of the patron and of rivals."""

from __future__ import annotations

import re
from typing import Any

from papertiger.scenarios.datasets.case import blocks
from papertiger.scenarios.datasets.case.clients import CaseClient
from papertiger.scenarios.datasets.case.disputes import Events
from papertiger.scenarios.datasets.case.material import Material
from papertiger.scenarios.datasets.case.patron import folded
from papertiger.scenarios.datasets.panel.build import MEMBERS, OBLIGATIONS


def ruler_events(clients: list[CaseClient], material: Material) -> Events:
    """Return irregular exits of rulers; who comes next nobody says."""
    table = material.table("archigos")
    if table is None:
        return {}
    rule = material.judgements.rulers
    events: Events = {}
    by_code = {client.code: client for client in clients}
    rows = table.rows
    rows = rows[rows["exit"].isin(list(rule.exits))]
    for line, state, leader, end, how in zip(
        rows.index, rows["state"], rows["leader"], rows["end"], rows["exit"], strict=True
    ):
        client = by_code.get(int(state))
        if client is None or not client.is_there(end.year):
            continue
        events[f"ruler_{client.code}_{line}"] = blocks.new_ruler(
            {
                "date": f"{end.year}-{end.month:02d}-{end.day:02d}",
                "client": client.name,
                "what": f"The ruler ({leader}) goes: {str(how).lower()} exit.",
                "source": table.source(int(line)),
                "why": rule.why,
            },
            rule.intensity,
        )
    return events


def sanction_events(clients: list[CaseClient], material: Material) -> Events:
    """Return sanctions that the patron imposed on clients in the span."""
    table = material.table("gsdb")
    if table is None:
        return {}
    rule = material.judgements.sanctions
    events: Events = {}
    by_code = {client.code: client for client in clients}
    rows = table.rows
    for line, number, target, sender, begin, trade in zip(
        rows.index, rows["case"], rows["target"], rows["sender"], rows["begin"], rows["trade"], strict=True
    ):
        client = by_code.get(material.by_name.get(folded(str(target)), 0))
        if client is None or material.by_name.get(folded(str(sender))) != material.patron.code:
            continue
        year = int(begin)
        if not (material.first <= year <= material.last and client.is_there(year)):
            continue
        events[f"sanction_{int(number)}_{client.code}"] = {
            "date": f"{year}-{rule.month:02d}",
            "kind": "sanctions",
            "client": client.name,
            "news": "bad",
            "intensity": rule.intensity_trade if int(trade) else rule.intensity,
            "what": f"Sanction {int(number)} begins{' and stops trade' if int(trade) else ''}.",
            "source": table.source(int(line)),
            "why": rule.why,
        }
    return events


def treaty_events(clients: list[CaseClient], material: Material) -> Events:
    """Return new treaties within the span: rivals' as offers, the patron's as good news and a new situation.

    A pledge that ended is what a client, or its patron, did: it stands as an outcome and moves nothing.
    """
    events: Events = {}
    for client in clients:
        events |= _offers(client, material)
        events |= _signed(client, material)
        events |= _ended(client, material)
    return events


def _offers(client: CaseClient, material: Material) -> Events:
    rule = material.judgements.pledges
    rows = material.panel.pledges
    events: Events = {}
    for name, code in material.rivals.items():
        bound = rows[(rows["patron"] == code) & (rows["client"] == client.code)]
        years = dict(zip(bound["year"], bound["line"], strict=True))
        for year, line in years.items():
            if year - 1 in years or not (material.first < year and client.entry < year and client.is_there(year)):
                continue
            event: dict[str, Any] = {
                "date": f"{year}-{_month(client.code, code, year, material):02d}",
                "kind": "offer",
                "client": client.name,
                "rival": name,
                "intensity": rule.offer_intensity,
                "what": f"{name} and {client.name} are bound by a new treaty.",
                "source": material.tables[OBLIGATIONS].source(int(line)),
                "why": rule.why,
            }
            events[f"offer_{client.code}_{code}_{year}"] = event
            events[f"pledge_{client.code}_{code}_{year}"] = {**event, "kind": "rival_pledge"}
    return events


def _signed(client: CaseClient, material: Material) -> Events:
    rule = material.judgements.pledges
    rows = material.panel.rows
    mine = rows[(rows["patron"] == material.patron.code) & (rows["client"] == client.code)]
    events: Events = {}
    before: int | None = None
    for year, pledge, defence, line in zip(mine["year"], mine["pledge"], mine["defense"], mine["line"], strict=True):
        rank = 2 if defence else 1 if pledge else 0
        if before is not None and rank > before and client.entry < year and client.is_there(year):
            month = f"{year}-{_month(client.code, material.patron.code, year, material):02d}"
            source = material.tables[OBLIGATIONS].source(int(line))
            what = f"A {'defence' if rank == 2 else 'consultation'} pledge of the patron comes into force."
            shared = {"date": month, "client": client.name, "what": what, "source": source}
            news = {"kind": "treaty_signed", "news": "good", "intensity": rule.signed_intensity}
            events[f"treaty_{client.code}_{year}"] = {**shared, **news, "why": rule.why}
            treaty = "defence_pact" if rank == 2 else "lesser_treaty"
            events[f"pact_{client.code}_{year}"] = {
                **shared,
                "kind": "new_situation",
                "situation": {"treaty": treaty, "source": source},
            }
        before = rank
    return events


def _ended(client: CaseClient, material: Material) -> Events:
    ends = material.panel.endings
    mine = ends[
        (ends["patron"] == material.patron.code) & (ends["client"] == client.code) & (ends["kind"] == "pledge")
    ]
    title = material.tables[MEMBERS].data_set.title if MEMBERS in material.tables else ""
    events: Events = {}
    for end, numbers, how in zip(mine["end"], mine["atopids"], mine["how"], strict=True):
        if material.first <= end <= material.last and client.is_there(int(end)):
            known = f", alliances {numbers}" if numbers else ""
            events[f"ended_{client.code}_{end}"] = {
                "date": f"{end}-12",
                "kind": "outcome",
                "client": client.name,
                "what": f"The last year of the pledge: {how}.",
                "source": f"{title}{known}",
            }
    return events


def _month(client: int, patron: int, year: int, material: Material) -> int:
    """Return the month in which the later of two members came under a treaty that began in a year, if it is known."""
    default = material.judgements.pledges.month
    if MEMBERS not in material.tables:
        return default
    rows = material.tables[MEMBERS].rows
    sides = [
        {
            int(alliance): start.month
            for alliance, start, precision in zip(
                rows["alliance"][rows["member"] == code],
                rows["start"][rows["member"] == code],
                rows["start_precision"][rows["member"] == code],
                strict=True,
            )
            if start.year == year and re.fullmatch("month|day", precision)
        }
        for code in (client, patron)
    ]
    months = [max(sides[0][number], sides[1].get(number, 1)) for number in sides[0]]
    return min(months, default=min(sides[1].values(), default=default))
