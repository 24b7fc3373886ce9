"""What a command imports, what it keeps between processes, and what it says while one waits."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from papertiger.cli import progress as progress_module
from papertiger.cli.deferred import deferring
from papertiger.cli.progress import line, progress
from papertiger.cli.tables import append_rows
from papertiger.model.agents.simulate import simulate
from papertiger.scenarios.reading import cache
from papertiger.scenarios.reading.yaml_reader import read_layer

SLOW = ("mesa", "numba", "pandas", "matplotlib", "scipy", "networkx", "pyarrow", "SALib")


def imported(folder: Path, *commands: str) -> set[str]:
    """Return the packages that commands import, one after another in a process of their own with a cache of its own.

    What all of them together do not import, none of them does.
    """
    code = (
        "import sys\n"
        "from papertiger.cli import main\n"
        "for command in sys.argv[1:]:\n"
        "    sys.argv = ['papertiger', *command.split()]\n"
        "    try:\n"
        "        main()\n"
        "    except SystemExit as left:\n"
        "        assert not left.code, command\n"
        "print('IMPORTED', *{name.split('.')[0] for name in sys.modules})\n"
    )
    environment = {**os.environ, "PAPERTIGER_CACHE": str(folder / "cache")}
    done = subprocess.run(
        [sys.executable, "-c", code, *commands],
        capture_output=True, text=True, check=True, cwd=folder, env=environment,
    )  # fmt: skip
    return set(done.stdout.rpartition("IMPORTED")[2].split())


def test_what_needs_no_model_loads_none_and_a_second_list_validates_nothing(tmp_path: Path) -> None:
    commands = (
        "list",
        "check sahel_2020",
        "diff cuba cuba_no_raid",
        "new mine --from cuba",
        "schema scenario",
    )
    first = imported(tmp_path, *commands)
    assert "pydantic" in first
    assert not first & {*SLOW, "numpy"}
    assert not imported(tmp_path, "list") & {"pydantic", "ruamel"}


def test_a_run_without_figures_loads_neither_pandas_nor_matplotlib(tmp_path: Path) -> None:
    commands = "run sahel_2020 --months 3 --no-figures", "explain sahel_2020 Mali --to 2020-06"
    found = imported(tmp_path, *commands)
    assert "mesa" in found
    assert not found & {"pandas", "matplotlib", "numba", "scipy", "networkx", "tqdm"}


def test_what_mesa_took_from_packages_that_were_put_off_works_when_it_is_called() -> None:
    code = (
        "import sys\n"
        "from papertiger.cli.deferred import world_of_mesa\n"
        "world_of_mesa()\n"
        "assert not {'scipy', 'networkx', 'tqdm', 'pandas'} & {name.split('.')[0] for name in sys.modules}\n"
        "import random, networkx\n"
        "from mesa.discrete_space import Network, OrthogonalVonNeumannGrid\n"
        "from mesa.experimental.continuous_space.continuous_space import cdist\n"
        "network = Network(networkx.path_graph(4), random=random.Random(1))\n"
        "assert len(list(network.all_cells)) == 4\n"
        "grid = OrthogonalVonNeumannGrid((3, 3), random=random.Random(1))\n"
        "assert grid.find_nearest_cell((1.4, 1.6)).coordinate == (1, 1)\n"
        "assert cdist([[0.0, 0.0]], [[3.0, 4.0]]).item() == 5.0\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_package_that_was_put_off_is_there_when_it_is_used(tmp_path: Path) -> None:
    (tmp_path / "late_package").mkdir()
    (tmp_path / "late_package" / "__init__.py").write_text("value = 7\n", encoding="utf-8")
    (tmp_path / "late_package" / "inner.py").write_text("other = 8\n", encoding="utf-8")
    sys.path.insert(0, str(tmp_path))
    try:
        with deferring({"late_package": (), "json": ()}):
            import late_package  # type: ignore[import-not-found]
            import late_package as again

            assert "json" in sys.modules
            stands_in = late_package
        assert "late_package" not in sys.modules
        assert (stands_in.value, again.value) == (7, 7)
        assert sys.modules["late_package"] is not stands_in
        del sys.modules["late_package"]
        with deferring({"late_package": ()}):
            from late_package.inner import other  # type: ignore[import-not-found]
        assert other == 8
    finally:
        sys.path.remove(str(tmp_path))
        for name in [name for name in sys.modules if name.startswith("late_package")]:
            del sys.modules[name]


@pytest.mark.parametrize("name", ["sahel_2020", "cuba"])
def test_csv_is_what_pandas_writes(name: str, tmp_path: Path) -> None:
    for run in (simulate(name, seed=3, run=number, months=14) for number in (0, 1)):
        for table in ("clients", "patron", "signals", "ledger"):
            append_rows(tmp_path / f"{table}.csv", run.run, *run.rows(table))
            numbered = getattr(run, table).copy()
            numbered.insert(0, "run", run.run)
            with (tmp_path / f"{table}-pandas.csv").open("a", encoding="utf-8", newline="") as file:
                numbered.to_csv(file, index=False, header=run.run == 0, lineterminator="\n")
    for table in ("clients", "patron", "signals", "ledger"):
        assert (tmp_path / f"{table}.csv").read_bytes() == (tmp_path / f"{table}-pandas.csv").read_bytes()


TEXT = b"title: One\nclients:\n  A: {threat: 0.5, names: [x, 1, true]}\n"


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(cache, "folder", lambda: tmp_path / "parsed")
    return tmp_path / "parsed"


def test_what_was_parsed_is_found_by_its_content(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = read_layer(TEXT, "one.yaml", 1, shipped=True)
    assert len(list(kept.iterdir())) == 1
    monkeypatch.setattr("papertiger.scenarios.reading.yaml_reader.decode", lambda *_: pytest.fail("parsed again"))
    second = read_layer(TEXT, "one.yaml", 1)
    assert (second.data, second.places, second.problems) == (first.data, first.places, [])
    assert read_layer(TEXT, "two.yaml", 2).place(("clients", "A", "threat")).file == "two.yaml"


def test_files_with_mistakes_and_files_of_others_are_not_kept(kept: Path) -> None:
    assert read_layer(b"title: One\ntitle: Two\n", "x", shipped=True).problems
    read_layer(TEXT, "x")
    assert not kept.exists()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: b"",
        lambda data: data[:-9],
        lambda data: data.replace(b"0.5", b"0.9"),
        lambda data: b"\xff" * 80,
        lambda data: b"0" * 64 + b"\n" + b"[" * 200_000,
    ],
)
def test_a_broken_cache_is_no_cache(kept: Path, spoil: object) -> None:
    first = read_layer(TEXT, "x", shipped=True)
    (file,) = kept.iterdir()
    file.write_bytes(spoil(file.read_bytes()))  # type: ignore[operator]
    assert read_layer(TEXT, "x", shipped=True).data == first.data


@pytest.mark.parametrize("value", [[], 7, {"data": []}, {"data": {}, "places": [[1]]}, {"data": {}, "places": []}])
def test_a_value_of_another_shape_is_not_taken(kept: Path, value: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "recall", lambda _key: value)
    assert read_layer(TEXT, "x").data["title"] == "One"


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    monkeypatch.setattr(cache, "folder", lambda: tmp_path / "file" / "parsed")
    assert read_layer(TEXT, "x", shipped=True).data["title"] == "One"
    monkeypatch.setattr(cache, "folder", lambda: None)
    assert read_layer(TEXT, "x", shipped=True).data["title"] == "One"
    assert json.dumps([file.name for file in tmp_path.iterdir()]) == '["file"]'


def test_lines_of_progress_come_where_there_is_no_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress_module, "FIRST", 0.0)
    said = ""
    with progress("compiling the \x1b[31mmodel") as show:
        end = time.monotonic() + 20.0
        while "compiling" not in said and time.monotonic() < end:
            said += capsys.readouterr().err
        show("runs", 3, 10)
    assert said == "compiling the \\x1b[31mmodel …\n"
    assert capsys.readouterr().out == ""
    assert line("runs", 3_000, 10_000) == "runs: 3,000 of 10,000"


def test_nothing_is_shown_of_what_is_soon_over_or_quiet(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress_module, "FIRST", 3600.0)
    with progress("a moment") as show:
        show("runs", 1, 2)
    monkeypatch.setattr(progress_module, "FIRST", 0.0)
    with progress("a secret", quiet=True) as show:
        show("runs", 1, 2)
    assert capsys.readouterr().err == ""
