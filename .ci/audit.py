"""Look for known vulnerabilities in what is installed, and say aloud what could not be looked up.

A registry may answer without the data on vulnerabilities. Then nothing is wrong and nothing is known: no pass.
"""

from __future__ import annotations

import json
import subprocess
import sys


def main() -> int:
    """Return 1 if there is a vulnerability."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pip_audit",
            "--local",
            "--skip-editable",
            "--format",
            "json",
            "--progress-spinner",
            "off",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except ValueError:
        reason = (done.stderr.strip().splitlines() or ["no answer"])[-1]
        print(f"!!! NOT AUDITED: no service of vulnerabilities can be reached from here ({reason})")  # noqa: T201
        return 0
    audited = [package for package in packages if "vulns" in package]
    skipped = [package["name"] for package in packages if "vulns" not in package]
    for package in audited:
        for fault in package["vulns"]:
            fixed = ", ".join(fault["fix_versions"]) or "no version"
            print(f"{package['name']} {package['version']}: {fault['id']}, fixed in {fixed}")  # noqa: T201
    if not audited:
        print(f"!!! NOT AUDITED: the registry tells nothing of vulnerabilities ({len(skipped)} packages)")  # noqa: T201
    elif len(skipped) > 1:
        print(f"!!! NOT AUDITED: {', '.join(skipped)}")  # noqa: T201
    print(f"{len(audited)} packages audited, {len(skipped)} could not be looked up")  # noqa: T201
    return int(any(package["vulns"] for package in audited))


if __name__ == "__main__":
    sys.exit(main())
