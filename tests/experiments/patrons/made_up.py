"""Make panels up whose causes are known, in the format of the real tables."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from papertiger.experiments.patrons.loader import StudyFiles, load_patron_study
from papertiger.experiments.patrons.plan import Readings, StudyPlan
from papertiger.experiments.patrons.terms import COLUMNS

EVENTS = {
    "irregular_exit": 0.04, "sols_change": 0.08, "mid_patron": 0.03, "sanction_onset": 0.03, "att_none": 0.08,
    "att_help": 0.02, "rival_new": 0.02, "wit_region_att_none": 0.1,
}  # fmt: skip
FIRST, YEARS = 1980, 30


def plan_with(**changes: object) -> StudyFiles:
    """Return the shipped plan for a short span, with some keys changed."""
    files = load_patron_study("patrons")
    data = files.plan.model_dump()
    data["span"] = {"first": FIRST, "last": FIRST + YEARS - 1}
    data["scores"] |= {"from_year": 1996, "periods": (1980, 1990, 2000), "bootstrap": 200}
    data["placebos"] |= {"permutations": 2}
    data["power"] |= {"simulations": 2, "breaks": (2.0, 4.0), "closeness": (0.2, 0.8)}
    data["sensitivity"] = {"breaks": ("same_year",), "closeness": ("pledges_only",)}
    for key, value in changes.items():
        data[key] = {**data[key], **value} if isinstance(value, dict) else value
    return StudyFiles(StudyPlan.model_validate(data), files.readings, files.plan_hash, files.readings_hash)


def write_panel(
    folder: Path,
    clients: int = 12,
    seed: int = 1,
    breaks: dict[str, float] | None = None,
    closeness: dict[str, float] | None = None,
    rate: float = 0.01,
    patron_sd: float = 0.0,
) -> Path:
    """Write a panel of five patrons, with effects on the log hazard and on the latent by name of the event."""
    rng = np.random.default_rng(seed)
    breaks, closeness = breaks or {}, closeness or {}
    folder.mkdir(parents=True, exist_ok=True)
    rows, postures, endings = [], [], []
    for patron in (2, 200, 220, 365, 710):
        own = patron_sd * rng.standard_normal(len(EVENTS))
        for number in range(clients):
            client = patron // 5 + 100 + number + 40 * (patron % 7)
            values = {name: (rng.random(YEARS) < chance).astype(float) for name, chance in EVENTS.items()}
            stock = np.zeros(len(EVENTS))
            closer, words, arms, left, ended = rng.standard_normal(), 0.0, np.zeros(5), 0.0, -1
            offset = 0.4 * rng.standard_normal(3)
            for t in range(YEARS):
                effects = [
                    breaks.get(name, 0.0) + (own[i] if name in breaks else 0.0) for i, name in enumerate(EVENTS)
                ]
                hazard = rate * np.exp(np.dot(effects, stock))
                now = np.array([values[name][t] for name in EVENTS])
                stock = 0.5 * stock + now
                closer = 0.9 * closer + np.sqrt(1 - 0.81) * rng.standard_normal()
                left = 0.9 * left + sum(closeness.get(name, 0.0) * values[name][t] for name in EVENTS)
                words = 0.5 * words + 0.3 * rng.standard_normal()
                arms = np.roll(arms, 1)
                arms[0] = 0.3 * (closer + left) + 0.5 * rng.standard_normal()
                seen = {
                    "un_agree_rel": 0.05 * (0.7 * (closer + left + words) + offset[0] + 0.4 * rng.standard_normal()),
                    "ip_dist_rel": -0.6 * (0.6 * (closer + left + words) + offset[1] + 0.4 * rng.standard_normal()),
                    "arms_share5": 0.4 + 0.2 * (arms.mean() + offset[2]) if t >= 4 else "",
                }
                pledge = int(ended < 0)
                row = dict.fromkeys(COLUMNS, 0) | {name: int(values[name][t]) for name in EVENTS} | seen
                row |= {
                    "pledge": pledge,
                    "defense": pledge * (number % 3 > 0),
                    "consul": pledge,
                    "bilateral": number % 2,
                }
                row |= {"mindist_km": 100 * number, "cinc_client": 0.001 * (number + 1), "cinc_patron": 0.1}
                row |= {"patron_war_abroad": int((t // 6) % 2 == patron % 2)}
                rows.append(
                    {"patron": patron, "client": client, "year": FIRST + t, "client_name": f"Land {client}"}
                    | {"region": ("East", "West")[number % 2]}
                    | row
                )
                postures.append(
                    {"patron": patron, "client": client, "year": FIRST + t}
                    | {name: int(rng.random() < 0.3) for name in ("postureA", "postureAs", "postureC")}
                )
                if ended < 0 and rng.random() < -np.expm1(-hazard):
                    ended = t
                    endings += [
                        {"patron": patron, "client": client, "kind": kind, "end": FIRST + t}
                        | {"how": "abrogated or broken by a member"}
                        for kind in ("pledge", "defense")
                        if row[kind]
                    ]
    for name, table in (("dyad_years.csv", rows), ("postures.csv", postures), ("endings.csv", endings)):
        with (folder / name).open("w", encoding="utf-8", newline="") as stream:
            headings = list(table[0]) if table else ["patron", "client", "kind", "end", "how"]
            writer = csv.DictWriter(stream, headings, lineterminator="\n")
            writer.writeheader()
            writer.writerows(table)
    return folder


def readings_for(folder: Path) -> Readings:
    """Return readings of all pledges that broke in a panel that was made up, the first half ended by the client."""
    with (folder / "endings.csv").open(encoding="utf-8") as stream:
        ends = [row for row in csv.DictReader(stream) if row["kind"] == "pledge"]
    return Readings.model_validate(
        {
            "name": "made_up",
            "pledges": [
                {"patron": int(row["patron"]), "client": int(row["client"]), "end": int(row["end"])}
                | {"ended_by": "client" if place % 2 == 0 else "both", "how": "denounced", "before": ["structure"]}
                | {"reading": "It ended.", "source": "made up"}
                for place, row in enumerate(ends)
            ],
        }
    )
