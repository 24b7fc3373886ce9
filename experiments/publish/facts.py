"""Gather what a folder of results says of itself, as the words that documents of an archive are filled with."""

from __future__ import annotations

import sys
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from papertiger.experiments.phrases import counted, listed
from papertiger.experiments.report.factors import varied_over
from papertiger.experiments.report.labels import Vocabulary
from papertiger.experiments.report.repeat import own_modules
from papertiger.model.plugins import is_from_file
from papertiger.model.template import Template

if TYPE_CHECKING:
    from papertiger.experiments.run.results import Results
    from papertiger.scenarios.schema.figures import Figure


class OwnCode(NamedTuple):
    """Name a module with rules or measures of a modeler's own, and its source where it was a file."""

    name: str
    source: bytes | None


class Facts:
    """Hold the facts of a folder of results.

    Parameters
    ----------
    results
        An opened folder that is finished.
    """

    def __init__(self, results: Results) -> None:
        self.results, self.experiment, self.manifest = results, results.experiment, results.manifest
        self.vocabulary = Vocabulary(self.experiment, results.worlds)
        self.baseline = next(iter(results.worlds.values()))

    @cached_property
    def figures(self) -> dict[str, Figure]:
        """Return every figure of the baseline by its path."""
        return dict(Template(self.baseline).figures)

    @cached_property
    def own_code(self) -> list[OwnCode]:
        """Return the modules that an import brought in; those of installed packages without their source."""
        modules = []
        for named in own_modules(self.experiment):
            name = named.removesuffix(".py")
            file = getattr(sys.modules.get(name), "__file__", None)
            source = Path(file).read_bytes() if file is not None and is_from_file(name) else None
            modules.append(OwnCode(name, source))
        return modules

    @cached_property
    def words(self) -> dict[str, str]:
        """Return all facts as texts by name, which the templates of checklists name in braces."""
        experiment, manifest, world = self.experiment, self.manifest, self.baseline
        design = experiment.design
        points, replicates, scenarios = manifest.points, manifest.replicates, len(experiment.labels)
        sourced = [path for path, figure in self.figures.items() if figure.source]
        judged = [path for path, figure in self.figures.items() if figure.why]
        ranged = [path for path in judged if self.figures[path].prior is not None]
        events = list(world.events.values())
        factors = [
            f"{self.vocabulary.factor(name)} ({varied_over(self.results, name).text})"
            for name in self.results.points.names
        ]
        several = f" at each of {counted(points, 'design point')}" if points > 1 else ""
        own = [code.name for code in self.own_code]
        return {
            "title": experiment.title,
            "question": experiment.question,
            "description": " ".join(experiment.description.split()),
            "name": experiment.name,
            "version": manifest.version,
            "model_sha256": manifest.model_sha256,
            "experiment_sha256": manifest.experiment_sha256,
            "seed": str(experiment.seed),
            "runs": counted(manifest.rows, "run"),
            "plan": f"{counted(scenarios, 'scenario')}, {counted(replicates, 'replicate')} of each{several}",
            "scenarios": "; ".join(f"{self.vocabulary.scenario(one)} (`{one}`)" for one in experiment.labels),
            "measures": "; ".join(self.vocabulary.measure(one).short for one in experiment.measures),
            "design": "none: nothing varies" if design is None else design.kind,
            "factors": "; ".join(factors) if factors else "none",
            "comparisons": counted(sum(len(pair.measures) for pair in experiment.pairs), "comparison"),
            "analyses": listed(sorted({one.kind for one in experiment.analyses})) or "none beside the comparisons",
            "clients": counted(len(world.clients), "client"),
            "client_names": listed(list(world.clients)),
            "rivals": listed(list(world.rivals)) or "none",
            "span": f"{world.span.start} to {world.span.end}",
            "mode": world.mode,
            "events": counted(len(events), "dated event"),
            "sourced_events": str(sum(bool(event.source) for event in events)),
            "sourced": counted(len(sourced), "figure"),
            "judged": counted(len(judged), "judgement"),
            "ranged": str(len(ranged)),
            "errors": counted(manifest.errors, "run"),
            "own_code": f"rules and measures of the author's own: {listed(own)}" if own else "no code of its own",
        }
