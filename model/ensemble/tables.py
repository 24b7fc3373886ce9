"""The world as tables: a setting, a state and given decisions in the flat form that compiled code reads.

Tables are NumPy record arrays, so that the kernel reads ``client.posture`` as the agents do. Nothing here decides
anything; `papertiger.model.ensemble.kernel` does, with the rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from papertiger.model.decisions import FREE, Decision, Decisions, Offer, check_decisions
from papertiger.model.setting import CONSTANT_NAMES, NOBODY, Outlook, Setting

if TYPE_CHECKING:
    from numpy.typing import NDArray

    type Table = NDArray[Any]

CONSTANTS = np.dtype([(name, "f8") for name in CONSTANT_NAMES], align=True)

CLIENT = np.dtype(
    [
        ("key", "i8"),
        ("enters", "i8"),
        ("sub_state", "i8"),
        ("defence_pact", "i8"),
        ("supplied_air_defence", "i8"),
        ("border", "f8"),
        ("value", "f8"),
        ("clash", "f8"),
        ("worth", "f8"),
    ],
    align=True,
)

OUTLOOK = np.dtype(
    [
        ("prior_capability", "f8"),
        ("prior_resolve", "f8"),
        ("threat", "f8"),
        ("exposure", "f8"),
        ("dependence", "f8"),
    ],
    align=True,
)

SIGNAL = np.dtype(
    [
        ("good", "i8"),
        ("excusable", "i8"),
        ("patron_threat", "i8"),
        ("response", "i8"),
        ("witnessed", "i8"),
        ("weight", "f8"),
        ("loading", "f8"),
    ],
    align=True,
)

EVENT = np.dtype(
    [
        ("month", "i8"),
        ("kind", "i8"),
        ("client", "i8"),
        ("rival", "i8"),
        ("signal", "i8"),
        ("always", "i8"),
        ("successor", "i8"),
        ("intensity", "f8"),
        ("loading", "f8"),
        ("continuity", "f8"),
        ("clash", "f8"),
    ],
    align=True,
)

STATE = np.dtype(
    [
        # What lasts from month to month.
        ("posture", "i8"),
        ("regime", "i8"),
        ("outlook", "i8"),
        ("destination", "i8"),
        ("covert_rival", "i8"),
        ("unanswered_cause", "i8"),
        ("capability_good", "f8"),
        ("capability_bad", "f8"),
        ("resolve_good", "f8"),
        ("resolve_bad", "f8"),
        ("attack_level", "f8"),
        ("claim_level", "f8"),
        ("missing_support", "f8"),
        ("contested_months", "f8"),
        ("unanswered_intensity", "f8"),
        ("anchor", "f8"),
        ("patron_trust_good", "f8"),
        ("patron_trust_bad", "f8"),
        # What belongs to one month.
        ("present", "i8"),
        ("triggered", "i8"),
        ("reviewed", "i8"),
        ("next_posture", "i8"),
        ("new_outlook", "i8"),
        ("new_attack_cause", "i8"),
        ("posted", "i8"),
        ("evidence", "i8"),
        ("best_rival", "i8"),
        ("continuity", "f8"),
        ("health_reports", "f8"),
        ("new_attack_intensity", "f8"),
        ("trust_good", "f8"),
        ("trust_bad", "f8"),
        ("best_economy", "f8"),
        ("outside_option", "f8"),
        ("fear", "f8"),
        ("peers", "f8"),
    ],
    align=True,
)

PATRON = np.dtype(
    [
        ("income", "f8"),
        ("budget", "f8"),
        ("burden", "f8"),
        ("lost_assets", "f8"),
        ("even_attention", "f8"),
    ],
    align=True,
)

EVIDENCE = np.dtype(
    [
        ("signal", "i8"),
        ("cause", "i8"),
        ("intensity", "f8"),
        ("amount", "f8"),
        ("good_capability", "f8"),
        ("bad_capability", "f8"),
        ("good_resolve", "f8"),
        ("bad_resolve", "f8"),
    ],
    align=True,
)

BOARD = np.dtype([("intensity", "f8"), ("loading", "f8"), ("cause", "i8")], align=True)

CRISIS = np.dtype([("client", "i8"), ("cause", "i8"), ("intensity", "f8"), ("clash", "f8")], align=True)

LEDGER = np.dtype(
    [
        ("month", "i8"),
        ("client", "i8"),
        ("cause", "i8"),
        ("channel", "i8"),
        ("good_capability", "f8"),
        ("bad_capability", "f8"),
        ("good_resolve", "f8"),
        ("bad_resolve", "f8"),
    ],
    align=True,
)

CHANNELS = ("own", "witnessed", "war", "succession")
OWN, WITNESSED, WAR, SUCCESSION = range(4)
WAR_CAUSE, SUCCESSION_CAUSE = -1, -2
NO_OUTLOOK = -1
NEVER = np.nan

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
    constants
        One record.
    clients, actors
        N records, and the keys of their draws once more in a row; the outlook of client i stands at row i of
        ``outlooks``, those of successors after them.
    outlooks, base_protection, base_economy, openness
        Outlooks, and their options by rival (outlooks x K).
    signals, events
        S and E records, events in the order in which they happen.
    event_starts
        Index of each month's first event, length T + 1.
    similarity
        N x N.
    assets, asset_values, asset_totals
        Shares N x A, values A x T, and their sums by month, T.
    war_burden, rival_track, income_known, generative
        Paths, length T.
    offer_keys
        N x K.
    roles
        Index in the signal table of each signal that a rule sends.
    """

    setting: Setting
    constants: Table
    clients: Table
    actors: Table
    outlooks: Table
    base_protection: Table
    base_economy: Table
    openness: Table
    signals: Table
    events: Table
    event_starts: Table
    similarity: Table
    assets: Table
    asset_values: Table
    asset_totals: Table
    war_burden: Table
    rival_track: Table
    income_known: Table
    generative: Table
    offer_keys: Table
    roles: Table


ROLES = (
    "air_defence_failed",
    "air_defence_held",
    "support_missing",
    "support_delivered",
    "abandoned",
    "words_only",
    "weak_response",
    "intervened",
    "help_failed",
    "help_tried",
    "war_holds",
    "coercion",
    "claim",
    "criticism",
    "courts_adversary",
)
(
    AIR_DEFENCE_FAILED,
    AIR_DEFENCE_HELD,
    SUPPORT_MISSING,
    SUPPORT_DELIVERED,
    ABANDONED,
    WORDS_ONLY,
    WEAK_RESPONSE,
    INTERVENED,
    HELP_FAILED,
    HELP_TRIED,
    WAR_HOLDS,
    COERCION,
    CLAIM,
    CRITICISM,
    COURTS_ADVERSARY,
) = range(len(ROLES))


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
            signals=_signals(setting, like),
            income_known=np.array(setting.income_known),
        )
    outlooks = [client.outlook for client in setting.clients]
    events = np.zeros(len(setting.events), EVENT)
    for row, event in zip(events, setting.events, strict=True):
        for field in ("month", "kind", "client", "rival", "signal", "intensity", "continuity", "clash"):
            row[field] = getattr(event, field)
        row["always"] = event.always
        row["loading"] = np.nan if event.loading is None else event.loading
        row["successor"] = NO_OUTLOOK
        if event.successor is not None:
            row["successor"] = len(outlooks)
            outlooks.append(event.successor)
    months = len(setting.months)
    starts = np.searchsorted(events["month"], np.arange(months + 1))
    shares = [client.assets for client in setting.clients]
    values = np.array(setting.asset_values, dtype="f8").reshape(len(setting.asset_names), months)
    return Tables(
        setting=setting,
        constants=_constants(setting),
        clients=_clients(setting),
        actors=np.array([client.key for client in setting.clients], dtype="i8"),
        outlooks=_outlooks(outlooks),
        base_protection=_by_rival(outlooks, "base_protection", setting),
        base_economy=_by_rival(outlooks, "base_economy", setting),
        openness=_by_rival(outlooks, "openness", setting),
        signals=_signals(setting),
        events=events,
        event_starts=starts.astype("i8"),
        similarity=np.array(setting.similarity, dtype="f8"),
        assets=np.array(shares, dtype="f8").reshape(len(setting.clients), len(setting.asset_names)),
        asset_values=values,
        asset_totals=np.array([_left_to_right(values[:, month]) for month in range(months)]),
        war_burden=np.array(setting.war_burden),
        rival_track=np.array(setting.rival_track),
        income_known=np.array(setting.income_known),
        generative=np.array(setting.generative, dtype="i8"),
        offer_keys=np.array(setting.offer_keys, dtype="i8").reshape(len(setting.clients), len(setting.rivals)),
        roles=np.array([setting.signal_index[role] for role in ROLES], dtype="i8"),
    )


def _left_to_right(values: Table) -> float:
    """Add as the agents do; NumPy's pairwise sum may differ in the last bit."""
    total = 0.0
    for value in values:
        total += float(value)
    return total


def _constants(setting: Setting) -> Table:
    return np.array([tuple(getattr(setting.constants, name) for name in CONSTANT_NAMES)], dtype=CONSTANTS)


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


def as_mapping(row: Any) -> Mapping[str, Any]:
    """Return one record as a mapping, for messages and tests."""
    names: tuple[str, ...] = row.dtype.names
    return {name: row[name].item() for name in names}


__all__ = ["NOBODY", "DecisionTables", "Tables", "as_mapping", "build_decisions", "build_tables", "cause_name"]
