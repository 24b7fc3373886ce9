"""The wheel and the source distribution hold the project, all of it, under one name.

They are built in this process, by what the build's own front ends call: a second or two.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import lief
import pytest
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder

from papertiger.model.build.link import ENTRIES, FUNCTIONS, PLATFORMS, SOURCES_SYMBOL, library_name

ROOT = Path(__file__).parents[2]
LINKED = ("model", "scenarios", "experiments", "wargame")
"""Folders at the top, which are installed inside ``papertiger/``."""

PLATFORM = "PAPERTIGER_PLATFORM"
"""Environment variable that says for what platform a wheel is built; ``pure`` leaves out the kernel's library."""

pytestmark = [
    pytest.mark.xdist_group("wheel"),  # one process builds it
    pytest.mark.skipif(not (ROOT / ".git").exists(), reason="what belongs into it is what git keeps"),
]


def kept(*folders: str) -> set[str]:
    """Return the files of folders that git keeps or would keep, without the links."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *folders],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    return {name for name in listed if name and (ROOT / name).is_file() and not (ROOT / name).is_symlink()}


def installed() -> set[str]:
    """Return the names that the project's files have once they are installed."""
    return {f"papertiger/{name}" for name in kept(*LINKED)} | kept("papertiger")


def built_wheel(root: Path, folder: Path, platform: str = "pure") -> Path:
    before = os.environ.get(PLATFORM)
    os.environ[PLATFORM] = platform
    try:
        (path,) = WheelBuilder(str(root)).build(directory=str(folder), versions=["standard"])
    finally:
        os.environ.pop(PLATFORM)
        if before is not None:
            os.environ[PLATFORM] = before
    return Path(path)


def content(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        assert len(names) == len(set(names))
        return {name: archive.read(name) for name in names}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_wheel(ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the source distribution, unpacked."""
    folder = tmp_path_factory.mktemp("sdist")
    (path,) = SdistBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    with tarfile.open(path) as archive:
        archive.extractall(folder, filter="data")
    (root,) = (entry for entry in folder.iterdir() if entry.is_dir())
    return root


def test_a_wheel_holds_every_file_and_nothing_else(wheel: Path) -> None:
    names = set(content(wheel))
    tops = {name.split("/", 1)[0] for name in names}
    assert len(tops) == 2
    assert {top.endswith(".dist-info") for top in tops} == {True, False}
    assert "papertiger" in tops
    ours = {name for name in names if name.startswith("papertiger/")}
    (kernel,) = ours - installed()
    digest = hashlib.sha256(content(wheel)[kernel]).hexdigest()[:16]
    assert kernel == f"papertiger/model/ensemble/libraries/{library_name('wasm32', digest)}", "the kernel for pages"
    assert installed() <= ours
    assert len(ours) > 250


@pytest.mark.slow
@pytest.mark.parametrize("platform", [name for name, target in PLATFORMS.items() if target.tag])
def test_a_wheel_for_a_platform_holds_its_library_beside(platform: str, wheel: Path, tmp_path: Path) -> None:
    with_library = built_wheel(ROOT, tmp_path, platform)
    assert with_library.name.endswith(f"-py3-none-{PLATFORMS[platform].tag}.whl")
    content_with = content(with_library)
    (library,) = set(content_with) - set(content(wheel))
    digest = hashlib.sha256(content_with[library]).hexdigest()[:16]
    assert library == f"papertiger/model/ensemble/libraries/{library_name(platform, digest)}"
    levels = PLATFORMS[platform].levels
    exported = {f"{ENTRIES}{name}{level}" for name in FUNCTIONS for level in levels} | {SOURCES_SYMBOL}
    names = {name.removeprefix("_") for name in exports(content_with[library])}
    assert exported <= names
    assert imports(content_with[library]) == set(), "it needs nothing of the system"


def exports(library: bytes) -> set[str]:
    """Return the names that a library of any platform exports."""
    binary = lief.parse(list(library))
    assert isinstance(binary, lief.ELF.Binary | lief.MachO.Binary | lief.PE.Binary)
    if isinstance(binary, lief.PE.Binary):
        export = binary.get_export()
        assert isinstance(export, lief.PE.Export)
        return {str(entry.name) for entry in export.entries}
    return {str(symbol.name) for symbol in binary.exported_symbols}


def imports(library: bytes) -> set[str]:
    """Return the names that a library of any platform asks of others."""
    binary = lief.parse(list(library))
    assert isinstance(binary, lief.ELF.Binary | lief.MachO.Binary | lief.PE.Binary)
    if isinstance(binary, lief.PE.Binary):
        return {str(entry.name) for one in binary.imports for entry in one.entries}
    return {str(symbol.name) for symbol in binary.imported_symbols} - {"", "dyld_stub_binder"}


def test_a_wheel_holds_what_a_reader_needs_besides_code(wheel: Path) -> None:
    names = content(wheel)
    for folder in LINKED:
        assert f"papertiger/{folder}/__init__.py" in names
        assert f"papertiger/{folder}/py.typed" in names
    assert "papertiger/scenarios/partners_2020.yaml" in names
    assert "papertiger/experiments/why_clients_leave.yaml" in names


@pytest.mark.slow
def test_the_source_distribution_makes_the_same_wheel(wheel: Path, unpacked: Path, tmp_path: Path) -> None:
    assert content(built_wheel(unpacked, tmp_path)) == content(wheel)
    for name in ("tests", "docs", "forecasts/SHA256SUMS", "README.md", "LICENSE", "pyproject.toml"):
        assert (unpacked / name).exists()


def without_links(folder: Path) -> Path:
    """Return a checkout as git makes it on a system without links: each link is a file that holds its target."""
    for name in sorted(
        kept("papertiger", *LINKED, "pyproject.toml", "hatch_build.py", "README.md", "LICENSE", "NOTICE")
    ):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, target)
    for name in LINKED:
        (folder / "papertiger" / name).write_text(f"../{name}", encoding="utf-8")
    return folder


@pytest.mark.slow
def test_a_checkout_without_links_works(wheel: Path, tmp_path: Path) -> None:
    root = without_links(tmp_path / "checkout")
    code = (
        "import papertiger, papertiger.model, papertiger.scenarios.reading.sources as sources\n"
        "print(papertiger.model.__file__, sources.__file__, len(papertiger.names()))\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    model, sources, scenarios = answer.stdout.split()
    assert Path(model) == root / "model" / "__init__.py"
    assert Path(sources) == root / "scenarios" / "reading" / "sources.py"
    assert int(scenarios) > 10
    assert content(built_wheel(root, tmp_path / "dist")) == content(wheel)
