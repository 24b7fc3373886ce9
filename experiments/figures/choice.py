"""Draw what spoke for each rung when a client chose: the terms of the utility, and the chance of each step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from papertiger.experiments.figures import style
from papertiger.experiments.phrases import TERM_WORDS
from papertiger.scenarios.schema.values import POSTURES

if TYPE_CHECKING:
    from papertiger.model.agents.choices import Choice


@style.styled
def of_choice(choice: Choice) -> Figure:
    """Draw the terms of every rung that a client could take, against the rung where it stands.

    Parameters
    ----------
    choice
        One choice, as `Run.choice_list` has them.
    """
    stands = next((rung for rung in choice.rungs if rung.posture == choice.posture), choice.rungs[0])
    others = [rung for rung in choice.rungs if rung is not stands]
    names = [name for name in TERM_WORDS if any(abs(rung.terms[name] - stands.terms[name]) > 1e-9 for rung in others)]
    figure = Figure(figsize=(9.0, 1.9 + 0.36 * max(3, len(names) + 1)), layout="constrained")
    panels = figure.subplots(1, max(1, len(others)), sharex=True, sharey=True, squeeze=False)[0]
    for axes, rung in zip(panels, others, strict=False):
        gaps = [rung.terms[name] - stands.terms[name] for name in names]
        whole = rung.utility - stands.utility
        labels = [*(TERM_WORDS[name] for name in names), "in all"]
        colours = ["#1f6fb2" if gap > 0.0 else "#c65a11" for gap in [*gaps, whole]]
        places = range(len(labels))
        axes.barh(places, [*gaps, whole], color=colours, height=0.7)
        axes.set_yticks(list(places), labels)
        axes.axvline(0.0, color="black", linewidth=0.8)
        axes.axhline(len(names) - 0.5, color="grey", linewidth=0.6)
        axes.set_title(
            f"{POSTURES[rung.posture]}\n{100.0 * choice.review * rung.chance:.1f} % this month",
            fontsize=9.5,
        )
        axes.set_xlabel("utility against staying", fontsize=8.5)
    if not others:
        panels[0].text(0.5, 0.5, "there is no other rung", ha="center")
    panels[0].invert_yaxis()  # the axis is shared, so that once is enough
    stood = POSTURES[stands.posture]
    figure.suptitle(f"{choice.client} in {choice.month}: what spoke for another rung than {stood}", fontsize=12)
    return figure
