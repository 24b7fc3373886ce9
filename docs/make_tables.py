"""Write the tables of `docs/model.md` from the scenario files, so that the page cannot say anything else.

Run ``uv run python docs/make_tables.py`` after a change of `scenarios/defaults.yaml`; with ``--check`` it only tells
whether the page is stale, and leaves with exit code 1 if it is. What stands between the markers
``<!-- table: NAME -->`` and ``<!-- end of table -->`` is replaced.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

from page_blocks import table, update

from papertiger import scenarios
from papertiger.experiments.inertness.plan import load_plan
from papertiger.model.ensemble.exact import EXACT, exact_chain
from papertiger.model.rules.ranges import RANGES
from papertiger.scenarios import POSTURES, resolve_tree
from papertiger.scenarios.reading.numbers import figure_range
from papertiger.scenarios.schema.events import Signal
from papertiger.scenarios.schema.figures import Distribution, Figure
from papertiger.scenarios.schema.parameters import Parameters

PAGE = Path(__file__).with_name("model.md")
DEFAULTS = Path(__file__).parent.parent / "scenarios" / "defaults.yaml"
BLOCK = re.compile(r"(<!-- table: (?P<name>[a-z ]+) -->\n).*?(<!-- end of table -->)", re.DOTALL)

SYMBOLS = {
    "alpha0 + beta0": "α⁰ + β⁰",
    "lambda": "λ",
    "rho": "ρ",
    "chi": "χ",
    "gamma": "γ",
    "Omega": "Ω",
    "delta": "δ",
    "mu_s": "μ_s",
    "sigma": "σ",
    "psi": "ψ",
    "j_tau": "j_τ",
    "j_theta": "j_θ",
    "b_theta": "b_θ",
    "mu": "μ",
    "kappa_x": "κ_x",
    "kappa": "κ",
    "nu": "ν",
    "phi": "φ",
    "eta0": "η₀",
    "eta1": "η₁",
    "eta2": "η₂",
    "eta3": "η₃",
    "eta": "η",
    "alpha": "α",
    "beta": "β",
}
"""Names of symbols in the schema's descriptions, longest first where one begins another."""

GROUP = re.compile(r"^  # (?P<name>\S.*)$")
KEY = re.compile(r"^  (?P<name>[a-z_]+):")


def in_symbols(text: str) -> str:
    """Return a description with the field's symbols in place of their names."""
    for name, symbol in SYMBOLS.items():
        text = re.sub(rf"(?<![\w]){re.escape(name)}(?![\w])", symbol, text)
    return text


def number(value: float) -> str:
    """Return a number as a file would write it."""
    return f"{value:g}"


INTERVALS = {
    "uniform": "{0} to {1}",
    "loguniform": "{0} to {1}, log-uniform",
    "lognormal": "log-normal, median {0}, sd of log {1}",
    "normal": "normal, mean {0}, sd {1}",
    "beta": "Beta({0}, {1})",
}


def interval(distribution: Distribution | None, path: str = "") -> str:
    """Return the distribution of a figure in one cell, or that it was fixed or has none yet."""
    if distribution is None:
        return "fixed" if path in load_plan().fixed else "none"
    numbers = [number(value) for value in distribution.numbers]
    if distribution.family == "choice":
        return "one of " + ", ".join(numbers)
    return INTERVALS[distribution.family].format(*numbers)


def value_and_range(figure: Figure, path: str) -> str:
    """Return a figure in one cell."""
    if figure.value is None:
        return interval(figure.prior, path)
    return f"{number(figure.value)} ({interval(figure.prior, path)})"


def cell(text: str) -> str:
    """Return text that cannot break out of its cell."""
    return " ".join(text.split()).replace("|", "\\|")


def reason(why: str | None, source: str | None) -> str:
    """Return why a number is what it is, and where it comes from."""
    return cell(" ".join([why or "", f"*Source:* {source}." if source else ""]).strip())


def groups() -> list[tuple[str, list[str]]]:
    """Return the headings under which the file lists the parameters, in its order."""
    lines = DEFAULTS.read_text(encoding="utf-8").split("\nparameters:\n", 1)[1].split("\n# ", 1)[0].splitlines()
    found: list[tuple[str, list[str]]] = []
    for line in lines:
        if heading := GROUP.match(line):
            found.append((heading["name"], []))
        elif key := KEY.match(line):
            found[-1][1].append(key["name"])
    return found


def parameters() -> str:
    """Return the table of parameters, one part for each heading of the file."""
    constants = Parameters.model_validate(resolve_tree("defaults").data["parameters"])
    parts = []
    for heading, names in groups():
        rows = []
        for name in names:
            figure: Figure = getattr(constants, name)
            meaning = in_symbols(Parameters.model_fields[name].description or "")
            value = "drawn" if figure.value is None else number(figure.value)
            rows.append(
                [
                    f"`{name}`",
                    cell(meaning),
                    value,
                    interval(figure.prior, f"parameters.{name}"),
                    allowed(name),
                    reason(figure.why, figure.source),
                ]
            )
        headings = ["parameter", "meaning", "default", "range", "allowed", "reason and source"]
        parts.append(f"**{heading}**\n\n" + table(headings, rows))
    return "\n".join(parts)


def allowed(parameter: str) -> str:
    """Return the numbers that a scenario may give a parameter, in one cell."""
    limits = figure_range(f"parameters.{parameter}")
    if limits is None:
        raise ValueError(f"{parameter} has no range in the schema")
    ends = f"{number(limits.low)} to {number(limits.high)}"
    return f"above {ends}" if limits.open_low else ends


def ranges() -> str:
    """Return the table of what each rule may return."""
    return table(["rule", "may return"], [[f"`{name}`", str(one)] for name, one in RANGES.items()])


def signals() -> str:
    """Return the table of signals."""
    rows = []
    for name, raw in resolve_tree("defaults").data["signals"].items():
        signal = Signal.model_validate(raw)
        flags = [
            word
            for word, holds in (
                ("excusable", signal.excusable),
                ("raises θ", signal.patron_threat),
                ("response", signal.response),
                ("not witnessed", not signal.witnessed),
            )
            if holds
        ]
        own = {"weight": signal.weight, "loading": signal.loading}
        figures = [value_and_range(figure, f"signals.{name}.{part}") for part, figure in own.items()]
        rows.append(
            [
                f"`{name}`",
                cell(signal.label),
                signal.news,
                *figures,
                cell(signal.system or "its own"),
                ", ".join(flags),
                reason(signal.why, signal.source),
            ]
        )
    return table(
        ["signal", "what", "news", "weight ω", "loading ℓ on capability", "system", "also", "reason and source"], rows
    )


def successors() -> str:
    """Return where a successor goes that a rival next door courts, and how far what differs moves it."""
    scenario = scenarios.load("venezuela_2026", EXACT)
    ((name, loss),) = [
        (name, event)
        for name, event in scenario.events.items()
        if event.kind == "regime_loss" and event.date[:4] == "2026"
    ]
    new = f"events.{name}.successor"
    changes: dict[str, dict[str, object]] = {
        "as shipped": {},
        "it believes less (both priors 0.3)": {f"{new}.prior_capability": 0.3, f"{new}.prior_resolve": 0.3},
        "it believes more (both priors 0.9)": {f"{new}.prior_capability": 0.9, f"{new}.prior_resolve": 0.9},
        "no threat": {f"{new}.threat": 0.0},
        "the highest threat": {f"{new}.threat": 1.0},
        "no offer counts": {"parameters.offer_size": 0.0},
        "the rival asks and gives half": {f"{new}.options.US.protection": 0.25, f"{new}.options.US.economy": 0.5},
        "the rival is no way out": {f"{new}.options.US.protection": 0.0, f"{new}.options.US.economy": 0.0},
        "less is unknown (`successor_noise` 4)": {"parameters.successor_noise": 4.0},
        "more is unknown (`successor_noise` 16)": {"parameters.successor_noise": 16.0},
    }
    rows = []
    for what, overrides in changes.items():
        chain = exact_chain(scenario, overrides=overrides)
        step = chain.steps[chain.months.index(loss.date[:7]), chain.clients.index(loss.client or "")]
        rows.append([what, *(f"{chance:.3f}" for chance in step[0])])
    return table(["what differs", *POSTURES], rows)


TABLES: dict[str, Callable[[], str]] = {
    "parameters": parameters,
    "signals": signals,
    "ranges": ranges,
    "successors": successors,
}


def render(page: str) -> str:
    """Return the page with fresh tables."""
    return BLOCK.sub(lambda found: f"{found[1]}\n{TABLES[found['name']]()}\n{found[3]}", page)


def main() -> int:
    """Write the tables, or tell whether they are stale."""
    return update(PAGE, render, "make_tables")


if __name__ == "__main__":
    sys.exit(main())
