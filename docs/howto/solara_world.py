"""Watch a World in Mesa's own page: sliders, the network and lines (docs/howto/solara.md).

Start it with ``solara run docs/howto/solara_world.py``.
"""

from __future__ import annotations

import math

import mesa
import solara
from matplotlib.figure import Figure
from mesa.visualization import SolaraViz, make_plot_component
from mesa.visualization.utils import update_counter

from papertiger import scenarios
from papertiger.experiments.figures.style import POSTURE_COLOURS
from papertiger.model.agents.client import Client
from papertiger.model.agents.world import World
from papertiger.scenarios.schema.values import POSTURES

SCENARIO = "partners_2020"


class WatchedWorld(mesa.Model):
    """Hold a World for Mesa's page, which would take its attribute ``scenario`` for one of Mesa's own."""

    def __init__(self, scenario: object = None, *, rng: int = 1, run: int = 0, **figures: float) -> None:  # noqa: ARG002
        super().__init__(
            rng=rng
        )  # at a reset the page hands over an empty scenario of Mesa's own, which means nothing here
        self.world = World(SCENARIO, rng=rng, run=run, **figures)
        self.datacollector = self.world.datacollector

    def step(self) -> None:
        """Run one month."""
        self.world.step()
        self.running = self.world.running


MOVED = ("standing_cost", "patron_threat_weight", "retaliation_fear", "witness_weight", "hard_times_excuse")
"""The constants that get a slider; see docs/model.md for all of them."""


def slider(name: str) -> dict[str, object]:
    """Return the slider of a constant: its shipped value, and the range that the scenario gives it."""
    figure = getattr(scenarios.load(SCENARIO).parameters, name)
    low, high = figure.prior.reach()
    return {
        "type": "SliderFloat",
        "value": figure.value,
        "label": name.replace("_", " "),
        "min": min(low, figure.value),
        "max": max(high, figure.value),
        "step": 0.01,
    }


SLIDERS = {
    "rng": 1,
    "run": {"type": "SliderInt", "value": 0, "label": "luck (number of the run)", "min": 0, "max": 50, "step": 1},
    **{name: slider(name) for name in MOVED},
}


@solara.component
def Network(model: WatchedWorld) -> None:  # noqa: N802 - as Solara names its components
    """Draw the patron in the middle and its clients around it, the farther the farther they have gone."""
    update_counter.get()  # drawn anew after each step
    figure = Figure(figsize=(6, 4.8), layout="constrained")
    axes = figure.subplots()
    clients = [client for client in model.world.clients if client.in_network]
    for place, client in enumerate(clients):
        angle = 2 * math.pi * place / len(clients)
        x, y = ((2 + client.posture) * turn(angle) for turn in (math.cos, math.sin))
        axes.plot([0, x], [0, y], color="#b9b9b9", linewidth=0.5 + 4 * client.protection, zorder=1)
        colour = POSTURE_COLOURS[client.posture]
        axes.scatter([x], [y], s=120, color=colour, edgecolors="black", linewidths=0.5, zorder=2)
        axes.text(x, y + 0.35, client.name, ha="center", fontsize=8, zorder=3)
    axes.scatter([0], [0], s=300, color="black", zorder=2)
    for name, colour in zip(POSTURES, POSTURE_COLOURS, strict=True):
        axes.scatter([], [], color=colour, edgecolors="black", linewidths=0.5, label=name)
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), fontsize=8, frameon=False)
    axes.set(xlim=(-6.6, 6.6), ylim=(-6.6, 6.6), title=f"{model.world.month_name} (width: protection believed in)")
    axes.axis("off")
    solara.FigureMatplotlib(figure)


@solara.component
def Protection(model: WatchedWorld) -> None:  # noqa: N802
    """Draw the protection that each client has believed in until now."""
    update_counter.get()
    figure = Figure(figsize=(6, 4), layout="constrained")
    axes = figure.subplots()
    seen = model.datacollector.get_agenttype_vars_dataframe(Client)
    for name, rows in seen.groupby("name"):
        axes.plot(rows.index.get_level_values("Step"), rows["protection"], label=name, linewidth=1)
    axes.set(xlabel="months", ylabel="protection", ylim=(0, 1))
    if axes.lines:
        axes.legend(fontsize=6, ncols=2)
    solara.FigureMatplotlib(figure)


page = SolaraViz(
    WatchedWorld(),
    components=[(Network, 0), (Protection, 0), make_plot_component(["defected_share", "credibility"])],
    model_params=SLIDERS,
    name="Papertiger",
)
page  # noqa: B018 - what solara shows
