"""Define what the file of a forecast states beside its probabilities. Computes nothing."""

from __future__ import annotations

from typing import Any

from papertiger.scenarios.reading.json_reader import JsonShape


class Weight(JsonShape):
    """Hold a path's weight, as it was declared."""

    weight: float
    low: float
    high: float
    why: str


class Weights(JsonShape):
    """Say how likely each path of the war was taken to be, beforehand."""

    declared: str
    why: str
    source: tuple[str, ...]
    paths: dict[str, Weight]


class Question(JsonShape):
    """Ask one question in words, with the day by which it is decided."""

    client: str
    period: str
    asks: str
    decided_by: str
    scored: bool
    unscored_because: str


class Deciding(JsonShape):
    """Say who decides what came, from what, and by which rule."""

    who: str
    sources: str
    months: int
    void: str
    indicators: dict[str, str]
    rule: dict[str, Any]


class Statement(JsonShape):
    """Hold what a forecast declares.

    ``recorded_to`` is the last month of events that drove the runs, ``public_by`` the month in which all that it uses
    was public, and ``follows`` the SHA-256 of the list of published forecasts as it was before this one.
    """

    recorded_to: str
    public_by: str
    follows: str
    weights: Weights
    deciding: Deciding
    questions: tuple[Question, ...]
