"""The command `run` with the ensemble: many runs at once, their shares, bands and fan charts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from papertiger.cli.console import printable, say, table

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from papertiger.cli.folder import ResultFolder
    from papertiger.cli.run import Order
    from papertiger.model.ensemble.ensemble import Ensemble
    from papertiger.scenarios import Scenario

FIGURES = 3
"""How many figures are drawn."""
BANDS = ("mean", "q05", "q25", "q50", "q75", "q95")


def simulate(
    scenario: Scenario, order: Order, months: int, folder: ResultFolder, show: Callable[[str, int], None]
) -> Ensemble:
    """Run the ensemble and write its tables.

    Parameters
    ----------
    scenario, order, months
        What to run.
    folder
        Where to write.
    show
        Told what is being done, and the runs done.
    """
    from papertiger import scenarios  # noqa: PLC0415 - slow to import
    from papertiger.model.ensemble.ensemble import ensemble  # noqa: PLC0415
    from papertiger.scenarios.tables import format_frame  # noqa: PLC0415

    show("preparing (the first time on a machine the model is compiled, for a minute or so)", 0)
    end = _month_after(scenario.span.start, months - 1)
    case = scenario if end == scenario.span.end else scenarios.change(scenario, {"span.end": end})
    made = ensemble(
        case, order.runs, order.seed, keep="bands", progress=lambda done, _: show(f"{order.runs} runs", done)
    )
    for name, frame in (
        ("posture_shares", made.posture_shares),
        ("protection_bands", made.bands),
        ("patron_bands", made.patron_bands),
    ):
        with folder.place(f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            file.write(format_frame(frame))
    return made


def _month_after(start: str, months: int) -> str:
    from papertiger.model.calendar import month_name, month_number  # noqa: PLC0415 - slow to import

    return month_name(month_number(start) + months)


def draw(made: Ensemble, folder: ResultFolder, show: Callable[[str, int], None]) -> None:
    """Draw the fan charts into the folder."""
    from papertiger.experiments.figures import fan, style  # noqa: PLC0415 - slow to import

    for number, (name, make) in enumerate(
        (("fan_protection", fan.protection), ("fan_postures", fan.postures), ("fan_patron", fan.patron))
    ):
        show("figures", number)
        style.save(make(made), folder.place(f"{name}.png"))


def results(made: Ensemble) -> dict[str, Any]:
    """Return how the runs end, as plain values for machines."""
    last = made.months[-1]
    shares = made.posture_shares[made.posture_shares["month"] == last].set_index("client").drop(columns="month")
    return {
        "last_month": last,
        "posture_shares": {str(client): _plain(row) for client, row in shares.to_dict("index").items()},
        "protection": _band_rows(made.bands, last, "client"),
        "patron": _band_rows(made.patron_bands, last, "measure"),
    }


def _plain(row: dict[Any, Any]) -> dict[str, float]:
    return {str(name): float(value) for name, value in row.items()}


def _band_rows(frame: Any, month: str, label: str) -> dict[str, dict[str, float]]:
    rows = frame[frame["month"] == month].dropna().set_index(label)[list(BANDS)]
    return {str(name): _plain(row) for name, row in rows.to_dict("index").items()}


def report(made: Ensemble, order: Order, out: Path) -> None:
    """Print where the clients end, in which share of the runs."""
    found = results(made)
    rungs = list(next(iter(found["posture_shares"].values())))
    title = (
        f"{made.scenario.title}: {found['last_month']}, after {len(made.months)} months "
        f"(seed {order.seed}, {order.runs} runs): where the clients end, as a share of the runs"
    )
    rows = []
    for client, shares in found["posture_shares"].items():
        band = found["protection"].get(client)
        believed = "not in the network" if band is None else f"{band['mean']:.2f}"
        spread = "" if band is None else f"{band['q05']:.2f} to {band['q95']:.2f}"
        cells = [f"{100 * shares[rung]:.0f} %" if shares[rung] else "-" for rung in rungs]
        rows.append([client, *cells, believed, spread])
    columns = [
        ("client", "left"), *((rung, "right") for rung in rungs), ("protection", "right"),
        ("nine runs in ten", "right"),
    ]  # fmt: skip
    table(title, columns, rows)
    say(f"Written to {printable(str(out))}")
    say("The model is an argument, not evidence.")
