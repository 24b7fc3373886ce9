"""Archives whose bytes were changed, or that say what they do not hold: refused in one line, whatever it is."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from papertiger.cli import app
from papertiger.experiments.errors import FolderError
from papertiger.experiments.publish.archive import CONTENTS, packed, publish, unpack
from papertiger.experiments.publish.verify import verify
from papertiger.experiments.run.results import open_results
from tests.experiments.run.small import HEAD, MEASURES, SWEEP, run

type Files = dict[str, bytes]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("archive") / "study.zip"
    publish(run(tmp_path_factory.mktemp("study"), HEAD + MEASURES + SWEEP), file, date="2026-11-29")
    return file


@pytest.fixture(scope="module")
def files(archive: Path) -> Files:
    with zipfile.ZipFile(archive) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def listed(files: Files, **more: object) -> Files:
    """Return files with a list that holds for them."""
    said = json.loads(files[CONTENTS])
    said["files"] = {name: hashlib.sha256(data).hexdigest() for name, data in files.items() if name != CONTENTS}
    return files | {CONTENTS: json.dumps(said | more).encode()}


def refusal(data: bytes, folder: Path, read: Callable[[Path, Path], object] = unpack) -> str:
    """Return the one line with which an archive of these bytes is refused, or nothing."""
    bad, there = folder / "bad.zip", folder / "there"
    bad.write_bytes(data)
    there.mkdir(exist_ok=True)
    try:
        read(bad, there)
    except FolderError as error:
        assert str(error).startswith(str(bad))
        assert "\n" not in str(error)
        return str(error)
    return ""


def test_no_changed_byte_of_a_file_goes_unseen(files: Files, tmp_path: Path) -> None:
    for name, data in files.items():
        changed = bytearray(data)
        changed[len(data) // 2] ^= 1
        assert refusal(packed(files | {name: bytes(changed)}), tmp_path), name
        assert refusal(packed({other: one for other, one in files.items() if other != name}), tmp_path), name


def test_a_changed_bit_anywhere_is_refused_or_harmless(archive: Path, files: Files, tmp_path: Path) -> None:
    whole, rng = archive.read_bytes(), random.Random(1)
    for _ in range(300):
        changed = bytearray(whole)
        changed[rng.randrange(len(whole))] ^= 1 << rng.randrange(8)
        if not refusal(bytes(changed), tmp_path):
            there = tmp_path / "there"
            assert all((there / name).read_bytes() == data for name, data in files.items() if name != CONTENTS)


def test_an_archive_cut_short_is_refused(archive: Path, tmp_path: Path) -> None:
    whole = archive.read_bytes()
    for length in (0, 1, 100, len(whole) // 2, len(whole) - 1):
        assert "cannot read the archive" in refusal(whole[:length], tmp_path)


def test_an_archive_that_says_it_is_encrypted_is_refused(archive: Path, tmp_path: Path) -> None:
    changed = bytearray(archive.read_bytes())
    changed[changed.find(b"PK\x01\x02") + 8] |= 1
    assert "encrypted" in refusal(bytes(changed), tmp_path)


@pytest.mark.parametrize("first", [True, False])
def test_a_file_that_is_in_it_twice_is_refused(files: Files, tmp_path: Path, first: bool) -> None:
    twice = tmp_path / "twice.zip"
    with warnings.catch_warnings(), zipfile.ZipFile(twice, "w") as out:
        warnings.simplefilter("ignore")
        for name, data in [("report.html", b"other"), *files.items()] if first else files.items():
            out.writestr(name, data)
        if not first:
            out.writestr("report.html", b"other")
    assert "the file 'report.html' is in it twice" in refusal(twice.read_bytes(), tmp_path)


@pytest.mark.parametrize("name", ["../x", "/x", "parts/../x", "parts/..", "C:\\x", "..", "x\n", "tables/.hidden"])
def test_a_listed_file_with_a_hostile_name_is_refused(files: Files, tmp_path: Path, name: str) -> None:
    assert "does not belong to it" in refusal(packed(listed(files | {name: b"x"})), tmp_path)
    assert not list(tmp_path.rglob("x*"))


@pytest.mark.parametrize("module", ["../x", "a\nb", "</script>", "", "a b"])
def test_code_is_asked_for_by_names_that_modules_can_have(files: Files, tmp_path: Path, module: str) -> None:
    said = refusal(packed(listed(files, imports={module: "0"})), tmp_path)
    assert "archive.json: imports: expected names of modules" in said


def test_what_is_wrong_inside_is_said_of_the_archive(files: Files, tmp_path: Path) -> None:
    def read(file: Path, _: Path) -> object:
        return verify(file, replicates=1, workers=1)

    for name in ("manifest.json", "resolved.json", "points.parquet", "experiment.yaml"):
        said = refusal(packed(listed(files | {name: b"[" * 100_000})), tmp_path, read)
        assert said.startswith(f"{tmp_path / 'bad.zip'}: {name}")
        assert "start the same command" not in said


def test_a_list_as_large_as_a_bomb_is_not_read(files: Files, tmp_path: Path) -> None:
    assert "too large" in refusal(packed(files | {CONTENTS: b" " * 60_000_000}), tmp_path)


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of results that has been published once, as first.zip beside it."""
    results = run(tmp_path_factory.mktemp("once"), HEAD + MEASURES)
    publish(results, results.folder.with_name("first.zip"), date="2026-11-29")
    return results.folder


@pytest.fixture
def study(once: Path, tmp_path: Path) -> Path:
    """Return a copy of it to be spoilt."""
    return shutil.copytree(once, tmp_path / once.name)


def published(folder: Path, name: str = "again.zip") -> Path:
    file = folder.parent / name
    publish(open_results(folder), file, date="2026-11-29")
    return file


@pytest.mark.parametrize("change", [Path.unlink, lambda file: file.write_bytes(file.read_bytes() + b"1")])
@pytest.mark.parametrize("name", ["parts/part-00000.parquet", "tables/levels.csv", "report.html", "experiment.yaml"])
def test_results_that_were_changed_are_not_published(
    study: Path, name: str, change: Callable[[Path], object]
) -> None:
    change(study / name)
    if name == "report.html" and not (study / name).exists():
        assert published(study).is_file()  # it is written anew
        return
    with pytest.raises(FolderError, match=name):
        published(study)
    assert not (study.parent / "again.zip").exists()


def test_what_the_run_did_not_write_is_not_published(once: Path, study: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    (study / "tables" / "link.csv").symlink_to(tmp_path / "secret")
    (study / "tables" / "my notes ü.csv").write_text("x", encoding="utf-8")
    assert published(study).read_bytes() == once.with_name("first.zip").read_bytes()


def test_an_archive_takes_no_results_place(study: Path) -> None:
    before = (study / "manifest.json").read_bytes()
    with pytest.raises(FolderError, match="lies in the folder that is to be published"):
        publish(open_results(study), study / "manifest.json")
    assert (study / "manifest.json").read_bytes() == before


def test_the_folder_that_one_is_in_is_published_beside_it(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(study)
    told = CliRunner().invoke(app, ["publish", ".", "--date", "2026-11-29"])
    assert told.exit_code == 0, told.output
    assert (study.parent / f"{study.name}.zip").is_file()


@pytest.mark.parametrize(
    "option",
    [["--date", "2026-99-99"], ["--date", "2026-01-01\n"], ["--license", "javascript://x"], ["--license", "x"]],
)
def test_a_date_that_no_calendar_has_is_refused(option: list[str], tmp_path: Path) -> None:
    told = CliRunner().invoke(app, ["publish", str(tmp_path), *option])
    assert told.exit_code == 2
    assert option[0] in told.stderr
