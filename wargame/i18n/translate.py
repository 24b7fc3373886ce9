"""Say in a person's language what a game is about: names, news, causes, orders and refusals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from papertiger.experiments.ledger.causes import NO_RESPONSE, drawn_of
from papertiger.scenarios.errors import ScenarioError
from papertiger.scenarios.reading.json_reader import parse_json
from papertiger.wargame.i18n import catalogue, formats, story
from papertiger.wargame.rules import seats
from papertiger.wargame.views.causes import FADING, OLDER
from papertiger.wargame.views.news import written

if TYPE_CHECKING:
    from papertiger.scenarios.schema.events import Event
    from papertiger.scenarios.schema.values import Named
    from papertiger.wargame.log.state import GameState
    from papertiger.wargame.rules.refusals import RefusalError
    from papertiger.wargame.views.causes import Cause
    from papertiger.wargame.views.news import NewsItem

type Texts = Iterable[tuple[str, str]]
type Said = Mapping[str, object]
"""An order or a question as plain data."""

MAX_NAMED = 4
"""Clients that are named where a list of them would be long."""

STANDING = {"war": "cause.war", "succession": "cause.succession", OLDER[0]: "cause.older", FADING[0]: "cause.fading"}
"""Causes that no month has."""

DRAWN = {"support lapses": "support_missing", "support delivered": "support_delivered"}
"""Kinds of what the rules let happen, by the ledger's name for it, where that is another one."""


@dataclass(frozen=True)
class Translator:
    """Say things in a language.

    Attributes
    ----------
    language
        One of `papertiger.wargame.i18n.catalogue.languages`.
    game
        Whose names are used.
    """

    language: str
    game: GameState

    def text(self, name: str, /, **values: object) -> str:
        """Return a text of the catalogue."""
        return catalogue.text(self.language, name, **values)

    def words(self, texts: Texts) -> str:
        """Return a text that a scenario gives by language."""
        said = dict(texts)
        return said.get(self.language) or said.get("en", "")

    @property
    def title(self) -> str:
        """Title of the game."""
        return self.game.game.title.text(self.language)

    def number(self, value: float) -> str:
        """Return a number as the language writes it."""
        return formats.number(value, self.language)

    # Names

    def client(self, name: str) -> str:
        """Return what a client is called."""
        return self._called(self.game.scenario.clients, name)

    def clients(self, names: Iterable[str]) -> str:
        """Return what clients are called, in a row."""
        return ", ".join(map(self.client, names))

    def rival(self, name: str) -> str:
        """Return what a rival is called."""
        return self._called(self.game.scenario.rivals, name)

    def adversary(self, name: str) -> str:
        """Return what an adversary is called."""
        return self._called(self.game.scenario.adversaries, name)

    @property
    def patron(self) -> str:
        """What the patron is called."""
        patron = self.game.scenario.patron
        return patron.called(patron.name, self.language)

    def _called(self, actors: Mapping[str, Named], name: str) -> str:
        return actors[name].called(name, self.language) if name in actors else name

    def seat(self, name: str) -> str:
        """Return what a seat is called."""
        return self.text(f"seat.{seats.parse(name).kind}", name=self.actor(name))

    def actor(self, name: str) -> str:
        """Return what the state or power behind a seat is called."""
        seat = seats.parse(name)
        match seat.kind:
            case seats.CLIENT:
                return self.client(seat.name)
            case seats.RIVAL:
                return self.rival(seat.name)
            case seats.ADVERSARY:
                return self.adversary(seat.name)
            case _:
                return self.patron

    def called(self, kind: str, name: str) -> str:
        """Return what people call something; ``kind`` is one of `papertiger.wargame.rules.refusals.KINDS`."""
        match kind:
            case "client" | "rival" | "adversary" | "seat" | "event":
                return str(getattr(self, kind)(name))
            case "month":
                return formats.month(name, self.language)
            case "order":
                return self.text(f"do.{name}")
            case _:
                return self.text(f"{kind}.{name}")

    def reasons(self, error: RefusalError | ScenarioError) -> list[str]:
        """Return why something cannot be done, a sentence each; what is wrong with a file is said in English."""
        if isinstance(error, ScenarioError):
            return str(error).splitlines()
        return [_sentence(problem.text(self.language, self.called)) for problem in error.problems]

    # What happens

    def kind(self, kind: str) -> str:
        """Return what a kind of event is called; a scenario's own signal has the label that it gives."""
        if catalogue.has(f"kind.{kind}"):
            return self.text(f"kind.{kind}")
        row = self.game.scenario.signals.get(kind)
        return kind if row is None else row.label

    def about(self, client: str, kind: str) -> str:
        """Return that something of a kind happens to a client."""
        said = self.kind(kind)
        return f"{self.client(client)}: {said}" if client else _capital(said)

    def news(self, item: NewsItem) -> str:
        """Return a sentence about a piece of news."""
        return story.tell(self, item)

    def because(self, row: Cause) -> tuple[str, str]:
        """Return a row of a client's ledger in words, what the patron did first, and its month."""
        if row.story is not None:
            return formats.month(row.story.month, self.language), story.ledger_line(self, row.story)
        month, said = self.cause(row.cause)
        return month, story.sentence(said)

    def event(self, name: str) -> str:
        """Return what is said of an event: what everyone reads of it, or else its kind, or else its own line."""
        if said := self.words(self._written.get(name, ())):
            return said
        title = self._events.get(name)
        if title is not None:
            return self.about(title.client or "", title.kind) if catalogue.has(f"kind.{title.kind}") else title.what
        # An inject that was recalled, or one of another branch, is known by its name, which ends with its kind.
        kind = name.rpartition(": ")[2]
        if prepared := (self.game.game.library or {}).get(kind):
            return prepared.says.text(self.language)
        return self.kind(kind) if catalogue.has(f"kind.{kind}") or kind in self.game.scenario.signals else name

    def cause(self, name: str) -> tuple[str, str]:
        """Return a cause of the ledger in words, and its month; blank where it has none."""
        if name in STANDING:
            return "", self.text(STANDING[name])
        if name.startswith(NO_RESPONSE):
            month, about = self.cause(name.removeprefix(NO_RESPONSE))
            return month, self.text("cause.no_response", about=about)
        if name in self._events:
            script = self.game.branch.injects.get(name)
            waited = script is not None and script.body.condition is not None  # when it came stands in no record
            month = "" if waited else formats.month(self._events[name].date[:7], self.language)
            return month, self.event(name)
        drawn = drawn_of(self.game.scenario.clients, name)
        if drawn is None:
            return "", self.event(name)
        return formats.month(drawn.month, self.language), self.about(drawn.client, DRAWN.get(drawn.kind, drawn.kind))

    @cached_property
    def _written(self) -> dict[str, tuple[tuple[str, str], ...]]:
        injects = self.game.branch.injects
        return written(self.game.game, {name: script.body.news for name, script in dict(injects).items()})

    @cached_property
    def _events(self) -> dict[str, Event]:
        planned = {name: inject.event for name, inject in self.game.game.injects.items()}
        added = {name: inject.body.event for name, inject in dict(self.game.branch.injects).items()}
        return {**self.game.scenario.events, **planned, **added}

    # What is ordered and expected

    def order(self, said: Said) -> str:
        """Return an order in a sentence or two, without its rationale."""
        name = do = str(said["do"])
        values: dict[str, object] = {"client": self.client(str(said.get("client", "")))}
        match do:
            case "posture":
                values["posture"] = self.text(f"posture.{said['posture']}")
            case "hedge" if "towards" not in said:
                name = "hedge_end"
            case "hedge":
                name = "hedge_covert" if said["covert"] else "hedge_open"
                values["rival"] = self.rival(str(said["towards"]))
            case "attention":
                values["shares"] = self._shares(said["shares"])
            case "respond":
                values["answer"] = self.text(f"answer.{said['answer']}")
            case "support":
                name = f"support_{said['supply']}"
            case "press":
                name = "press" if said["intensity"] else "press_0"
                values["intensity"] = said["intensity"]
            case "withdraw":
                pass
            case _:  # is done or is not: to call, to complain, to offer, and what is unfriendly
                name = f"{do}_{'yes' if said[do if do in said else 'act'] else 'no'}"
        sentences = [self.text(f"said.{name}", **values)]
        if "if_refused" in said:
            sentences.append(self.text(f"said.refused_{said['if_refused']}"))
        return " ".join(sentences)

    def _shares(self, shares: object) -> str:
        assert isinstance(shares, Mapping)
        return ", ".join(f"{self.client(name)} {points}" for name, points in shares.items() if points)

    def left(self, names: Iterable[str]) -> list[str]:
        """Return what was left to the rules: each decision once, with the clients that it is about."""
        clients_by_order: dict[str, list[str]] = {}
        for name in names:
            do, _, client = name.partition(" ")
            clients_by_order.setdefault(do, []).extend([client] if client else [])
        return [
            self.text(f"do.{do}") + (f": {self._some(clients)}" if clients else "")
            for do, clients in clients_by_order.items()
        ]

    def _some(self, clients: list[str]) -> str:
        """Return clients in a row: the first few, and how many more there are."""
        if len(clients) <= MAX_NAMED + 1:
            return self.clients(clients)
        more = self.text("left.more", count=len(clients) - MAX_NAMED)
        return f"{self.clients(clients[:MAX_NAMED])} {more}"

    def pledge(self, said: Said) -> str:
        """Return what a seat promises, in a few words."""
        client, posture = str(said.get("client", "")), said.get("posture")
        return self.text(
            f"pledge.{said['do']}",
            client=self.client(client),
            posture=self.text(f"posture.{posture}") if posture else "",
        )

    def question(self, said: Said) -> str:
        """Return what a team expects, in a sentence."""
        return self._seen(f"asked.{said['ask']}", said)

    def condition(self, text: str) -> str:
        """Return what an inject waits for, from its JSON."""
        said = parse_json(text, dict[str, Any], "a condition")
        return self._seen(f"wait.{said['when']}", said)

    def _seen(self, name: str, said: Said) -> str:
        return self.text(
            name,
            client=self.client(str(said.get("client", ""))),
            posture=self.text(f"posture.{said['posture']}") if "posture" in said else "",
            share=formats.percent(float(str(said.get("share", 0.0))), self.language),
        )


def _capital(said: str) -> str:
    return said[:1].upper() + said[1:]


def _sentence(said: str) -> str:
    return _capital(said) + ("" if said.endswith((".", "?")) else ".")
