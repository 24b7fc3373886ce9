"""A small valid scenario, and the constants it extends, that owe nothing to the shipped ones."""

from __future__ import annotations

from pathlib import Path

from papertiger.scenarios.schema.events import RESERVED_SIGNALS
from papertiger.scenarios.schema.parameters import Parameters

OFF = ("break_away", "break_toward", "procurement_lasting")
GOOD_NEWS = ("air_defence_held", "support_delivered", "intervened", "help_tried")


def constants() -> str:
    """Return the text of an abstract scenario with every constant and signal."""
    lines = ["title: Constants", "description: Constants for tests", "abstract: true"]
    lines += ["span: {start: 2020-01, end: 2022-12}", "parameters:"]
    # Half of everything, but for intensities, which begin at 1, and for what is off unless a study turns it on.
    lines += [
        f"  {name}: {1 if name.endswith('_intensity') else 0 if name in OFF else 0.5}"
        for name in Parameters.model_fields
    ]
    lines.append("signals:")
    for name in RESERVED_SIGNALS:
        news = "good" if name in GOOD_NEWS else "bad"
        lines.append(f"  {name}: {{label: {name}, news: {news}, weight: 1, loading: 0.5, why: for tests}}")
    return "\n".join(lines) + "\n"


SMALL = """\
title: Small
description: Two clients, a rival and an adversary
extends: defaults
patron:
  name: Patronia
  main_rival: Rivalia
  assets:
    port: {value: 1, what: a port}
war:
  burden:
    points: {2020-01: 0, 2022-02: 0.6}
income:
  index: 1
rivals:
  Rivalia: {gap: 1}
adversaries:
  Foeland: {clash: 0.2}
clients:
  Alfa:
    adversary: Foeland
    arms: 0.8
    economy: 0.5
    threat: {value: 0.6, why: a guess}
    value: 0.5
    assets: {port: 0.7}
    options:
      Rivalia: {protection: 0.5, economy: 0.4}
  Bravo:
    arms: 0.1
    economy: 0.2
    threat: 0.3
    value: 0.1
switches:
  contested_claim: {value: true, why: sources differ}
events:
  raid: {date: 2021-05-04, kind: attack, client: Alfa, adversary: Foeland, what: A raid}
  scolded: {date: 2021-07, kind: criticism, client: Alfa, news: bad, what: Harsh words, only_if: contested_claim}
  talks: {date: 2022-03, kind: offer, client: Bravo, rival: Rivalia, intensity: 1, what: An offer}
  fall:
    date: 2022-06
    kind: regime_loss
    client: Bravo
    successor: {threat: 0.2, options: {Rivalia: {economy: 0.8}}}
    what: The government falls
"""


def write(folder: Path, text: str, name: str = "case.yaml") -> Path:
    """Write a scenario file, with the constants of the tests and the small scenario beside it."""
    (folder / "defaults.yaml").write_text(constants(), encoding="utf-8")
    (folder / "small.yaml").write_text(SMALL, encoding="utf-8")
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return path
