"""Read a finished run as tidy tables."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from papertiger.model import ledger as accounts
from papertiger.model.rules import breaks
from papertiger.model.setting import DISENGAGEMENT, LEADER_CHANGE, NOBODY, REGIME_LOSS, RIVAL_PLEDGE
from papertiger.model.shown import html_of, one_line
from papertiger.scenarios.arguments import check_name
from papertiger.scenarios.schema.values import POSTURES

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from papertiger.model.agents.choices import Choice
    from papertiger.model.decisions import Decisions
    from papertiger.model.rules.rules import Rules
    from papertiger.model.setting import Setting
    from papertiger.scenarios import Scenario
from papertiger.model.agents.record import CLIENT_COLUMNS, PATRON_COLUMNS, SIGNAL_COLUMNS, Record

BREAK_COLUMNS = ("month", "client", "before", "after", "cause", "event", "hazard")

LEDGER_COLUMNS = ("month", "client", "cause", "channel", "belief", "good", "bad")


WHY_COLUMNS = ("cause", "channel", "capability", "resolve", "protection")


class Run:
    """A finished run as tidy tables.

    Parameters
    ----------
    scenario
        The resolved scenario.
    setting
        The same in numbers.
    record, ledger
        What the world wrote down.
    rules, decisions
        What it was run with, beside the scenario; blank for the shipped rules and no decisions.

    Attributes
    ----------
    scenario, seed, run
        What was run.
    clients, patron, patrons, signals, ledger
        Tidy pandas tables; the columns are the constants of this module.
    """

    def __init__(
        self,
        scenario: Scenario,
        setting: Setting,
        record: Record,
        ledger: accounts.Ledger,
        rules: Rules | None = None,
        decisions: Decisions | None = None,
    ) -> None:
        self._rules, self._decisions = rules, decisions
        self.scenario, self.setting = scenario, setting
        self.seed, self.run = setting.seed, setting.run
        self._rows = {
            "clients": record.clients,
            "patron": record.patron,
            "patrons": record.patrons,
            "signals": record.signals,
        }
        self._ledger = ledger
        self.months_run = len(record.patron)

    @cached_property
    def choice_list(self) -> list[Choice]:
        """Every choice of the run, with all that was weighed; see `papertiger.model.agents.choices`."""
        from papertiger.model.agents.choices import choices_of  # noqa: PLC0415 - Mesa is slow to import

        return choices_of(self.scenario, self.setting, self._rules, self._decisions, self.months_run)

    @cached_property
    def choices(self) -> pd.DataFrame:
        """One row per month, client and rung within reach: chances, utility, and the terms that add up to it.

        ``review`` is the chance of a review in that month and ``chance`` that of the rung if it comes to one, so that
        their product is the chance of the step.
        """
        import pandas as pd  # noqa: PLC0415 - pandas is slow to import

        return pd.DataFrame(
            [
                {
                    "month": choice.month,
                    "client": choice.client,
                    "posture": choice.posture,
                    "reason": choice.reason,
                    "review": choice.review,
                    "chosen": choice.chosen,
                    "rung": rung.posture,
                    "chance": rung.chance,
                    "utility": rung.utility,
                    **rung.terms,
                }
                for choice in self.choice_list
                for rung in choice.rungs
            ]
        )

    def __repr__(self) -> str:
        span = f"{self.setting.months[0]} to {self.setting.months[max(0, self.months_run - 1)]}"
        clients = len({client.name for client in self.setting.clients})
        return one_line(self, f"{self.scenario.name}, {span}, {clients} clients, seed {self.seed}, run {self.run}")

    def _repr_html_(self) -> str:
        last = self.clients[self.clients["month"] == self.clients["month"].iloc[-1]]
        columns = ["client", "posture_name", "protection", "capability", "resolve"]
        return html_of(repr(self), last[columns])

    def _table(self, name: str, columns: tuple[str, ...]) -> pd.DataFrame:
        import pandas as pd  # noqa: PLC0415 - pandas is slow to import

        return pd.DataFrame(self._rows[name], columns=list(columns))

    def rows(self, name: str) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        """Return the columns and the rows of a table as they were written down, without pandas.

        Parameters
        ----------
        name
            One of ``clients``, ``patron``, ``patrons``, ``signals`` and ``ledger``.
        """
        check_name(name, ("clients", "patron", "patrons", "signals", "ledger"), "table")
        if name == "ledger":
            return LEDGER_COLUMNS, ledger_rows(self._ledger, self.setting)
        columns = {
            "clients": CLIENT_COLUMNS,
            "patron": PATRON_COLUMNS,
            "patrons": ("patron", *PATRON_COLUMNS),
            "signals": SIGNAL_COLUMNS,
        }
        return columns[name], self._rows[name]

    def columns(self, name: str) -> dict[str, NDArray[Any]]:
        """Return the columns of a table as arrays, without pandas.

        Parameters
        ----------
        name
            As for `rows`.
        """
        import numpy as np  # noqa: PLC0415 - a server of games reads runs without it

        columns, rows = self.rows(name)
        return dict(zip(columns, map(np.array, zip(*rows, strict=True)), strict=True))

    @cached_property
    def _client_columns(self) -> dict[str, NDArray[Any]]:
        return self.columns("clients")

    def of_client(self, client: str) -> dict[str, NDArray[Any]]:
        """Return a client's months: the columns of the table of clients, each of length T.

        Parameters
        ----------
        client
            Its name.
        """
        mine = self._client_columns["client"] == client
        return {name: column[mine] for name, column in self._client_columns.items()}

    @cached_property
    def clients(self) -> pd.DataFrame:
        """One row per month and client."""
        return self._table("clients", CLIENT_COLUMNS)

    @cached_property
    def patron(self) -> pd.DataFrame:
        """One row per month, of the first patron."""
        return self._table("patron", PATRON_COLUMNS)

    @cached_property
    def patrons(self) -> pd.DataFrame:
        """One row per month and patron."""
        return self._table("patrons", ("patron", *PATRON_COLUMNS))

    @cached_property
    def signals(self) -> pd.DataFrame:
        """One row per signal: own evidence after the cap, before the weight of bad news."""
        return self._table("signals", SIGNAL_COLUMNS)

    @cached_property
    def ledger(self) -> pd.DataFrame:
        """One row per piece of evidence and belief, bad news with its weight; two per regime loss.

        The rows of a regime loss have the cause ``succession``. They hold no evidence but the prior that the account
        is opened with anew: the mean of the belief as good, what it lacks to 1 as bad.
        """
        return ledger_table(self._ledger, self.setting)

    @cached_property
    def breaks(self) -> pd.DataFrame:
        """One row per break: rungs before and after, the strongest cause, its latest event, and the month's hazard.

        The event is blank where the baseline is the cause.
        """
        return break_table(self._ledger, self.setting)

    def broken(self, client: str) -> list[tuple[Any, ...]]:
        """Return the breaks of one client, as rows of the table of breaks, without pandas.

        Parameters
        ----------
        client
            Its name.
        """
        place = BREAK_COLUMNS.index("client")
        return [row for row in break_rows(self._ledger, self.setting) if row[place] == client]

    def shares(self, client: str, month: str | None = None) -> dict[accounts.Key, accounts.Share]:
        """Return each cause's part of a client's distance from its first prior, at the end of a month.

        Parameters
        ----------
        client
            Its name.
        month
            YYYY-MM; blank takes the last month.

        Raises
        ------
        ValueError
            If there is no such client or month.
        """
        names = [setting.name for setting in self.setting.clients]
        months = self.setting.months[: self.months_run]
        index = names.index(check_name(client, names, "client"))
        until = len(months) - 1 if month is None else months.index(check_name(month, months, "month"))
        return shares_of(self._ledger, self.setting, index, until)

    def why(self, client: str, start: str | None = None, end: str | None = None) -> pd.DataFrame:
        """Return why a client's beliefs moved between two months, largest part of protection first.

        Parameters
        ----------
        client
            Its name.
        start
            YYYY-MM, the end of that month; blank means the prior.
        end
            YYYY-MM; blank means the last month.

        Returns
        -------
        pandas.DataFrame
            Columns cause, channel, capability, resolve, protection. Each column of numbers sums to the change.
            A part also moves when other causes add evidence, since the counts it is a share of grow.

        Raises
        ------
        ValueError
            If there is no such client or month.
        """
        before = {} if start is None else self.shares(client, start)
        return why_table(accounts.change(before, self.shares(client, end)))


def ledger_table(ledger: accounts.Ledger, setting: Setting) -> pd.DataFrame:
    """Return a ledger as the table of `Run.ledger`."""
    import pandas as pd  # noqa: PLC0415 - pandas is slow to import

    return pd.DataFrame(ledger_rows(ledger, setting), columns=list(LEDGER_COLUMNS))


def ledger_rows(ledger: accounts.Ledger, setting: Setting) -> list[tuple[Any, ...]]:
    """Return a ledger as the rows of the table of `Run.ledger`."""
    months, names = setting.months, [client.name for client in setting.clients]
    rows: list[tuple[Any, ...]] = []
    for e in ledger.entries:
        where = (months[e.month], names[e.client], e.cause, e.channel)
        if e.good_capability != 0.0 or e.bad_capability != 0.0:
            rows.append((*where, "capability", e.good_capability, e.bad_capability))
        if e.good_resolve != 0.0 or e.bad_resolve != 0.0:
            rows.append((*where, "resolve", e.good_resolve, e.bad_resolve))
    for c in ledger.closings:
        where = (months[c.month], names[c.client], *accounts.SUCCESSION)
        rows.append((*where, "capability", c.prior_capability, 1.0 - c.prior_capability))
        rows.append((*where, "resolve", c.prior_resolve, 1.0 - c.prior_resolve))
    return rows


def break_table(ledger: accounts.Ledger, setting: Setting) -> pd.DataFrame:
    """Return the breaks of a ledger as the table of `Run.breaks`."""
    import pandas as pd  # noqa: PLC0415 - pandas is slow to import

    return pd.DataFrame(break_rows(ledger, setting), columns=list(BREAK_COLUMNS))


def break_rows(ledger: accounts.Ledger, setting: Setting) -> list[tuple[Any, ...]]:
    """Return the breaks of a ledger as the rows of the table of `Run.breaks`."""
    return [
        (
            setting.months[one.month],
            setting.clients[one.client].name,
            POSTURES[one.before],
            POSTURES[one.after],
            breaks.BREAK_CAUSES[one.cause],
            _event_behind(one, ledger, setting),
            one.hazard,
        )
        for one in ledger.breaks
    ]


def _event_behind(one: accounts.Break, ledger: accounts.Ledger, setting: Setting) -> str:
    """Return the latest event, dated or drawn, that feeds the cause of a break."""
    if one.cause == breaks.COERCION:
        own = [e for e in ledger.entries if e.client == one.client and e.channel == "own" and e.month <= one.month]
        return next((entry.cause for entry in reversed(own) if _is_coercive(entry.cause, setting)), "")
    kinds = {
        breaks.NEW_RULER: (REGIME_LOSS, LEADER_CHANGE),
        breaks.DISENGAGEMENT: (DISENGAGEMENT,),
        breaks.RIVAL_PLEDGE: (RIVAL_PLEDGE,),
    }.get(one.cause, ())
    mine = [e for e in setting.events if e.client == one.client and e.kind in kinds and e.month <= one.month]
    return mine[-1].name if mine else ""


def _is_coercive(cause: str, setting: Setting) -> bool:
    """Tell whether a cause of evidence, dated or drawn, is coercion by the patron."""
    signal = next((event.signal for event in setting.events if event.name == cause), NOBODY)
    if signal == NOBODY:
        signal = setting.signal_index.get(cause.partition(" ")[0], NOBODY)
    return signal != NOBODY and setting.signals[signal].coercive


def shares_of(
    ledger: accounts.Ledger, setting: Setting, client: int, until: int
) -> dict[accounts.Key, accounts.Share]:
    """Return each cause's part of a client's distance from its first prior, at the end of a month.

    Parameters
    ----------
    ledger, setting
        Of the run.
    client, until
        Indices of the client and of the month.
    """
    one = setting.clients[client]
    outlook = one.outlook
    held = accounts.held_evidence(
        (entry for entry in ledger.entries if entry.client == client),
        [closing for closing in ledger.closings if closing.client == client],
        min(until, one.leaves - 1),  # a client that left forgets no more: it believes what it last did
        setting.constants.forgetting,
        outlook.prior_capability,
        outlook.prior_resolve,
    )
    return accounts.shares(held, setting.constants.prior_strength)


def why_table(parts: dict[accounts.Key, accounts.Share]) -> pd.DataFrame:
    """Return parts as a table, largest part of protection first."""
    import pandas as pd  # noqa: PLC0415 - pandas is slow to import

    rows = [(*key, part.capability, part.resolve, part.protection) for key, part in parts.items()]
    table = pd.DataFrame(rows, columns=list(WHY_COLUMNS))
    order = table["protection"].abs().sort_values(ascending=False, kind="stable").index
    return table.loc[order].reset_index(drop=True)


def strongest_cause(run: Run, client: str) -> str:
    """Return the cause that moved a client's protection most since the start, or an empty text."""
    parts = run.shares(client)
    if not parts:
        return ""
    (cause, _), _ = max(parts.items(), key=lambda item: abs(item[1].protection))
    return cause
