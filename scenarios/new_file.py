"""Write the scenario file that a modeler starts from."""

from __future__ import annotations

from typing import Any

from papertiger.scenarios.arguments import check_text
from papertiger.scenarios.errors import Problem, ScenarioError, shorten
from papertiger.scenarios.reading.inheritance import Tree, resolve_tree
from papertiger.scenarios.reading.sources import ENDINGS, looks_like_path
from papertiger.scenarios.reading.yaml_writer import block, check_written, scalar

MAX_NAME_BYTES = 200
"""File systems end at 255 bytes, and results are named after a scenario with more behind it."""

_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))}
"""What Windows takes for a device, whatever the ending."""


def template(name: str, parent: str) -> str:
    """Return the text of a new scenario file, which loads as it is and shows in comments what can be changed.

    Parameters
    ----------
    name
        The new scenario's name; the file is to be called so.
    parent
        The scenario to extend: a shipped name, or a path as seen from where the new file will be.

    Raises
    ------
    ScenarioError
        When the name cannot be one, or the parent cannot be read.
    """
    check_text("name", name)
    check_text("parent", parent)
    stem = next((name.removesuffix(end) for end in ENDINGS if name.endswith(end)), name)
    if not _can_be_a_file(stem):
        message = (
            "expected a name that can be a file's: not empty, no spaces around it, no '.' in front, none of "
            f"/\\<>:\"|?*, at most {MAX_NAME_BYTES} bytes, and no device such as 'con'"
        )
        raise ScenarioError([Problem(shorten(stem), message=message)])
    tree = resolve_tree(parent)
    parts = [_head(stem, parent, tree)]
    missing = {key: part for key, part in _STARTERS.items() if not tree.data.get(key)}
    if missing:
        parts.append(
            "## What the parent leaves open. Replace these by your own.\n" + "\n".join(block(missing)) + "\n"
        )
    parts.append(_examples(tree, missing))
    text = "\n".join(parts)
    check_written(text, stem)
    return text


def _can_be_a_file(stem: str) -> bool:
    """Tell whether a file can have a name on every system; some keep characters and names for themselves."""
    return (
        stem.isprintable()
        and 0 < len(stem.encode()) <= MAX_NAME_BYTES
        and stem == stem.strip()
        and not looks_like_path(stem)
        and not stem.startswith(".")
        and not set(stem) & set('<>:"|?*')
        and stem.partition(".")[0].lower() not in _DEVICES
    )


_STARTERS: dict[str, Any] = {
    "span": {"start": "2020-01", "end": "2027-12"},
    "patron": {"name": "The patron"},
    "war": {"burden": {"points": {"2020-01": 0}}},
    "income": {"index": {"points": {"2020-01": 1}}},
    "clients": {"First client": {"arms": 0.5, "economy": 0.5, "threat": 0.5, "value": 0.5, "treaty": "defence_pact"}},
}


def _head(stem: str, parent: str, tree: Tree) -> str:
    title = tree.data.get("title") or parent
    shown = title if isinstance(title, str) else parent
    return f"""\
## A scenario of Papertiger. Save it as {stem}.yaml; the file's name is the scenario's.
##
## It says only what differs from the scenario it extends. Anything given again replaces what was inherited:
## numbers, text and lists as a whole, mappings key by key. A number can be written in three ways:
##   0.5                                               just the number
##   {{value: 0.5, why: "...", source: "..."}}           with its reason and where it comes from
##   {{uniform: [0.2, 0.8]}}                             drawn in each run; also loguniform, normal, lognormal,
##                                                     beta and choice
## Lines with ## explain. Lines with # are examples: remove the # to use them. Unknown keys are mistakes, and
## are named when the file is checked.

title: {scalar(f"{stem} (from {shown})")}
description: "Say in a sentence or two what this scenario asks."
extends: {scalar(parent)}
"""


def _examples(tree: Tree, missing: dict[str, Any]) -> str:
    """Return commented lines that would work as they stand, with names the parent knows."""
    data = {**tree.data, **missing}
    client, event = _first(data["clients"]), _first(tree.data.get("events"))
    new_event = {
        "date": data["span"]["start"],
        "kind": "background",
        "client": client,
        "what": "one line for people",
        "source": "where it is reported",
    }
    figure = {"value": 0.5, "uniform": [0.2, 0.8], "why": "Judgement: ..."}
    examples: list[tuple[str, dict[str, Any]]] = [
        (
            "The months of the run, both included. Inherited events outside a shorter span are left out.",
            {"span": data["span"]},
        ),
        (
            "replay: dated events drive the run. generative: crises are drawn, the patron answers by rule.",
            {"mode": "generative"},
        ),
        (
            "What the war's burden does after its last point: continues, ends or escalates.",
            {"war": {"after": "ends", "over_months": 12}},
        ),
        (
            "Constants of the model, one set for all clients.",
            {"parameters": {"forgetting": figure}},
        ),
        (
            "Clients by name: change one, or add one with arms, economy, threat and value.",
            {"clients": {client: {"threat": 0.7}}},
        ),
        (
            "Events by an id of your own. The kind is a row of the signal table (then give news: good or bad) or\n"
            "## attack, offer, offer_withdrawn, invasion, regime_loss, leader_health, new_situation,\n"
            "## leader_change, disengagement, rival_pledge, outcome or background.",
            {"events": {"a_new_event": new_event}},
        ),
    ]
    if event:
        removal = {"remove": {"events": [event]}}
        examples.append(("Names to drop of what is inherited: events, clients, rivals, adversaries.", removal))
    return "\n".join(
        "\n".join([f"## {text}", *(f"#{line}" for line in block(lines)), ""])
        for text, lines in examples
        if not missing.keys() & lines.keys()
    )


def _first(section: Any) -> str:
    return next(iter(section), "") if isinstance(section, dict) else ""
