"""Settings of all tests."""

import os
import sys
from pathlib import Path

from hypothesis import settings

# How long an example takes says nothing about the code: on a busy machine it says how busy.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# Some hundred processes are started, each of which imports the same packages. They share what Python compiled of
# them, also on machines that are told to write no bytecode.
BYTECODE = Path(__file__).resolve().parents[1] / ".pytest_cache" / "bytecode"
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix = str(BYTECODE)
sys.dont_write_bytecode = False
