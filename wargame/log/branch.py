"""Hold what was given in one line of play: sheets, drafts, messages, proposals and injects."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field

from papertiger.wargame.log import records
from papertiger.wargame.rules.orders import Sheet


@dataclass(frozen=True)
class SubmittedSheet:
    """A sheet in force: who gave it, and whether it was taken along from another branch."""

    sheet: Sheet
    by: str
    inherited: bool = False


@dataclass(frozen=True)
class Receipt:
    """That orders are on the disk: for which turn, and whether they took the place of earlier ones."""

    seat: str
    turn: int
    at: str
    replaced: bool


@dataclass(frozen=True)
class Message:
    """A message as it was sent; ``turn`` is the turn that was open then."""

    seq: int
    at: str
    turn: int
    sender: str
    to: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Proposal:
    """A proposal, and what came of it.

    Attributes
    ----------
    seq, at
        Of its record.
    body
        What is proposed, by whom and to whom.
    reply
        ``accepted``, ``refused`` or ``withdrawn``; blank while it has no answer.
    replied
        Number of the record that answered it.
    """

    seq: int
    at: str
    body: records.Proposed
    reply: str = ""
    replied: int = 0

    @property
    def turn(self) -> int:
        """The turn in which it was made, and with which it lapses."""
        return self.body.turn

    @property
    def parties(self) -> tuple[str, str]:
        """Who made it, and to whom."""
        return self.body.sender, self.body.to


@dataclass(frozen=True)
class Inject:
    """An inject of the facilitator, and the turn that was open when it was given."""

    body: records.Injected
    turn: int


@dataclass(frozen=True)
class Mark:
    """A trace that stays: a resolution, an undo, a branch, an inject or a recall, with the record it stands in."""

    seq: int
    at: str
    branch: int
    turn: int
    what: str
    text: str = ""


@dataclass
class Branch:
    """One line of play.

    Attributes
    ----------
    parent, since
        The branch that it began from, and the first turn that it plays anew.
    runs
        Number of the run by the first turn that it holds for.
    resolved
        How many turns are resolved.
    resolving
        Whether the open turn was closed in order to be resolved, which a kill may have cut short.
    """

    number: int
    name: str
    parent: int | None
    since: int
    runs: tuple[tuple[int, int], ...]
    resolved: int = 0
    closed: bool = False
    resolving: bool = False
    sheets: dict[tuple[int, str], SubmittedSheet] = field(default_factory=dict)
    drafts: dict[tuple[int, str], str] = field(default_factory=dict)
    ready: set[str] = field(default_factory=set)
    messages: list[Message] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    press: dict[tuple[int, str], str] = field(default_factory=dict)
    """Each seat's line for everybody, by turn and seat, in the order in which they came out."""
    taken_off: set[tuple[int, str]] = field(default_factory=set)
    """Lines that the facilitator took off the wall."""
    read_until: dict[tuple[str, str], int] = field(default_factory=dict)
    """The record up to which a seat has read what it wrote with another one."""
    injects: dict[str, Inject] = field(default_factory=dict)
    digests: dict[int, str] = field(default_factory=dict)
    revealed: dict[str, int] = field(default_factory=dict)
    """The last turn of which each step of the review is revealed."""
    closings: dict[int, int] = field(default_factory=dict)
    """Number of the record that closed each turn, by turn."""

    @property
    def turn(self) -> int:
        """The open turn."""
        return self.resolved + 1

    def still(self) -> Branch:
        """Return the branch as it is now, which records to come leave as it is."""
        other = copy(self)
        for name, value in vars(self).items():
            if isinstance(value, dict | list | set):
                setattr(other, name, copy(value))
        return other
