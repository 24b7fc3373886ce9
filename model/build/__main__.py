"""Write the kernel's intermediate text anew, or link it for a platform: ``python -m papertiger.model.build``."""

from __future__ import annotations

import argparse
import os
import subprocess  # nosec B404 - calls this module again
import sys
from pathlib import Path

from papertiger.model.build import link
from papertiger.model.build.link import PLATFORMS, this_platform
from papertiger.model.ensemble.library import LIBRARIES

PORTABLE = {
    # No instruction that only the machine at hand has, and none that several numbers share: those come when linking.
    "NUMBA_CPU_NAME": "generic",
    "NUMBA_CPU_FEATURES": "",
    "NUMBA_LOOP_VECTORIZE": "0",
    "NUMBA_SLP_VECTORIZE": "0",
}


AGAIN = "PAPERTIGER_BUILD"
"""Environment variable that says that these settings are made."""


def main() -> int:
    """Carry out the command, and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m papertiger.model.build", description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare with what is kept, and write nothing")
    parser.add_argument("--link", metavar="PLATFORM", help=f"link what is kept for one of {', '.join(PLATFORMS)}")
    parser.add_argument("--out", type=Path, default=LIBRARIES, help="folder of the library")
    given = parser.parse_args()
    if given.link is not None:
        if given.link not in PLATFORMS:
            parser.error(f"--link: expected one of {', '.join(PLATFORMS)}, got {given.link!r}")
        print(link.link(given.link, given.out))  # noqa: T201
        return 0
    if AGAIN not in os.environ:
        # Numba reads these when it is imported, and something may have imported it already.
        command = [sys.executable, "-m", "papertiger.model.build", *sys.argv[1:]]
        environment = {**os.environ, **PORTABLE, AGAIN: "yes"}
        return subprocess.run(command, env=environment, check=False).returncode  # nosec B603
    from papertiger.model.build.intermediate import intermediate_text  # noqa: PLC0415 - numba, under these settings

    text = intermediate_text()
    if given.check:
        if text == link.kept_text():
            print("the kept text is what the sources give")  # noqa: T201
            return 0
        print("the kept text is not what the sources give: python -m papertiger.model.build")  # noqa: T201
        return 1
    link.keep_text(text)
    print(f"{link.KEPT}: {link.KEPT.stat().st_size:,} bytes")  # noqa: T201
    print(link.link(this_platform(), given.out))  # noqa: T201
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
