"""Write the tables of `docs/inertness.md`: which constants move an outcome, and which move none.

Run ``uv run python docs/make_inertness.py`` after a change of the model, of the constants or of the views in
`experiments/inertness/plan.yaml`; it takes about half an hour on two cores.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from page_blocks import table, update

from papertiger.experiments.inertness.measure import Effect, is_inert, largest, survey
from papertiger.experiments.inertness.outcomes import OUTCOMES
from papertiger.experiments.inertness.plan import InertnessPlan, judgements, load_plan

PAGE = Path(__file__).with_name("inertness.md")
BLOCK = re.compile(r"(<!-- inertness -->\n).*?(<!-- end of inertness -->)", re.DOTALL)


def views(plan: InertnessPlan) -> str:
    """Return the table of views."""
    rows = [
        [f"`{view.scenario}`", view.at, ", ".join(view.clients) or "all", view.why.rstrip(".")] for view in plan.views
    ]
    return table(("scenario", "month", "clients", "why"), rows)


def told(effects: Iterable[Effect], *, network: bool) -> list[str]:
    """Return the largest effect of a kind of view in three cells: the change, of what, and where."""
    effect = largest(effect for effect in effects if (not effect.view.clients) is network)
    change = f"{effect.change:+.3f}" if effect.moves else f"({effect.change:+.3f})"
    return [change, effect.outcome, effect.view.label]


def figures(measured: Mapping[str, Sequence[Effect]]) -> str:
    """Return the table of some figures, those that move most in the network first."""

    def size(path: str) -> tuple[bool, float]:
        found = largest(effect for effect in measured[path] if not effect.view.clients)
        return found.moves, abs(found.change)

    rows = [
        [f"`{path}`", *told(measured[path], network=True), *told(measured[path], network=False)]
        for path in sorted(measured, key=size, reverse=True)
    ]
    heads = ("figure", "in the network", "outcome", "view", "in a case", "outcome", "view")
    return table(heads, rows)


def tables(plan: InertnessPlan, measured: Mapping[str, Sequence[Effect]]) -> str:
    """Return what stands between the markers.

    Parameters
    ----------
    plan
        Views, and what was fixed.
    measured
        The effects of every figure by its dotted path.
    """
    free = {path: effects for path, effects in measured.items() if path not in plan.fixed}
    fixed = {path: effects for path, effects in measured.items() if path in plan.fixed}
    wrong = sorted(path for path, effects in free.items() if is_inert(effects))
    moving = sorted(path for path, effects in fixed.items() if not is_inert(effects))
    network = [path for path in measured if is_inert(one for one in measured[path] if not one.view.clients)]
    said = [
        f"**{len(measured)} figures were measured. {len(free) - len(wrong)} of those with a range move an outcome; "
        f"{len(fixed) - len(moving)} are inert and were fixed.** In the network alone {len(network)} would be "
        "inert.\n"
    ]
    if wrong:
        said.append(f"Inert, but not yet fixed: {', '.join(f'`{path}`' for path in wrong)}.\n")
    if moving:
        said.append(f"Fixed, but not inert any more: {', '.join(f'`{path}`' for path in moving)}.\n")
    outcomes = table(("outcome", "what"), [[f"`{name}`", text] for name, text in OUTCOMES.items()])
    parts = [
        *said,
        "The largest effect is given; in brackets where it is too small, or may be luck.\n",
        "## Views\n",
        views(plan),
        "## Outcomes\n",
        outcomes,
    ]
    if fixed:
        parts += ["## Fixed because inert\n", figures(fixed)]
    parts += ["## Figures that move something\n", figures(free)]
    return "\n".join(parts)


def render(page: str, fresh: str) -> str:
    """Return the page with fresh tables between its markers."""
    return BLOCK.sub(lambda found: f"{found[1]}\n{fresh}\n{found[2]}", page)


def main() -> int:
    """Measure everything, and write the tables."""
    plan = load_plan()
    measured = {}
    for number, (judgement, effects) in enumerate(survey(plan, judgements(plan.fixed)), start=1):
        measured[judgement.path] = effects
        sys.stderr.write(f"{number:4d} {judgement.path}{'  inert' if is_inert(effects) else ''}\n")
    return update(PAGE, lambda page: render(page, tables(plan, measured)), "make_inertness")


if __name__ == "__main__":
    sys.exit(main())
