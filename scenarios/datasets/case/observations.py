"""Write the postures that were observed, as a file beside the scenario."""

from __future__ import annotations

from typing import Any

from papertiger.scenarios.datasets.case import blocks
from papertiger.scenarios.datasets.case.clients import CaseClient
from papertiger.scenarios.datasets.case.material import Material

RUNG = "rung"
"""The one indicator: the rung of the panel's rule, which was applied before the file is written."""


def observed_tree(clients: list[CaseClient], material: Material) -> dict[str, Any]:
    """Return the observed postures as a file of observations holds them.

    A year's rung stands in its December. What a client enters with is the rung of the year before, or else that of
    its first year, as in the scenario.
    """
    tree: dict[str, Any] = {
        "title": f"{material.name} and its clients, {material.first} to {material.last}: postures",
        "description": f"Postures by rule {material.rule} of the panel, coded by year from the field's data by a "
        "written rule; no hand coder has seen them.",
        "span": {"start": f"{material.first}-01", "end": f"{material.last}-12"},
    }
    tree = blocks.by_year(tree)
    tree["indicators"] = {RUNG: {"highest": 4, "what": "the rung of the panel's rule, from loyal 0 to realigned 4"}}
    tree["rule"] = {
        "hedging": 1,
        "distancing": 2,
        "suspended": [{RUNG: 3}],
        "realigned": [{RUNG: 4}],
        "ceiling": "none",
        "why": "The rule is applied before this file: signs of votes, arms and pledges are in the panel.",
    }
    tree["clients"] = {client.name: _client(client, material) for client in clients}
    facts: dict[str, Any] = {}
    for client in clients:
        facts |= _facts(client, material)
    tree["facts"] = facts
    return tree


def _client(client: CaseClient, material: Material) -> dict[str, Any]:
    state = material.states.get(client.code)
    return {"code": state.letters} if state is not None else {"code": str(client.code)}


def _facts(client: CaseClient, material: Material) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    last = 0
    steps = [(client.enters, client.start), *((f"{year}-12", rung) for year, rung in sorted(client.rungs.items()))]
    for date, rung in steps:
        if rung == last:
            continue
        facts[f"{client.code}_{date}"] = {
            "date": date,
            "client": client.name,
            "indicator": RUNG,
            "level": rung,
            "what": f"Rung {rung} by rule {material.rule}.",
            "source": _source(client, int(date[:4]), material),
            "confidence": "medium",
        }
        last = rung
    return facts


def _source(client: CaseClient, year: int, material: Material) -> str:
    """Return which indicators made a rung: where the pledge stands, and what votes and arms said."""
    rows = material.panel.rows
    hit = rows[(rows["patron"] == material.patron.code) & (rows["client"] == client.code) & (rows["year"] == year)]
    parts = [f"papertiger panel, dyad-year {material.patron.code}-{client.code}-{year}"]
    if not hit.empty:
        row = hit.iloc[0]
        parts.append("pledge" if row["pledge"] else "no pledge")
        named = (("votes", "ua3"), ("arms", "arms_share5"), ("rival arms", "rival_arms"))
        parts += [f"{name} {row[key]:.3g}" for name, key in named if row[key] == row[key]]
        if row["rival_pledge"]:
            parts.append("a rival's pledge")
    return ", ".join(parts)
