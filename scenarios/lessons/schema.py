"""Define what a lesson's file holds: script, reading, quiz, assignment, and the figures that its texts may quote."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from papertiger.scenarios.schema.values import Part, PostureName, Text, Words

MeasureName = Literal[
    "at_least",
    "protection",
    "moved",
    "crises",
    "helped",
    "credibility_before",
    "credibility_after",
    "defecting",
    "quiet",
]
DebriefPart = Literal["changes", "points", "secrets", "promises", "forecasts", "fan", "goals", "groups", "along"]
"""Parts of the debrief that *Next* leads through, in their order; turning points are one."""
OF_A_CLIENT = ("at_least", "protection", "moved", "crises", "helped")
"""Measures that are about one client; the others are about the network."""


class Step(Part):
    """One part of the lesson, as long as it lasts."""

    minutes: int = Field(strict=True, ge=1, le=5000)
    part: Literal["start", "practice", "play", "debrief", "break"]
    turn: int | None = Field(
        default=None, strict=True, ge=1, description="which turn is played; its first, if several"
    )
    turns: int = Field(default=1, strict=True, ge=1, description="how many turns are played in this part")
    title: Words
    say: tuple[Words, ...] = Field(min_length=1, description="what the teacher reads out, a paragraph each")
    do: Words | None = Field(default=None, description="what the teacher does meanwhile")
    watch: Words | None = Field(default=None, description="what to look out for")
    ask: Words | None = Field(default=None, description="what to ask if nothing moves")
    prepared: tuple[Text, ...] = Field(
        default=(), description="of the game's library: what fits here if the class has time for it or nothing moves"
    )
    until: DebriefPart | None = Field(
        default=None, description="up to which part of the debrief *Next* is pressed here; blank if not at all"
    )


class Reading(Part):
    """One page to read before the lesson."""

    title: Words
    paragraphs: tuple[Words, ...] = Field(min_length=1, max_length=8)


class Question(Part):
    """A question of the quiz, with its key."""

    ask: Words
    answers: tuple[Words, ...] = Field(default=(), max_length=5, description="to choose among; none asks for words")
    right: int | None = Field(default=None, strict=True, ge=1, description="which answer is right, counted from one")
    why: Words = Field(description="the key: why this is right, or what a good answer says")


class Decision(Part):
    """What one seat orders, the same in every game, to measure what it changes."""

    what: Words
    seat: Text
    turns: tuple[int, ...] = Field(default=(), description="in which turns; blank means in every one")
    orders: tuple[dict[str, Any], ...] = Field(min_length=1, description="as on a sheet of the game")


class Measured(Part):
    """A figure that the texts may quote: it is measured when the kit is made, and stands in no file."""

    measure: MeasureName = Field(
        description="after play, over the lesson's games: at_least (share of games in which a client stands at a "
        "posture or beyond), protection (believed in, the mean), moved (share of games in which the posture "
        "changes), crises (in a game), helped (share of its crises in which the patron helps), credibility_before, "
        "credibility_after (the middle), defecting (share of games in which some client newly defects), quiet (share "
        "of turns without a crisis)"
    )
    client: Text | None = None
    posture: PostureName | None = Field(default=None, description="for at_least")
    decision: Text | None = Field(default=None, description="with which decision; blank leaves all to the rules")


class Lesson(Part):
    """A lesson about the scenario of the same name. Texts quote figures by name in braces and hold no other ones."""

    name: Text
    question: Words = Field(description="what the lesson is about, in one question")
    audience: Words
    learn: tuple[Words, ...] = Field(min_length=1)
    seats: tuple[Text, ...] = Field(min_length=1, description="in which order seats are filled when people are few")
    about: tuple[Text, ...] = Field(min_length=1, max_length=4, description="clients whose ends the kit shows")
    script: tuple[Step, ...] = Field(min_length=3)
    reading: Reading
    quiz: tuple[Question, ...] = Field(min_length=3)
    assignment: Words
    limits: Words = Field(description="what the model cannot say here")
    unbalanced: Words | None = Field(
        default=None,
        description="what `papertiger balance` finds amiss, said where the lesson is listed; blank where all holds",
    )
    games: int = Field(default=100, strict=True, ge=10, le=1000, description="games behind each measured figure")
    decisions: dict[Text, Decision] = Field(default_factory=dict)
    figures: dict[Text, Measured] = Field(default_factory=dict)

    @property
    def debrief_minutes(self) -> int:
        """How long its debrief takes."""
        return sum(step.minutes for step in self.script if step.part == "debrief")

    @property
    def minutes(self) -> int:
        """How long it takes."""
        return sum(step.minutes for step in self.script)
