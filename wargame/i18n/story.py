"""Tell a piece of news as a sentence: who did what to whom, by which means, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papertiger.scenarios.schema.values import POSTURES
from papertiger.wargame.i18n import catalogue
from papertiger.wargame.rules import seats
from papertiger.wargame.views.news import ANSWERS, CRISES, TESTS

if TYPE_CHECKING:
    from papertiger.wargame.i18n.translate import Translator
    from papertiger.wargame.views.news import NewsItem

ENDS = (".", "!", "?", "…")


def tell(say: Translator, item: NewsItem) -> str:
    """Return a sentence about a piece of news."""
    return sentence("; ".join([event(say, item), *(outcome(say, item, one) for one in item.outcome)]))


def event(say: Translator, item: NewsItem) -> str:
    """Return what happened, as a clause without what came of it."""
    said = say.words(item.text).strip()
    if item.kind == "no_response":
        return say.text("news.no_response", patron=say.patron, about=bare(said or say.client(item.client)))
    if said:
        return bare(said) if item.outcome else said
    name = f"news.{_key(item)}"
    if not catalogue.has(name):
        return say.about(item.client, item.kind)
    author = seats.parse(item.author).name if item.author.startswith(f"{seats.ADVERSARY}:") else ""
    return say.text(
        name,
        client=say.client(item.client),
        clients=together(say, item.clients),
        patron=say.patron,
        rival=say.rival(item.rival),
        adversary=say.adversary(author or _feared(say, item)),
    )


def _key(item: NewsItem) -> str:
    """Return which sentence tells of it."""
    match item.kind:
        case "posture":
            closer = "_again" if item.before and _rung(item.posture) < _rung(item.before) else ""
            return f"posture_{item.posture}{closer}" if not item.rival else "posture_hedging_openly"
        case kind if kind in CRISES:
            return f"crisis_{max(1, min(3, round(item.intensity)))}{'_by' if item.author else ''}"
        case "hedges_openly":
            return "hedges_openly"
        case kind:
            return kind


def _rung(posture: str) -> int:
    return POSTURES.index(posture)


def _feared(say: Translator, item: NewsItem) -> str:
    client = say.game.scenario.clients.get(item.client)
    return (client.adversary or "") if client is not None else ""


def outcome(say: Translator, item: NewsItem, what: str) -> str:
    """Return what came of a crisis, as a clause."""
    return say.text(f"outcome.{what}", client=say.client(item.client), patron=say.patron)


def ledger_line(say: Translator, item: NewsItem) -> str:
    """Return a cause of the ledger: what the patron did comes first, and what it answered after it."""
    answers = [outcome(say, item, one) for one in item.outcome if one in (*TESTS, *ANSWERS)]
    if not answers:
        return sentence(event(say, item))
    return say.text("cause.answer", answer=sentence("; ".join(answers)), about=sentence(event(say, item)))


def together(say: Translator, names: tuple[str, ...]) -> str:
    """Return names in a row, the last with an *and*."""
    called = [say.client(name) for name in names]
    if len(called) < 2:
        return "".join(called)
    return say.text("word.row", first=", ".join(called[:-1]), last=called[-1])


def bare(said: str) -> str:
    """Return a sentence without the mark at its end, so that more can follow."""
    return said[:-1] if said.endswith(".") and not said.endswith("..") else said


def sentence(said: str) -> str:
    """Return a clause as a sentence."""
    said = said[:1].upper() + said[1:]
    return said if said.endswith(ENDS) else f"{said}."
