"""A small world, the data on it, and a mapping that owes nothing to the shipped ones."""

from __future__ import annotations

from pathlib import Path

from tests.scenarios.datasets.samples import SAMPLES
from tests.scenarios.minimal import SMALL, write

MAPPING = """\
title: Attacks
description: Attacks of Foeland
data_set: acled
date: date
id: event_id
counted_by: event_type
cannot_see: [what the patron did]
names: {Military Forces of Foeland (2018-): Foeland}
rules:
  attack:
    where: {event_type: {one_of: [Explosions/Remote violence, Violence against civilians]}}
    kind: attack
    client: {column: country}
    adversary: {column: actor1}
    intensity: {column: fatalities, steps: [{at_least: 0, intensity: 1}, {at_least: 3, intensity: 2.5}]}
    what: "{adversary} attacks {client}: {sub_event_type} ({fatalities} dead)"
    why: for tests
"""


def world(folder: Path, mapping: str = MAPPING) -> tuple[Path, Path]:
    """Write the small scenario, ACLED's sample and a mapping; return the paths of the data and the mapping."""
    write(folder, SMALL)
    path = folder / "mine.yaml"
    path.write_text(mapping, encoding="utf-8")
    return SAMPLES["acled"].write(folder), path
