"""Make the clients of a case: when they enter, where they stand, and what their figures are."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from papertiger.scenarios.datasets.case import blocks
from papertiger.scenarios.datasets.case.conflict import attacked_in
from papertiger.scenarios.datasets.case.material import Material, panel_figure
from papertiger.scenarios.datasets.case.rules import Neutral
from papertiger.scenarios.datasets.panel.build import OBLIGATIONS
from papertiger.scenarios.schema.values import POSTURES


@dataclass(frozen=True)
class CaseClient:
    """A client of a case.

    Attributes
    ----------
    code, name
        The state.
    entry
        First year in the network; `leaves` is the year after its last one, or None.
    rungs
        Its rung by year, as far as it is coded within the span.
    start
        Its rung as it enters: that of the year before, or else of the first year.
    """

    code: int
    name: str
    entry: int
    leaves: int | None
    rungs: dict[int, int]
    start: int

    @property
    def enters(self) -> str:
        """Return the month of entry."""
        return f"{self.entry}-01"

    def is_there(self, year: int) -> bool:
        """Tell whether the client is in the network in a year."""
        return self.entry <= year and (self.leaves is None or year < self.leaves)


def clients_of(material: Material) -> list[CaseClient]:
    """Return the clients that are coded in any year of the span, in the order of their codes."""
    rows = material.panel.rows
    mine = rows[(rows["patron"] == material.patron.code) & rows[f"posture{material.rule}"].notna()]
    clients: list[CaseClient] = []
    for code in sorted({int(client) for client in mine["client"]}):
        dyad = mine[mine["client"] == code]
        rungs = {
            int(year): int(rung) for year, rung in zip(dyad["year"], dyad[f"posture{material.rule}"], strict=True)
        }
        within = {year: rung for year, rung in rungs.items() if material.first <= year <= material.last}
        if not within:
            continue
        entry, end = min(within), max(within)
        start = rungs.get(entry - 1, within[entry])
        leaves = end + 1 if end < material.last else None
        clients.append(CaseClient(code, material.called(code), entry, leaves, within, start))
    return clients


def client_block(client: CaseClient, material: Material) -> dict[str, Any]:
    """Return a client as a scenario file holds it."""
    block: dict[str, Any] = {}
    if client.code in material.states:
        block["code"] = material.states[client.code].letters
    block["posture"] = POSTURES[client.start]
    if client.entry > material.first:
        block["enters"] = client.enters
    block |= _treaty(client, material)
    region = material.rules.region_of(client.code)
    if region:
        block["region"] = region
    block["arms"] = _arms(client, material)
    block["economy"] = _economy(client, material)
    block["border"] = _border(client, material)
    block["bases"] = _bases(client, material)
    block["threat"] = _threat(client, material)
    block["value"] = _value(client, material)
    block["options"] = {name: _option(client, code, material) for name, code in material.rivals.items()}
    course = _course(client, material)
    if course is not None:
        block["course"] = course
    return blocks.leaving(block, f"{client.leaves}-01") if client.leaves is not None else block


def judged(value: float, spread: float, why: str, source: str = "", low: float = 0.0, high: float = 1.0) -> Any:
    """Return a figure with the range of its judgement around it."""
    figure: dict[str, Any] = {"value": _short(value)}
    if spread > 0:
        figure["uniform"] = [_short(max(low, value - spread)), _short(min(high, value + spread))]
    if source:
        figure["source"] = source
    return {**figure, "why": why}


def neutral(rule: Neutral) -> Any:
    """Return the figure that stands where no data set says anything."""
    return {"value": rule.value, "uniform": [rule.low, rule.high], "why": rule.why}


def _short(number: float) -> float:
    return float(f"{number:.3g}")


def _row(client: CaseClient, material: Material, year: int | None = None) -> Any:
    rows = material.panel.rows
    year = client.entry if year is None else year
    hit = rows[(rows["patron"] == material.patron.code) & (rows["client"] == client.code) & (rows["year"] == year)]
    return None if hit.empty else hit.iloc[0]


def _treaty(client: CaseClient, material: Material) -> dict[str, Any]:
    """Return the treaty in force at entry, the club that it makes, and where that stands."""
    row = _row(client, material)
    if row is None or not (row["pledge"] or row["nonagg"] or row["neutral"]):
        return {"treaty": "none"}
    block: dict[str, Any] = {"treaty": "defence_pact" if row["defense"] else "lesser_treaty"}
    source = ""
    if row["line"] == row["line"]:
        source = material.tables[OBLIGATIONS].source(int(row["line"]))
    numbers, club = _numbers(client, material)
    note = f"ATOP {', '.join(map(str, numbers))}; " if numbers else ""
    if note or source:
        block["treaty_note"] = f"{note}{source}".removesuffix("; ")
    if club is not None:
        block["pact"] = f"ATOP {club}"
    return block


def _numbers(client: CaseClient, material: Material) -> tuple[list[int], int | None]:
    """Return the treaties in force at entry, and the first that binds several clients."""
    pairs = material.panel.pairs
    of_dyad = pairs[(pairs["patron"] == material.patron.code) & (pairs["client"] == client.code)]
    now = of_dyad[(of_dyad["first"] <= client.entry) & (of_dyad["last"] >= client.entry)]
    clubs = now[(now["bilateral"] == 0) & ((now["defense"] == 1) | (now["consul"] == 1))]
    clubs = clubs.sort_values(["defense", "alliance"], ascending=[False, True])
    return sorted({int(one) for one in now["alliance"]}), None if clubs.empty else int(clubs["alliance"].iloc[0])


def _arms(client: CaseClient, material: Material) -> Any:
    for year in range(client.entry, min(client.entry + 5, material.last + 1)):
        row = _row(client, material, year)
        if row is not None and row["arms_share5"] == row["arms_share5"]:
            said = panel_figure(material, client.code, year, "arms_share5")
            window = f"deliveries of the five years to {year}"
            source = said[1] if said else f"SIPRI arms transfers by pair and year, {window}"
            later = "" if year == client.entry else f" The first share after its entry, of {year}."
            why = f"The patron's share in {window}.{later} Deliveries are lumpy, hence the range."
            return judged(float(row["arms_share5"]), 0.1, why, source)
    return neutral(material.judgements.neutral.arms)


def _economy(client: CaseClient, material: Material) -> Any:
    rule = material.judgements.economy
    said = panel_figure(material, client.code, client.entry, "joint_igos")
    if said is None:
        return neutral(material.judgements.neutral.economy)
    return judged(min(1.0, said[0] / rule.organisations), rule.spread, rule.why, said[1])


def contiguity(material: Material, one: int, other: int, year: int) -> tuple[int, str] | None:
    """Return how near two states are in a year, by COW's kinds, with where it stands; kind 0 is not contiguous."""
    table = material.table("cow_contiguity")
    if table is None:
        return None
    rows = table.rows
    pair = ((rows["state_a"] == one) & (rows["state_b"] == other)) | (
        (rows["state_a"] == other) & (rows["state_b"] == one)
    )
    hits = [
        (int(kind), int(line))
        for kind, start, end, line in zip(
            rows["kind"][pair], rows["start"][pair], rows["end"][pair], rows.index[pair], strict=True
        )
        if start.year <= year <= end.year and kind > 0
    ]
    if not hits:
        return 0, f"{table.data_set.title}, {table.path.name}: no row of the two in {year}"
    kind, line = min(hits)
    return kind, table.source(line)


def _border(client: CaseClient, material: Material) -> Any:
    rule = material.judgements.border
    near = contiguity(material, material.patron.code, client.code, client.entry)
    if near is None:
        return neutral(material.judgements.neutral.border)
    kind, source = near
    if kind == 0:
        return {"value": 0, "source": source}
    return judged(rule.by_kind.get(str(kind), 0.0), 0.0 if kind == 1 else rule.spread, rule.why, source)


def _bases(client: CaseClient, material: Material) -> Any:
    rule = material.judgements.bases
    said = panel_figure(material, client.code, client.entry, "us_troops")
    if said is None:
        return neutral(material.judgements.neutral.bases)
    size = min(1.0, math.log10(1.0 + said[0]) / rule.tenfolds)
    return judged(size, rule.spread if said[0] else 0.0, rule.why, said[1])


def _threat(client: CaseClient, material: Material) -> Any:
    rule = material.judgements.threat
    lines = attacked_in(material, client.code, client.entry - rule.years, client.entry - 1)
    table = material.table("gml_participants")
    if lines is None or table is None:
        return neutral(material.judgements.neutral.threat)
    level = min(rule.highest, rule.base + rule.per_dispute * len(lines))
    rows = ", ".join(map(str, lines[:8])) + (" …" if len(lines) > 8 else "")
    which = f"{table.unit}s {rows}" if lines else "no such row"
    version = f" {table.version}" if table.version else ""
    source = f"{table.data_set.title}{version}, {table.path.name}, {which}"
    return judged(level, rule.spread, f"{rule.why} Here {len(lines)}.", source)


def _value(client: CaseClient, material: Material) -> Any:
    rule = material.judgements.value
    table = material.table("cow_nmc")
    for year in (client.entry, client.entry + 1, client.entry - 1):
        if table is not None and (client.code, year) in material.cinc:
            share, line = material.cinc[client.code, year]
            tenfolds = math.log10(max(share, 1e-9) / rule.at)
            level = min(rule.high, max(rule.low, rule.base + rule.per_tenfold * tenfolds))
            return judged(level, rule.spread, rule.why, f"{table.source(line)}, cinc {share:.3g}")
    return neutral(material.judgements.neutral.value)


def _option(client: CaseClient, rival: int, material: Material) -> dict[str, Any]:
    """Return what a rival could be for a client, by its pledges towards it and by how near it is."""
    rule = material.judgements.options
    rows = material.panel.rows
    bound = rows[(rows["patron"] == rival) & (rows["client"] == client.code) & (rows["year"] == client.entry)]
    pledged = bound[bound["pledge"] == 1]
    source = ""
    if not pledged.empty and pledged["line"].notna().iloc[0]:
        source = material.tables[OBLIGATIONS].source(int(pledged["line"].iloc[0]))
    protection = rule.protection_pledged if source else rule.protection
    return {
        "protection": judged(protection, rule.spread, rule.why, source),
        "economy": judged(rule.economy, rule.spread, rule.why),
        "proximity": _proximity(client, rival, material),
    }


def _proximity(client: CaseClient, rival: int, material: Material) -> Any:
    rule = material.judgements.options
    direct = contiguity(material, rival, client.code, client.entry)
    if direct is None:
        return {"value": rule.far, "uniform": [rule.far, 1], "why": "No data: taken to be far."}
    kind, source = direct
    if 0 < kind <= 2:
        return {"value": 1, "source": source}
    region = material.rules.region_of(client.code)
    home = material.rules.region_of(rival)
    near = bool(region) and region == home
    return {"value": rule.near if near else rule.far, "source": source, "why": rule.why}


def _course(client: CaseClient, material: Material) -> dict[str, Any] | None:
    """Return how the share of arms goes on, where it moved by a tenth or more since it was last written."""
    arms: dict[str, Any] = {}
    last: float | None = None
    for year in range(client.entry, material.last):
        if not client.is_there(year):
            break
        row = _row(client, material, year)
        if row is None or row["arms_share5"] != row["arms_share5"]:
            continue
        share = float(row["arms_share5"])
        if last is not None and abs(share - last) >= 0.1:
            arms[f"{year + 1}-01"] = _short(share)
        if last is None or abs(share - last) >= 0.1:
            last = share
    within = {month: share for month, share in arms.items() if client.is_there(int(month[:4]))}
    why = "Shares of five years; each stands from the January after its window on, where it moved by a tenth or more."
    return blocks.course_of({"arms": within}, "shares of arms, as at entry", why)
