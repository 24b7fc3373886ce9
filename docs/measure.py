"""Measure what `ARCHITECTURE.md` says about the base network, and write it between the page's markers.

Run ``uv run python docs/measure.py`` after a change of the model or of the scenarios (about a minute); with
``--check`` it only tells whether the page is stale. Runs 0 to 79 of seed 1, once with the shipped constants and
once with the two that the starting design had otherwise.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

import scenarios
from model.record import Run
from model.simulate import simulate

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


def moves(run: Run) -> tuple[int, int]:
    """Return how often a client's posture differs between the ends of two half-years, and of how many.

    The years are those of the observed postures; sub-states and half-years with a regime loss are left out.
    """
    chosen = {client.name for client in run.setting.clients if not client.sub_state}
    rows = run.clients[run.clients.in_network & run.clients.month.isin(HALF_YEARS)]
    moved = steps = 0
    for name, client in rows.groupby("client"):
        if name in chosen:
            same = (client.regime.diff() == 0).to_numpy()
            moved += int((client.posture.diff().to_numpy()[same] != 0).sum())
            steps += int(same.sum())
    return moved, steps


def measure(overrides: Mapping[str, object]) -> list[str]:
    """Return the numbers of one column, in the order of the rows."""
    scenario = scenarios.load("partners_2020", overrides)
    found: Counter[tuple[str, str, str]] = Counter()
    moved = steps = 0
    months = {month for _, _, month, _ in SHARES}
    for number in range(RUNS):
        run = simulate(scenario, seed=1, run=number)
        rows = run.clients[run.clients.month.isin(months)]
        found.update(zip(rows.client, rows.month, rows.posture_name, strict=True))
        changed, of = moves(run)
        moved, steps = moved + changed, steps + of
    shares = [
        sum(found[client, month, posture] for posture in postures) / RUNS for _, client, month, postures in SHARES
    ]
    return [*(f"{share:.2f}" for share in shares), f"{100.0 * moved / steps:.1f} %"]


def table() -> str:
    """Return the table in Markdown."""
    labels: Iterable[str] = (*(label for label, *_ in SHARES), "postures that changed per client-half-year, 2020–25")
    lines = [("share of 80 runs", "shipped", "design's values"), ("---", "---", "---")]
    lines += list(zip(labels, measure({}), measure(DESIGN), strict=True))
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def main() -> int:
    """Write the measurements, or tell whether they are stale."""
    page = PAGE.read_text(encoding="utf-8")
    fresh = BLOCK.sub(lambda found: f"{found[1]}\n{table()}\n{found[2]}", page)
    if "--check" in sys.argv[1:]:
        if page != fresh:
            sys.stderr.write(f"{PAGE.name} is stale: run uv run python docs/measure.py\n")
        return int(page != fresh)
    PAGE.write_text(fresh, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
