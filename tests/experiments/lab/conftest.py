"""Link the kernel for pages once, and open the lab's engine in Node."""

from __future__ import annotations

from pathlib import Path

import pytest

from papertiger.model.build import link
from papertiger.model.ensemble.library import LIBRARIES, kernel_sources
from tests.experiments.lab.pages import Engine, folder_of_engine, in_node

WORLDS = ["partners_2020", "no_war_2022", "partners_generative", "france_africa_1990", "soviet_bloc_1985"]
"""Replay and a twin, drawn crises, courses of clients, and breaks."""


@pytest.fixture(scope="session")
def page_kernel(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return the kernel as WebAssembly: that of the installation, where it is of these sources."""
    for path in LIBRARIES.glob(link.library_name("wasm32", "*")):
        if kernel_sources().encode() in path.read_bytes():
            return path.read_bytes()
    return link.link("wasm32", tmp_path_factory.mktemp("wasm")).read_bytes()


@pytest.fixture(scope="session")
def engine_folder(tmp_path_factory: pytest.TempPathFactory, page_kernel: bytes) -> Path:
    """Return a folder with the lab's engine and some worlds."""
    return folder_of_engine(tmp_path_factory.mktemp("lab"), page_kernel, WORLDS)


@pytest.fixture(scope="session")
def engine(engine_folder: Path) -> Engine:
    """Return what does jobs in Node."""
    return lambda jobs: in_node(engine_folder, jobs)
