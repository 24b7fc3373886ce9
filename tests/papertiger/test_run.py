"""The command `run`: what it prints, what it writes, and what it refuses."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest

from papertiger.cli import run as run_module
from papertiger.cli.folder import ResultFolder, safe_name
from papertiger.cli.run import file_names
from papertiger.scenarios.tables import format_rows
from tests.papertiger.conftest import Command
from tests.scenarios.minimal import SMALL, write

DATA = {"clients.csv", "patron.csv", "signals.csv", "ledger.csv", "run.json"}
SHORT = ("run", "sahel_2020", "--months", "15", "--no-figures", "--engine", "mesa")


def names(folder: str | Path) -> set[str]:
    return {file.name for file in Path(folder).iterdir()}


def content(folder: str | Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in Path(folder).iterdir()}


def rows(file: str | Path) -> list[dict[str, str]]:
    with Path(file).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def test_run_prints_a_table_and_writes_data(papertiger: Command) -> None:
    answer = papertiger(*SHORT)
    assert answer.code == 0
    assert answer.error == ""
    for heading in ("client", "posture", "protection", "capability", "resolve", "strongest cause"):
        assert heading in answer.out
    assert "2021-03, after 15 months (seed 1)" in answer.out
    folder = Path("results/sahel_2020-seed1")
    assert f"Written to {folder}" in answer.out
    assert names(folder) == DATA
    clients = rows(folder / "clients.csv")
    assert {row["run"] for row in clients} == {"0"}
    assert len({row["month"] for row in clients}) == 15
    assert list(clients[0])[:4] == ["run", "month", "client", "posture"]
    manifest = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert manifest["scenario"] == "sahel_2020"
    assert manifest["seed"] == 1
    assert manifest["overrides"] == {}
    assert len(manifest["scenario_sha256"]) == 64
    assert set(manifest["files"]) == DATA - {"run.json"}


def test_twice_gives_identical_bytes(papertiger: Command) -> None:
    write(Path.cwd(), SMALL)  # two clients: each has figures of its own
    for out in ("one", "two"):
        answer = papertiger("run", "small.yaml", "--months", "9", "--figures", "all", "--out", out, "--quiet")
        assert (answer.code, answer.out, answer.error) == (0, "", "")
    assert content("one") == content("two")
    assert papertiger(*SHORT, "--seed", "2", "--out", "other", "--quiet").code == 0
    assert content("other")["run.json"] != content("one")["run.json"]
    assert_figures_are_whole("one")
    # A later run without figures leaves no figure of the earlier one beside its own data.
    Path("one/notes.txt").write_text("mine", encoding="utf-8")
    assert papertiger(*SHORT, "--out", "one", "--quiet").code == 0
    assert names("one") == DATA | {"notes.txt"}


def test_figures_that_nobody_asked_for_are_not_drawn(papertiger: Command) -> None:
    assert papertiger("run", "sahel_2020", "--months", "4", "--out", "x", "--quiet").code == 0
    figures = {name for name in names("x") if name.endswith(".png")}
    assert {"overview.png", "ties.png", "network.png", "patron.png", "postures.png"} < figures
    assert len(figures) == 6
    assert sum(name.startswith("ledger_") for name in figures) == 1
    wrong = papertiger("run", "sahel_2020", "--figures", "some")
    assert (wrong.code, wrong.error) == (2, "--figures some: expected one of main, all, none\n")


def assert_figures_are_whole(folder: str) -> None:
    figures = {name for name in names(folder) if name.endswith(".png")}
    assert {"overview.png", "ties.png", "network.png", "patron.png", "postures.png"} <= figures
    clients = {row["client"] for row in rows(f"{folder}/clients.csv")}
    assert len([name for name in figures if name.startswith("beliefs_")]) == len(clients)
    assert len([name for name in figures if name.startswith("ledger_")]) == min(6, len(clients))
    assert all((Path(folder) / name).read_bytes().startswith(b"\x89PNG") for name in figures)


def test_several_runs(papertiger: Command) -> None:
    answer = papertiger(*SHORT, "--runs", "3", "--out", "x")
    assert answer.code == 0
    assert "Where the clients end in 3 runs (share of runs)" in answer.out
    assert "successors counted: a client stands" in answer.out
    assert "run 1 of 3" in answer.out
    clients = rows("x/clients.csv")
    assert [row["run"] for row in clients] == sorted(row["run"] for row in clients)
    assert {row["run"] for row in clients} == {"0", "1", "2"}
    alone = papertiger(*SHORT, "--out", "alone")
    assert alone.code == 0
    first = [row for row in clients if row["run"] == "0"]
    assert first == rows("alone/clients.csv")


def test_json_is_one_document(papertiger: Command) -> None:
    answer = papertiger(
        *SHORT, "--json", "--runs", "2", "--out", "x", "--set", "forgetting=0.97", "--set", "war.after=ends"
    )
    assert answer.code == 0
    assert answer.error == ""
    found = json.loads(answer.out)
    assert found["overrides"] == {"forgetting": 0.97, "war.after": "ends"}
    assert found["last_month"] == "2021-03"
    assert set(found["clients"][0]) >= {"client", "posture", "protection", "capability", "resolve", "strongest_cause"}
    for shares in found["posture_shares"].values():
        assert sum(shares.values()) == pytest.approx(1)
    assert json.loads(Path("x/run.json").read_text(encoding="utf-8"))["overrides"] == found["overrides"]


def test_an_override_changes_the_run(papertiger: Command) -> None:
    assert papertiger(*SHORT, "--out", "one", "--quiet").code == 0
    assert papertiger(*SHORT, "--out", "two", "--quiet", "--set", "bad_news_weight=5").code == 0
    one, two = content("one"), content("two")
    assert one["clients.csv"] != two["clients.csv"]
    assert json.loads(one["run.json"])["scenario_sha256"] != json.loads(two["run.json"])["scenario_sha256"]


def test_a_file_runs_like_a_name(papertiger: Command) -> None:
    Path("mine.yaml").write_text("title: Mine\ndescription: x\nextends: sahel_2020\n", encoding="utf-8")
    assert papertiger("run", "mine.yaml", "--months", "3", "--no-figures", "--quiet").code == 0
    assert names("results") == {"mine-seed1"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--runs", "0"), "--runs 0: expected a number of runs (with --engine mesa) from 1 to 10000"),
        (
            ("--runs", "99999999"),
            "--runs 99999999: expected a number of runs (with --engine ensemble) from 1 to 10000000",
        ),
        (
            ("--runs", "10001", "--engine", "mesa"),
            "--runs 10001: expected a number of runs (with --engine mesa) from 1 to 10000",
        ),
        (("--engine", "steam"), "--engine steam: expected auto, ensemble or mesa"),
        (("--months", "0"), "--months 0: expected a number of months from 1 to 48"),
        (("--months", "49"), "--months 49: expected a number of months from 1 to 48"),
        (("--seed", "-1"), f"--seed -1: expected a seed from 0 to {2**63 - 1}"),
        (("--out", "taken"), "--out taken: this is a file, expected a folder"),
        (("--out", "taken/deeper"), "--out taken/deeper: cannot write there: Not a directory"),
        (("--set", "forgetting"), "--set: expected key=value, got 'forgetting'"),
        (("--set", "forgeting=0.9"), "--set: forgeting: no 'forgeting' to set (did you mean 'forgetting'?)"),
    ],
)
def test_bad_options_say_so_in_one_line(papertiger: Command, options: tuple[str, ...], message: str) -> None:
    Path("taken").write_text("mine", encoding="utf-8")
    answer = papertiger("run", "sahel_2020", "--no-figures", *options)
    assert answer.code == 2
    assert answer.error == message + "\n"
    assert answer.out == ""
    assert names(".") == {"taken"}


@pytest.mark.parametrize("options", [("--runs", "many"), ("--unknown",), ("--set",)])
def test_the_parser_refuses_with_code_2(papertiger: Command, options: tuple[str, ...]) -> None:
    answer = papertiger("run", "sahel_2020", *options)
    assert answer.code == 2
    assert "Traceback" not in answer.error
    assert names(".") == set()


@pytest.mark.parametrize("name", ["sahel_2021", "nowhere/file.yaml", ".", ""])
def test_scenarios_that_are_none(papertiger: Command, name: str) -> None:
    answer = papertiger("run", name, "--no-figures")
    assert answer.code == 2
    assert answer.error
    assert "Traceback" not in answer.error
    assert names(".") == set()


def stopping_at(failure: BaseException) -> object:
    def stop(*_arguments: object) -> None:
        raise failure

    return stop


@pytest.mark.parametrize(
    ("failure", "code", "message"),
    [
        (KeyboardInterrupt(), 130, "stopped by Ctrl-C; nothing half-written was left behind\n"),
        (OSError(28, "No space left on device"), 2, "--out x: cannot write there: No space left on device\n"),
    ],
)
def test_stopped_in_the_middle(
    papertiger: Command, monkeypatch: pytest.MonkeyPatch, failure: BaseException, code: int, message: str
) -> None:
    assert papertiger(*SHORT, "--out", "x", "--quiet").code == 0
    before = content("x")
    monkeypatch.setattr(run_module, "_draw", stopping_at(failure))
    answer = papertiger("run", "sahel_2020", "--months", "9", "--out", "x")
    assert (answer.code, answer.error, answer.out) == (code, message, "")
    assert content("x") == before
    assert papertiger("run", "sahel_2020", "--months", "9", "--out", "new/deep").code == code
    assert names(".") == {"x"}


def test_a_manifest_names_no_file_outside_its_folder(tmp_path: Path) -> None:
    outside = tmp_path / "precious.csv"
    outside.write_text("mine", encoding="utf-8")
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "old.csv").write_text("old", encoding="utf-8")
    (folder / "run.json").write_text(json.dumps({"files": ["../precious.csv", str(outside), 7, "old.csv"]}))
    with ResultFolder(folder) as results:
        results.place("run.json").write_text("{}")
    assert outside.read_text(encoding="utf-8") == "mine"
    assert names(folder) == {"run.json"}


def test_file_names_are_plain_and_distinct() -> None:
    assert file_names(["Two Words", "two-words", "Ünï", "***"]) == {
        "Two Words": "two_words",
        "two-words": "two_words_2",
        "Ünï": "n",
        "***": "client",
    }
    assert safe_name("a/b: c") == "a_b_c"
    assert safe_name("..") == "unnamed"


def test_tables_can_be_written_for_german_excel(papertiger: Command, tmp_path: Path) -> None:
    done = papertiger(
        "run", "iran_2025", "--months", "2", "--no-figures", "--excel", "de", "--out", str(tmp_path / "x")
    )
    assert done.code == 0
    heading, row, *_ = (tmp_path / "x" / "clients.csv").read_bytes().decode("utf-8").split("\r\n")
    assert heading.startswith("\ufeffrun;month;client;")
    assert re.match(r"0;2020-01;[^;]+;0;loyal;0,\d+;", row)
    refused = papertiger("run", "iran_2025", "--excel", "fr")
    assert refused.code == 2
    assert "--excel: expected one of de, en, got 'fr'" in refused.error
    assert format_rows(["x"], [[0.5]]) == "x\n0.5\n", "and what comes after it is written for programs again"
