"""Draw the ledger of one client as a waterfall: from what it believed, cause by cause, to what it believes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from matplotlib.patches import Patch

from papertiger.experiments.figures import style
from papertiger.experiments.ledger.causes import describe
from papertiger.experiments.ledger.parts import parts
from papertiger.experiments.names import label, patron_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from papertiger.model.run import Run

MAX_CAUSES = 12
ROW = 0.32
"""Inches for each cause."""
TEXT = 4.7
"""Inches for the words on the left."""


@dataclass(frozen=True)
class Step:
    """Describe one step of the waterfall: a month and words, and its part by way of each belief."""

    month: str
    text: str
    capability: float
    resolve: float


def steps(run: Run, client: str, start: str | None, end: str | None, most: int = MAX_CAUSES) -> list[Step]:
    """Return the strongest causes in order of size, and the others as one last step."""
    strongest: list[Step] = []
    for part in parts(run, client, start, end):
        if not part.moves:
            continue
        words = describe(run.scenario, part.cause)
        seen = "witnessed: " if part.channel == "witnessed" else ""
        strongest.append(Step(words.month, seen + words.text, part.by_capability, part.by_resolve))
    if len(strongest) <= most + 1:
        return strongest
    tail = strongest[most:]
    other = Step("", f"other ({len(tail)} causes)", sum(s.capability for s in tail), sum(s.resolve for s in tail))
    return [*strongest[:most], other]


def _draw_step(axes: Axes, row: int, at: float, step: Step) -> float:
    """Draw one step as two half bars, capability above resolve, and return where it ends."""
    middle = at + step.capability
    end = middle + step.resolve
    axes.barh(row - 0.17, step.capability, left=at, height=0.32, color=style.CAPABILITY, linewidth=0)
    axes.barh(row + 0.17, step.resolve, left=middle, height=0.32, color=style.RESOLVE, linewidth=0)
    axes.plot([end, end], [row, row + 1], color=style.FAINT, linewidth=0.6, zorder=0.5)
    return end


@style.styled
def of_client(run: Run, client: str, start: str | None = None, end: str | None = None) -> Figure:
    """Draw how each cause moved a client's protection.

    Parameters
    ----------
    run
        A finished run.
    client
        The client's name in the scenario.
    start
        The month to start from; by default the prior, before anything happened.
    end
        The month to end with; by default the last one.

    Returns
    -------
    Figure
        A horizontal waterfall, parts by way of capability and of resolve apart, the long tail as "other".
    """
    bars = steps(run, client, start, end)
    rows = run.of_client(client)
    last = end or str(rows["month"][-1])
    present = float(rows["protection"][rows["month"].tolist().index(last)])
    first = present - sum(step.capability + step.resolve for step in bars)

    name = label(run.scenario.clients, client)
    count = len(bars) + 2
    top = style.HEADER + 0.42
    height = top + count * ROW + 0.55 + 0.25 + style.FOOTER
    since = f"since {start}" if start else "since its prior"
    title = f"{name}: what moved its belief that {patron_of(run.scenario, client)} protects it"
    page = style.Page(run, title, f"{run.scenario.title} — {since}, up to {last}", 10.0, height)
    handles = [
        Patch(color=style.CAPABILITY, label="by way of capability"),
        Patch(color=style.RESOLVE, label="by way of resolve"),
        Patch(color="#555555", label="protection"),
    ]
    page.legend(handles, 0.35, style.HEADER + 0.04)
    plot_width = page.width - TEXT - 0.35
    axes = page.axes(TEXT, top, plot_width, count * ROW)

    at, turns = first, [0.0, first, present]
    axes.barh(0, first, height=0.5, color="#555555", linewidth=0)
    axes.plot([first, first], [0, 1], color=style.FAINT, linewidth=0.6, zorder=0.5)
    edges: list[float] = [first]
    for row, step in enumerate(bars, start=1):
        before = at
        at = _draw_step(axes, row, at, step)
        turns += [before + step.capability, at]
        edges.append(max(before, before + step.capability, at))
    axes.barh(count - 1, present, height=0.5, color="#555555", linewidth=0)
    edges.append(present)

    low, high = min(turns), max(turns)
    high = min(1.0, high)
    room = 0.15 * (high - low)
    axes.set_xlim(low, high + room)
    axes.set_ylim(count - 0.5, -0.5)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=style.GRID, linewidth=0.6)
    axes.set_xlabel("protection: probability that help comes and works")
    if low < 0:
        axes.axvline(0, color=style.INK, linewidth=0.6)

    start_text = f"protection in {start}" if start else "prior protection"
    changes = [
        f"{first:.3f}",
        *(f"{step.capability + step.resolve:+.3f}".replace("-", "−") for step in bars),
    ]
    for row, (edge, text) in enumerate(zip(edges, [*changes, f"{present:.3f}"], strict=True)):
        axes.text(edge + 0.03 * (high - low), row, text, size=style.SMALL, va="center", bbox=_halo())
    words = [("", start_text), *((step.month, step.text) for step in bars), (last, "protection")]
    for row, (month, text) in enumerate(words):
        y = top + (row + 0.5) * ROW
        bold = "bold" if row in (0, count - 1) else "normal"
        page.text(0.35, y, month, size=style.SMALL, color="#555555", va="center")
        page.text(
            0.92,
            y,
            style.two_lines(text, TEXT - 1.1, style.SMALL),
            linespacing=1.05,
            size=style.SMALL,
            va="center",
            weight=bold,
        )
    note = "A share also moves when others add evidence: each is divided by all the evidence the client holds."
    page.text(0.35, height - style.FOOTER - 0.14, note, size=style.SMALL, color="#555555")
    return page.figure


def _halo() -> dict[str, object]:
    return {"facecolor": "white", "edgecolor": "none", "pad": 0.6, "alpha": 0.8}
