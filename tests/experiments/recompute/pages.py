"""Take the script and the pieces out of a report, and run them in Node."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

PIECE = re.compile(
    r'<script type="application/octet-stream" data-piece="([^"]*)" data-name="([^"]*)" '
    r'data-sha256="([^"]*)">([^<]*)</script>'
)
SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
RUNNER = """
import { readFileSync } from "node:fs";
import vm from "node:vm";
const given = JSON.parse(readFileSync(process.argv[2], "utf8"));
vm.runInThisContext(given.script);
const { Recomputation, damages } = globalThis.papertiger;
const answer = { damages: damages(given.pieces) };
if (!answer.damages.length) {
  const one = await Recomputation.open(given.pieces);
  answer.points = one.pointsHold;
  if (given.tables) answer.tables = [...one.tables()].map(({ part, equal }) => [part.scenario, part.file, equal]);
  answer.asked = given.asked.map(([method, ...rest]) => {
    const said = one[method](...rest);
    return said instanceof Float64Array ? [...said] : said;
  });
}
process.stdout.write(JSON.stringify(answer));
"""


def script_of(page: Path) -> str:
    """Return the only script that a page runs."""
    (script,) = SCRIPT.findall(page.read_text(encoding="utf-8"))
    return str(script)


def pieces_of_page(page: Path) -> list[dict[str, str]]:
    """Return what a page carries."""
    names = ("piece", "name", "sha256", "text")
    return [dict(zip(names, match, strict=True)) for match in PIECE.findall(page.read_text(encoding="utf-8"))]


def in_node(page: Path, *asked: Any, tables: bool = True) -> dict[str, Any]:
    """Return what a page comes to in Node: damages, tables, and what methods of the recomputation answer."""
    node = shutil.which("node")
    assert node is not None, "node is missing: apt-get install nodejs"
    given, runner = page.with_name("given.json"), page.with_name("runner.mjs")
    content = {"script": script_of(page), "pieces": pieces_of_page(page), "tables": tables, "asked": asked}
    given.write_text(json.dumps(content), encoding="utf-8")
    runner.write_text(RUNNER, encoding="utf-8")
    done = subprocess.run([node, str(runner), str(given)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
