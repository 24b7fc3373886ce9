"""The difference between two scenarios."""

from __future__ import annotations

from pathlib import Path

from papertiger.scenarios import Difference, differences, load
from tests.scenarios.minimal import SMALL, write

CHANGES = """\
title: Changed
description: Several changes
extends: small
span: {end: 2022-11}
war: {burden: {points: {2022-02: 0.7}}}
patron: {main_rival: ~}
clients:
  Alfa: {threat: {value: 0.7, why: a better guess}, arms: {uniform: [0, 1]}}
  Carla: {arms: 0, economy: 0, threat: 0, value: 0.5}
remove: {events: [raid]}
"""


def test_every_difference_is_a_row(tmp_path: Path) -> None:
    left = load(write(tmp_path, SMALL, "small.yaml"))
    right = load(write(tmp_path, CHANGES))
    rows = {row.path: (row.left, row.right) for row in differences(left, right)}
    carla = rows.pop("clients.Carla")
    raid = rows.pop("events.raid")
    assert rows == {
        "span.end": ("2022-12", "2022-11"),
        "patron.main_rival": ("Rivalia", None),
        "war.burden.points.2022-02": (0.6, 0.7),
        "clients.Alfa.threat": (0.6, 0.7),
        "clients.Alfa.threat.why": ("a guess", "a better guess"),
        "clients.Alfa.arms": (0.8, None),
        "clients.Alfa.arms.prior": (None, {"uniform": [0.0, 1.0]}),
    }
    assert carla[0] is None
    assert carla[1]["value"] == 0.5
    assert raid[1] is None
    assert raid[0]["what"] == "A raid"


def test_a_scenario_does_not_differ_from_itself(tmp_path: Path) -> None:
    scenario = load(write(tmp_path, SMALL))
    assert differences(scenario, load(write(tmp_path, SMALL, "other.yaml"))) == []


def test_left_and_right_are_mirrored(tmp_path: Path) -> None:
    left = load(write(tmp_path, SMALL, "small.yaml"))
    right = load(write(tmp_path, CHANGES))
    turned = {Difference(row.path, row.right, row.left).path for row in differences(right, left)}
    assert turned == {row.path for row in differences(left, right)}
