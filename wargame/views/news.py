"""Make the news that everyone reads about a month from public acts: one item for one thing, with its author.

A crisis, the test of the air defence in it, the patron's answer and the client's complaint are one item. What the
patron does to several clients in a month is one item, too. A page writes the sentences in its language.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from papertiger.experiments.ledger.causes import NO_RESPONSE
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
from papertiger.wargame.rules.seats import ADVERSARY, CLIENT, PATRON, RIVAL, Seat
from papertiger.wargame.views.crisis_kinds import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from papertiger.model.setting import DatedEvent, Setting
    from papertiger.scenarios import Scenario
    from papertiger.scenarios.schema.game import Game
    from papertiger.scenarios.schema.values import Words
    from papertiger.wargame.engine.months import ClientMonth, CrisisMonth, MonthState
    from papertiger.wargame.engine.replay import Replay
    from papertiger.wargame.views.knowledge import PublicMonth

type Texts = tuple[tuple[str, str], ...]

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

CRISES = ("crisis", "attack")
"""Kinds of news that wait for the patron's answer."""

ANSWERS = ("intervened", "help_failed", "help_tried", "weak_response", "words_only", "abandoned")
"""Signals by which the patron answers a crisis."""

REFUSALS = ("weak_response", "words_only", "abandoned")

TESTS = ("air_defence_failed", "air_defence_held")
"""Signals by which an attack from the air tests the air defence that the patron supplied."""

SUPPORT = ("support_missing", "support_delivered")

PATRON_ACTS = (
    *ANSWERS,
    *SUPPORT,
    *("criticism", "courts_adversary", "claim", "coercion", "sanctions", "arms_or_aid", "treaty_signed"),
    *("invasion", "disengagement"),
)
"""Kinds of news whose author is the patron."""

NOT_CALLED, COMPLAINT, QUIET = "not_called", "complaint", "quiet"


@dataclass(frozen=True)
class NewsItem:
    """One piece of news.

    Attributes
    ----------
    month
        Its name.
    kind
        ``crisis``, ``posture``, ``hedges_openly``, ``complaint``, ``succession``, ``quiet``, a signal, or a kind of
        dated event.
    client, rival
        Whom it is about; blank where nobody.
    intensity
        1 to 3, or 0 where that says nothing.
    posture, before
        The new posture and the one before it, for ``posture``.
    text
        What the scenario or the facilitator says about it, by language: a dated event's line, or a crisis's kind.
    author
        The seat that did it, such as ``adversary:NAME``; blank where nobody did, or where it is not public.
    means
        Of a crisis: ``air``, ``ground`` and so on; blank where nothing is said.
    outcome
        Of a crisis: what came of it, as signals, ``not_called`` and ``complaint``, in the order of the story.
    others
        Further clients that the same was done to in the same month.
    """

    month: str
    kind: str
    client: str = ""
    rival: str = ""
    intensity: float = 0.0
    posture: str = ""
    before: str = ""
    text: Texts = ()
    author: str = ""
    means: str = ""
    outcome: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    @property
    def clients(self) -> tuple[str, ...]:
        """All clients that it is about."""
        return (self.client, *self.others) if self.client else self.others


@dataclass(frozen=True)
class Told:
    """News of a month, and the causes of the ledger that each item tells of."""

    item: NewsItem
    causes: tuple[str, ...] = ()


def texts(words: Words) -> Texts:
    """Return a text by language."""
    return tuple((language, words.text(language)) for language in words.languages)


def same(text: str) -> Texts:
    """Return a text that somebody wrote in one language as what readers of every language get."""
    return tuple((language, text) for language in LANGUAGES if text)


def written(game: Game, said: Mapping[str, str]) -> dict[str, Texts]:
    """Return what is said about dated events, by their names: by the scenario's game, and by the facilitator."""
    wordings = {name: texts(words) for name, words in game.record.items()}
    wordings |= {name: texts(inject.news) for name, inject in game.injects.items()}
    wordings |= {name: said_of(game, name, text) for name, text in said.items() if said_of(game, name, text)}
    return wordings


def said_of(game: Game, name: str, text: str) -> Texts:
    """Return what is said about something that the facilitator lets happen: as typed, or else as prepared."""
    prepared = (game.library or {}).get(name.rpartition(": ")[2])
    return same(text) if text else () if prepared is None else texts(prepared.says)


@dataclass
class Newsroom:
    """Write the news of a game.

    Attributes
    ----------
    scenario, setting
        What is played, with all that was added to its events, and the same in numbers.
    said
        Texts of dated events by name.
    open_towards
        By month and client, the power that a client hedges towards in the open.
    """

    scenario: Scenario
    setting: Setting
    said: Mapping[str, Texts]
    open_towards: Mapping[tuple[int, str], str] = field(default_factory=dict)

    def of_play(
        self, replay: Replay, seen: tuple[tuple[PublicMonth, ...], ...], turns: Iterable[range]
    ) -> tuple[Told, ...]:
        """Return the news of the months of play, in order; a turn without any says that it was quiet.

        Parameters
        ----------
        replay, seen
            What happened, and what of it is seen.
        turns
            The months of each turn that was played.
        """
        told: list[Told] = []
        supported: dict[str, str] = {}
        before, by_month = replay.start, {}
        for number, month in enumerate(replay.months, start=1):
            by_month[month.index] = list(self._of_month(month, before, seen[number], supported))
            before = month
        for span in turns:
            of_turn = [one for month in span for one in by_month.get(month, ())]
            told += of_turn or [Told(NewsItem(self.setting.months[span[-1]], QUIET))]
        return tuple(told)

    def coming(self, crises: Iterable[CrisisMonth], month: int) -> tuple[NewsItem, ...]:
        """Return what everyone reads as a turn begins: its first month's dated events, and what breaks out."""
        items = [self._dated(event) for event in self._dated_in(month)]
        return (*items, *(self._crisis(crisis, month) for crisis in crises if not crisis.event))

    def _of_month(
        self, month: MonthState, before: MonthState, seen: tuple[PublicMonth, ...], supported: dict[str, str]
    ) -> Iterator[Told]:
        setting, name = self.setting, self.setting.months[month.index]
        complaints = {own.name: seen[i].complained for i, own in enumerate(setting.clients)}
        for event in self._dated_in(month.index):
            item = self._dated(event)
            if item.kind in CRISES:
                item = self._with_outcome(item, event.name, month, complaints)
            yield Told(item, (event.name,))
        for crisis in month.crises:
            if not crisis.event:
                item = self._crisis(crisis, month.index)
                cause = f"crisis {item.client} {name}"
                yield Told(self._with_outcome(item, cause, month, complaints), (cause,))
        yield from _together(self._acts(month, name, supported))
        for i, own in enumerate(setting.clients):
            client, was = month.clients[i], before.clients[i]
            if complaints[own.name]:
                yield Told(NewsItem(name, COMPLAINT, own.name, author=str(Seat(CLIENT, own.name))))
            yield from self._of_client(month.index, own.name, client, was, sub_state=own.sub_state)

    def _acts(self, month: MonthState, name: str, supported: dict[str, str]) -> Iterator[Told]:
        """Yield what happened to clients besides the crises of the month and what is dated."""
        setting = self.setting
        dated = {event.name for event in setting.events if event.kind == SIGNAL}
        told = {crisis.event or self._cause(crisis, name) for crisis in month.crises}
        for own, client in zip(setting.clients, month.clients, strict=True):
            for signal in client.signals:
                if not self._is_public(signal.signal) or signal.cause in dated:
                    continue
                if signal.cause in told and signal.signal in (*ANSWERS, *TESTS):
                    continue
                if signal.signal == "help_tried":  # said with the failure
                    continue
                if signal.signal in SUPPORT:
                    # Spare parts that still do not come are no news.
                    if supported.get(own.name) == signal.signal:
                        continue
                    supported[own.name] = signal.signal
                author = str(Seat(PATRON)) if signal.signal in PATRON_ACTS else ""
                text = self.said.get(signal.cause.removeprefix(NO_RESPONSE), ())
                item = NewsItem(name, signal.signal, own.name, intensity=signal.intensity, author=author)
                if signal.cause.startswith(NO_RESPONSE):
                    item = replace(item, kind="no_response", text=text)
                yield Told(item, (signal.cause,))

    def _is_public(self, signal: str) -> bool:
        """Tell whether everyone sees a signal of this kind."""
        return self.setting.signals[self.setting.signal_index[signal]].witnessed

    def _cause(self, crisis: CrisisMonth, name: str) -> str:
        return f"crisis {self.setting.clients[crisis.client].name} {name}"

    def _of_client(
        self, month: int, name: str, client: ClientMonth, was: ClientMonth, *, sub_state: bool
    ) -> Iterator[Told]:
        """Yield what a client did, and who succeeded whom in it."""
        when, seat = self.setting.months[month], str(Seat(CLIENT, name))
        if client.contested_months > was.contested_months:
            yield Told(NewsItem(when, "contested_succession", name))
        elif sub_state and client.regime != was.regime:
            yield Told(NewsItem(when, "succession", name))
        towards = self.open_towards.get((month, name), "")
        if client.posture != was.posture:
            posture, before = POSTURES[client.posture], POSTURES[was.posture]
            openly = towards if posture == "hedging" else ""
            yield Told(NewsItem(when, "posture", name, openly, posture=posture, before=before, author=seat))
            towards = "" if openly else towards
        if towards:
            yield Told(NewsItem(when, "hedges_openly", name, towards, author=seat))

    def _crisis(self, crisis: CrisisMonth, month: int) -> NewsItem:
        """Return the news of a crisis that was drawn or ordered: its kind is the scenario's to say."""
        own, name = self.setting.clients[crisis.client], self.setting.months[month]
        kind = kind_of(self.scenario.clients[own.name], own.name, name, crisis)
        return NewsItem(
            month=name,
            kind="crisis",
            client=own.name,
            intensity=crisis.intensity,
            text=texts(kind.text) if kind is not None else (),
            author=str(Seat(ADVERSARY, own.adversary)) if own.adversary else "",
            means=kind.means if kind is not None else "",
        )

    def _with_outcome(self, item: NewsItem, cause: str, month: MonthState, complaints: dict[str, int]) -> NewsItem:
        """Return the news of a crisis with what came of it; the complaint is said once, with the first refusal."""
        i = [own.name for own in self.setting.clients].index(item.client)
        signals = month.clients[i].signals
        if not any(crisis.client == i for crisis in month.crises):
            return item  # history answers a dated attack of a month without decisions
        caused = {signal.signal for signal in signals if signal.cause == cause and self._is_public(signal.signal)}
        outcome = [one for one in (*TESTS, *ANSWERS) if one in caused and one != "help_tried"]
        # Of two crises in a month the stronger one's answer stands, and both were answered alike.
        if all(map(self._is_public, ANSWERS)) and not any(signal.signal in ANSWERS for signal in signals):
            outcome.append(NOT_CALLED)
        elif complaints[item.client] and any(one in REFUSALS for one in outcome):
            complaints[item.client] = 0  # of two refusals in a month, too, it complains in one breath
            outcome.append(COMPLAINT)
        return replace(item, outcome=tuple(outcome))

    def _dated_in(self, month: int) -> list[DatedEvent]:
        """Return the dated events of a month; those that something is said about in the order of what is said."""
        setting, order = self.setting, {name: place for place, name in enumerate(self.said)}
        events = [
            event
            for event in setting.events
            if event.month == month and (event.always or not setting.generative[month])
        ]
        return sorted(events, key=lambda event: order.get(event.name, len(order)))

    def _dated(self, event: DatedEvent) -> NewsItem:
        kind = self.setting.signals[event.signal].name if event.kind == SIGNAL else KINDS[event.kind]
        written_event = self.scenario.events.get(event.name)
        adversary = (written_event.adversary if written_event is not None else None) or ""
        rival = self.setting.rivals[event.rival] if event.rival >= 0 else ""
        author = ""
        if event.kind == ATTACK:
            author = str(Seat(ADVERSARY, adversary)) if adversary else ""
        elif rival:
            author = str(Seat(RIVAL, rival))
        elif kind in PATRON_ACTS:
            author = str(Seat(PATRON))
        return NewsItem(
            month=self.setting.months[event.month],
            kind=kind,
            client=self.setting.clients[event.client].name if event.client >= 0 else "",
            rival=rival,
            intensity=event.intensity,
            text=self.said.get(event.name, ()),
            author=author,
            means=(written_event.means if written_event is not None else None) or "",
        )


def _together(told: Iterable[Told]) -> Iterator[Told]:
    """Yield each act once, with all clients that it was done to in the month."""
    by_act: dict[tuple[str, Texts, str], list[Told]] = {}
    for one in told:
        # The adversary that is courted is one client's, so that this is said of each.
        whose = one.item.client if one.item.kind == "courts_adversary" else ""
        by_act.setdefault((one.item.kind, one.item.text, whose), []).append(one)
    for alike in by_act.values():
        first = alike[0].item
        others = tuple(one.item.client for one in alike[1:] if one.item.client != first.client)
        causes = tuple(cause for one in alike for cause in one.causes)
        yield Told(replace(first, others=tuple(dict.fromkeys(others))), causes)


WEIGHTS = {"regime_loss": 9, "leader_fell": 9, "invasion": 9, "crisis": 5, "attack": 6, "contested_succession": 6}
"""How much of a turn's headline a kind of news is; others weigh 2."""

POSTURE_WEIGHTS = {"loyal": 5, "hedging": 5, "distancing": 6, "suspended": 8, "realigned": 10}


def weight_of(item: NewsItem, seated: frozenset[str] = frozenset()) -> float:
    """Return how much of a turn's headline a piece of news is.

    Parameters
    ----------
    item
        The news.
    seated
        Clients that a team plays: what happens to them comes first.
    """
    weight = float(POSTURE_WEIGHTS.get(item.posture, 0) if item.kind == "posture" else WEIGHTS.get(item.kind, 2))
    if item.kind in CRISES:
        weight += item.intensity + (2.0 if {"help_failed", "intervened"} & set(item.outcome) else 0.0)
    if item.kind == QUIET:
        weight = 0.0
    return weight + (4.0 if seated & set(item.clients) else 0.0)


def headline(items: Iterable[NewsItem], seated: frozenset[str] = frozenset()) -> NewsItem | None:
    """Return the weightiest of some news, the first among equals."""
    return max(items, key=lambda item: weight_of(item, seated), default=None)
