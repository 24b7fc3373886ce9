"""The command `events` with a mapping: event data in, a scenario out."""

from __future__ import annotations

from pathlib import Path

import pytest

from papertiger import scenarios
from tests.papertiger.conftest import Command
from tests.scenarios.datasets.mappings.world import MAPPING
from tests.scenarios.datasets.samples import SAMPLES
from tests.scenarios.minimal import SMALL, write


def test_event_data_make_a_scenario_that_check_accepts(papertiger: Command) -> None:
    SAMPLES["gdelt"].write(Path())
    answer = papertiger("events", SAMPLES["gdelt"].file, "--map", "gdelt", "--out", "out/new.yaml")
    assert answer.code == 0
    assert "4 rows of GDELT Event Database, by the mapping gdelt: 2 events" in answer.error
    assert "no rule for event_root '04'" in answer.error
    assert answer.out == "Written to out/new.yaml; check it with: papertiger check out/new.yaml\n"
    assert papertiger("check", "out/new.yaml").code == 0
    assert scenarios.load("out/new.yaml").events["gdelt_301"].kind == "attack"


def test_a_mapping_is_shown_copied_changed_and_used(papertiger: Command) -> None:
    shown = papertiger("events", "--map", "acled", "--show")
    assert shown.code == 0
    Path("mine.yaml").write_text(
        shown.out.replace("names: {}", "names: {Clan B Militia: Jihadists}"), encoding="utf-8"
    )
    text = SAMPLES["acled"].text.replace("Bravo", "Mali").replace("2022", "2021")
    SAMPLES["acled"].write(Path(), text.encode())
    answer = papertiger("events", "acled_2021.csv", "--map", "mine.yaml", "--from", "sahel_2020")
    assert answer.code == 0
    assert "Jihadists fights in Mali: Armed clash, Port, 5 dead" in answer.out


def test_the_parent_may_lie_beside_the_data(papertiger: Command) -> None:
    write(Path(), SMALL)
    Path("mine.yaml").write_text(MAPPING, encoding="utf-8")
    SAMPLES["acled"].write(Path())
    answer = papertiger("events", "acled_2021.csv", "--map", "mine.yaml", "--from", "small.yaml", "--out", "a/b.yaml")
    assert answer.code == 0
    assert 'extends: "../small.yaml"' in Path("a/b.yaml").read_text(encoding="utf-8")
    assert "acled_ALF101" in scenarios.load("a/b.yaml").events


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("acled_2021.csv", "--map", "acledd"), "no mapping of this name, and no such file (did you mean 'acled'?)"),
        (("acled_2021.csv", "--map", "gdelt"), "1 cells between tabs, expected a row of column names"),
        (("missing.csv", "--map", "acled"), "missing.csv: cannot be read: No such file or directory"),
        (("--show",), "--show prints a mapping: say which one with --map"),
        ((), "expected a FILE of events"),
        (("acled_2021.csv", "--map", "acled", "--from", "sahel_2020"), "no row becomes an event of sahel_2020"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_refused_in_a_line(papertiger: Command, arguments: tuple[str, ...], said: str) -> None:
    SAMPLES["acled"].write(Path())
    answer = papertiger("events", *arguments)
    assert answer.code == 2
    assert said in answer.error
    assert "Traceback" not in answer.error
