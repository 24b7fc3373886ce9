"""Give every figure one look: colours, sizes, page furniture and PNG files with stable bytes.

Nothing here touches pyplot or its global state; figures are built as objects and drawn by Agg.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from functools import cache, lru_cache, wraps
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, cast

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Patch
from matplotlib.ticker import FixedLocator

from papertiger.experiments.run.provenance import DISCLAIMER, version
from papertiger.scenarios.schema.values import POSTURES

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes

    from papertiger.model.run import Run

POSTURE_COLOURS = ("#d9e8f4", "#8fbde0", "#d08a12", "#b0400f", "#551030")
"""Blue to wine, each darker than the one before: the order survives grey print and colour blindness."""

CAPABILITY = "#0072B2"
RESOLVE = "#D55E00"
PROTECTION = "#000000"
PATRON_THREAT = "#AA4499"
GOOD = "#009E73"
BAD = "#D55E00"
OTHER = "#7a7a7a"
SERIES = ("#0072B2", "#D55E00", "#009E73", "#AA4499", "#7a7a7a", "#8a6d00", "#56B4E9", "#551030")
"""Colours of lines that are told apart by name alone; with `DASHES` they stay apart in grey print."""
INK = "#222222"
FAINT = "#9a9a9a"
GRID = "#e4e4e4"

type Dash = Literal["-"] | tuple[float, tuple[float, ...]]
"""A line style: solid, or where to start and the lengths of dashes and gaps."""

DASHES: tuple[Dash, ...] = ("-", (0, (5, 1.5)), (0, (1.4, 1.4)), (0, (6, 1.5, 1.4, 1.5)))
"""Line styles, in the order in which they are taken."""

TITLE, BODY, SMALL = 13.0, 8.5, 7.0
"""Sizes of type in points."""

SMALL_TITLE = 9.5
"""To this size a long title is set before it takes a second line."""

DPI = 150
RULER_DPI = 150
HEADER, FOOTER = 0.72, 0.42
"""Inches at the top for title and subtitle and at the bottom for the footer."""

RC: dict[str, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": BODY,
    "axes.titlesize": BODY + 0.5,
    "axes.labelsize": BODY,
    "axes.edgecolor": "#8a8a8a",
    "axes.labelcolor": INK,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "xtick.labelsize": BODY - 0.5,
    "ytick.labelsize": BODY - 0.5,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "legend.frameon": False,
    "legend.fontsize": BODY,
    "text.color": INK,
    "text.parse_math": False,  # texts come from scenario files, where a dollar sign is money
    "figure.facecolor": "white",
}


def styled[**P](draw: Callable[P, Figure]) -> Callable[P, Figure]:
    """Draw a figure in the house style, without changing matplotlib's settings for anybody else."""

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> Figure:
        with mpl.rc_context():
            mpl.rcParams.update(cast(Any, RC))
            return draw(*args, **kwargs)

    return drawn


@cache
def _font(size: float, weight: str) -> FontProperties:
    return FontProperties(family=RC["font.family"], size=size, weight=weight)


@cache
def _ruler() -> Any:
    """Return a renderer that only measures; hinting makes widths depend on it, so there is one for all."""
    make: Any = RendererAgg
    return make(1, 1, RULER_DPI)


@lru_cache(maxsize=4096)
def text_width(text: str, size: float, weight: str = "normal") -> float:
    """Return the width in inches that a text takes."""
    width, _, _ = _ruler().get_text_width_height_descent(text, _font(size, weight), False)
    return float(width) / RULER_DPI


def fit(text: str, width: float, size: float, weight: str = "normal") -> str:
    """Return a text on one line, cut at a word with an ellipsis if it is wider than `width` inches."""
    text = " ".join(text.split())
    if text_width(text, size, weight) <= width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if text_width(text[:middle] + "…", size, weight) <= width:
            low = middle
        else:
            high = middle - 1
    cut = text[:low]
    at_word = cut.rsplit(" ", 1)[0]
    return (at_word if len(at_word) > 0.7 * len(cut) else cut).rstrip(" ,;:(") + "…"


def wrapped(text: str, width: float, size: float, least: float, weight: str = "normal") -> tuple[str, float]:
    """Return a text and a size of type at which it can be read whole: smaller first, then on two lines.

    Parameters
    ----------
    text, width
        The text, and the inches it may take.
    size, least
        The size that is wanted, and the smallest that is taken.
    weight
        Of the type.

    Returns
    -------
    tuple
        The text, with a line break where one line is not enough, and its size. Only what two lines of the smallest
        type cannot hold is cut.
    """
    text = " ".join(text.split())
    while size > least and text_width(text, size, weight) > width:
        size = max(least, size - 0.5)
    if text_width(text, size, weight) <= width:
        return text, size
    words = text.split()
    for count in range(len(words) - 1, 0, -1):
        first = " ".join(words[:count])
        if text_width(first, size, weight) <= width:
            return f"{first}\n{fit(' '.join(words[count:]), width, size, weight)}", size
    return fit(text, width, size, weight), size


def two_lines(text: str, width: float, size: float) -> str:
    """Return a text on one line or two, the second cut with an ellipsis where that is not enough."""
    words = text.split()
    for count in range(len(words), 0, -1):
        first = " ".join(words[:count])
        if text_width(first, size) <= width:
            rest = " ".join(words[count:])
            return f"{first}\n{fit(rest, width, size)}" if rest else first
    return fit(text, width, size)


def _origin(run: Run, runs: int) -> str:
    which = f"run {run.run}" if runs == 1 else f"{runs} runs"
    return f"{run.scenario.name} · seed {run.seed} · {which}"


class Page:
    """Place things on a figure, in inches from its top left corner, with title and footer.

    Parameters
    ----------
    source
        The run that is drawn, or words that say where the numbers come from.
    title, subtitle
        The two lines at the top; each gets smaller and then a second line where the page is too narrow for it.
    width, height
        Size of the page in inches.
    runs
        How many runs like `source` are drawn.
    """

    def __init__(
        self, source: Run | str, title: str, subtitle: str, width: float, height: float, runs: int = 1
    ) -> None:
        self.width, self.height = width, height
        self.figure = Figure(figsize=(width, height))
        FigureCanvasAgg(self.figure)
        title, size = wrapped(title, width - 0.7, TITLE, SMALL_TITLE, "bold")
        below = 0.13 if "\n" in title else 0.20
        self.text(0.35, below, title, size=size, weight="bold", linespacing=1.1)
        subtitle, size = wrapped(subtitle, width - 0.7, BODY, SMALL - 0.5)
        self.text(0.35, 0.48, subtitle, size=size, color="#555555", linespacing=1.05)
        origin = f"{source if isinstance(source, str) else _origin(source, runs)} · papertiger {version()}"
        self.text(0.35, height - 0.26, fit(origin, width - 3.2, SMALL), size=SMALL, color="#555555")
        self.text(width - 0.35, height - 0.26, DISCLAIMER, size=SMALL, color="#555555", ha="right")

    def text(self, x: float, y: float, text: str, **style: Any) -> None:
        """Write text whose top left corner is at (x, y) inches."""
        style.setdefault("va", "top")
        self.figure.text(x / self.width, 1 - y / self.height, text, **style)

    def axes(self, x: float, y: float, width: float, height: float, **options: Any) -> Axes:
        """Add axes whose top left corner is at (x, y) inches."""
        place = (x / self.width, 1 - (y + height) / self.height, width / self.width, height / self.height)
        return self.figure.add_axes(place, **options)

    def legend(self, handles: Sequence[Any], x: float, y: float, **options: Any) -> None:
        """Add a legend in one row whose top left corner is at (x, y) inches."""
        options = {
            "ncols": len(handles),
            "handlelength": 1.6,
            "columnspacing": 1.3,
            "handletextpad": 0.5,
            **options,
        }
        place = (x / self.width, 1 - y / self.height)
        self.figure.legend(
            handles=handles, loc="upper left", bbox_to_anchor=place, borderaxespad=0, borderpad=0, **options
        )


def posture_legend() -> list[Patch]:
    """Return a legend handle for each rung of the ladder."""
    return [
        Patch(facecolor=colour, edgecolor="#777777", linewidth=0.5, label=name)
        for name, colour in zip(POSTURES, POSTURE_COLOURS, strict=True)
    ]


def month_axis(axes: Axes, months: Sequence[str], *, labels: bool = True, most: int = 12) -> None:
    """Put the months of a run on a horizontal axis, with at most `most` labels."""
    count = len(months)
    januaries = [index for index, month in enumerate(months) if month.endswith("-01")]
    if count > 30 and len(januaries) > 1:
        every = -(-len(januaries) // most)
        places = januaries[::every]
        texts = [months[index][:4] for index in places]
    else:
        every = max(1, -(-count // min(most - most // 3, 8)))
        places = list(range(0, count, every))
        texts = [months[index] for index in places]
    axes.set_xlim(-0.5, max(count - 0.5, 0.5))
    axes.xaxis.set_major_locator(FixedLocator(places))
    if labels:
        axes.set_xticklabels(texts)
    else:
        axes.tick_params(axis="x", labelbottom=False)


def whole_numbers(axes: Axes, axis: Literal["x", "y"] = "x") -> None:
    """Put labels on whole numbers alone: there is no quarter of a run."""
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415 - needed here only

    (axes.xaxis if axis == "x" else axes.yaxis).set_major_locator(MaxNLocator(nbins=7, integer=True))


def plain_numbers(axes: Axes) -> None:
    """Write the numbers at both axes in full: a factor or an offset beside an axis is read by nobody."""
    axes.ticklabel_format(style="plain", useOffset=False)


def stacked(axes: Axes, parts: Sequence[Any], colours: Sequence[str], *, steps: bool) -> None:
    """Stack parts over months, out to the edges of the first and the last month."""
    padded = [np.concatenate([part[:1], part, part[-1:]]) for part in parts]
    count = len(padded[0]) - 2
    places = np.concatenate([[-0.5], np.arange(count), [count - 0.5]])
    axes.stackplot(
        places, *padded, colors=list(colours), linewidth=0.5, edgecolor="white", step="mid" if steps else None
    )


def posture_band(axes: Axes, postures: Sequence[int | None]) -> list[tuple[int, int, int]]:
    """Colour a strip of axes by posture and return its stretches as (posture, first, last)."""
    stretches: list[tuple[int, int, int]] = []
    for index, posture in enumerate(postures):
        if posture is None:
            continue
        if stretches and stretches[-1][0] == posture and stretches[-1][2] == index - 1:
            stretches[-1] = (posture, stretches[-1][1], index)
        else:
            stretches.append((posture, index, index))
    for posture, first, last in stretches:
        axes.axvspan(first - 0.5, last + 0.5, color=POSTURE_COLOURS[posture], linewidth=0)
    return stretches


def save(figure: Figure, target: Path | BinaryIO, dpi: float = DPI) -> None:
    """Write a figure as PNG whose bytes depend on the figure alone: no date, no name of the software."""
    figure.savefig(target, format="png", dpi=dpi, metadata={"Software": None})


def png(figure: Figure, dpi: float = DPI) -> bytes:
    """Return a figure as the bytes of a PNG, the same for the same figure; fewer dots an inch make it smaller."""
    stream = io.BytesIO()
    save(figure, stream, dpi)
    return stream.getvalue()


def save_svg(figure: Figure, target: Path | BinaryIO) -> None:
    """Write a figure as SVG with stable bytes; letters are outlines, so that it looks alike everywhere."""
    with mpl.rc_context():
        mpl.rcParams.update({"svg.hashsalt": "papertiger", "svg.fonttype": "path"})
        figure.savefig(target, format="svg", dpi=DPI, metadata={"Date": None, "Creator": None})
