"""Make the news that everyone reads about a month from public acts. A page writes the sentences in its language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from papertiger.model.setting import (
    ATTACK,
    DISENGAGEMENT,
    INVASION,
    LEADER_CHANGE,
    LEADER_HEALTH,
    NEW_SITUATION,
    OFFER,
    OFFER_WITHDRAWN,
    REGIME_LOSS,
    RIVAL_PLEDGE,
    SIGNAL,
)
from papertiger.scenarios.schema.values import LANGUAGES, POSTURES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from papertiger.model.setting import DatedEvent, Setting
    from papertiger.scenarios.schema.game import Game
    from papertiger.scenarios.schema.values import Words
    from papertiger.wargame.engine.months import CrisisMonth, MonthState
    from papertiger.wargame.engine.replay import Replay
    from papertiger.wargame.views.knowledge import PublicMonth

KINDS = {
    ATTACK: "attack",
    OFFER: "offer",
    OFFER_WITHDRAWN: "offer_withdrawn",
    INVASION: "invasion",
    REGIME_LOSS: "regime_loss",
    LEADER_HEALTH: "leader_health",
    NEW_SITUATION: "new_situation",
    LEADER_CHANGE: "leader_change",
    DISENGAGEMENT: "disengagement",
    RIVAL_PLEDGE: "rival_pledge",
}


@dataclass(frozen=True)
class NewsItem:
    """One piece of news.

    Attributes
    ----------
    month
        Its name.
    kind
        ``crisis``, ``posture``, ``hedges_openly``, ``complaint``, ``succession``, a signal, or a kind of dated event.
    client, rival
        Whom it is about; blank where nobody.
    intensity
        1 to 3, or 0 where that says nothing.
    posture
        The new posture, for ``posture``.
    text
        What the scenario or the facilitator says about it, by language.
    """

    month: str
    kind: str
    client: str = ""
    rival: str = ""
    intensity: float = 0.0
    posture: str = ""
    text: tuple[tuple[str, str], ...] = ()


def texts(words: Words) -> tuple[tuple[str, str], ...]:
    """Return a text by language."""
    return tuple((language, words.text(language)) for language in words.languages)


def same(text: str) -> tuple[tuple[str, str], ...]:
    """Return a text that somebody wrote in one language as what readers of every language get."""
    return tuple((language, text) for language in LANGUAGES if text)


def written(game: Game, said: Mapping[str, str]) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return what is said about dated events, by their names: by the scenario's game, and by the facilitator."""
    wordings = {name: texts(words) for name, words in game.record.items()}
    wordings |= {name: texts(inject.news) for name, inject in game.injects.items()}
    wordings |= {name: same(text) for name, text in said.items() if text}
    return wordings


def news_of(
    replay: Replay,
    seen: tuple[tuple[PublicMonth, ...], ...],
    setting: Setting,
    said: Mapping[str, tuple[tuple[str, str], ...]],
    open_towards: Mapping[tuple[int, str], str],
) -> tuple[NewsItem, ...]:
    """Return the news of the months of play, in order.

    Parameters
    ----------
    replay, seen, setting
        What happened, and what of it is seen.
    said
        Texts of dated events by name.
    open_towards
        By month and client, the power that a client hedges towards in the open.
    """
    items: list[NewsItem] = []
    before = replay.start
    for number, month in enumerate(replay.months, start=1):
        items += _of_month(month, before, seen[number], setting, said, open_towards)
        before = month
    return tuple(items)


def coming_news(
    crises: Iterable[CrisisMonth],
    month: int,
    setting: Setting,
    said: Mapping[str, tuple[tuple[str, str], ...]],
) -> tuple[NewsItem, ...]:
    """Return what everyone reads as a turn begins: its first month's dated events, and the crises that break out."""
    name = setting.months[month]
    items = [_dated(event, name, setting, said) for event in _dated_in(month, setting, said)]
    items += [
        NewsItem(name, "crisis", setting.clients[crisis.client].name, intensity=crisis.intensity)
        for crisis in crises
        if not crisis.event
    ]
    return tuple(items)


def _of_month(
    month: MonthState,
    before: MonthState,
    seen: tuple[PublicMonth, ...],
    setting: Setting,
    said: Mapping[str, tuple[tuple[str, str], ...]],
    open_towards: Mapping[tuple[int, str], str],
) -> Iterable[NewsItem]:
    name = setting.months[month.index]
    dated = {event.name for event in setting.events if event.kind == SIGNAL}
    for event in _dated_in(month.index, setting, said):
        yield _dated(event, name, setting, said)
    for crisis in month.crises:
        if not crisis.event:
            yield NewsItem(name, "crisis", setting.clients[crisis.client].name, intensity=crisis.intensity)
    for i, (own, client) in enumerate(zip(setting.clients, month.clients, strict=True)):
        for signal in client.signals:
            if setting.signals[setting.signal_index[signal.signal]].witnessed and signal.cause not in dated:
                yield NewsItem(name, signal.signal, own.name, intensity=signal.intensity)
        for _ in range(seen[i].complained):
            yield NewsItem(name, "complaint", own.name)
        if client.contested_months > before.clients[i].contested_months:
            yield NewsItem(name, "contested_succession", own.name)
        elif own.sub_state and client.regime != before.clients[i].regime:
            yield NewsItem(name, "succession", own.name)
        if client.posture != before.clients[i].posture:
            yield NewsItem(name, "posture", own.name, posture=POSTURES[client.posture])
        towards = open_towards.get((month.index, own.name))
        if towards is not None:
            yield NewsItem(name, "hedges_openly", own.name, towards)


def _dated_in(month: int, setting: Setting, said: Mapping[str, tuple[tuple[str, str], ...]]) -> list[DatedEvent]:
    """Return the dated events of a month; those that something is said about in the order in which it is said."""
    order = {name: place for place, name in enumerate(said)}
    events = [
        event for event in setting.events if event.month == month and (event.always or not setting.generative[month])
    ]
    return sorted(events, key=lambda event: order.get(event.name, len(order)))


def _dated(
    event: DatedEvent, month: str, setting: Setting, said: Mapping[str, tuple[tuple[str, str], ...]]
) -> NewsItem:
    kind = setting.signals[event.signal].name if event.kind == SIGNAL else KINDS[event.kind]
    return NewsItem(
        month=month,
        kind=kind,
        client=setting.clients[event.client].name if event.client >= 0 else "",
        rival=setting.rivals[event.rival] if event.rival >= 0 else "",
        intensity=event.intensity,
        text=said.get(event.name, ()),
    )
