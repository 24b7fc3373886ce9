"""What measures make of a client that leaves the network."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from papertiger.experiments.design.loader import load_study
from papertiger.experiments.errors import ExperimentError
from tests.experiments.run.small import HEAD, run, write

LEAVING = """\
title: Leaving
description: The same network, of which one leaves
extends: world
parameters: {review_rate: 1, choice_noise: 100, switching_cost: 0}
clients: {Alfa: {leaves: 2021-07}}
"""
MEASURES = """\
measures:
  until: {kind: time_to, client: Alfa, posture: realigned}
  share: {kind: share_defected, regime_loss: counted}
  before: {kind: defected, client: Alfa, at: 2021-06}
"""


TEXT = HEAD.replace("[world, calm]", "[world, leaving]") + MEASURES


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a world in which one client leaves."""
    (tmp_path / "leaving.yaml").write_text(LEAVING, encoding="utf-8")
    return tmp_path


def test_time_ends_with_the_last_month_in_the_network(folder: Path) -> None:
    table = run(folder, TEXT).frame()
    left = table[table.scenario == "leaving"]
    assert (left["until"] <= 18).all()
    never = left[left["until:event"] == 0]
    assert (never["until"] == 18).all()
    assert set(np.unique(left["share"])) <= {0.0, 1.0}, "only the other one counts at the end"


@pytest.mark.parametrize("at", ["2021-07", "end"])
def test_a_client_that_left_is_not_asked_about(folder: Path, at: str) -> None:
    wrong = TEXT.replace("2021-06", at)
    with pytest.raises(ExperimentError, match="Alfa is out of the network from 2021-07 on in leaving"):
        load_study(write(folder, wrong))
