"""Say the sentences of the debrief in a person's language."""

from __future__ import annotations

from textwrap import shorten
from typing import TYPE_CHECKING, Any

from papertiger.wargame.i18n import formats

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from papertiger.wargame.i18n.translate import Translator
    from papertiger.wargame.views.causes import Cause
    from papertiger.wargame.views.debrief_facts import Sentence

SCORES = ("brier", "teams", "model")
"""Placeholders of Brier scores; all other fractions are shares in per cent."""
MAX_INJECTS, LONGEST = 3, 80


def say_sentence(say: Translator, one: Sentence) -> str:
    """Return a sentence of the debrief."""
    values = {name: _said(say, name, value) for name, value in one.values}
    return say.text(f"debrief.{one.name}", patron=say.patron, **values)


def _said(say: Translator, name: str, value: object) -> object:
    """Return what stands for a placeholder: by its name, or a fraction in per cent."""
    if isinstance(value, float):
        return say.number(value) if name in SCORES else formats.percent(value, say.language)
    way = _WAYS.get(name)
    return value if way is None else way(say, value)


def _bare(said: str) -> str:
    return said.removesuffix(".")


def _because(say: Translator, cause: Cause) -> str:
    month, because = say.because(cause)
    return _bare(f"{month}: {because}" if month else because)


def _posture(say: Translator, name: str) -> str:
    return say.text(f"posture.{name}")


def _order_or_rule(say: Translator, order: Mapping[str, object] | None) -> str:
    return say.text("class.by_rule") if order is None else _bare(say.order(order))


def _beliefs(say: Translator, beliefs: Iterable[tuple[str, float]]) -> str:
    return ", ".join(f"{say.client(name)} {formats.percent(value, say.language)}" for name, value in beliefs)


def _injects(say: Translator, injects: Iterable[tuple[int, str]]) -> str:
    """Return injects with their turns, the first few of them, each cut to what a wall has room for."""
    named = [
        say.text("debrief.in_turn", turn=turn, event=_bare(shorten(say.event(name), LONGEST, placeholder=" …")))
        for turn, name in injects
    ]
    return "; ".join(named[:MAX_INJECTS]) + (" …" if len(named) > MAX_INJECTS else "")


def _month(say: Translator, month: str) -> str:
    return formats.month(month, say.language)


_WAYS: Mapping[str, Callable[[Translator, Any], str]] = {
    "after": _posture,
    "before": _posture,
    "beliefs": _beliefs,
    "best": lambda say, words: say.words(words),
    "cause": _because,
    "client": lambda say, name: say.client(name),
    "from_month": _month,
    "given": lambda say, order: _bare(say.order(order)),
    "group": lambda say, number: say.text("class.group", number=number),
    "here": _order_or_rule,
    "there": _order_or_rule,
    "goal": lambda say, words: say.words(words),
    "month": _month,
    "news": lambda say, item: say.news(item),
    "injects": _injects,
    "order": lambda say, order: _bare(say.order(order)),
    "orders": lambda say, orders: " ".join(map(say.order, orders)),
    "other": lambda say, name: say.actor(name),
    "pledge": lambda say, pledge: say.pledge(pledge),
    "posture": _posture,
    "question": lambda say, question: say.question(question),
    "rival": lambda say, name: say.rival(name),
    "seat": lambda say, name: say.actor(name),
    "seats": lambda say, names: ", ".join(map(say.actor, names)),
    "term": lambda say, name: say.text(f"term.{name}"),
    "to_month": _month,
    "worst": lambda say, words: say.words(words),
    "would": _posture,
}
