"""Name the steps of a month: the one table that both engines, the documentation and the tests read."""

from __future__ import annotations

from typing import NamedTuple


class Step(NamedTuple):
    """One step of the month.

    Attributes
    ----------
    name
        Of the step, and of the kernel's module that holds it.
    text
        What happens, in a sentence.
    method
        The method of `papertiger.model.agents.world.World` that carries it out.
    function
        The function of the kernel's module that carries it out.
    """

    name: str
    text: str
    method: str
    function: str


STEPS = (
    Step(
        "beginning",
        "Impulses fade, and what belongs to one month is cleared; the patron takes the month's income and burden.",
        "begin_month",
        "begin_month",
    ),
    Step(
        "events",
        "Dated events happen, regime losses first; a sub-state's succession is drawn.",
        "let_events_happen",
        "let_events_happen",
    ),
    Step(
        "attention",
        "The patron spreads its attention among the war, the main rival and its clients.",
        "spread_attention",
        "spread_attention",
    ),
    Step(
        "crises",
        "In generative months adversaries press, the patron answers and acts, and rivals make offers; an attack of "
        "the record that nobody answered becomes abandonment.",
        "face_crises",
        "face_crises",
    ),
    Step(
        "own_beliefs",
        "Every client forgets once and weighs the signals addressed to it, and one month of the war.",
        "weigh_own",
        "weigh_own",
    ),
    Step(
        "witnesses",
        "Every client takes its share of what was done to others.",
        "weigh_witnessed",
        "weigh_witnessed",
    ),
    Step("successions", "New situations begin, and successors of fallen regimes take office.", "succeed", "succeed"),
    Step(
        "ties",
        "Every client's ties move a month towards what draws it: arms and business, of which its dependence is made.",
        "turn_ties",
        "turn_ties",
    ),
    Step(
        "choices",
        "Every client that reviews its posture chooses, from the state before anybody's move.",
        "review",
        "review",
    ),
    Step(
        "breaks",
        "In the place of its choice a client may break away to any rung beyond its own, or come back to any before.",
        "face_breaks",
        "face_breaks",
    ),
    Step(
        "moves",
        "All take the postures they chose; covert hedging starts, grows or is found out, rivals answer rejections.",
        "move",
        "move",
    ),
    Step("feedback", "Trust, lost assets and credibility are updated.", "take_stock", "take_stock"),
    Step("record", "The month is written down.", "keep_month", "keep_month"),
)
"""The steps of a month, in their order."""
