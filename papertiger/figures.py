"""Draw runs and ensembles: the figures that the commands draw, in one place and under plain names.

Each takes a run (or an ensemble) and returns a figure of matplotlib's; `save` writes one with stable bytes.
"""

from papertiger.experiments.figures.beliefs import of_client as beliefs
from papertiger.experiments.figures.beliefs import overview
from papertiger.experiments.figures.fan import patron as fan_of_patron
from papertiger.experiments.figures.fan import postures as fan_of_postures
from papertiger.experiments.figures.fan import protection as fan_of_protection
from papertiger.experiments.figures.network import network
from papertiger.experiments.figures.patron import assets_and_credibility as patron
from papertiger.experiments.figures.postures import shares as postures
from papertiger.experiments.figures.style import save
from papertiger.experiments.figures.ties import overview as ties
from papertiger.experiments.figures.waterfall import of_client as ledger

__all__ = [
    "beliefs",
    "fan_of_patron",
    "fan_of_postures",
    "fan_of_protection",
    "ledger",
    "network",
    "overview",
    "patron",
    "postures",
    "save",
    "ties",
]
