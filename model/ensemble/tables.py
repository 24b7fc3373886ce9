"""The world as tables: a setting, a state and given decisions in the flat form that compiled code reads.

The records are those of `papertiger.model.ensemble.records`. Nothing here decides anything;
`papertiger.model.ensemble.kernel` does, with the rules.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from papertiger.model.constants import CONSTANT_NAMES
from papertiger.model.decisions import FREE, Decision, Decisions, Offer, check_decisions, check_decisions_given
from papertiger.model.ensemble.records import CLIENT, CONSTANTS, EVENT, OUTLOOK, PATRONS, SIGNAL
from papertiger.model.setting import Outlook, Setting
from papertiger.scenarios.schema.events import RESERVED_SIGNALS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    type Table = NDArray[Any]

CHANNELS = ("own", "witnessed", "war", "succession")
OWN, WITNESSED, WAR, SUCCESSION = range(4)
WAR_CAUSE, SUCCESSION_CAUSE, BREAK_CAUSE = -1, -2, -3
NO_OUTLOOK = -1

GENERATED = (
    "crisis",
    "coercion",
    "claim",
    "criticism",
    "courts_adversary",
    "support lapses",
    "support delivered",
)
"""Causes that the rules make, in the order of their codes."""


@dataclass(frozen=True)
class Tables:
    """What does not change during a run.

    Attributes
    ----------
    constants, patrons
        One record, and one for each patron.
    clients, actors
        N records, and the keys of their draws once more in a row; the outlook of client i stands at row i of
        ``outlooks``, those that events bring after them.
    outlooks, base_protection, base_economy, openness
        Outlooks, and their options by rival (outlooks x K).
    base_ties
        Shares at entry of arms and of the economy (outlooks x 2 x (K + 2)): the patron's, each rival's, and others'.
    signals, events
        S and E records, events in the order in which they happen.
    event_starts
        Index of each month's first event, length T + 1.
    similarity
        N x N.
    assets, asset_values, asset_totals
        Shares N x A, values A x T, and their sums by patron and month, P x T.
    war_burden, sanctions, rival_track, income_known
        Paths by patron, P x T.
    generative
        A path, length T.
    beside
        Place of the client's bond with the patron that stands in a rival's place, or ``NOBODY``, N x K; 0 x K where
        there is one patron.
    offer_keys
        N x K.
    roles
        Index in the signal table of each signal that a rule sends.
    """

    setting: Setting
    constants: Table
    patrons: Table
    clients: Table
    actors: Table
    outlooks: Table
    base_protection: Table
    base_economy: Table
    openness: Table
    base_ties: Table
    signals: Table
    events: Table
    event_starts: Table
    similarity: Table
    assets: Table
    asset_values: Table
    asset_totals: Table
    war_burden: Table
    sanctions: Table
    rival_track: Table
    income_known: Table
    generative: Table
    beside: Table
    offer_keys: Table
    roles: Table


(
    AIR_DEFENCE_FAILED,
    AIR_DEFENCE_HELD,
    SUPPORT_MISSING,
    SUPPORT_DELIVERED,
    ABANDONED,
    WORDS_ONLY,
    WEAK_RESPONSE,
    CRITICISM,
    COURTS_ADVERSARY,
    CLAIM,
    COERCION,
    INTERVENED,
    HELP_FAILED,
    HELP_TRIED,
    WAR_HOLDS,
) = range(len(RESERVED_SIGNALS))
"""Places of the signals that a rule sends, in ``roles``."""


def build_tables(setting: Setting, like: Tables | None = None) -> Tables:
    """Turn a setting into tables.

    Parameters
    ----------
    setting
        The numbers of a run.
    like
        Tables of another setting made from the same `papertiger.model.template.Template`: what both share is taken
        over.
    """
    if like is not None and like.setting.clients is setting.clients and like.setting.events is setting.events:
        return replace(
            like,
            setting=setting,
            constants=_constants(setting),
            patrons=_patrons(setting),
            signals=_signals(setting, like),
            income_known=_paths(setting, "income_known"),
        )
    outlooks = [client.outlook for client in setting.clients]
    events = np.zeros(len(setting.events), EVENT)
    for row, event in zip(events, setting.events, strict=True):
        for field in EVENT.names or ():
            row[field] = getattr(event, field) if field not in ("loading", "outlook") else NO_OUTLOOK
        row["loading"] = np.nan if event.loading is None else event.loading
        if event.outlook is not None:
            row["outlook"] = len(outlooks)
            outlooks.append(event.outlook)
    months = len(setting.months)
    starts = np.searchsorted(events["month"], np.arange(months + 1))
    shares = [client.assets for client in setting.clients]
    values = np.array([path for patron in setting.patrons for path in patron.asset_values], dtype="f8")
    values = values.reshape(sum(len(patron.asset_names) for patron in setting.patrons), months)
    patrons = _patrons(setting)
    return Tables(
        setting=setting,
        constants=_constants(setting),
        patrons=patrons,
        clients=_clients(setting),
        actors=np.array([client.key for client in setting.clients], dtype="i8"),
        outlooks=_outlooks(outlooks),
        base_protection=_by_rival(outlooks, "base_protection", setting),
        base_economy=_by_rival(outlooks, "base_economy", setting),
        openness=_by_rival(outlooks, "openness", setting),
        base_ties=np.array([(outlook.arms_ties, outlook.economy_ties) for outlook in outlooks], dtype="f8"),
        signals=_signals(setting),
        events=events,
        event_starts=starts.astype("i8"),
        similarity=np.array(setting.similarity, dtype="f8"),
        assets=np.array(shares, dtype="f8").reshape(len(setting.clients), len(values)),
        asset_values=values,
        asset_totals=np.array(
            [
                [_left_to_right(values[row["first_asset"] : row["last_asset"], month]) for month in range(months)]
                for row in patrons
            ]
        ),
        war_burden=_paths(setting, "war_burden"),
        sanctions=_paths(setting, "sanctions"),
        rival_track=_paths(setting, "rival_track"),
        income_known=_paths(setting, "income_known"),
        generative=np.array(setting.generative, dtype="i8"),
        beside=np.array(setting.beside, dtype="i8").reshape(len(setting.beside), len(setting.rivals)),
        offer_keys=np.array(setting.offer_keys, dtype="i8").reshape(len(setting.clients), len(setting.rivals)),
        roles=np.array([setting.signal_index[role] for role in RESERVED_SIGNALS], dtype="i8"),
    )


def _left_to_right(values: Table) -> float:
    """Add as the agents do; NumPy's pairwise sum may differ in the last bit."""
    total = 0.0
    for value in values:
        total += float(value)
    return total


def _constants(setting: Setting) -> Table:
    return np.array([tuple(getattr(setting.constants, name) for name in CONSTANT_NAMES)], dtype=CONSTANTS)


def _patrons(setting: Setting) -> Table:
    rows = np.zeros(len(setting.patrons), PATRONS)
    assets = 0
    for row, patron in zip(rows, setting.patrons, strict=True):
        row["first_asset"], assets = assets, assets + len(patron.asset_names)
        row["last_asset"] = assets
        for field in ("key", "income_drawn_from", "income_persistence", "income_noise"):
            row[field] = getattr(patron, field)
    return rows


def _paths(setting: Setting, name: str) -> Table:
    return np.array([getattr(patron, name) for patron in setting.patrons], dtype="f8")


def _clients(setting: Setting) -> Table:
    names = CLIENT.names or ()
    return np.array([tuple(getattr(client, name) for name in names) for client in setting.clients], dtype=CLIENT)


def _outlooks(outlooks: list[Outlook]) -> Table:
    names = OUTLOOK.names or ()
    return np.array([tuple(getattr(outlook, name) for name in names) for outlook in outlooks], dtype=OUTLOOK)


def _by_rival(outlooks: list[Outlook], field: str, setting: Setting) -> Table:
    return np.array([getattr(outlook, field) for outlook in outlooks], dtype="f8").reshape(
        len(outlooks), len(setting.rivals)
    )


def _signals(setting: Setting, like: Tables | None = None) -> Table:
    names = SIGNAL.names or ()
    if like is not None:
        rows: Table = like.signals.copy()
        for number, (new, old) in enumerate(zip(setting.signals, like.setting.signals, strict=True)):
            if new is not old:
                rows[number] = tuple(getattr(new, name) for name in names)
        return rows
    return np.array([tuple(getattr(signal, name) for name in names) for signal in setting.signals], dtype=SIGNAL)


@dataclass(frozen=True)
class DecisionTables:
    """Given decisions as dense arrays; of length 0 along the months when nothing is given.

    Attributes
    ----------
    decisions
        T x N x decisions, int8; ``FREE`` where the rule decides.
    offers
        T x N x K x 2, int8.
    attention
        T x N, NaN where the client's value decides.
    """

    decisions: Table
    offers: Table
    attention: Table


def build_decisions(given: Decisions | None, setting: Setting) -> DecisionTables:
    """Turn given decisions into arrays.

    Raises
    ------
    ValueError
        If a decision is not one that the setting knows.
    """
    check_decisions_given(given)
    if given:
        check_decisions(given, setting)
    months = len(setting.months) if given else 0
    clients, rivals = len(setting.clients), len(setting.rivals)
    decisions = np.full((months, clients, len(Decision)), FREE, dtype="i1")
    offers = np.full((months, clients, rivals, len(Offer)), FREE, dtype="i1")
    attention = np.full((months, clients), np.nan)
    if given:
        for key, value in given.decisions.items():
            decisions[key] = value
        for offer_key, value in given.offers.items():
            offers[offer_key] = value
        for attention_key, weight in given.attention.items():
            attention[attention_key] = weight
    return DecisionTables(decisions, offers, attention)


def cause_name(code: int, tables: Tables) -> str:
    """Return the name of a cause, as the reference model writes it in its ledger."""
    setting = tables.setting
    count = len(setting.events)
    if code == WAR_CAUSE:
        return "war"
    if code == SUCCESSION_CAUSE:
        return "succession"
    if code < count:
        return setting.events[code].name
    if code < 2 * count:
        return f"no response to {setting.events[code - count].name}"
    months, clients = len(setting.months), len(setting.clients)
    kind, rest = divmod(code - 2 * count, clients * months)
    client, month = divmod(rest, months)
    return f"{GENERATED[kind]} {setting.clients[client].name} {setting.months[month]}"
