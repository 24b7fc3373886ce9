"""Draw the figures of the pages from a real run: ``uv run python docs/make_figures.py``."""

from __future__ import annotations

import io
from pathlib import Path

from matplotlib.figure import Figure
from PIL import Image

from papertiger.experiments.figures import beliefs, style, waterfall
from papertiger.model.agents.simulate import simulate

FOLDER = Path(__file__).with_name("figures")
WIDTH = 1400
COLOURS = 256
"""As many as a palette holds; a page loads faster and the repository stays small."""


def save_small(figure: Figure, name: str) -> None:
    """Write a figure with few colours, at most `WIDTH` pixels wide."""
    full = io.BytesIO()
    style.save(figure, full)
    picture = Image.open(full).convert("RGB")
    if picture.width > WIDTH:
        picture = picture.resize((WIDTH, round(picture.height * WIDTH / picture.width)), Image.Resampling.LANCZOS)
    # By coverage: by frequency a thin line or a short bar takes the colour of its neighbours, and the key is wrong.
    picture.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE).save(FOLDER / f"{name}.png", optimize=True)


def main() -> None:
    """Draw what the first command of the README draws, too."""
    FOLDER.mkdir(exist_ok=True)
    run = simulate("partners_2020", seed=1)
    save_small(beliefs.overview(run), "overview")
    save_small(waterfall.of_client(run, "Armenia"), "ledger_armenia")


if __name__ == "__main__":
    main()
