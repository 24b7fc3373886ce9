"""Archives: the same bytes twice, described by the crate's rules, checklists filled, verified row by row."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from papertiger.cli import app
from papertiger.experiments.errors import FolderError
from papertiger.experiments.publish.archive import CONTENTS, packed, publish, unpack
from papertiger.experiments.publish.crate import METADATA, PROFILES, Author
from papertiger.experiments.publish.documents import AUTHORS, checklists
from papertiger.experiments.publish.verify import compare, verify
from papertiger.experiments.run.results import Results
from tests.experiments.run.small import HEAD, MEASURES, SWEEP, run

ADA = "Ada Lovelace <0000-0002-1825-0097>"


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return run(tmp_path_factory.mktemp("study"), HEAD + MEASURES + SWEEP)


@pytest.fixture(scope="module")
def archive(results: Results, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("archive") / "study.zip"
    publish(results, file, authors=[ADA], license_="https://spdx.org/licenses/CC-BY-4.0", date="2026-11-29")
    return file


def files_of(archive: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(archive) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def graph_of(archive: Path) -> dict[str, dict[str, Any]]:
    entities = json.loads(files_of(archive)[METADATA])["@graph"]
    assert len({entity["@id"] for entity in entities}) == len(entities)
    return {entity["@id"]: entity for entity in entities}


def references(value: Any) -> set[str]:
    if isinstance(value, dict):
        inner = {name for part in value.values() for name in references(part)}
        return {value["@id"]} if set(value) == {"@id"} else inner
    return {name for part in value for name in references(part)} if isinstance(value, list) else set()


def test_an_archive_has_the_same_bytes_twice(results: Results, archive: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.zip"
    (results.folder / "report.html").touch()
    publish(results, again, authors=[ADA], license_="https://spdx.org/licenses/CC-BY-4.0", date="2026-11-29")
    assert again.read_bytes() == archive.read_bytes()


def test_the_day_is_that_of_the_rows_or_of_a_build(
    results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.utime(results.folder / "manifest.json", (86_400 * 365, 86_400 * 365))
    publish(results, tmp_path / "a.zip")
    assert graph_of(tmp_path / "a.zip")["./"]["datePublished"] == "1971-01-01"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    publish(results, tmp_path / "b.zip")
    assert graph_of(tmp_path / "b.zip")["./"]["datePublished"] == "1970-01-01"


def test_the_crate_holds_the_rules_of_its_profiles(archive: Path) -> None:
    graph, files = graph_of(archive), files_of(archive)
    # RO-Crate 1.1: the descriptor, a root with name, description, date and licence, every file once, none dangling.
    assert graph[METADATA]["about"] == {"@id": "./"}
    assert graph[METADATA]["conformsTo"][0] == {"@id": "https://w3id.org/ro/crate/1.1"}
    root = graph["./"]
    assert {"name", "description", "datePublished", "license", "hasPart"} <= set(root)
    assert {part["@id"] for part in root["hasPart"]} == set(files) - {METADATA}
    named = {name for entity in graph.values() for key, value in entity.items() if key != "@id"
             for name in references(value)}  # fmt: skip
    outside = {"https://w3id.org/ro/crate/1.1", "http://schema.org/CompletedActionStatus"}
    formal = {"https://bioschemas.org/profiles/FormalParameter/1.0-RELEASE"}
    assert named - set(graph) <= outside | formal
    # Workflow Run Crate: an action whose instrument is the main workflow, with objects, results and an agent.
    assert {part["@id"] for part in root["conformsTo"]} == set(PROFILES)
    workflow = graph[root["mainEntity"]["@id"]]
    assert workflow["@type"] == ["File", "SoftwareSourceCode", "ComputationalWorkflow"]
    assert graph[workflow["programmingLanguage"]["@id"]]["@type"] == "ComputerLanguage"
    action = graph["#run"]
    assert action["instrument"] == root["mainEntity"]
    assert {part["@id"] for part in action["result"]} >= {name for name in files if name.startswith("parts/")}
    assert graph[action["agent"]["@id"]]["name"] == "Ada Lovelace"
    inputs = {part["@id"] for part in workflow["input"]}
    examples = {graph[part["@id"]].get("exampleOfWork", {}).get("@id") for part in action["object"]}
    assert inputs == examples - {None}
    assert json.loads(files["codemeta.json"])["author"][0]["@id"] == "https://orcid.org/0000-0002-1825-0097"


def test_each_item_of_a_checklist_is_filled_or_marked_as_the_authors(archive: Path) -> None:
    files = files_of(archive)
    for checklist in checklists():
        page = files[f"{checklist.name}.md"].decode()
        parts = page.split("\n## ")[1:]
        assert len(parts) == len(checklist.items)
        for item, part in zip(checklist.items, parts, strict=True):
            said = part.split("\n", 2)[2].strip()
            assert said.startswith(f"**{AUTHORS}.**") == (item.author is not None)
            assert len(said) > 10
            assert "{" not in said
    odd = files["ODD.md"].decode()
    assert [f"## {number} " in odd for number in range(1, 8)] == [True] * 7
    assert "| parameters.forgetting | " in odd


def test_every_row_is_run_again(archive: Path) -> None:
    verdict = verify(archive, workers=1)
    assert (verdict.rows, verdict.differing, verdict.first, verdict.other_program) == (40, 0, "", "")
    assert verify(archive, replicates=1, workers=1).rows == 10


def test_the_first_row_that_differs_is_named(results: Results) -> None:
    class Shifted:
        """Stand in for results of which one number is another."""

        def __init__(self) -> None:
            self.experiment, self.manifest = results.experiment, results.manifest

        def frame(self) -> pd.DataFrame:
            frame = results.frame().astype({"goes_to": str})
            late = (frame["scenario"] == "calm") & (frame["point"] == 3) & (frame["replicate"] == 2)
            frame.loc[late, "belief"] = np.nextafter(frame.loc[late, "belief"], 2.0)
            frame.loc[(frame["scenario"] == "calm") & (frame["point"] == 4), "goes_to"] = "Elsewhere"
            return frame.sample(frac=1.0, random_state=1)

    verdict = compare(results, Shifted(), 4)  # type: ignore[arg-type]
    assert verdict.differing == 5
    assert verdict.first.startswith("scenario calm, point 3, replicate 2: belief was 0.")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda files: files.pop("resolved.json"), "the file 'resolved.json' is missing"),
        (lambda files: files.update({"report.html": b"other"}), "the file 'report.html' is not the one"),
        (lambda files: files.update({"../outside": b""}), "the file '../outside' does not belong to it"),
        (lambda files: files.update({"parts/../../outside": b""}), "does not belong to it"),
        (lambda files: files.pop(CONTENTS), "no archive of results"),
        (lambda files: files.update({CONTENTS: b"{"}), "cannot read the archive"),
    ],
)
def test_a_damaged_archive_is_refused_by_the_file(archive: Path, tmp_path: Path, change: Any, said: str) -> None:
    files = files_of(archive)
    change(files)
    bad = tmp_path / "bad.zip"
    bad.write_bytes(packed(files))
    (tmp_path / "there").mkdir()
    with pytest.raises(FolderError, match="bad.zip") as refused:
        unpack(bad, tmp_path / "there")
    assert said in str(refused.value)
    assert not (tmp_path / "outside").exists()


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "no.zip").write_bytes(b"no archive")
    for name in ("no.zip", "none.zip"):
        with pytest.raises(FolderError, match="cannot read the archive"):
            unpack(tmp_path / name, tmp_path)


def test_a_byte_that_is_another_and_a_password_are_refused_by_the_file(archive: Path, tmp_path: Path) -> None:
    data, entries = archive.read_bytes(), zipfile.ZipFile(archive).infolist()
    for number, entry in enumerate(entries):
        if entry.filename == METADATA:
            continue  # describes the archive, and is not unpacked
        packed_at = entry.header_offset + 30 + len(entry.filename)
        bad, locked = bytearray(data), bytearray(data)
        for place in range(packed_at, packed_at + min(30, entry.compress_size)):
            bad[place] ^= 0xFF
        for one in entries:
            locked[one.header_offset + 6] |= 1
        place = locked.find(b"PK\x01\x02")
        while place >= 0:
            locked[place + 8] |= 1
            place = locked.find(b"PK\x01\x02", place + 1)
        for content in (bad, locked):
            (tmp_path / "bad.zip").write_bytes(content)
            (tmp_path / str(number)).mkdir(exist_ok=True)
            with pytest.raises(FolderError, match=r"bad\.zip: cannot read the archive"):
                unpack(tmp_path / "bad.zip", tmp_path / str(number))


def test_what_others_put_beside_the_tables_stays_behind(results: Results, archive: Path, tmp_path: Path) -> None:
    strays = [results.folder / "tables" / name for name in (".DS_Store", "my notes (1).csv")]
    for stray in strays:
        stray.parent.mkdir(exist_ok=True)
        stray.write_bytes(b"")
    try:
        publish(results, tmp_path / "study.zip", date="2026-11-29")
    finally:
        for stray in strays:
            stray.unlink()
    assert set(files_of(tmp_path / "study.zip")) == set(files_of(archive))
    (tmp_path / "there").mkdir()
    unpack(tmp_path / "study.zip", tmp_path / "there")


def test_an_orcid_with_a_wrong_digit_is_refused() -> None:
    assert Author.of("Ada Lovelace").orcid is None
    with pytest.raises(FolderError, match="last digit"):
        Author.of("Ada Lovelace <0000-0002-1825-0098>")
    with pytest.raises(FolderError, match="expected a name"):
        Author.of("Ada <ada>")


OWN = '''\
"""A measure of one's own."""

import papertiger as pt


@pt.measure("published_lowest")
class Lowest(pt.Measure):
    """Measure the lowest protection."""

    needs = ("beliefs",)
    client: str

    def compute(self, name, batch):
        return {name: batch.protection(self.client).min(axis=1)}
'''


def test_code_of_ones_own_goes_along_and_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from papertiger.experiments.measures import base

    runner = CliRunner()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "published_own.py").write_text(OWN, encoding="utf-8")
    (tmp_path / "study.yaml").write_text(
        HEAD.replace("[world, calm]", "[sahel_2020]").replace("replicates: 4", "replicates: 3")
        + "settings: {span.end: 2020-12}\nmeasures:\n  low: {kind: published_lowest, client: Mali}\n",
        encoding="utf-8",
    )
    own = ["--import", "published_own.py"]
    try:
        ran = runner.invoke(app, ["experiment", "study.yaml", "--quiet", "--out", "r", *own])
        assert ran.exit_code == 0, ran.output
        told = runner.invoke(app, ["publish", "r", *own])
        assert "papertiger verify r.zip --import published_own.py" in told.output
        assert files_of(tmp_path / "r.zip")["code/published_own.py"] == OWN.encode()
        assert runner.invoke(app, ["verify", "r.zip", *own]).exit_code == 0
        (tmp_path / "published_own.py").write_text(OWN + "\n", encoding="utf-8")
        other = runner.invoke(app, ["verify", "r.zip", *own])
        assert other.exit_code == 2
        assert "the module published_own that you named is not the one that was published" in other.output
    finally:
        sys.modules.pop("published_own", None)
        base._KINDS.pop("published_lowest", None)
    with pytest.raises(FolderError, match=r"read code/published_own.py .*add --import published_own.py"):
        verify(tmp_path / "r.zip")
