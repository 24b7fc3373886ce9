"""The commands `list`, `check`, `schema`, `diff`, `new` and `events`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from papertiger import scenarios
from tests.papertiger.conftest import Command

EVENTS = "id,date,kind,client,news,intensity,what\nnew_treaty,2021-03,treaty,Chad,good,2,A treaty is signed.\n"


def test_list_shows_every_shipped_scenario(papertiger: Command) -> None:
    answer = papertiger("list")
    assert answer.code == 0
    assert answer.error == ""
    for name in scenarios.names():
        assert f"\n {name} " in answer.out
    for heading in ("name", "years", "what", "twin of", "can be played"):
        assert heading in answer.out


def test_list_for_machines(papertiger: Command) -> None:
    found = json.loads(papertiger("list", "--json").out)
    assert [row["name"] for row in found] == scenarios.names()
    by_name = {row["name"]: row for row in found}
    assert by_name["cuba_no_raid"]["counterfactual_to"] == "cuba"
    assert by_name["sahel_2020"]["start"] == "2020-01"
    assert [name for name, row in by_name.items() if row["game"]] == [
        "armenia_2020_2025", "cuba", "eastern_europe_1989", "havana_2026", "kazakhstan_claims", "venezuela_2026",
        "whole_network",
    ]  # fmt: skip
    assert set(by_name["cuba"]) == {
        "name", "title", "start", "end", "mode", "counterfactual_to", "claims", "clients", "events",
        "game",
    }  # fmt: skip


def test_check_reports_all_mistakes_of_all_files(papertiger: Command) -> None:
    Path("one.yaml").write_text(
        "title: One\ndescription: x\nextends: sahel_2020\nparameters:\n  forgeting: 0.9\nmood: bad\n",
        encoding="utf-8",
    )
    Path("two.yaml").write_text("title: Two\ndescription: x\nextends: sahel_2021\n", encoding="utf-8")
    answer = papertiger("check", "sahel_2020", "one.yaml", "two.yaml", "missing.yaml")
    assert answer.code == 2
    assert answer.out.startswith("OK sahel_2020: ")
    assert answer.out.count("OK ") == 1
    lines = answer.error.splitlines()
    assert any(line.startswith("one.yaml:5: parameters.forgeting: ") and "'forgetting'" in line for line in lines)
    assert any(line.startswith("one.yaml:6: mood: ") for line in lines)
    assert any(line.startswith("two.yaml:3: extends: ") and "'sahel_2020'" in line for line in lines)
    assert any(line.startswith("missing.yaml") for line in lines)
    assert lines[-1] == "3 of 4 files not valid"


def test_check_takes_abstract_files(papertiger: Command) -> None:
    answer = papertiger("check", "defaults")
    assert answer.code == 0
    assert answer.out == "OK defaults: abstract, only to be extended\n"


def test_schema(papertiger: Command) -> None:
    answer = papertiger("schema", "scenario")
    assert answer.code == 0
    assert json.loads(answer.out)["required"] == ["title", "description"]
    wrong = papertiger("schema", "sonnet")
    assert (wrong.code, wrong.out, wrong.error) == (
        2,
        "",
        "schema 'sonnet': expected one of scenario, experiment, calibration, observed\n",
    )


def test_diff(papertiger: Command) -> None:
    answer = papertiger("diff", "cuba", "cuba_no_raid")
    assert answer.code == 0
    assert "cuba and cuba_no_raid" in answer.out
    found = json.loads(papertiger("diff", "cuba", "cuba_no_raid", "--json").out)
    assert (found["a"], found["b"]) == ("cuba", "cuba_no_raid")
    assert found["differences"]
    assert all(set(row) == {"path", "a", "b"} for row in found["differences"])
    assert papertiger("diff", "cuba", "cuba").out == "cuba and cuba describe the same world\n"


def test_new_writes_a_scenario_that_checks_and_never_over_another(papertiger: Command) -> None:
    answer = papertiger("new", "my_world", "--from", "sahel_2020", "--out", "mine")
    target = Path("mine/my_world.yaml")
    assert answer.code == 0
    assert answer.out == f"Written to {target}; check it with: papertiger check {target}\n"
    assert "\n# " in target.read_text(encoding="utf-8")
    assert papertiger("check", str(target)).code == 0
    before = target.read_bytes()
    again = papertiger("new", "my_world", "--from", "cuba", "--out", "mine")
    assert again.code == 2
    assert again.error == f"{target}: this file is already there; choose another name or move it away\n"
    assert target.read_bytes() == before
    assert [file.name for file in Path("mine").iterdir()] == ["my_world.yaml"]


def test_new_names_a_parent_file_as_seen_from_the_new_one(papertiger: Command) -> None:
    assert papertiger("new", "first", "--from", "sahel_2020").code == 0
    assert papertiger("new", "second", "--from", "first.yaml", "--out", "deeper/still").code == 0
    child = Path("deeper/still/second.yaml")
    assert 'extends: "../../first.yaml"' in child.read_text(encoding="utf-8")
    assert papertiger("check", str(child)).code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("new", "a/b", "--from", "cuba"), "expected a name"),
        (("new", "x", "--from", "cubba"), "cuba"),
        (("new", "x", "--from", "cuba", "--out", "taken"), "--out taken: this is a file, expected a folder"),
        (("new", "x", "--from", "cuba", "--out", "taken/deep"), "cannot write there: Not a directory"),
        (("events", "missing.csv"), "missing.csv"),
        (("events", "table.csv", "--from", "sahel_2020", "--out", "."), "this is a folder, expected a file"),
        (("events", "table.csv", "--from", "sahel_2020", "--out", "taken"), "this file is already there"),
        (("diff", "cuba", "cubba"), "'cuba'"),
    ],
)
def test_bad_input_of_writers(papertiger: Command, arguments: tuple[str, ...], message: str) -> None:
    Path("taken").write_text("mine", encoding="utf-8")
    Path("table.csv").write_text(EVENTS, encoding="utf-8")
    answer = papertiger(*arguments)
    assert answer.code == 2
    assert message in answer.error
    assert "Traceback" not in answer.error
    assert sorted(file.name for file in Path().iterdir()) == ["table.csv", "taken"]
    assert Path("taken").read_text(encoding="utf-8") == "mine"


def test_events_make_a_scenario(papertiger: Command) -> None:
    Path("sheets").mkdir()
    sheet = Path("sheets/table.csv")
    client = next(iter(scenarios.load("sahel_2020").clients))
    rows = f"id,date,kind,client,news,intensity,what\nn,2021-03,intervened,{client},good,2,Help comes.\n"
    sheet.write_text(rows, encoding="utf-8")
    printed = papertiger("events", str(sheet), "--from", "sahel_2020")
    assert printed.code == 0
    assert "Help comes." in printed.out
    written = papertiger("events", str(sheet), "--from", "sahel_2020", "--out", "out/mine.yaml")
    assert written.code == 0
    assert Path("out/mine.yaml").read_text(encoding="utf-8") == printed.out
    assert papertiger("check", "out/mine.yaml").code == 0
    assert "n" in scenarios.load("out/mine.yaml").events


def test_events_report_their_line(papertiger: Command) -> None:
    Path("table.csv").write_text(EVENTS.replace("2021-03", "2021-13").replace("Chad", "Chadd"), encoding="utf-8")
    answer = papertiger("events", "table.csv", "--from", "sahel_2020", "--out", "x.yaml")
    assert answer.code == 2
    assert "table.csv:2: " in answer.error
    assert not Path("x.yaml").exists()


def test_a_scenario_without_a_game_says_which_ones_have_one(papertiger: Command) -> None:
    answer = papertiger("play", "partners_2020", "--no-browser")
    assert answer.code == 2
    assert answer.error.endswith(
        "these have: armenia_2020_2025, cuba, eastern_europe_1989, havana_2026, kazakhstan_claims, venezuela_2026, "
        "whole_network\n"
    )
    assert not Path("results").exists()
