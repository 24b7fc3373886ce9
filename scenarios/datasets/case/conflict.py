"""Find who was in a militarised dispute with whom, and who was attacked."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from papertiger.scenarios.datasets.case.material import Material

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Side:
    """A state in a dispute: on which side, from when, how hostile it became, and where that stands."""

    state: int
    side_a: bool
    original: bool
    hostility: int
    year: int
    month: str
    line: int


@lru_cache(maxsize=4)
def _read(key: _Key) -> dict[int, list[Side]]:
    disputes: dict[int, list[Side]] = {}
    rows = key.rows
    columns = ("dispute", "state", "side_a", "original", "hostility", "start", "start_precision")
    for line, (dispute, state, side, original, hostility, start, precision) in zip(
        rows.index, zip(*(rows[name] for name in columns), strict=True), strict=True
    ):
        known = precision in {"month", "day"}
        one = Side(
            int(state),
            bool(side),
            bool(original),
            0 if hostility != hostility else int(hostility),  # noqa: PLR0124 - not a number
            start.year,
            f"{start.year}-{start.month:02d}" if known else f"{start.year}-07",
            int(line),
        )
        sides = disputes.setdefault(int(dispute), [])
        if all(other.state != one.state or other.side_a != one.side_a for other in sides):
            sides.append(one)
    return disputes


class _Key:
    """Rows that are told apart by what they are and not by what they hold."""

    def __init__(self, rows: pd.DataFrame) -> None:
        self.rows = rows

    def __hash__(self) -> int:
        return id(self.rows)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.rows is self.rows


def disputes_of(material: Material) -> dict[int, list[Side]]:
    """Return the participants of each dispute."""
    table = material.table("gml_participants")
    return {} if table is None else _read(_Key(table.rows))


def attackers(client: int, sides: list[Side], material: Material) -> tuple[Side, list[Side]] | None:
    """Return the client's part and those that used force against it as an original target, the most hostile first."""
    rule = material.judgements.attacks
    targets = [one for one in sides if one.state == client and one.original and not one.side_a]
    if not targets:
        return None
    against = [one for one in sides if one.side_a and one.hostility >= rule.least_hostility]
    against.sort(key=lambda one: (-one.hostility, not one.original, one.state))
    return (targets[0], against) if against else None


def attacked_in(material: Material, client: int, first: int, last: int) -> list[int] | None:
    """Return the lines of a state in disputes in which force was used against it; None without such data."""
    if material.table("gml_participants") is None:
        return None
    lines: list[int] = []
    for sides in disputes_of(material).values():
        hit = attackers(client, sides, material)
        if hit is not None and first <= hit[0].year <= last:
            lines.append(hit[0].line)
    return sorted(lines)
