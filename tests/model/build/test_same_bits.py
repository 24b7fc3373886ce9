"""The same bits on every processor: the library at each level, arm64, WebAssembly, compiled code, and the agents."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from papertiger import scenarios
from papertiger.model.build import link
from papertiger.model.build.image import Image, memory_image
from papertiger.model.build.link import PLATFORMS, Platform
from papertiger.model.ensemble.ensemble import ensemble
from papertiger.model.ensemble.kernel.record import PATHS
from papertiger.model.ensemble.library import library
from tests.model.ensemble.agreement import assert_same_path, traced

HERE = Path(__file__).parent
BUILD = Path(link.__file__).parent
SEED = 20261129
RUNS = 200
AGENTS_RUNS = 10
"""A run of the agents takes a tenth of a second and more; all 200 agreed when the library came in."""
PLACES = {"node": "nodejs", "qemu-aarch64": "qemu-user"}
RUNNER = """
import { readFileSync, writeFileSync } from "node:fs";
const [loader, wasm, image, out] = process.argv.slice(2);
const { load } = await import(loader);
const kernel = await load(readFileSync(wasm));
const world = kernel.place(new Uint8Array(readFileSync(image)));
world.run(0, %d);
writeFileSync(out, world.bytes());
"""

type Machine = Callable[[Image, Path], bytes]


def needed(command: str) -> str:
    """Return the path of a command that CI installs."""
    path = shutil.which(command)
    assert path is not None, f"{command} is missing: apt-get install {PLACES[command]}"
    return path


@pytest.fixture(scope="module")
def arm64(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """Return what runs an image on arm64."""
    folder = tmp_path_factory.mktemp("arm64")
    objects = link.write_objects(PLATFORMS["linux-aarch64"], folder)
    program = folder / "run_image"
    command = [sys.executable, "-m", "ziglang", "cc", "-target", "aarch64-linux-musl", "-static", "-nostdlib"]
    command += ["-ffreestanding", "-fno-sanitize=all", "-O1", "-o", str(program), str(HERE / "run_image.c")]
    subprocess.run([*command, *map(str, objects)], check=True, capture_output=True)
    emulator = needed("qemu-aarch64")

    def run(image: Image, _: Path) -> bytes:
        return subprocess.run([emulator, str(program)], input=image.content, check=True, capture_output=True).stdout

    return run


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """Return what runs an image as WebAssembly in Node."""
    folder = tmp_path_factory.mktemp("wasm")
    wasm = link.link("wasm32", folder)
    script = folder / "run.mjs"
    script.write_text(RUNNER % RUNS, encoding="utf-8")
    node = needed("node")

    def run(image: Image, place: Path) -> bytes:
        given, out = place / "image", place / "data"
        given.write_bytes(image.content)
        command = [node, str(script), (BUILD / "kernel.mjs").as_uri(), str(wasm), str(given), str(out)]
        subprocess.run(command, check=True, capture_output=True)
        return out.read_bytes()

    return run


def paths_of(name: str, runs: int = RUNS) -> dict[str, bytes]:
    """Return all paths of a scenario as this process runs it."""
    found = ensemble(name, runs, SEED, keep="paths")
    return {path: np.asarray(found.path(path)).tobytes() for path in PATHS}


def undrawn(name: str) -> bool:
    """Tell whether all runs of a scenario have the same figures, as those of an image do."""
    return not ensemble(name, 1, SEED).plan.draws_figures


@pytest.mark.slow
@pytest.mark.parametrize("name", scenarios.names())
def test_arm64_and_webassembly_give_the_bits_of_this_machine(
    name: str, arm64: Machine, web: Machine, tmp_path: Path
) -> None:
    if not undrawn(name):
        pytest.skip("each of its runs has figures of its own, and an image has one set")
    here = paths_of(name)
    image = memory_image(name, SEED, RUNS, PATHS)
    for machine in (arm64, web):
        data = machine(image, tmp_path)
        for path in PATHS:
            assert image.read(data, path).tobytes() == here[path], path


@pytest.mark.slow
def test_a_page_is_not_given_more_runs_than_there_is_room_for(web: Machine, tmp_path: Path) -> None:
    small = memory_image(scenarios.names()[0], SEED, RUNS - 1, ("beliefs",))
    with pytest.raises(subprocess.CalledProcessError) as refused:
        web(small, tmp_path)
    assert f"expected 1 to {RUNS - 1} runs, got {RUNS}" in refused.value.stderr.decode()


FLAGS = {
    "_v2": {"sse4_2"},
    "_v3": {"avx2", "fma"},
    "_v4": {"avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512cd"},
}
LEVELS = """
import sys, hashlib
import numpy as np
from papertiger.model.ensemble import library
from papertiger.model.ensemble.ensemble import ensemble
from papertiger.model.ensemble.kernel.record import PATHS
level, runs, seed, names = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]
library.level_of = lambda levels: level
assert level == "compiled" or library.library() is not None
for name in names:
    found = ensemble(name, runs, seed, keep="paths")
    digest = hashlib.sha256()
    for path in PATHS:
        digest.update(np.asarray(found.path(path)).tobytes())
    print(name, digest.hexdigest())
assert ("numba" in sys.modules) == (level == "compiled")
"""


@pytest.fixture(scope="module")
def all_levels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a library that holds a fourth level of instructions, too."""
    folder = tmp_path_factory.mktemp("levels")
    plain = PLATFORMS["linux-x86_64"]
    fourth: Platform = plain._replace(levels={**plain.levels, "_v4": ("x86-64-v4", "")})
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(PLATFORMS, "linux-x86_64", fourth)
        return link.link("linux-x86_64", folder)


@pytest.mark.slow
@pytest.mark.skipif(link.this_platform() != "linux-x86_64", reason="levels of x86-64")
def test_every_level_of_instructions_and_compiled_code_give_the_same_bits(all_levels: Path) -> None:
    has = set(Path("/proc/cpuinfo").read_text(encoding="utf-8").split())
    levels = [level for level, needs in FLAGS.items() if needs <= has]
    assert "_v2" in levels
    answers = {}
    for level in (*levels, "compiled"):
        library = "" if level == "compiled" else str(all_levels)
        command = [sys.executable, "-c", LEVELS, level, str(RUNS), str(SEED), *scenarios.names()]
        environment = os.environ | {"PAPERTIGER_LIBRARY": library}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        answers[level] = done.stdout
    assert len(set(answers.values())) == 1
    assert len(answers["_v2"].splitlines()) == len(scenarios.names())


@pytest.mark.slow
@pytest.mark.parametrize("name", scenarios.names())
def test_the_agents_give_the_bits_of_the_library(name: str) -> None:
    assert library() is not None
    found = ensemble(name, AGENTS_RUNS, SEED, keep="paths")
    scenario = scenarios.load(name)
    for number in range(AGENTS_RUNS):
        assert_same_path(traced(scenario, SEED, number), found, number)
