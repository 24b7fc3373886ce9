"""Keep proposals, lines for the press and what was read: what may come next, and what each does to a branch."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from papertiger.wargame.log import records
from papertiger.wargame.log.branch import Branch, Proposal
from papertiger.wargame.rules.pledges import objections
from papertiger.wargame.rules.refusals import Refusal, refusal
from papertiger.wargame.rules.seats import parse

if TYPE_CHECKING:
    from papertiger.scenarios import Scenario

TALK = (records.Proposed, records.Replied, records.Seen, records.Published, records.Unpublished)
MAX_PROPOSALS = 20
"""How many proposals a seat can make in a turn."""


def parties_of(body: records.Proposed | records.Replied | records.Seen, line: Branch) -> tuple[str, ...]:
    """Return the seats that may know of a record."""
    if isinstance(body, records.Proposed):
        return body.sender, body.to
    if isinstance(body, records.Seen):
        return (body.seat,)
    return next((one.parties for one in line.proposals if one.seq == body.proposal), (body.seat,))


def objections_to(body: Any, line: Branch, scenario: Scenario, last: int) -> tuple[Refusal, ...]:
    """Return why a record of the talk cannot come next; its seats are known and its turn is open.

    Parameters
    ----------
    body, line
        The record, and where it would stand.
    scenario, last
        Whose clients there are, and the last turn.
    """
    match body:
        case records.Proposed():
            return _objections_to_proposal(body, line, scenario, last)
        case records.Replied():
            return _objections_to_reply(body, line)
        case records.Seen():
            known = {"all", "facilitator", *(seat for one in line.messages for seat in (one.sender, *one.to))}
            known |= {seat for one in line.proposals for seat in one.parties}
            return () if body.other in known else (refusal("talk.nobody"),)
        case records.Published() if (body.turn, body.seat) in line.press:
            return (refusal("talk.published", turn=body.turn),)
        case records.Unpublished() if (body.turn, body.seat) not in line.press:
            return (refusal("talk.unpublished", turn=body.turn),)
        case _:
            return ()


def _objections_to_proposal(
    body: records.Proposed, line: Branch, scenario: Scenario, last: int
) -> tuple[Refusal, ...]:
    if body.sender == body.to:
        return (refusal("talk.self"),)
    if body.gives is None and body.asks is None and not body.text.strip():
        return (refusal("talk.empty"),)
    if sum(one.body.sender == body.sender and one.turn == body.turn for one in line.proposals) >= MAX_PROPOSALS:
        return (refusal("talk.many", most=MAX_PROPOSALS),)
    sides = ((body.gives, body.sender), (body.asks, body.to))
    return tuple(
        problem
        for pledge, seat in sides
        if pledge is not None
        for problem in objections(pledge, parse(seat), scenario, body.turn, last)
    )


def _objections_to_reply(body: records.Replied, line: Branch) -> tuple[Refusal, ...]:
    proposal = next((one for one in line.proposals if one.seq == body.proposal), None)
    if proposal is None or body.seat != (proposal.body.sender if body.reply == "withdrawn" else proposal.body.to):
        return (refusal("talk.unknown"),)
    if proposal.reply:
        return (refusal("talk.answered"),)
    return () if proposal.turn == body.turn else (refusal("talk.lapsed"),)


def apply_talk(record: records.Record, line: Branch) -> None:
    """Take in a record of the talk that may come next."""
    body = record.body
    match body:
        case records.Proposed():
            line.proposals.append(Proposal(record.seq, record.at, body))
        case records.Replied():
            line.proposals = [
                replace(one, reply=body.reply, replied=record.seq) if one.seq == body.proposal else one
                for one in line.proposals
            ]
        case records.Seen():
            place = body.seat, body.other
            line.read_until[place] = max(body.until, line.read_until.get(place, 0))
        case records.Published():
            line.press[body.turn, body.seat] = body.text
        case records.Unpublished():
            line.taken_off.add((body.turn, body.seat))


def talk_until(line: Branch, turn: int) -> None:
    """Drop what was said while a turn after this one was open; a proposal is answered in its own turn or never."""
    line.proposals = [one for one in line.proposals if one.turn <= turn]
    line.press = {place: text for place, text in line.press.items() if place[0] <= turn}
    line.taken_off = {place for place in line.taken_off if place[0] <= turn}
    line.read_until = dict(line.read_until)
