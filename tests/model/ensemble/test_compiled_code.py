"""Compiled code is kept between processes, never stale, and needs no Mesa."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from papertiger.model.ensemble.compile import (
    CACHE_VARIABLE,
    CacheWarning,
    cache_folder,
    remove_old_code,
    sources_hash,
)
from papertiger.model.ensemble.ensemble import ensemble

ROOT = Path(__file__).parents[3]
RUN = """
import os, sys
os.environ["PAPERTIGER_LIBRARY"] = ""
from papertiger.model.ensemble.ensemble import ensemble
found = ensemble("cuba", 2, overrides={"span.end": "2021-12"}, keep=("bands", "ledger", "paths"))
found.posture_shares, found.bands, found.why(found.clients[0]), found.ledger(0)
from papertiger.model.ensemble.engine import shipped_kernel
stats = shipped_kernel().stats
print(found.path("beliefs").sum(), sum(stats.cache_hits.values()), sum(stats.cache_misses.values()))
assert "mesa" not in sys.modules, "the ensemble imported mesa"
"""


def run(code: str, place: Path, cache: str | None = None) -> list[str]:
    """Run a program in a fresh process that imports the packages of a place, and return its words."""
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", CACHE_VARIABLE)}
    environment |= {"PYTHONPATH": str(place)}
    if cache is not None:
        environment[CACHE_VARIABLE] = cache
    elif CACHE_VARIABLE in os.environ:
        environment[CACHE_VARIABLE] = os.environ[CACHE_VARIABLE]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=place, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the packages as a checkout without links has them."""
    place = tmp_path_factory.mktemp("copy")
    (place / "papertiger").mkdir()
    shutil.copy(ROOT / "papertiger" / "__init__.py", place / "papertiger" / "__init__.py")
    for package in ("model", "scenarios"):
        shutil.copytree(ROOT / package, place / package, ignore=shutil.ignore_patterns("__pycache__"))
    return place


@pytest.mark.slow
def test_a_second_process_loads_without_compiling_or_importing_mesa() -> None:
    here = ensemble("cuba", 2, overrides={"span.end": "2021-12"}, keep="beliefs").path("beliefs").sum()
    run(RUN, ROOT)  # compiles the kernel and keeps it, unless that was done before
    assert run(RUN, ROOT) == [str(here), "1", "0"]


PROBE = """
from papertiger.model.rules.beliefs import forget

def probe(count: float) -> float:
    return forget(count, 10.0, 0.98)
"""
RUN_PROBE = """
from papertiger.model.ensemble.compile import compiled_function
from papertiger.model.probe import probe
compiled = compiled_function(probe)
print(compiled(20.0), sum(compiled.stats.cache_hits.values()), sum(compiled.stats.cache_misses.values()))
"""


@contextlib.contextmanager
def changed_rule(place: Path) -> Iterator[None]:
    """Let the clients of a copy forget half of what they know each month."""
    source = place / "model" / "rules" / "beliefs.py"
    text = source.read_text(encoding="utf-8")
    changed = text.replace("return prior + forgetting * (count - prior)", "return prior + 0.5 * (count - prior)")
    assert changed != text
    source.write_text(changed, encoding="utf-8")
    try:
        yield
    finally:
        source.write_text(text, encoding="utf-8")


@pytest.mark.slow
def test_one_process_compiles_and_a_changed_rule_is_compiled_anew(copied: Path, tmp_path: Path) -> None:
    (copied / "model" / "probe.py").write_text(PROBE, encoding="utf-8")
    cache = tmp_path / "cache"
    try:
        with ThreadPoolExecutor(2) as starting:
            first = list(starting.map(lambda _: run(RUN_PROBE, copied, str(cache)), range(2)))
        (value,) = {words[0] for words in first}
        assert sorted(words[1:] for words in first) == [["0", "1"], ["1", "0"]], "one of the two loads"
        with changed_rule(copied):
            after = run(RUN_PROBE, copied, str(cache))
        assert after[0] != value
        assert after[1:] == ["0", "1"]
        assert len(list(cache.glob("compiled-*"))) == 2
        assert run(RUN_PROBE, copied, str(cache)) == [value, "1", "0"], "the old code is there for the old sources"
    finally:
        (copied / "model" / "probe.py").unlink()


def test_the_newest_folders_of_code_are_kept_and_the_one_in_use(tmp_path: Path) -> None:
    folders = [tmp_path / f"compiled-{number}" for number in range(8)]
    for age, folder in enumerate(folders):
        folder.mkdir()
        (folder / "code").write_bytes(b"x")
        os.utime(folder, (1_000_000 - age, 1_000_000 - age))
    (tmp_path / "notes").mkdir()
    remove_old_code(folders[7])
    kept = {folder.name for folder in tmp_path.iterdir()}
    assert kept == {"notes", "compiled-0", "compiled-1", "compiled-2", "compiled-7"}


HASHES = """
from pathlib import Path
from papertiger import model
from papertiger.model.ensemble.compile import sources_hash
before = sources_hash()
print(before)
for source in sorted(Path(model.__file__).parent.rglob("*.py")):
    text = source.read_bytes()
    source.write_bytes(text + b"# changed")
    assert sources_hash() != before, source
    source.write_bytes(text)
print(sources_hash())
"""


def test_the_hash_hangs_on_every_source(copied: Path) -> None:
    assert run(HASHES, copied) == [sources_hash(), sources_hash()]


def test_the_cache_folder_is_named_by_a_variable_and_empty_means_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path))
    assert cache_folder() == tmp_path / f"compiled-{sources_hash()}"
    monkeypatch.setenv(CACHE_VARIABLE, "")
    assert cache_folder() is None
    occupied = tmp_path / "file"
    occupied.write_text("no folder")
    monkeypatch.setenv(CACHE_VARIABLE, str(occupied))
    with pytest.warns(CacheWarning, match=f"kept in .*file.*{CACHE_VARIABLE}"):
        assert cache_folder() is None


@pytest.mark.parametrize(
    "cache",
    [RuntimeError("no home"), KeyError("getpwuid(): uid not found: 54321"), "~/.cache/papertiger", "/proc/x"],
)
def test_no_home_is_said_and_stops_nothing(cache: Exception | str, monkeypatch: pytest.MonkeyPatch) -> None:
    def found(_: str) -> str:
        if isinstance(cache, Exception):
            raise cache
        return cache

    monkeypatch.delenv(CACHE_VARIABLE, raising=False)
    monkeypatch.setattr("papertiger.model.ensemble.compile.user_cache_dir", found)
    with pytest.warns(CacheWarning, match="every start compiles the model anew"):
        assert cache_folder() is None


def test_only_the_shipped_scenarios_of_the_copy_are_read(copied: Path) -> None:
    code = "from papertiger import scenarios, model; print(scenarios.__file__, model.__file__)"
    assert all(word.startswith(str(copied)) for word in run(code, copied))
