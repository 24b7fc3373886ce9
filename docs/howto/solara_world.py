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
from papertiger.model.agents import World
from papertiger.model.agents.client import Client
from papertiger.scenarios.schema.values import POSTURES

SCENARIO = "partners_2020"


class WatchedWorld(mesa.Model):
    """A World for Mesa's page, which takes an attribute ``scenario`` for one of Mesa's own: here the World is held."""

    def __init__(self, rng: int = 1, run: int = 0, **figures: float) -> None:
        super().__init__(rng=rng)
        self.world = World(SCENARIO, rng=rng, run=run, **figures)
        self.datacollector = self.world.datacollector

    def step(self) -> None:
        """Run one month."""
        self.world.step()
        self.running = self.world.running


MOVED = ("standing_cost", "patron_threat_weight", "bad_news_weight", "witness_weight", "hard_times_excuse")
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
def Network(model: WatchedWorld) -> None:
    """Draw the patron in the middle and its clients around it, the farther the farther they have gone."""
    update_counter.get()  # drawn anew after each step
    figure = Figure(figsize=(6, 6), layout="constrained")
    axes = figure.subplots()
    clients = [client for client in model.world.clients if client.in_network]
    for place, client in enumerate(clients):
        angle = 2 * math.pi * place / len(clients)
        x, y = ((1 + client.posture) * turn(angle) for turn in (math.cos, math.sin))
        colour = POSTURE_COLOURS[client.posture]
        axes.plot([0, x], [0, y], color="#b9b9b9", linewidth=0.5 + 3 * client.protection, zorder=1)
        axes.scatter([x], [y], s=220, color=colour, edgecolors="black", linewidths=0.5, zorder=2)
        axes.annotate(client.name, (x, y), xytext=(0, 10), textcoords="offset points", ha="center", fontsize=8)
    axes.scatter([0], [0], s=500, color="black", zorder=2)
    for name, colour in zip(POSTURES, POSTURE_COLOURS, strict=True):
        axes.scatter([], [], color=colour, edgecolors="black", linewidths=0.5, label=name)
    axes.legend(loc="lower left", fontsize=8, frameon=False)
    axes.set(
        xlim=(-6, 6), ylim=(-6, 6), aspect="equal", title=f"{model.world.month_name}; width: protection believed in"
    )
    axes.axis("off")
    solara.FigureMatplotlib(figure)


@solara.component
def Protection(model: WatchedWorld) -> None:
    """Draw the protection that each client has believed in until now."""
    update_counter.get()
    figure = Figure(figsize=(6, 4), layout="constrained")
    axes = figure.subplots()
    seen = model.datacollector.get_agenttype_vars_dataframe(Client)
    for name, rows in seen.groupby("name"):
        axes.plot(rows.index.get_level_values("Step"), rows["protection"], label=name, linewidth=1)
    axes.set(xlabel="months", ylabel="protection", ylim=(0, 1))
    if len(seen):
        axes.legend(fontsize=6, ncols=2)
    solara.FigureMatplotlib(figure)


page = SolaraViz(
    WatchedWorld(),
    components=[(Network, 0), (Protection, 0), make_plot_component(["defected_share", "credibility"])],
    model_params=SLIDERS,
    name="Papertiger",
)
page  # noqa: B018 - what solara shows
