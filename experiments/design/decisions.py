"""Give decisions in an experiment: what an actor does in a month, in place of the rule, the same in every run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from papertiger.model.calendar import month_number
from papertiger.model.decisions import LARGEST, Decision, Decisions, Offer
from papertiger.scenarios.errors import nearest, shorten
from papertiger.scenarios.schema.values import Finite, Month, Part, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from papertiger.model.setting import Setting
    from papertiger.scenarios.schema.scenario import Scenario

ATTENTION = "attention"
OFFERS = {"raise": Offer.RAISE, "withdraw": Offer.WITHDRAW}
KINDS = {one.name.lower(): one for one in Decision}


class GivenDecision(Part):
    """Hold one decision that is given; `papertiger.model.decisions` says who takes it and what its values mean."""

    month: Month
    client: Text = Field(description="about whom it is, or whose it is")
    decision: Literal[
        "posture",
        "covert",
        "ask",
        "complain",
        "press",
        "response",
        "coerce",
        "claim",
        "criticise",
        "court",
        "support",
        "raise",
        "withdraw",
        "attention",
    ]
    value: Finite = Field(
        ge=0,
        description="posture 0 to 4; covert 0 or the number of the rival, from 1; press 0 to 3; response 0 nothing, "
        "1 words, 2 mediation, 3 help; support 0 nothing, 1 let it lapse, 2 deliver; attention a weight; else 0 or 1",
    )
    rival: Text | None = Field(default=None, description="whose offer it is, beside raise and withdraw")


def faults(given: Iterable[GivenDecision], world: Scenario) -> Iterator[tuple[int, str, str]]:
    """Yield what a scenario does not know of decisions: which one, what is wrong, and the nearest valid name."""
    rivals = list(world.rivals)
    taken: dict[tuple[object, ...], int] = {}
    for number, one in enumerate(given):
        key = (one.month, one.client, one.decision, one.rival)
        before = taken.setdefault(key, number)
        if before != number:
            yield number, f"{one.decision} of {shorten(one.client)} in {one.month} is given already", ""
        if not world.span.start <= one.month <= world.span.end:
            yield number, f"{one.month} is outside the scenario's span {world.span.start} to {world.span.end}", ""
        if one.client not in world.clients:
            yield number, f"no client {shorten(one.client)}", nearest(one.client, world.clients) or ""
        if (one.decision in OFFERS) != (one.rival is not None):
            yield number, "a rival belongs to raise and withdraw, and to no other decision", ""
        elif one.rival is not None and one.rival not in rivals:
            yield number, f"no rival {shorten(one.rival)}", nearest(one.rival, rivals) or ""
        if one.decision != ATTENTION:
            kind = KINDS.get(one.decision)
            largest = len(rivals) if kind is Decision.COVERT else LARGEST.get(kind, 1) if kind is not None else 1
            if not one.value.is_integer() or one.value > largest:
                yield number, f"expected {one.decision} from 0 to {largest}, got {one.value:g}", ""


def book_of(given: Iterable[GivenDecision], setting: Setting) -> Decisions:
    """Return decisions as the model takes them."""
    first = month_number(setting.months[0])
    clients = {own.name: place for place, own in enumerate(setting.clients)}
    book = Decisions()
    for one in given:
        month, client = month_number(one.month) - first, clients[one.client]
        if one.decision == ATTENTION:
            book.attention[month, client] = float(one.value)
        elif one.rival is not None:
            book.offers[month, client, setting.rivals.index(one.rival), OFFERS[one.decision]] = int(one.value)
        else:
            book.decisions[month, client, KINDS[one.decision]] = int(one.value)
    return book


def given_of(book: Decisions, setting: Setting) -> tuple[GivenDecision, ...]:
    """Return decisions of the model as an experiment gives them, in the order of months, clients and kinds."""
    months, names = setting.months, [own.name for own in setting.clients]
    rows: list[tuple[int, int, int, int, GivenDecision]] = []
    for (month, client, kind), value in book.decisions.items():
        said = {"month": months[month], "client": names[client], "decision": Decision(kind).name.lower()}
        rows.append((month, client, 0, int(kind), GivenDecision.model_validate({**said, "value": int(value)})))
    offers = {kind: name for name, kind in OFFERS.items()}
    for (month, client, rival, offer), value in book.offers.items():
        said = {"month": months[month], "client": names[client], "decision": offers[Offer(offer)]}
        said |= {"rival": setting.rivals[rival]}
        place = rival * len(offers) + int(offer)
        rows.append((month, client, 1, place, GivenDecision.model_validate({**said, "value": int(value)})))
    for (month, client), weight in book.attention.items():
        said = {"month": months[month], "client": names[client], "decision": ATTENTION}
        rows.append((month, client, 2, 0, GivenDecision.model_validate({**said, "value": float(weight)})))
    return tuple(row[-1] for row in sorted(rows, key=lambda row: row[:-1]))
