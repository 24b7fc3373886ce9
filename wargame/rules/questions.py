"""Ask a team what it expects, with a probability, so that it can be scored later.

The score is Brier's (1950): the square of the distance between the probability and what came, 0 best, 1 worst. Every
question is about what everyone can see, at the end of a turn.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from papertiger.scenarios.schema.values import POSTURES, PostureName

Probability = Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)]
Name = Annotated[str, Field(min_length=1, max_length=60)]
Turn = Annotated[int, Field(strict=True, ge=1, le=1200)]


class _QuestionBase(BaseModel):
    """A question and the probability that a team gives it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    probability: Probability
    turn: Turn = Field(description="the turn at whose end it is settled")


class PostureBeyond(_QuestionBase):
    """The client stands at this posture or farther from the patron."""

    ask: Literal["posture_beyond"] = "posture_beyond"
    client: Name
    posture: PostureName

    @property
    def rung(self) -> int:
        """The posture as a number."""
        return POSTURES.index(self.posture)


class CrisisBreaksOut(_QuestionBase):
    """A crisis breaks out for the client during the turn."""

    ask: Literal["crisis"] = "crisis"
    client: Name


class DefectedShare(_QuestionBase):
    """At least this share of the clients in the network is suspended or beyond."""

    ask: Literal["defected_share"] = "defected_share"
    share: Probability


Question = Annotated[PostureBeyond | CrisisBreaksOut | DefectedShare, Field(discriminator="ask")]


def brier(probability: float, came: bool) -> float:
    """Return Brier's score of one forecast.

    >>> brier(0.9, True) < brier(0.9, False)
    True
    """
    distance = probability - (1.0 if came else 0.0)
    return distance * distance
