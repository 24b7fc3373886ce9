"""Lay observed shares beside the clients of a scenario, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from papertiger.scenarios.bonds import bonds_of
from papertiger.scenarios.observed import schema

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from papertiger.scenarios.observed import Ties
    from papertiger.scenarios.schema.scenario import Scenario

KINDS = ("arms", "economy")
"""The two kinds of tie, in the order of `papertiger.model.rules.ties`."""


@dataclass(frozen=True)
class Readings:
    """Hold observed shares, one a place.

    Attributes
    ----------
    clients
        Names of the scenario's clients, to which `client` points.
    client, kind, year
        Of each share, length R; `kind` is an index of `KINDS`. They are ordered by client, kind and year.
    share
        The patron's share that was observed, 0 to 1.
    band
        How much it is a share of: 0 for small or where the file does not say, 1 for medium, 2 for large.
    counts
        Whether the client was in the network during the whole year, so that the model has a tie to compare it with.
    """

    clients: tuple[str, ...]
    client: NDArray[np.intp]
    kind: NDArray[np.intp]
    year: NDArray[np.intp]
    share: NDArray[np.float64]
    band: NDArray[np.intp]
    counts: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.share)

    @staticmethod
    def of(ties: Ties, scenario: Scenario, *, known_by: str | None = None) -> Readings:
        """Return the shares of a file whose clients are in a scenario.

        Parameters
        ----------
        ties
            The file.
        scenario
            Whose clients they are; what was observed of others is left out.
        known_by
            The last month, YYYY-MM, in which a share may have become public; blank takes all.
        """
        names = tuple(bonds_of(scenario))
        rows = sorted(
            (names.index(series.client), KINDS.index(series.of), int(year), one.share, one.volume)
            for series in ties.series.values()
            if series.client in names
            for year, one in series.years.items()
            if known_by is None or series.known_in(year) <= known_by
        )
        columns = list(zip(*((*row[:4], _band(row[4])) for row in rows), strict=True)) or [()] * 5
        client, kind, year = (np.array(column, dtype=np.intp) for column in columns[:3])
        begins = [max(scenario.span.start, one.enters or "") for one in bonds_of(scenario).values()]
        leave = [one.leaves or "9999-12" for one in bonds_of(scenario).values()]
        counts = np.array(
            [
                begins[who] <= f"{when}-01" and f"{when}-12" <= scenario.span.end and f"{when}-12" < leave[who]
                for who, _, when, *_ in rows
            ],
            dtype=bool,
        )
        return Readings(
            names, client, kind, year, np.array(columns[3], dtype=float), np.array(columns[4], dtype=np.intp), counts
        )

    @cached_property
    def previous(self) -> NDArray[np.intp]:
        """Return the place of the share before each one of the same client and kind, or -1."""
        places = np.arange(len(self))
        same = np.zeros(len(self), dtype=bool)
        same[1:] = (self.client[1:] == self.client[:-1]) & (self.kind[1:] == self.kind[:-1])
        return np.where(same, places - 1, -1)

    def last_by(self, year: int) -> NDArray[np.intp]:
        """Return the place of the latest share up to a year, of the client and kind of each one; or -1."""
        place = self.previous.copy()
        while True:
            later = (place >= 0) & (self.year[place] > year)
            if not later.any():
                return place
            place[later] = self.previous[place[later]]

    def of_years(self, first: int, last: int) -> NDArray[np.bool_]:
        """Return which shares count and are of years from one to another."""
        return np.asarray(self.counts & (self.year >= first) & (self.year <= last))


def _band(volume: str | None) -> int:
    return 0 if volume is None else schema.VOLUMES.index(volume)
