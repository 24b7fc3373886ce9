"""Read crises of ICB: what the patron did in a client's crisis, and how the client saw it."""

from __future__ import annotations

from typing import Any

from papertiger.scenarios.datasets.case import blocks
from papertiger.scenarios.datasets.case.clients import CaseClient
from papertiger.scenarios.datasets.case.disputes import Events
from papertiger.scenarios.datasets.case.material import Material

NO_POWER = "ICB codes what the patron did in crises for {powers} alone: nothing of it for this patron"


def crisis_events(clients: list[CaseClient], material: Material, events: Events) -> Events:
    """Return events with the crises of clients laid in: attacks that no dispute has, and the patron's answers.

    Parameters
    ----------
    clients
        Of the case.
    material
        With ICB's actors, or without.
    events
        From disputes. A crisis that begins about when one of them does is the same, and answers it.
    """
    table = material.table("icb_actors")
    if table is None:
        return events
    rule = material.judgements.crises
    power = next((name for name, code in rule.powers.items() if code == material.patron.code), None)
    if power is None:
        powers = ", ".join(material.called(code) for code in rule.powers.values())
        material.missing.append(NO_POWER.format(powers=powers))
        return events
    laid = dict(events)
    by_code = {client.code: client for client in clients}
    rows = table.rows
    columns = (
        "state", "crisis", "name", "start", "start_precision", "trigger", "triggered_by", f"{power}_involvement",
        f"{power}_effect", "violence",
    )  # fmt: skip
    for line, row in zip(rows.index, zip(*(rows[name] for name in columns), strict=True), strict=True):
        state, crisis, name, start, precision, trigger, by, involvement, effect, violence = row
        client = by_code.get(int(state))
        if client is None or start is None or not client.is_there(start.year):
            continue
        month = f"{start.year}-{start.month:02d}" if precision in {"month", "day"} else f"{start.year}-07"
        source = table.source(int(line))
        what = f"Crisis {crisis}, {str(name).title()}"
        key = f"crisis_{crisis}_{client.code}"
        attack = _near(laid, client.name, month, rule.months_apart)
        against = None if by != by or int(by) == client.code else int(by)  # noqa: PLR0124 - not a number
        is_attack = trigger == trigger and int(trigger) in rule.attack_triggers  # noqa: PLR0124
        if attack is None and is_attack and against not in (None, material.patron.code):
            laid[f"{key}_attack"] = blocks.unanswered(
                {
                    "date": month,
                    "kind": "attack",
                    "client": client.name,
                    "adversary": material.enemy(int(against or 0)),
                    "intensity": float(min(3, max(1, 1 if violence != violence else int(violence) - 1))),  # noqa: PLR0124
                    "what": f"{what}: began with a military act against it.",
                    "source": source,
                    "why": rule.attack_why,
                }
            )
            attack = f"{key}_attack"
        answer = _answer(involvement, effect, material)
        if answer is None:
            continue
        date = laid[attack]["date"] if attack is not None else month
        if answer["kind"] != "background" and attack is not None:
            # Somebody knows how the patron answered, so the attack says no more that nobody does.
            laid[attack] = {field: value for field, value in laid[attack].items() if field != "answer"}
        said = {"client": client.name, "what": f"{what}: {answer.pop('says')}.", "source": source}
        laid[f"{key}_answer"] = {"date": date, **answer, **said, "why": rule.answer_why}
    return laid


def _answer(involvement: float, effect: float, material: Material) -> dict[str, Any] | None:
    """Return what the patron did as an event's kind, news and intensity; None where nothing can be said."""
    rule = material.judgements.crises
    if involvement != involvement or effect != effect:  # noqa: PLR0124 - not a number
        return None
    did, seen = int(involvement), int(effect)
    if seen in rule.resented:
        says = "the patron stayed inactive, which was resented"
        return {"kind": "abandoned", "news": "bad", "intensity": 2.0, "says": says}
    if seen in rule.helped:
        for codes, kind, news, says in (
            (rule.force, "intervened", "good", "the patron helped by force or with its soldiers"),
            (rule.means, "arms_or_aid", "good", "the patron helped by means short of force"),
            (rule.words, "words_only", "bad", "the patron helped with words"),
        ):
            if did in codes:
                return {"kind": kind, "news": news, "intensity": 2.0, "says": says}
        return None
    if did in (*rule.force, *rule.means, *rule.words):
        return {"kind": "background", "says": "what the patron did was not seen as help"}
    return None


def _near(events: Events, client: str, month: str, apart: int) -> str | None:
    """Return the attack on a client that begins about when a crisis does, or None."""
    when = _number(month)
    near = [
        (abs(_number(event["date"]) - when), key)
        for key, event in events.items()
        if event["kind"] == "attack" and event["client"] == client and abs(_number(event["date"]) - when) <= apart
    ]
    return min(near)[1] if near else None


def _number(month: str) -> int:
    return 12 * int(month[:4]) + int(month[5:7])
