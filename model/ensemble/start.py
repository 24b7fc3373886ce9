"""Start the runs of an ensemble: from the beginning of a setting, or from a checkpoint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from papertiger.model.ensemble.kernel.state import StartState
from papertiger.model.ensemble.records import PATRON, STATE
from papertiger.model.ensemble.tables import Tables
from papertiger.model.setting import NOBODY, Setting
from papertiger.scenarios.arguments import check_kind

if TYPE_CHECKING:
    from papertiger.model.ensemble.records import ClientState, Cube, Grid, PatronState, Rows
    from papertiger.model.ensemble.tables import Table


@dataclass(frozen=True)
class Start:
    """The state from which every run of an ensemble goes on.

    Attributes
    ----------
    month
        The first month still to be run.
    clients
        N records of ``STATE``.
    offers
        z, N x K.
    ties, first_attraction
        N x 2 x (K + 2) shares, and N x (K + 1): what drew each client at its entry.
    patron
        One record for each patron.
    """

    month: int
    clients: Table
    offers: Table
    ties: Table
    first_attraction: Table
    patron: Table

    @property
    def state(self) -> StartState:
        """The same as the kernel reads it; at the beginning clients are put in balance."""
        return StartState(
            cast("Rows[ClientState]", self.clients),
            cast("Grid[float]", self.offers),
            cast("Cube[float]", self.ties),
            cast("Grid[float]", self.first_attraction),
            cast("Rows[PatronState]", self.patron),
            self.month == 0,
        )


def start_of(setting: Setting) -> Start:
    """Return the state before the first month of a setting."""
    constants = setting.constants
    clients = np.zeros(len(setting.clients), STATE)
    for index, (row, client) in enumerate(zip(clients, setting.clients, strict=True)):
        row["posture"] = client.posture
        row["outlook"] = index
        row["destination"] = row["covert_rival"] = NOBODY
        outlook, strength = client.outlook, constants.prior_strength
        row["capability_good"] = strength * outlook.prior_capability
        row["capability_bad"] = strength * (1.0 - outlook.prior_capability)
        row["resolve_good"] = strength * outlook.prior_resolve
        row["resolve_bad"] = strength * (1.0 - outlook.prior_resolve)
        row["dependence"] = outlook.dependence
        row["patron_trust_good"] = constants.trust_prior_good
        row["patron_trust_bad"] = constants.trust_prior_bad
    patron = np.zeros(len(setting.patrons), PATRON)
    patron["budget"] = 1.0
    count, rivals = len(setting.clients), len(setting.rivals)
    ties = np.array([(client.outlook.arms_ties, client.outlook.economy_ties) for client in setting.clients], "f8")
    return Start(0, clients, np.zeros((count, rivals)), ties, np.zeros((count, rivals + 1)), patron)


def check_start(start: object, tables: Tables) -> None:
    """Refuse a start that is of another network than the tables.

    Raises
    ------
    TypeError
        If it is none.
    ValueError
        Saying what does not fit.
    """
    start = check_kind("start", start, Start, "the state that checkpoint(world) takes")
    setting = tables.setting
    clients, rivals, months = len(setting.clients), len(setting.rivals), len(setting.months)
    if len(start.clients) != clients or start.offers.shape != (clients, rivals):
        raise ValueError(
            f"the start is of {len(start.clients)} clients and {start.offers.shape[1]} rivals, "
            f"the scenario has {clients} and {rivals}: take the checkpoint from a world of the same scenario"
        )
    # The kernel reads memory as it is told: what has another type or shape would be read as something else.
    expected: tuple[tuple[str, Table, np.dtype[Any], tuple[int, ...]], ...] = (
        ("clients", start.clients, STATE, (clients,)),
        ("offers", start.offers, np.dtype("f8"), (clients, rivals)),
        ("ties", start.ties, np.dtype("f8"), (clients, 2, rivals + 2)),
        ("first_attraction", start.first_attraction, np.dtype("f8"), (clients, rivals + 1)),
        ("patron", start.patron, PATRON, (len(setting.patrons),)),
    )
    for name, array, kind, shape in expected:
        if array.dtype != kind or array.shape != shape or not array.flags.c_contiguous:
            raise ValueError(
                f"the start's {name} are {array.dtype.name} of the shape {array.shape}, expected {kind.name} of "
                f"{shape}: take the checkpoint from a world of the same scenario and version"
            )
    if not 0 <= start.month <= months:
        raise ValueError(f"the start is at month {start.month}, the scenario has {months} months")
    known = (
        (start.clients["outlook"], len(tables.outlooks), "a regime"),
        (start.clients["unanswered_cause"], max(1, len(tables.events)), "an event"),
        (start.clients["covert_rival"], max(1, rivals), "a rival"),
    )
    for values, count, what in known:
        if (values >= count).any() or (values < NOBODY).any():
            raise ValueError(f"the start knows {what} that the scenario does not: take it from the same scenario")
