"""Read a month off the state of the compiled month, in plain numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, cast, overload

from papertiger.model.rules.ties import ARMS, ECONOMY
from papertiger.wargame.engine.months import COPIED, ClientMonth, CrisisMonth, MonthState, Signal

if TYPE_CHECKING:
    from papertiger.model.ensemble.kernel import Moving
    from papertiger.model.ensemble.tables import Tables


class Rows(NamedTuple):
    """What a client's month is read off: rows of the state with these names."""

    clients: Any
    evidence: Any
    attention: Any
    offers: Any
    open_offers: Any
    ties: Any
    first_attraction: Any


def rows_of(moving: Moving) -> Rows:
    """Return the rows of a state, which the next month overwrites."""
    return Rows(*(getattr(moving, name) for name in Rows._fields))


def crises_of(moving: Moving, tables: Tables, month: int) -> tuple[CrisisMonth, ...]:
    """Return the crises of a month that was just run."""
    setting = tables.setting
    events = setting.events
    count = int(moving.written[1]) if setting.generative[month] else 0
    return tuple(
        CrisisMonth(
            int(crisis["client"]),
            float(crisis["intensity"]),
            events[int(crisis["cause"])].name if int(crisis["cause"]) < len(events) else "",
            bool(crisis["from_air"]),
        )
        for crisis in moving.crises[:count]
    )


def client_month(rows: Rows, tables: Tables, i: int) -> ClientMonth:
    """Return a client at the end of the month."""
    from papertiger.model.ensemble.records import STATE  # noqa: PLC0415 - the engine's
    from papertiger.model.ensemble.tables import cause_name  # noqa: PLC0415

    # All at once: a game reads some thousand of these, and field by field takes most of its time.
    row = dict(zip(STATE.names or (), rows.clients[i].item(), strict=True))
    evidence = rows.evidence[i, : row["evidence"]]
    holders = range(rows.ties.shape[2])
    return ClientMonth(
        **{name: row[name] for name in COPIED},
        present=bool(row["present"]),
        reviewed=bool(row["reviewed"]),
        attention=float(rows.attention[i]),
        offers=tuple(rows.offers[i].tolist()),
        raised=tuple(rows.open_offers[i].tolist()),
        arms_ties=tuple(float(rows.ties[i, ARMS, holder]) for holder in holders),
        economy_ties=tuple(float(rows.ties[i, ECONOMY, holder]) for holder in holders),
        first_attraction=tuple(rows.first_attraction[i].tolist()),
        signals=tuple(
            Signal(
                tables.setting.signals[int(item["signal"])].name,
                cause_name(int(item["cause"]), tables),
                float(item["intensity"]),
                float(item["good_capability"]),
                float(item["bad_capability"]),
                float(item["good_resolve"]),
                float(item["bad_resolve"]),
            )
            for item in evidence
        ),
    )


def month_state(
    moving: Moving, tables: Tables, clients: Sequence[ClientMonth], credibility: float, month: int
) -> MonthState:
    """Return a month that was just run, with its clients as they were read."""
    patron = moving.patron[0]
    return MonthState(
        index=month,
        clients=cast("tuple[ClientMonth, ...]", clients),
        crises=crises_of(moving, tables, month),
        income=float(patron["income"]),
        budget=float(patron["budget"]),
        burden=float(patron["burden"]),
        pressure=float(patron["pressure"]),
        lost_assets=float(patron["lost_assets"]),
        even_attention=float(patron["even_attention"]),
        credibility=credibility,
    )


class ClientsWhenAsked(Sequence[ClientMonth]):
    """The clients of a month, each read when it is first asked for; the state is copied, so that it may go on.

    Parameters
    ----------
    moving
        The state at the end of the month.
    tables
        What is run.
    """

    def __init__(self, moving: Moving, tables: Tables) -> None:
        self._rows = Rows(*(rows.copy() for rows in rows_of(moving)))
        self._tables = tables
        self._read: dict[int, ClientMonth] = {}

    def __len__(self) -> int:
        return len(self._rows.clients)

    @property
    def postures(self) -> tuple[int, ...]:
        """Where everybody stands."""
        return tuple(self._rows.clients["posture"].tolist())

    @overload
    def __getitem__(self, place: int) -> ClientMonth: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[ClientMonth]: ...
    def __getitem__(self, place: int | slice) -> ClientMonth | Sequence[ClientMonth]:
        if isinstance(place, slice):
            return [self[i] for i in range(*place.indices(len(self)))]
        if not -len(self) <= place < len(self):
            raise IndexError(place)
        i = place % len(self)
        if i not in self._read:
            self._read[i] = client_month(self._rows, self._tables, i)
        return self._read[i]
