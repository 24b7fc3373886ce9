"""Describe an archive as an RO-Crate (1.1) by the profile of workflow runs.

The profile is that of Leo et al. 2024, *PLoS ONE* 19(9):e0309210. The experiment file is the workflow, the run of it
an action with what went in and what came out. JSON-LD is written plainly: the library for crates stamps files
with the time of day, and an archive is to be the same bytes twice.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from papertiger.experiments.errors import FolderError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from papertiger.experiments.publish.facts import Facts

METADATA = "ro-crate-metadata.json"
WORKFLOW = "experiment.yaml"
PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": "Process Run Crate",
    "https://w3id.org/ro/wfrun/workflow/0.5": "Workflow Run Crate",
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0": "Workflow RO-Crate",
}
TYPES = {
    "yaml": "application/yaml", "json": "application/json", "parquet": "application/vnd.apache.parquet",
    "csv": "text/csv", "png": "image/png", "svg": "image/svg+xml", "html": "text/html", "md": "text/markdown",
    "py": "text/x-python",
}  # fmt: skip
AUTHOR = re.compile(r"^(?P<name>[^<>]+?)(?:\s*<(?P<orcid>\d{4}-\d{4}-\d{4}-\d{3}[\dX])>)?$")
PROGRAM = "#papertiger"


@dataclass(frozen=True)
class Author:
    """Name an author, with an ORCID where there is one."""

    name: str
    orcid: str | None = None

    @classmethod
    def of(cls, text: str) -> Author:
        """Return the author that a text names, such as ``Ada Lovelace <0000-0002-1825-0097>``.

        Raises
        ------
        FolderError
            If it is no name with an ORCID in angle brackets, or the ORCID's last digit is wrong.
        """
        match = AUTHOR.match(text.strip())
        if match is None:
            raise FolderError(f"author {text!r}: expected a name, and an ORCID in angle brackets if there is one")
        orcid = match["orcid"]
        if orcid is not None and orcid[-1] != _check_digit(orcid):
            raise FolderError(f"author {text!r}: the last digit of the ORCID does not fit the others")
        return cls(match["name"].strip(), orcid)

    @property
    def id(self) -> str:
        """Return by what the crate names the author."""
        slug = "".join(char if char.isalnum() else "-" for char in self.name.lower())
        return f"#{slug}" if self.orcid is None else f"https://orcid.org/{self.orcid}"

    @property
    def entity(self) -> dict[str, Any]:
        """Return the author as JSON-LD."""
        return {"@id": self.id, "@type": "Person", "name": self.name}


def _check_digit(orcid: str) -> str:
    """Return the last digit that the others of an ORCID ask for (ISO 7064, mod 11-2)."""
    total = 0
    for digit in orcid.replace("-", "")[:-1]:
        total = (total + int(digit)) * 2
    rest = (12 - total % 11) % 11
    return "X" if rest == 10 else str(rest)


def metadata(
    facts: Facts,
    files: Mapping[str, tuple[int, str] | None],
    authors: Sequence[Author],
    license_: str | None,
    date: str,
) -> str:
    """Return the description of an archive.

    Parameters
    ----------
    facts
        What the results say.
    files
        Size and SHA-256 of each file of the archive, by name; None of the list that holds this description's own.
    authors, license_, date
        Who made it, the address of its licence (None where the author has chosen none), and when it was published.
    """
    words, manifest = facts.words, facts.manifest
    outputs = [name for name in files if name.startswith(("parts/", "tables/", "figures/")) or name == "report.html"]
    own = [name for name in files if name.startswith("code/")]
    licence: dict[str, Any] = {"@id": license_} if license_ else {"@id": "#licence"}
    root: dict[str, Any] = {
        "@id": "./",
        "@type": "Dataset",
        "name": words["title"],
        "description": f"{words['question']} {words['description']}",
        "datePublished": date,
        "license": licence,
        "conformsTo": [{"@id": profile} for profile in PROFILES],
        "hasPart": [{"@id": name} for name in files],
        "mainEntity": {"@id": WORKFLOW},
        "mentions": [{"@id": "#run"}],
    }
    if authors:
        root["author"] = [{"@id": author.id} for author in authors]
    action: dict[str, Any] = {
        "@id": "#run",
        "@type": "CreateAction",
        "name": f"{words['runs']}: {words['plan']}",
        "instrument": {"@id": WORKFLOW},
        "object": [{"@id": name} for name in ("resolved.json", "points.parquet") if name in files]
        + [{"@id": f"#{name}-value"} for name in ("seed", "replicates")],
        "result": [{"@id": name} for name in outputs],
        "actionStatus": {"@id": "http://schema.org/CompletedActionStatus"},
        "endTime": date,
    }
    if authors:
        action["agent"] = {"@id": authors[0].id}
    workflow: dict[str, Any] = {
        **_file(WORKFLOW, files[WORKFLOW]),
        "@type": ["File", "SoftwareSourceCode", "ComputationalWorkflow"],
        "name": words["title"],
        "programmingLanguage": {"@id": "#experiment-file"},
        "input": [{"@id": "#seed"}, {"@id": "#replicates"}],
        "hasPart": [{"@id": PROGRAM}, *({"@id": name} for name in own)],
    }
    numbers = {"seed": manifest.seed, "replicates": manifest.replicates}
    parameters = [
        {
            "@id": f"#{name}",
            "@type": "FormalParameter",
            "additionalType": "Integer",
            "name": name,
            "valueRequired": True,
            "conformsTo": {"@id": "https://bioschemas.org/profiles/FormalParameter/1.0-RELEASE"},
        }
        for name in numbers
    ]
    values = [
        {"@id": f"#{name}-value", "@type": "PropertyValue", "name": name, "value": value,
         "exampleOfWork": {"@id": f"#{name}"}}
        for name, value in numbers.items()
    ]  # fmt: skip
    graph: list[dict[str, Any]] = [
        {
            "@id": METADATA,
            "@type": "CreativeWork",
            "about": {"@id": "./"},
            "conformsTo": [
                {"@id": "https://w3id.org/ro/crate/1.1"},
                {"@id": "https://w3id.org/workflowhub/workflow-ro-crate/1.0"},
            ],
        },
        root,
        workflow,
        action,
        *parameters,
        *values,
        *(_profile(address, name) for address, name in PROFILES.items()),
        {
            "@id": "#experiment-file",
            "@type": "ComputerLanguage",
            "name": "Papertiger experiment file",
            "description": "YAML that names scenarios, factors, a design, measures and analyses",
        },
        {
            "@id": PROGRAM,
            "@type": "SoftwareApplication",
            "name": "Papertiger",
            "softwareVersion": manifest.version,
            "identifier": f"sha256:{manifest.model_sha256}",
            "license": {"@id": "https://spdx.org/licenses/MIT"},
        },
        {"@id": "https://spdx.org/licenses/MIT", "@type": "CreativeWork", "name": "MIT License"},
        *(author.entity for author in authors),
    ]
    named = {entity["@id"] for entity in graph}
    if licence["@id"] not in named:
        text = license_ or "All rights are the author's, who has chosen no licence yet"
        graph.append({"@id": licence["@id"], "@type": "CreativeWork", "name": text})
    graph += [_file(name, said) for name, said in files.items() if name != WORKFLOW]
    content = {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _profile(address: str, name: str) -> dict[str, Any]:
    return {"@id": address, "@type": ["CreativeWork", "Profile"], "name": name, "version": address.rsplit("/", 1)[-1]}


def _file(name: str, said: tuple[int, str] | None) -> dict[str, Any]:
    entity: dict[str, Any] = {
        "@id": name,
        "@type": ["File", "SoftwareSourceCode"] if name.startswith("code/") else "File",
        "name": name.rsplit("/", 1)[-1],
        "encodingFormat": TYPES.get(name.rsplit(".", 1)[-1], "application/octet-stream"),
    }
    if said is not None:
        entity |= {"contentSize": str(said[0]), "identifier": f"sha256:{said[1]}"}
    return entity
