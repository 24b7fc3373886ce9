"""Measure what `ARCHITECTURE.md` says about the base network, and write it between the page's markers.

Run ``uv run python docs/measure.py`` after a change of the model or of the scenarios; with
``--check`` it only tells whether the page is stale. Runs 0 to 79 of seed 1, once with the shipped constants and
once with the two that the starting design had otherwise.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
from page_blocks import table, update

from papertiger import scenarios
from papertiger.model.ensemble.ensemble import Ensemble, ensemble

PAGE = Path(__file__).parent.parent / "ARCHITECTURE.md"
BLOCK = re.compile(r"(<!-- measured -->\n).*?(<!-- end of measured -->)", re.DOTALL)
RUNS = 80
DESIGN = {"standing_cost": 0.7, "patron_threat_weight": 0.6}
HALF_YEARS = [f"{year}-{month}" for year in range(2020, 2026) for month in ("06", "12")]

SHARES = (
    ("Armenia suspended or beyond at the end of 2024", "Armenia", "2024-12", ("suspended", "realigned")),
    ("Kazakhstan loyal, end of 2024", "Kazakhstan", "2024-12", ("loyal",)),
    ("Kazakhstan hedging, end of 2024", "Kazakhstan", "2024-12", ("hedging",)),
    ("Kazakhstan distancing, end of 2024", "Kazakhstan", "2024-12", ("distancing",)),
    ("Kazakhstan hedging, end of 2027", "Kazakhstan", "2027-12", ("hedging",)),
    ("Kazakhstan distancing, end of 2027", "Kazakhstan", "2027-12", ("distancing",)),
    ("Serbia hedging or more, end of 2024", "Serbia", "2024-12", scenarios.POSTURES[1:]),
    ("Uzbekistan hedging or more, end of 2024", "Uzbekistan", "2024-12", scenarios.POSTURES[1:]),
    ("DPRK loyal, end of 2024", "DPRK", "2024-12", ("loyal",)),
    ("DPRK loyal, end of 2027", "DPRK", "2027-12", ("loyal",)),
    ("Belarus loyal, end of 2027", "Belarus", "2027-12", ("loyal",)),
    ("Cuba loyal, end of 2027", "Cuba", "2027-12", ("loyal",)),
    ("Iran loyal, end of 2027", "Iran", "2027-12", ("loyal",)),
    ("Nicaragua loyal, end of 2027", "Nicaragua", "2027-12", ("loyal",)),
)
"""What is measured: a label, a client, a month, and the postures that count."""


def moves(made: Ensemble) -> tuple[int, int]:
    """Return how often a client's posture differs between the ends of two half-years, and of how many.

    The years are those of the observed postures; sub-states and half-years with a regime loss are left out.
    """
    ends = [made.months.index(month) for month in HALF_YEARS]
    postures, regimes = made.path("postures")[:, ends], made.path("regimes")[:, ends]
    moved = steps = 0
    for index, client in enumerate(made.plan.job.tables.setting.clients):
        if not client.sub_state:
            there = [number for number, end in enumerate(ends) if end >= client.enters]
            same = np.diff(regimes[:, there, index], axis=1) == 0
            moved += int((np.diff(postures[:, there, index], axis=1)[same] != 0).sum())
            steps += int(same.sum())
    return moved, steps


def measure(overrides: Mapping[str, object]) -> list[str]:
    """Return the numbers of one column, in the order of the rows."""
    made = ensemble("partners_2020", RUNS, seed=1, keep=("postures", "regimes"), overrides=overrides)
    shares = []
    for _, client, month, counted in SHARES:
        stands = made.path("postures")[:, made.months.index(month), made.clients.index(client)]
        shares.append(np.isin(stands, [scenarios.POSTURES.index(posture) for posture in counted]).mean())
    moved, steps = moves(made)
    return [*(f"{share:.2f}" for share in shares), f"{100.0 * moved / steps:.1f} %"]


def measurements() -> str:
    """Return the table of what is measured."""
    labels: Iterable[str] = (*(label for label, *_ in SHARES), "postures that changed per client-half-year, 2020–25")
    rows = list(zip(labels, measure({}), measure(DESIGN), strict=True))
    return table(("share of 80 runs", "shipped", "design's values"), rows)


def render(page: str) -> str:
    """Return the page with fresh measurements."""
    return BLOCK.sub(lambda block: f"{block[1]}\n{measurements()}\n{block[2]}", page)


def main() -> int:
    """Write the measurements, or tell whether they are stale."""
    return update(PAGE, render, "measure")


if __name__ == "__main__":
    sys.exit(main())
