"""Declare the records of the tables once, for NumPy and for whoever checks types.

A table is a NumPy record array, so that the kernel reads ``client.posture`` as the agents do. Each class here is one
kind of record: its annotations give the columns their names and numbers, and a checker the attributes of a row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_type_hints, overload

import numpy as np

from papertiger.model.constants import Constants

if TYPE_CHECKING:
    from numpy.typing import NDArray

    class Rows[E](np.ndarray[Any, np.dtype[Any]]):
        """A row of elements: records, or plain numbers."""

        @overload  # type: ignore[override]
        def __getitem__(self, at: int) -> E: ...
        @overload
        def __getitem__(self, at: slice | str) -> NDArray[Any]: ...
        def __getitem__(self, at: Any) -> Any: ...  # pyright: ignore[reportIncompatibleMethodOverride]
        def __setitem__(self, at: int, value: E) -> None: ...  # type: ignore[override]

    class Grid[E](np.ndarray[Any, np.dtype[Any]]):
        """A table of elements with two places."""

        @overload  # type: ignore[override]
        def __getitem__(self, at: tuple[int, int]) -> E: ...
        @overload
        def __getitem__(self, at: int | slice | tuple[int, slice]) -> NDArray[Any]: ...
        def __getitem__(self, at: Any) -> Any: ...  # pyright: ignore[reportIncompatibleMethodOverride]
        def __setitem__(self, at: tuple[int, int], value: E) -> None: ...  # type: ignore[override]

    class Cube[E](np.ndarray[Any, np.dtype[Any]]):
        """A table of elements with three places."""

        def __getitem__(self, at: tuple[int, int, int]) -> E: ...  # type: ignore[override]
        def __setitem__(self, at: tuple[int, int, int], value: E) -> None: ...  # type: ignore[override]

    class Quad[E](np.ndarray[Any, np.dtype[Any]]):
        """A table of elements with four places; with one of them left out it gives a row."""

        @overload  # type: ignore[override]
        def __getitem__(self, at: tuple[int, int, int, int]) -> E: ...
        @overload
        def __getitem__(self, at: tuple[int, int, int]) -> Rows[E]: ...
        def __getitem__(self, at: Any) -> Any: ...  # pyright: ignore[reportIncompatibleMethodOverride]
        def __setitem__(self, at: tuple[int, int, int, int], value: E) -> None: ...  # type: ignore[override]


class Record:
    """A row of a table; outside compiled code its fields are read by name, ``row["posture"]``."""

    if TYPE_CHECKING:

        def __getitem__(self, name: str) -> Any:
            """Return a field."""
            ...

        def item(self) -> tuple[Any, ...]:
            """Return all fields as Python's own numbers."""
            ...


class ClientRow(Record):
    """What no run changes of a client; yes and no are 1 and 0."""

    key: int
    enters: int
    leaves: int
    sub_state: int
    supplied_air_defence: int
    air_attacks: float
    border: float
    value: float
    clash: float
    worth: float
    patron: int
    lead: int


class PatronRow(Record):
    """What no run changes of a patron; its assets stand from the first to before the last in the table of assets."""

    key: int
    income_drawn_from: int
    first_asset: int
    last_asset: int
    income_persistence: float
    income_noise: float


class OutlookRow(Record):
    """An outlook without its options, which stand in tables by rival."""

    prior_capability: float
    prior_resolve: float
    threat: float
    exposure: float
    dependence: float
    arms_now: float
    economy_now: float


class SignalRow(Record):
    """A row of the signal table."""

    good: int
    excusable: int
    patron_threat: int
    coercive: int
    response: int
    witnessed: int
    system: int
    weight: float
    loading: float


class EventRow(Record):
    """A dated event; a loading of NaN takes the signal table's."""

    month: int
    kind: int
    client: int
    rival: int
    signal: int
    always: int
    answer_known: int
    patron: int
    outlook: int
    intensity: float
    loading: float
    continuity: float
    clash: float
    from_air: float


class Lasting(Record):
    """What lasts of a client's state from month to month."""

    posture: int
    regime: int
    outlook: int
    destination: int
    covert_rival: int
    unanswered_cause: int
    capability_good: float
    capability_bad: float
    resolve_good: float
    resolve_bad: float
    attack_level: float
    claim_level: float
    procurement_level: float
    missing_support: float
    ruler_stock: float
    coercion_stock: float
    disengagement_stock: float
    pledge_stock: float
    contested_months: float
    unanswered_intensity: float
    anchor: float
    dependence: float
    patron_trust_good: float
    patron_trust_bad: float


class ClientState(Lasting):
    """A client's state: what lasts, and then what belongs to one month."""

    present: int
    triggered: int
    reviewed: int
    next_posture: int
    new_outlook: int
    new_situation: int
    new_attack_cause: int
    posted: int
    evidence: int
    best_rival: int
    continuity: float
    health_reports: float
    new_attack_intensity: float
    trust_good: float
    trust_bad: float
    best_economy: float
    outside_option: float
    fear: float
    peers: float


class PatronState(Record):
    """The patron's state."""

    income: float
    budget: float
    burden: float
    pressure: float
    lost_assets: float
    even_attention: float
    succession_loss: float


class Weighed(Record):
    """Under what threat and outlook it was last worked out what rivals draw a client with, and the best's economy."""

    threat: float
    outlook: int
    economy: float


class EvidenceRow(Record):
    """A signal as evidence, within the cap and before the weight of bad news."""

    signal: int
    cause: int
    intensity: float
    amount: float
    good_capability: float
    bad_capability: float
    good_resolve: float
    bad_resolve: float


class BoardRow(Record):
    """A signal on a client's board; an intensity of 0 is an empty place, a loading of NaN the table's."""

    intensity: float
    loading: float
    cause: int


class CrisisRow(Record):
    """A crisis that waits for the patron's answer."""

    client: int
    cause: int
    intensity: float
    clash: float
    from_air: int


class LedgerRow(Record):
    """Evidence as it entered the counts; see `papertiger.model.ledger.Entry`."""

    month: int
    client: int
    cause: int
    channel: int
    good_capability: float
    bad_capability: float
    good_resolve: float
    bad_resolve: float


def dtype_of(record: type) -> np.dtype[Any]:
    """Return the NumPy type of a kind of record: its fields in their order, whole numbers and floats of 8 bytes."""
    kinds = {int: "i8", float: "f8"}
    return np.dtype([(name, kinds[kind]) for name, kind in get_type_hints(record).items()], align=True)


CONSTANTS = dtype_of(Constants)
CLIENT = dtype_of(ClientRow)
PATRONS = dtype_of(PatronRow)
OUTLOOK = dtype_of(OutlookRow)
SIGNAL = dtype_of(SignalRow)
EVENT = dtype_of(EventRow)
STATE = dtype_of(ClientState)
PATRON = dtype_of(PatronState)
WEIGHED = dtype_of(Weighed)
EVIDENCE = dtype_of(EvidenceRow)
BOARD = dtype_of(BoardRow)
CRISIS = dtype_of(CrisisRow)
LEDGER = dtype_of(LedgerRow)

LASTING: tuple[str, ...] = dtype_of(Lasting).names or ()
"""Columns of a client's state that last from month to month."""
