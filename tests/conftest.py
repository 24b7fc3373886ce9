"""Settings of all tests."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

# How long an example takes says nothing about the code: on a busy machine it says how busy.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# Some hundred processes are started, each of which imports the same libraries. They share what Python compiled of
# them, also on machines that are told to write no bytecode. One process writes it and all others only read: a test
# that changes a module twice in a second would meet the bytecode of the first.
BYTECODE = Path(__file__).resolve().parents[1] / ".pytest_cache" / "bytecode"
os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix = str(BYTECODE)
os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
sys.dont_write_bytecode = True

LIBRARIES = """
import importlib, warnings
warnings.simplefilter("ignore")
for name in (
    "numpy pydantic ruamel.yaml typer rich mesa pandas matplotlib.figure matplotlib.backends.backend_agg scipy.stats "
    "numba pyarrow.parquet starlette.applications uvicorn websockets jinja2 babel cloudpickle psutil distributed "
    "SALib.sample.sobol SALib.analyze.sobol ema_workbench.analysis.prim scoringrules lifelines pyabc "
    "nbclient nbformat ipykernel.kernelapp papertiger.cli papertiger.model"
).split():
    try:
        importlib.import_module(name)
    except ImportError:
        pass
"""

WARMING = pytest.StashKey["subprocess.Popen[bytes]"]()


def pytest_configure(config: pytest.Config) -> None:
    """Compile the libraries beside the tests, in the process that starts the workers."""
    if hasattr(config, "workerinput") or config.getoption("collectonly", default=False):
        return
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    warming = subprocess.Popen([sys.executable, "-c", LIBRARIES], env=environment, cwd=BYTECODE.parents[1])
    config.stash[WARMING] = warming


def pytest_unconfigure(config: pytest.Config) -> None:
    """Wait for what was begun."""
    warming = config.stash.get(WARMING, None)
    if warming is not None:
        warming.wait()
