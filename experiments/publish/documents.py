"""Write the documents of an archive: its README, an ODD of the study, the filled checklists and codemeta."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, model_validator
from ruamel.yaml import YAML

from papertiger.experiments.report.limits import limits_of
from papertiger.experiments.report.sources import named_sources
from papertiger.scenarios.schema.values import Part

if TYPE_CHECKING:
    from papertiger.experiments.publish.crate import Author
    from papertiger.experiments.publish.facts import Facts

FILE = Path(__file__).with_name("checklists.yaml")
AUTHORS = "For the author"
"""What begins an item that only the author can fill."""


class Item(Part):
    """Ask one thing of a study: filled from facts, or marked as the author's."""

    id: str
    asks: str
    fact: str | None = None
    author: str | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Item:
        if (self.fact is None) == (self.author is None):
            raise ValueError(f"{self.id}: expected either 'fact' or 'author'")
        return self


class Checklist(Part):
    """Hold a checklist with its source."""

    name: str
    source: str
    items: tuple[Item, ...]


def checklists() -> tuple[Checklist, ...]:
    """Return the checklists."""
    return TypeAdapter(tuple[Checklist, ...]).validate_python(YAML(typ="safe").load(FILE.read_text(encoding="utf-8")))


def filled(checklist: Checklist, facts: Facts) -> str:
    """Return a checklist as a page, each item filled from facts or marked as the author's.

    Parameters
    ----------
    checklist, facts
        What is asked, and what the results say.
    """
    lines = [f"# {checklist.name}", "", f"After {checklist.source}.", ""]
    mine = sum(item.author is not None for item in checklist.items)
    filled_in = len(checklist.items) - mine
    lines += [f"{filled_in} items are filled from the results, {mine} are for the author and marked so.", ""]
    for item in checklist.items:
        said = f"**{AUTHORS}.** {item.author}" if item.fact is None else item.fact.format_map(facts.words)
        lines += [f"## {item.id} {item.asks}", "", said, ""]
    return "\n".join(lines).rstrip() + "\n"


def odd(facts: Facts) -> str:
    """Return the description of the study by the ODD protocol (Grimm et al. 2020), filled from its scenario.

    Parameters
    ----------
    facts
        What the results say.
    """
    words = facts.words
    rows = []
    for path, one in facts.figures.items():
        if one.why or one.source:
            spread = "" if one.prior is None else f"{one.prior.family} {list(one.prior.numbers)}"
            cells = (
                path,
                "drawn" if one.value is None else f"{one.value:g}",
                spread,
                one.why or "",
                one.source or "",
            )
            rows.append("| " + " | ".join(" ".join(cell.split()).replace("|", "/") for cell in cells) + " |")
    table = ["| figure | value | range | reason | source |", "| --- | --- | --- | --- | --- |", *rows]
    sources = named_sources(facts.results.worlds)
    parts = {
        "1 Purpose and patterns": f"{words['question']} {words['description']} An argument, not evidence.",
        "2 Entities, state variables and scales": (
            f"A patron and {words['clients']} ({words['client_names']}); rivals: {words['rivals']}. A client has two "
            "beliefs about its patron (capability and resolve, Beta counts), a rung from loyal to realigned, ties "
            f"and threats; the patron has budget, burden and attention. Months, {words['span']}."
        ),
        "3 Process overview and scheduling": (
            "Each month: the patron spreads attention and its budget moves; events happen and are answered; clients "
            "take in signals, as parties and as witnesses, and forget; threats, offers and ties move; clients that "
            "review choose a rung; regimes may fall; assets and credibility follow."
        ),
        "4 Design concepts": (
            "Learning by counting evidence with forgetting; choice by logit over rungs; interaction by signals, "
            "witnessing and offers; emergence of cascades; draws keyed by seed, run, month, actor and purpose; "
            f"observed are: {words['measures']}."
        ),
        "5 Initialisation": f"As the scenarios say ({words['scenarios']}); seed {words['seed']}.",
        "6 Input data": (
            f"{words['events']}, {words['sourced_events']} of them with a source; {words['mode']} mode. The sources "
            "stand below."
        ),
        "7 Submodels": (
            f"The rules of papertiger {words['version']} (sources {words['model_sha256']}); {words['own_code']}. "
            "Every figure of the baseline with its reason or source:"
        ),
    }
    lines = [f"# ODD: {words['title']}", "", "After Grimm et al. (2020), JASSS 23(2):7, for this study.", ""]
    for heading, text in parts.items():
        lines += [f"## {heading}", "", text, ""]
    lines += [*table, "", "## Sources", "", *(f"- {name}" for name in sources["listed"]), ""]
    lines += ["## Limits", "", *(f"- {line}" for line in limits_of(facts.results)), ""]
    return "\n".join(lines).rstrip() + "\n"


def readme(facts: Facts, files: list[str]) -> str:
    """Return the page that opens an archive: what it is, what lies where, and how to verify it.

    Parameters
    ----------
    facts, files
        What the results say, and the names of all files.
    """
    words = facts.words
    imports = "".join(f" --import {code.name}{'.py' if code.source else ''}" for code in facts.own_code)
    lines = [
        f"# {words['title']}", "", words["question"], "", words["description"], "",
        f"{words['runs']}: {words['plan']}, seed {words['seed']}, papertiger {words['version']}.", "",
        "The model is an argument, not evidence.", "", "## To verify it", "",
        "This runs everything again and names the first row that differs:", "",
        "```sh", f"pip install papertiger=={words['version']}", f"papertiger verify ARCHIVE.zip{imports}", "```", "",
    ]  # fmt: skip
    if facts.own_code:
        lines += [
            "The study has code of its own, which is executed only if you name it. It lies in `code/`; read it, "
            "unpack it, and name it with `--import`.",
            "",
        ]
    lines += ["## What lies where", "", *(f"- `{name}`" for name in files if "/" not in name), ""]
    lines += ["- `parts/`: the rows, one a run", "- `tables/`, `figures/`: what the report shows", ""]
    return "\n".join(lines).rstrip() + "\n"


def codemeta(facts: Facts, authors: list[Author], date: str) -> str:
    """Return the description of the study as software, by CodeMeta 3.0.

    Parameters
    ----------
    facts, authors, date
        What the results say, who made them, and when they were published.
    """
    words = facts.words
    content: dict[str, Any] = {
        "@context": "https://w3id.org/codemeta/3.0",
        "@type": "SoftwareSourceCode",
        "name": words["title"],
        "description": words["description"],
        "identifier": words["experiment_sha256"],
        "datePublished": date,
        "programmingLanguage": "Python",
        "softwareRequirements": f"papertiger=={words['version']}",
        "keywords": ["agent-based modelling", "alliances", "international relations", "simulation"],
    }
    if authors:
        content["author"] = [author.entity for author in authors]
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
