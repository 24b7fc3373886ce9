"""Write the report of an experiment: one page that opens anywhere, with figures and tables as files beside it."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from papertiger.experiments.design.schema import Analysis
from papertiger.experiments.errors import FolderError
from papertiger.experiments.figures import style
from papertiger.experiments.glossary.terms import glossary
from papertiger.experiments.phrases import at_least, counted, level_in_words, listed
from papertiger.experiments.report import ablations, fates, partings, precision, scatters
from papertiger.experiments.report.analyses import NOT_MADE, Analyst
from papertiger.experiments.report.comparisons import Illustrator
from papertiger.experiments.report.document import Chapter, Picture, Table
from papertiger.experiments.report.factors import varied_over
from papertiger.experiments.report.limits import limits_of
from papertiger.experiments.report.numbers import Findings
from papertiger.experiments.report.recomputing import recomputing
from papertiger.experiments.report.repeat import commands, needs, theories_in_words
from papertiger.experiments.report.sentences import brief, filled, sentence
from papertiger.experiments.report.sources import named_sources
from papertiger.experiments.run.provenance import version
from papertiger.experiments.run.results import Results
from papertiger.scenarios.arguments import check_kind, check_path, check_truth
from papertiger.scenarios.files import remove, remove_leftovers, write_file
from papertiger.scenarios.reading.json_reader import JsonError, JsonShape, read_json
from papertiger.scenarios.tables import format_frame

REPORT, INDEX = "report.html", "report.json"
OURS = re.compile(r"^(figures/[A-Za-z0-9_.-]+\.(png|svg)|tables/[A-Za-z0-9_.-]+\.csv)$")
"""What an earlier report may have left in the folder."""
MAX_BRIEF = 12

WORDS = (
    (
        "by its own choice",
        "counted while the regime of the start governs, and not after a regime loss",
    ),
    ("paired run", "a run of one scenario and the run of another that share every chance draw"),
)


@dataclass(frozen=True)
class _Image:
    """Hold a picture as the page takes it."""

    name: str
    source: str
    caption: str
    alt: str
    width: int
    height: int


@dataclass
class _Files:
    """Hold what is written beside the page, by its place in the folder; and the answer."""

    answer: list[str] = field(default_factory=list)
    content: dict[str, bytes] = field(default_factory=dict)
    headings: set[str] = field(default_factory=set)
    columns: set[str] = field(default_factory=set)

    def picture(self, picture: Picture) -> _Image:
        """Draw a picture into its files and return it for the page."""
        name = re.sub(r"[^A-Za-z0-9_-]+", "_", picture.name)
        png, svg = io.BytesIO(), io.BytesIO()
        style.save(picture.figure, png)
        style.save_svg(picture.figure, svg)
        self.content[f"figures/{name}.png"] = png.getvalue()
        self.content[f"figures/{name}.svg"] = svg.getvalue()
        # The smaller of the two goes into the page: outlines are sharp in print, thousands of points are not small.
        kind, data = min((("svg+xml", svg.getvalue()), ("png", png.getvalue())), key=lambda part: _weight(*part))
        source = f"data:image/{kind};base64,{base64.b64encode(data).decode('ascii')}"
        width, height = (round(96 * size) for size in picture.figure.get_size_inches())
        return _Image(name, source, picture.caption, picture.alt, width, height)

    def table(self, table: Table) -> Table:
        """Write a table as CSV and return it for the page."""
        name = re.sub(r"[^A-Za-z0-9_-]+", "_", table.name)
        text = format_frame(table.data, float_format="%.10g")
        self.content[f"tables/{name}.csv"] = text.encode("utf-8")
        self.headings.update(table.headings)
        self.columns.update(map(str, table.data.columns))
        return table


def _weight(kind: str, data: bytes) -> float:
    """Return how heavy an image is in the page; outlines may weigh three times as much, for their sharpness."""
    return len(data) / 3 if kind == "svg+xml" else len(data)


def write_report(results: Results, *, light: bool = False) -> Path:
    """Write the report of a folder of results: the page, its figures and its tables.

    Parameters
    ----------
    results
        An opened folder; it may be unfinished, which the report then says.
    light
        Leave out what runs the experiment again in the reader's browser.

    Returns
    -------
    Path
        The page. The same results give the same bytes.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - only for reports

    check_kind("results", results, Results, "results, as open_results makes them")
    check_truth("light", light)
    findings = Findings(results)
    files = _Files()
    environment = Environment(
        loader=PackageLoader("papertiger.experiments", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    page = environment.get_template("report.html.j2").render(_content(findings, files, light=light))
    files.content[REPORT] = page.encode("utf-8")
    write_into(results.folder, files.content, files.answer)
    return results.folder / REPORT


class Index(JsonShape):
    """List what a report wrote: its answer, and the hash of each file by name."""

    answer: tuple[str, ...]
    files: dict[str, str]


def answer(results: Results) -> list[str]:
    """Return the answer that the report of a folder gives: one sentence, or the file's own and then the plain one.

    Parameters
    ----------
    results
        An opened folder with a report.
    """
    return list(read_index(results.folder).answer)


def read_index(folder: Path) -> Index:
    """Return what the last report of a folder left there.

    Raises
    ------
    FolderError
        If there is none, or it cannot be read.
    """
    folder = check_path("folder", folder, "the path of a folder")
    try:
        return read_json(folder / INDEX, Index)
    except JsonError as error:
        raise FolderError(f"{error}; write the report again") from None


def write_into(folder: Path, content: dict[str, bytes], said: list[str]) -> None:
    """Write every file whole or not at all, the page last, then clear away what only the last report had."""
    for name in ("figures", "tables"):
        (folder / name).mkdir(exist_ok=True)
    for name in ("", "figures", "tables"):
        remove_leftovers(folder / name)
    earlier = _earlier(folder)
    for name, data in sorted(content.items(), key=lambda item: (item[0] == REPORT, item[0])):
        write_file(folder / name, data)
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(content.items())}
    index = json.dumps({"answer": said, "files": hashes}, indent=1)
    write_file(folder / INDEX, (index + "\n").encode("ascii"))
    for name in earlier - set(content):
        remove(folder / name)


def _earlier(folder: Path) -> set[str]:
    try:
        return {name for name in read_index(folder).files if OURS.match(name)}
    except FolderError:
        return set()


def _content(findings: Findings, files: _Files, *, light: bool) -> dict[str, Any]:
    experiment, results = findings.experiment, findings.results
    illustrator = Illustrator(findings)
    explained = ablations.explained(findings)
    drafts = [ablations.chapter(findings, explained, illustrator.origin)] if explained else []
    drafts += _chapters(findings, illustrator)
    files.answer = ablations.headline(findings, explained) + (_answer(findings) or _first_finding(drafts))
    chapters = [_page(chapter, files) for chapter in drafts]
    for table in illustrator.data():
        files.table(table)
    factors = _factors(findings, files)
    hashes = Table(
        "scenarios",
        "Fingerprints of the resolved scenarios (SHA-256)",
        ("Scenario", "SHA-256"),
        [[label, digest] for label, digest in results.manifest.scenarios.items()],
        _hash_frame(results.manifest.scenarios),
    )
    written_hashes = files.table(hashes)
    kinds = [type(part).kind_name for part in experiment.measures.values()]
    terms = glossary().used(files.headings, (), kinds)
    return {
        "version": version(),
        "name": experiment.name,
        "title": experiment.title,
        "question": experiment.question,
        "description": experiment.description,
        "answer": files.answer,
        "warnings": list(_warnings(findings)),
        "brief": list(_brief(findings)),
        "chapters": chapters,
        "method": list(_method(findings)),
        "scenarios": [_scenario(findings, label) for label in experiment.labels],
        "factors": factors,
        "words": WORDS,
        "provenance": _provenance(findings),
        "hashes": written_hashes,
        "terms": terms,
        "further": [term for term in glossary().used((), files.columns, ()) if term not in terms],
        "term_of": glossary().of_heading,
        "sources": named_sources(results.worlds),
        "limits": limits_of(results),
        "recompute": recomputing(findings, explained, light=light),
        "repeat": commands(experiment),
        "repeat_needs": needs(experiment).strip(),
    }


def _hash_frame(hashes: dict[str, str]) -> Any:
    import pandas as pd  # noqa: PLC0415 - slow to import

    return pd.DataFrame({"scenario": list(hashes), "sha256": list(hashes.values())})


def _page(chapter: Chapter, files: _Files) -> dict[str, Any]:
    """Return a chapter for the page, its figures and tables written; a table without a caption is only a file."""
    return {
        "heading": chapter.heading,
        "anchor": chapter.anchor,
        "text": chapter.text,
        "pictures": [files.picture(picture) for picture in chapter.pictures],
        "tables": [table for table in map(files.table, chapter.tables) if table.caption],
    }


def _chapters(findings: Findings, illustrator: Illustrator) -> Iterator[Chapter]:
    experiment = findings.experiment
    pictures = [*illustrator.forest(), *illustrator.postures()] if findings.comparisons else illustrator.postures()
    if pictures:
        yield Chapter("Key figures", [], pictures)
    responses = [*illustrator.responses(), *scatters.pictures(findings, illustrator.origin)]
    unmoved = illustrator.unmoved()
    if responses or unmoved:
        still = [f"Nothing that was varied moves these, which are the same in every run: {'; '.join(unmoved)}."]
        yield Chapter("What was varied, and what followed", still if unmoved else [], responses)
    tables = [illustrator.comparisons()] if findings.comparisons else []
    yield Chapter("The numbers", [], [], [*tables, illustrator.levels()])
    analyst = Analyst(findings, illustrator)
    yield from analyst.chapters()
    times = fates.chapter(findings, illustrator)
    if times is not None:
        yield times
    for more in (partings.chapter(findings), precision.chapter(findings)):
        if more is not None:
            yield more
    headline = findings.comparisons[0].measure if findings.comparisons else None
    checked = {part.measure for part in experiment.analyses if part.kind == "convergence"}
    if headline is not None and headline not in checked and findings.size[1] > 1:
        yield analyst.chapter(Analysis(kind="convergence", measure=headline), f"convergence_{headline}")


def _answer(findings: Findings) -> list[str]:
    """Return the answer in a sentence, in the file's words where it gives any and there is a difference."""
    words = findings.words
    contrast, pair = findings.headline, findings.headline_pair
    if contrast is None or pair is None:
        return []
    measure = words.measure(contrast.measure)
    names = (words.scenario(contrast.baseline), words.scenario(contrast.against))
    plain = [sentence(contrast, measure, *names, level=findings.level)]
    other = findings.compare_other_reading(pair, contrast.measure)
    if other is not None:
        said = sentence(other, words.other(contrast.measure), *names, level=findings.level)
        plain.append(f"The other way of counting says something else. {said}")
    template = findings.experiment.answer
    if template is None or contrast.verdict not in ("higher", "lower"):
        return plain
    if contrast.alike is not None and ("{low}" in template or "{high}" in template):
        return plain  # the file's words have a place for an interval, and there is none
    return [filled(template, contrast, measure, *names), *plain]


def _first_finding(chapters: list[Chapter]) -> list[str]:
    """Return what the first analysis found, for an experiment that compares no scenarios."""
    for chapter in chapters:
        if chapter.finding:
            return [chapter.finding]
    failed = next((line for chapter in chapters for line in chapter.text if line.startswith(NOT_MADE)), "")
    return [f"This experiment compares no scenarios; its numbers are below. {failed}".strip()]


def _brief(findings: Findings) -> Iterator[tuple[str, list[str]]]:
    """Yield short lists: the other scenarios on the same measure, and the same scenarios on other measures."""
    if not findings.comparisons:
        return
    head, *others = findings.comparisons
    words = findings.words
    alike = [part for part in others if part.measure == head.measure]
    beside = [part for part in others if (part.baseline, part.against) == (head.baseline, head.against)]
    short = words.measure(head.measure).short
    if alike:
        lines = [brief(part, words.measure(part.measure), words.scenario(part.against)) for part in alike[:MAX_BRIEF]]
        yield f"What the other changes do to the same measure ({short[0].lower()}{short[1:]})", lines
    if beside:
        measures = [words.measure(part.measure) for part in beside[:MAX_BRIEF]]
        lines = [brief(part, said, said.short) for part, said in zip(beside, measures, strict=False)]
        yield f"What the same change (“{words.scenario(head.against)}”) does to other measures", lines


def _warnings(findings: Findings) -> Iterator[str]:
    manifest = findings.results.manifest
    whole = manifest.points * manifest.replicates * len(findings.experiment.labels)
    if not manifest.finished:
        yield (
            f"This experiment is not finished: {manifest.rows:,} of {whole:,} runs are done. The numbers are those "
            "of these runs; start it again to go on."
        )
    if manifest.errors:
        yield (
            f"{manifest.errors:,} of {manifest.rows:,} runs failed and are left out; the column “error” of the rows "
            "says why."
        )
    yield from _readings(findings)


def _readings(findings: Findings) -> Iterator[str]:
    """Say where it makes a difference whether what successors do is counted: once for each measure."""
    words = findings.words
    for measure, rows in findings.readings.groupby("measure", sort=False):
        row = rows.to_dict("records")[0]
        part: Any = findings.experiment.measures[str(measure)]
        asked, unit = words.measure(str(measure)), words.measure(str(measure)).unit
        more = f", and elsewhere ({counted(len(rows) - 1, 'more scenario')})" if len(rows) > 1 else ""
        asked_for, other = (words.reading(part, other=swapped) for swapped in (False, True))
        low, high = row["low"], row["high"]
        apart = f"{unit.number(low)} to {unit.number(high)} {unit.axis} ({level_in_words(findings.level)} interval)"
        if math.isfinite(row["alike"]):
            size = f"{unit.number(row['other'] - row['mean'])} {unit.axis}"
            apart = f"{size} whatever the luck of those that were run, and so in {at_least(row['alike'])} of all"
        yield (
            f"“{asked.short}” hangs on what is counted: {unit.written(row['mean'])} {asked_for}, "
            f"{unit.written(row['other'])} {other}, in “{words.scenario(row['scenario'])}”{more}. They differ by "
            f"{apart}."
        )


def _method(findings: Findings) -> Iterator[str]:
    experiment, (points, replicates) = findings.experiment, findings.size
    scenarios = len(experiment.labels)
    design = experiment.design
    each = f" at each of {points:,} design points ({design.kind})" if design is not None and points > 1 else ""
    yield (
        f"{counted(scenarios, 'scenario')}, {counted(replicates, 'replicate')} each{each}: "
        f"{counted(scenarios * points * replicates, 'run')} with seed {experiment.seed}."
    )
    yield (
        "Common random numbers: replicate k has the same luck in every scenario and at every design point, because "
        "each chance draw is a function of seed, run, month, actor and purpose. Two scenarios are identical until "
        "the first thing in which they differ, and comparing them run by run removes the luck that they share."
    )
    if scenarios > 1:
        yield _pairing(findings)


def _pairing(findings: Findings) -> str:
    level = level_in_words(findings.level)
    points, replicates = findings.size
    text = f"Intervals of differences are {level} BCa bootstrap intervals (2,000 resamples). "
    if points == 1:
        return text + "Pairs of runs are resampled."
    if findings.one_at_a_time:
        return (
            text + "Comparisons are made at the scenarios as they are, before any factor moves; pairs are resampled."
        )
    if findings.sampled:
        both = "and replicates, and adds up the two uncertainties as squares" if replicates > 1 else "only"
        return text + f"Differences are averaged over the design points, and the interval resamples points {both}."
    what = "replicates" if replicates > 1 else "points"
    return text + f"Differences are averaged over the design points, and {what} are resampled."


def _scenario(findings: Findings, label: str) -> dict[str, str]:
    world = findings.results.worlds[label]
    entry = next(entry for entry in findings.experiment.scenarios if entry.name == label)
    settings = {**findings.experiment.settings, **entry.settings}
    still = [f"{listed(entry.frozen)} frozen at the priors"] if entry.frozen else []
    still += [f"{len(entry.decisions)} decisions given"] if entry.decisions else []
    still += [f"the rules of the theory {entry.theory}"] if entry.theory else []
    return {
        "title": f"{findings.words.scenario(label)} ({label})",
        "description": world.description,
        "settings": ", ".join([*(f"{key} = {value}" for key, value in settings.items()), *still]),
    }


def _factors(findings: Findings, files: _Files) -> Table | None:
    points = findings.results.points
    if not points.names:
        return None
    frame = findings.points.describe().T.reset_index(names="factor")[["factor", "min", "max"]]
    frame.insert(1, "path", list(points.paths))
    rows = [
        [findings.words.factor(row["factor"]), row["path"], varied_over(findings.results, row["factor"]).text]
        for row in frame.to_dict("records")
    ]
    return files.table(
        Table("factors", "What was varied", ("Factor", "Path in the scenario", "Varied over"), rows, frame)
    )


def _provenance(findings: Findings) -> list[tuple[str, str]]:
    manifest = findings.results.manifest
    claims = ", ".join(map(str, findings.experiment.claims))
    files = counted(len(manifest.parts), "Parquet file")
    return [
        ("Program", f"papertiger {manifest.version}"),
        ("Model sources (SHA-256)", manifest.model_sha256),
        ("Experiment (SHA-256)", manifest.experiment_sha256),
        ("Design points (SHA-256)", manifest.points_sha256),
        ("Seed", str(manifest.seed)),
        (
            "Rows",
            f"{manifest.rows:,} in {files}, each with its hash in manifest.json",
        ),
        *theories_in_words(findings.experiment, manifest),
        *([("Claims that it bears on", claims)] if claims else []),
    ]
