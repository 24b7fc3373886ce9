"""Compiled code is kept between processes, never stale, and needs no Mesa."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from model.compiled import CACHE_VARIABLE, cache_folder, sources_hash
from model.ensemble import ensemble

ROOT = Path(__file__).parent.parent.parent
RUN = """
import sys
from model.ensemble import ensemble
found = ensemble("cuba", 2, overrides={"span.end": "2021-12"}, keep=("bands", "ledger", "paths"))
found.posture_shares, found.bands, found.why(found.clients[0]), found.ledger(0)
from model.compiled import shipped_kernel
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
    """Return a copy of the packages."""
    place = tmp_path_factory.mktemp("copy")
    for package in ("model", "scenarios"):
        shutil.copytree(ROOT / package, place / package, ignore=shutil.ignore_patterns("__pycache__"))
    return place


def test_a_second_process_loads_without_compiling_or_importing_mesa() -> None:
    # The session has compiled the kernel and kept it.
    here = ensemble("cuba", 2, overrides={"span.end": "2021-12"}, keep="beliefs").path("beliefs").sum()
    assert run(RUN, ROOT) == [str(here), "1", "0"]


PROBE = """
from model.beliefs import forget

def probe(count: float) -> float:
    return forget(count, 10.0, 0.98)
"""
RUN_PROBE = """
from model.compiled import compiled_function
from model.probe import probe
compiled = compiled_function(probe)
print(compiled(20.0), sum(compiled.stats.cache_hits.values()), sum(compiled.stats.cache_misses.values()))
"""


@contextlib.contextmanager
def changed_rule(place: Path) -> Iterator[None]:
    """Let the clients of a copy forget half of what they know each month."""
    source = place / "model" / "beliefs.py"
    text = source.read_text(encoding="utf-8")
    changed = text.replace("return prior + forgetting * (count - prior)", "return prior + 0.5 * (count - prior)")
    assert changed != text
    source.write_text(changed, encoding="utf-8")
    try:
        yield
    finally:
        source.write_text(text, encoding="utf-8")


def assert_never_stale(code: str, place: Path, cache: Path) -> None:
    """Change a rule and change it back: each time the process computes what its sources say."""
    before = run(code, place, str(cache))
    assert before[1:] == ["0", "1"], "nothing was kept yet"
    with changed_rule(place):
        after = run(code, place, str(cache))
    assert after[0] != before[0]
    assert after[1:] == ["0", "1"]
    assert len(list(cache.glob("compiled-*"))) == 2
    assert run(code, place, str(cache)) == [before[0], "1", "0"], (
        "and the old code is still there for the old sources"
    )


def test_a_changed_rule_in_another_module_is_compiled_anew(copied: Path, tmp_path: Path) -> None:
    probe = copied / "model" / "probe.py"
    probe.write_text(PROBE, encoding="utf-8")
    try:
        assert_never_stale(RUN_PROBE, copied, tmp_path / "cache")
    finally:
        probe.unlink()


HASHES = """
from pathlib import Path
import model
from model.compiled import sources_hash
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
    assert cache_folder() is None


def test_only_the_shipped_scenarios_of_the_copy_are_read(copied: Path) -> None:
    code = "import scenarios, model; print(scenarios.__file__, model.__file__)"
    assert all(word.startswith(str(copied)) for word in run(code, copied))
