"""An experiment on a Dask cluster whose sides show certificates, with the settings that the how-to names."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import dask
import distributed  # noqa: F401 - its defaults must be there before any are set for a while
import pytest

from papertiger.experiments.errors import BackendError
from tests.experiments.run.small import run, same_rows

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("openssl") is None, reason="certificates are made by openssl"),
]
GUIDE = Path(__file__).parents[3] / "docs" / "howto" / "cluster.md"


def settings(folder: Path, *, keys: bool = True) -> dict[str, str]:
    """Return the settings of the how-to as the environment holds them."""
    tls = "DASK_DISTRIBUTED__COMM__TLS__"
    said = {"DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION": "True", f"{tls}CA_FILE": str(folder / "ca.pem")}
    if keys:
        for side in ("SCHEDULER", "WORKER", "CLIENT"):
            said |= {f"{tls}{side}__CERT": str(folder / "cert.pem"), f"{tls}{side}__KEY": str(folder / "key.pem")}
    guide = GUIDE.read_text(encoding="utf-8").replace("{SCHEDULER,WORKER,CLIENT}", "CLIENT")
    assert all(name in guide.replace("CLIENT", name.split("__")[-2]) or name in guide for name in said)
    return said


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an authority and a key, by the commands of the how-to."""
    folder = tmp_path_factory.mktemp("keys")
    commands = re.findall(r"^openssl .*$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(commands) == 3
    for command in commands:
        subprocess.run(shlex.split(command), cwd=folder, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def address(keys: Path) -> Iterator[str]:
    """Start a scheduler and a worker that ask for certificates, as people do; return where the scheduler listens."""
    environment = {**os.environ, **settings(keys)}
    options = ["--protocol", "tls", "--no-dashboard"]
    with ExitStack() as stack:

        def start(*words: str) -> subprocess.Popen[str]:
            command = [sys.executable, "-m", "dask", *words, *options]
            process = stack.enter_context(
                subprocess.Popen(
                    command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
                )
            )
            stack.callback(process.kill)
            return process

        scheduler = start("scheduler", "--host", "127.0.0.1", "--port", "0")
        assert scheduler.stderr is not None
        said = (re.search(r"tls://127\.0\.0\.1:\d+", line) for line in scheduler.stderr)
        where = next(match[0] for match in said if match)
        start("worker", "--no-nanny", "--nthreads", "1", where)
        yield where


def use(settings_of_dask: dict[str, str]) -> Any:
    """Return a context in which this process has settings of Dask that an environment would give it."""
    names = {name: name.removeprefix("DASK_").lower().replace("__", ".") for name in settings_of_dask}
    return dask.config.set({names[name]: value for name, value in settings_of_dask.items()})


def test_an_encrypted_cluster_gives_the_same_rows(tmp_path: Path, keys: Path, address: str) -> None:
    alone = run(tmp_path, out="alone")
    with use(settings(keys)):
        same_rows(alone, run(tmp_path, out="encrypted", backend="dask", cluster=address))


def test_who_has_no_key_takes_no_part(tmp_path: Path, keys: Path, address: str) -> None:
    with (
        use(settings(keys, keys=False)),
        pytest.raises(BackendError, match="--cluster tls://.*: no Dask scheduler answers there: "),
    ):
        run(tmp_path, out="stranger", backend="dask", cluster=address)


def test_nothing_is_said_in_the_clear_where_encryption_is_asked_for(tmp_path: Path, keys: Path, address: str) -> None:
    with (
        use(settings(keys)),
        pytest.raises(BackendError, match="encryption required by Dask configuration"),
    ):
        run(tmp_path, out="clear", backend="dask", cluster=address.replace("tls://", "tcp://"))
