"""Refusals: why something cannot be done, said to whoever tried, in English and German.

A refusal keeps what it is about and not just a sentence, so that the same one reads as English in a log and on the
command line and in a person's own language, with the names that people use, on a page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from papertiger.scenarios.errors import nearest, printable

type Value = str | int | tuple[str, ...] | Refusal
type Called = Callable[[str, str], str]
"""Returns what people call something, from its kind (one of ``KINDS``) and its name."""

TEXTS: dict[str, tuple[str, str]] = {
    # A sheet of orders
    "order": ("order '{order}': {problem}", "Befehl „{order}“: {problem}"),
    "order.client": ("order '{order}' about {client}: {problem}", "Befehl „{order}“ ({client}): {problem}"),
    "order.foreign": ("the seat {seat} gives no such order", "der Platz {seat} erteilt keinen solchen Befehl"),
    "order.twice": ("given twice", "zweimal erteilt"),
    "order.many": ("a sheet has at most {most} orders", "in einer Runde gehen höchstens {most} Befehle"),
    "order.absent": ("{client} has not entered the network yet", "{client} gehört noch nicht zum Netz"),
    "order.points": (
        "the orders take {spent} points and {seat} has {points} this turn",
        "die Befehle kosten {spent} Punkte, und {seat} hat in dieser Runde {points}",
    ),
    "press.foreign": ("{adversary} does not threaten {client}", "{client}: keine Bedrohung durch {adversary}"),
    "support.none": (
        "{client} does not rely on air defence from the patron",
        "{client} stützt sich nicht auf Luftabwehr der Schutzmacht",
    ),
    "posture.far": (
        "{posture} is out of reach this turn; {postures} are not",
        "„{posture}“ ist in dieser Runde nicht zu erreichen; möglich: {postures}",
    ),
    "hedge.far": ("{posture} is out of reach this turn", "„{posture}“ ist in dieser Runde nicht zu erreichen"),
    "hedge.whom": (
        "hedging in the open is hedging towards somebody",
        "wer sich offen absichert, muss sagen, bei wem",
    ),
    "hedge.posture": (
        "hedging in the open takes the posture {posture}, and the sheet orders another",
        "wer sich offen absichert, nimmt die Haltung „{posture}“ ein; befohlen ist eine andere",
    ),
    "hedge.covert": (
        "secret contacts live only at the posture {posture}",
        "geheime Kontakte gibt es nur in der Haltung „{posture}“",
    ),
    "expect": ("expectation: {problem}", "Erwartung: {problem}"),
    "expect.turn": (
        "expected a turn from {first} to {last}, got {turn}",
        "erwartet wird eine Runde von {first} bis {last}, nicht {turn}",
    ),
    "expect.client": ("expectation {number}: choose a client", "Erwartung {number}: Wählen Sie einen Klienten"),
    "expect.posture": ("expectation {number}: choose a posture", "Erwartung {number}: Wählen Sie eine Haltung"),
    # A form's fields
    "field.number": (
        "{field}: expected a whole number from 0 to {most}, got '{given}'",
        "{field}: erwartet wird eine ganze Zahl von 0 bis {most}, nicht „{given}“",
    ),
    "field.blank": (
        "{field}: a whole number from 0 to {most} is missing",
        "{field}: es fehlt eine ganze Zahl von 0 bis {most}",
    ),
    "field.other": ("the form offers no such value", "diesen Wert bietet das Formular nicht an"),
    "field.points": ("attention for {client}", "Aufmerksamkeit für {client}"),
    "field.press": ("pressure on {client}", "Druck auf {client}"),
    "field.chance": ("probability of expectation {number}", "Wahrscheinlichkeit der Erwartung {number}"),
    "field.until": ("turn of expectation {number}", "Runde der Erwartung {number}"),
    "field.share": ("share of expectation {number}", "Anteil der Erwartung {number}"),
    "field.resent": (
        "this form was sent before with another content; load the page again",
        "dieses Formular wurde schon mit anderem Inhalt gesendet; laden Sie die Seite neu",
    ),
    # Names
    "no.client": ("no client '{given}'", "kein Klient „{given}“"),
    "no.client.near": (
        "no client '{given}'; did you mean '{client}'?",
        "kein Klient „{given}“; meinten Sie „{client}“?",
    ),
    "no.rival": ("no rival '{given}'", "kein Rivale „{given}“"),
    "no.rival.near": ("no rival '{given}'; did you mean '{rival}'?", "kein Rivale „{given}“; meinten Sie „{rival}“?"),
    "no.seat": ("no seat '{given}' in this game", "kein Platz „{given}“ in diesem Spiel"),
    "no.seat.near": (
        "no seat '{given}' in this game; did you mean '{seat}'?",
        "kein Platz „{given}“ in diesem Spiel; meinten Sie „{seat}“?",
    ),
    "no.seat.name": (
        "no seat '{given}': expected one of {kinds}, with a name such as client:NAME",
        "kein Platz „{given}“: erwartet wird eines von {kinds}, mit einem Namen wie client:NAME",
    ),
    "no.branch": ("there is no branch {branch}", "es gibt keinen Zweig {branch}"),
    "no.inject": ("there is no inject '{event}'", "es gibt keine Einspielung „{event}“"),
    "no.question": ("there is no question {question}", "es gibt keine Frage {question}"),
    "no.step": ("expected one of {steps}, got '{given}'", "erwartet wird eines von {steps}, nicht „{given}“"),
    # Seats
    "seat.taken": ("the seat {seat} is taken", "der Platz {seat} ist besetzt"),
    "seat.giver": ("{giver} gives no orders for {seat}", "{giver} erteilt keine Befehle für {seat}"),
    # Turns
    "play.over": ("play is over", "das Spiel ist zu Ende"),
    "turn.number": ("there are {turns} turns", "es gibt {turns} Runden"),
    "turn.other": ("turn {turn} is not open, turn {now} is", "Runde {turn} ist nicht offen, sondern Runde {now}"),
    "turn.closed": ("turn {turn} is closed", "Runde {turn} ist geschlossen"),
    "turn.not_closed": ("turn {turn} is not closed", "Runde {turn} ist nicht geschlossen"),
    "turn.resolved": (
        "turn {turn} is resolved already, or its time has not come",
        "Runde {turn} ist schon ausgewertet oder noch nicht an der Reihe",
    ),
    "turn.open": ("turn {turn} still takes orders", "Runde {turn} nimmt noch Befehle an"),
    "turn.not_last": (
        "turn {turn} is not the last that was resolved here",
        "Runde {turn} ist nicht die letzte, die hier ausgewertet wurde",
    ),
    "turn.unseen": (
        "turn {turn} is not resolved, so there is nothing to look back at",
        "Runde {turn} ist nicht ausgewertet, also gibt es nichts zum Zurückblicken",
    ),
    "turn.unrevealed": (
        "turn {turn} is not resolved, so there is nothing to reveal of it",
        "Runde {turn} ist nicht ausgewertet, also gibt es nichts aufzudecken",
    ),
    "turn.none": ("no turn is resolved yet", "noch ist keine Runde ausgewertet"),
    "turn.never": ("turn {turn} was never closed here", "Runde {turn} wurde hier nie geschlossen"),
    # The facilitator
    "inject.past": (
        "the inject '{event}' has happened; undo the turn to take it back",
        "die Einspielung „{event}“ ist schon geschehen; nehmen Sie die Runde zurück, um sie zurückzuholen",
    ),
    "inject.double": ("there is an event '{event}' already", "es gibt schon ein Ereignis „{event}“"),
    "inject.month": (
        "expected a month from {from_month} to {to_month}, got {month}",
        "erwartet wird ein Monat von {from_month} bis {to_month}, nicht {month}",
    ),
    "inject.client": (
        "there is no client '{given}' to wait for",
        "es gibt keinen Klienten „{given}“, auf den gewartet werden könnte",
    ),
    "inject.event": ("this event does not hold: {given}", "dieses Ereignis geht nicht: {given}"),
    "branch.most": ("a game has at most {most} branches", "ein Spiel hat höchstens {most} Zweige"),
    "branch.number": ("expected branch {branch}", "erwartet wird Zweig {branch}"),
    "branch.turn": (
        "a branch begins at a turn from 1 to {last}, got {turn}",
        "ein Zweig beginnt bei einer Runde von 1 bis {last}, nicht {turn}",
    ),
    # A log
    "log.record": (
        "record {record} cannot follow on record {last}",
        "Eintrag {record} kann nicht auf Eintrag {last} folgen",
    ),
    "log.records": ("a game has at most {most} records", "ein Spiel hat höchstens {most} Einträge"),
    "log.clients": (
        "a game has at most {most} clients, this one {count}",
        "ein Spiel hat höchstens {most} Klienten, dieses {count}",
    ),
    "log.created": ("a game is created once", "ein Spiel wird nur einmal angelegt"),
    "log.first": ("a game begins with its creation", "ein Spiel beginnt damit, dass es angelegt wird"),
    "log.empty": ("{given}: an empty game", "{given}: ein leeres Spiel"),
}
"""By name: English and German. A placeholder of ``KINDS`` is a name, which a page replaces by what people call it."""

KINDS = {
    "adversary": "adversary",
    "client": "client",
    "event": "event",
    "from_month": "month",
    "giver": "seat",
    "month": "month",
    "order": "order",
    "posture": "posture",
    "postures": "posture",
    "rival": "rival",
    "seat": "seat",
    "to_month": "month",
}
"""Kinds of the names in the texts, by placeholder."""


def _as_written(_: str, name: str) -> str:
    return name


@dataclass(frozen=True)
class Refusal:
    """One reason; as text it is the English sentence with names as files write them.

    Attributes
    ----------
    name
        Of a text of the catalogue.
    values
        What stands in the text, by placeholder; a refusal may stand within another one.
    """

    name: str
    values: tuple[tuple[str, Value], ...] = ()

    def __str__(self) -> str:
        """Return the sentence for logs and the command line."""
        return self.text("en")

    def text(self, language: str, called: Called = _as_written) -> str:
        """Return the sentence in a language, with names as ``called`` gives them."""
        said = {name: _said(name, value, language, called) for name, value in self.values}
        return TEXTS[self.name][1 if language == "de" else 0].format(**said)


def _said(placeholder: str, value: Value, language: str, called: Called) -> str:
    if isinstance(value, Refusal):
        return value.text(language, called)
    if isinstance(value, tuple):
        return ", ".join(_said(placeholder, one, language, called) for one in value)
    if isinstance(value, str):
        return printable(called(KINDS[placeholder], value) if placeholder in KINDS else value)
    return str(value)


def refusal(name: str, /, **values: Value) -> Refusal:
    """Return a reason with what stands in its text."""
    return Refusal(name, tuple(values.items()))


def unknown(kind: str, given: str, valid: Iterable[str]) -> Refusal:
    """Return that there is no client, rival or seat of a name, with the nearest one that there is."""
    hint = nearest(given, valid)
    if hint is None:
        return refusal(f"no.{kind}", given=given)
    return refusal(f"no.{kind}.near", given=given, **{kind: hint})


class RefusalError(ValueError):
    """Something that cannot be done, with the reasons for the person who tried.

    Parameters
    ----------
    problems
        One or more reasons; a line each.
    """

    def __init__(self, *problems: Refusal) -> None:
        super().__init__(*problems)
        self.problems = problems

    def __str__(self) -> str:
        """Return the sentences for logs and the command line, a line each."""
        return "\n".join(map(str, self.problems))
