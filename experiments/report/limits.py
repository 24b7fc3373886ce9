"""Say the limits of a study: those of every model of this kind, and those of the scenario at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papertiger.experiments.phrases import counted
from papertiger.model.template import Template

if TYPE_CHECKING:
    from collections.abc import Iterator

    from papertiger.experiments.run.results import Results

GENERAL = (
    "The model is an argument, not evidence. It shows what follows from assumptions that can be read and changed. It "
    "is no estimate of what would have happened.",
    "Its structure, its constants and, as a rule, the coding of events and states were chosen by people who knew how "
    "things came out. Agreement with what they knew is a look-back and no test.",
    "Weights of signals, openness to rivals, and what clients are worth are coarse judgements. Each stands in the "
    "scenario file with a reason and a range; a result that hangs on one of them is only as good as that judgement.",
    "The record of events gets denser with time and follows what was reported; contested facts are switches in the "
    "scenario.",
    "The intervals say how much is chance between runs of the model. They do not contain what the model leaves out.",
)


def limits_of(results: Results) -> tuple[str, ...]:
    """Return the limits of a study, the general ones first.

    Parameters
    ----------
    results
        An opened folder.
    """
    return (*GENERAL, *_of_the_scenario(results))


def _of_the_scenario(results: Results) -> Iterator[str]:
    label, world = next(iter(results.worlds.items()))
    figures = Template(world).figures
    varied = set(results.points.paths)
    judged = {path for path, figure in figures.items() if figure.why and figure.prior is not None}
    sourced = sum(bool(figure.source) for figure in figures.values())
    still = len(judged - varied)
    yield (
        f"“{world.title}” ({label}) covers {world.span.start} to {world.span.end} with "
        f"{counted(len(world.clients), 'client')}. {counted(sourced, 'figure')} of it "
        f"{'has' if sourced == 1 else 'have'} a source; {counted(len(judged), 'judgement')} with a range "
        f"{'was' if len(judged) == 1 else 'were'} made, of which {len(judged) - still} "
        f"{'was' if len(judged) - still == 1 else 'were'} varied here, so that nothing is said of the other {still}."
    )
    events = world.events.values()
    if events:
        without = sum(not event.source for event in events)
        lowest = sum(getattr(event, "confidence", None) == "low" for event in events)
        months = sorted(str(event.date)[:7] for event in events if getattr(event, "date", None))
        between = f", from {months[0]} to {months[-1]}" if months else ""
        weak = f"; {without} without a source, {lowest} of low confidence" if without or lowest else ""
        yield f"Its record holds {counted(len(events), 'dated event')}{between}{weak}."
    if world.mode == "generative":
        yield "Events are drawn by the rules; nothing that happened enters after the start."
