"""A report runs its experiment again in Node, to the last bit, and says which piece is not what it was."""

from __future__ import annotations

import base64
import hashlib
import json
import struct
import subprocess
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from papertiger import scenarios
from papertiger.experiments.measures import kinds, measure_class
from papertiger.experiments.recompute import carried as carrying
from papertiger.experiments.recompute.carried import MAX_RUNS, Carried, carried
from papertiger.experiments.recompute.images import Room, is_direct, world_of
from papertiger.experiments.recompute.readings import READABLE
from papertiger.experiments.recompute.script import policy_hash, script
from papertiger.experiments.report.page import write_report
from papertiger.experiments.run.canonical import canonical_form
from papertiger.experiments.run.manifest import MANIFEST, hash_of
from papertiger.experiments.run.results import Results, open_results, read_table
from papertiger.model.own_code import is_shipped
from papertiger.model.template import Template
from tests.experiments.recompute.pages import in_node, pieces_of_page, script_of
from tests.experiments.run.small import HEAD, MEASURES, run

MORE = """\
  capability: {kind: capability, client: Alfa, at: 2021-06}
  resolve: {kind: resolve, client: Alfa}
  arms: {kind: tie, client: Alfa, at: 2022-01}
  others: {kind: cascade, event: raid}
  stays: {kind: defected, client: Alfa, regime_loss: counted}
  moves: {kind: first_move, client: Alfa}
  fallen: {kind: first_move, client: Bravo}
"""
VARIED = """\
vary:
  memory: {path: parameters.forgetting, levels: [0.9, 0.95, 0.99]}
  threat: {path: clients.Alfa.threat, levels: [0.2, 0.9]}
design: {kind: grid}
"""
WHOLE = HEAD.replace("replicates: 4", "replicates: 6") + MEASURES + MORE + VARIED


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return run(tmp_path_factory.mktemp("recompute"), WHOLE)


@pytest.fixture(scope="module")
def page(results: Results) -> Path:
    return write_report(results)


def test_every_table_comes_out_the_same(page: Path, results: Results) -> None:
    answer = in_node(page)
    assert answer["damages"] == []
    assert answer["points"]
    assert {file for _, file, _ in answer["tables"]} == set(results.manifest.parts)
    assert [part for part in answer["tables"] if not part[2]] == []


def test_every_shipped_kind_is_read_but_the_ledger() -> None:
    shipped = {cls for kind in kinds() for cls in [measure_class(kind)] if cls is not None and is_shipped(cls)}
    assert {cls.kind_name for cls in shipped - set(READABLE)} == {"ledger"}
    used = {line.split("kind: ")[1].split(",")[0].rstrip("}\n") for line in (MEASURES + MORE).splitlines()[1:]}
    assert used == {cls.kind_name for cls in READABLE}, "the experiment above has one of each"


@pytest.mark.parametrize("piece", ["kernel", "scenario:calm", "plan"])
def test_a_changed_byte_is_named(piece: str, page: Path, tmp_path: Path) -> None:
    (one,) = [known for known in pieces_of_page(page) if known["piece"] == piece]
    data = bytearray(base64.b64decode(one["text"]))
    data[len(data) // 2] ^= 1
    text = page.read_text(encoding="utf-8").replace(one["text"], base64.b64encode(data).decode("ascii"))
    changed = tmp_path / "report.html"
    changed.write_text(text, encoding="utf-8")
    (said,) = in_node(changed)["damages"]
    assert said.startswith(one["name"].replace("&#39;", "'"))
    assert {"kernel": "kernel", "scenario:calm": "Calm", "plan": "plan"}[piece] in said


def test_a_changed_number_in_a_table_is_named(results: Results, tmp_path: Path) -> None:
    # Whoever changes a row, and every hash with it, has a folder that is whole, and a page that says which table.
    (tmp_path / "parts").mkdir()
    for file in results.folder.iterdir():
        if file.is_file():
            (tmp_path / file.name).write_bytes(file.read_bytes())
    for file in results.parts:
        (tmp_path / "parts" / file.name).write_bytes(file.read_bytes())
    name = sorted(results.manifest.parts)[1]
    table = pq.read_table(tmp_path / "parts" / name)
    place = table.column_names.index("belief")
    values = table.column("belief").to_numpy().copy()
    values[0] += 2.0**-40
    table = table.set_column(place, "belief", [values])
    pq.write_table(table, tmp_path / "parts" / name)
    manifest = json.loads((tmp_path / MANIFEST).read_text(encoding="utf-8"))
    part = results.manifest.parts[name]
    assert part.block is not None
    manifest["parts"][name] |= {
        "sha256": hashlib.sha256((tmp_path / "parts" / name).read_bytes()).hexdigest(),
        "table_sha256": hashlib.sha256(b"".join(canonical_form(table, part.block))).hexdigest(),
    }
    del manifest["sha256"]
    manifest["sha256"] = hash_of(manifest)
    (tmp_path / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    answer = in_node(write_report(open_results(tmp_path)))
    assert [row[:2] for row in answer["tables"] if not row[2]] == [[part.block.scenario, name]]


def test_a_changed_figure_gives_what_the_program_gives(page: Path, results: Results, tmp_path: Path) -> None:
    text = HEAD.replace("replicates: 4", "replicates: 6") + MEASURES + MORE
    ways = {
        "parameters.forgetting": "parameters.forgetting: 0.93",
        "signals.air_defence_failed.weight": "signals.air_defence_failed.weight: 2.5",
    }
    names = ("belief", "changes", "others", "leaves")
    for number, (path, setting) in enumerate(ways.items()):
        folder = tmp_path / str(number)
        folder.mkdir()
        one = f"settings: {{{setting}}}\n"
        # In the page a changed figure leaves the other factors where the design has them: here a threat of 0.9.
        one = one.replace("}", ", clients.Alfa.threat: 0.9, parameters.forgetting: 0.99}", 1)
        one = one.replace(
            "0.93, clients.Alfa.threat: 0.9, parameters.forgetting: 0.99", "0.93, clients.Alfa.threat: 0.9"
        )
        expected = run(folder, text.replace("scenarios:", f"{one}scenarios:"))
        value = float(setting.split(": ")[1])
        last = results.manifest.points - 1
        asked = [
            ["rows_with", label, name, last, {"path": path, "value": value}]
            for label in ("world", "calm")
            for name in names
        ]
        said = iter(ask_rows(page, asked))
        for label in ("world", "calm"):
            for name in names:
                assert next(said) == expected.values(name, label)[0].tolist(), (path, label, name)


def ask_rows(page: Path, asked: list[Any]) -> list[list[float]]:
    """Return the first column of a measure at a point, with a figure changed."""
    extended = page.with_name("extended.html")
    method = (
        "Recomputation.prototype.rows_with = function (label, name, point, change) {"
        " const rooms = [...this.runs(label, point, 0, this.plan.replicates, [name], change)];"
        " return rooms.flatMap(({ values }) => [...values[0]]);"
        " };"
    )
    text = page.read_text(encoding="utf-8").replace("globalThis.papertiger =", f"{method} globalThis.papertiger =")
    extended.write_text(text, encoding="utf-8")
    rows: list[list[float]] = in_node(extended, *asked, tables=False)["asked"]
    return rows


def test_a_figure_that_the_design_varies_is_never_said_to_be_unchanged(page: Path, tmp_path: Path) -> None:
    method = (
        "Recomputation.prototype.said = function (path) {"
        " const { plan } = this, figure = plan.figures.find((one) => one.path === path), [pair] = plan.pairs;"
        " return pair.measures.map((one) => {"
        "  const change = { path, value: figure.value };"
        "  const contrast = this.contrast(pair.baseline, pair.against, one.name, change);"
        "  const text = verdict(pair, one, contrast, plan, figure.value, figure);"
        "  return [one.difference, contrast.difference, text]; }); };"
    )
    text = page.read_text(encoding="utf-8").replace("globalThis.papertiger =", f"{method} globalThis.papertiger =")
    extended = tmp_path / "extended.html"
    extended.write_text(text, encoding="utf-8")
    ways = [["said", path] for path in ("parameters.forgetting", "signals.air_defence_failed.weight")]
    varied, other = in_node(extended, *ways, tables=False)["asked"]
    assert any(published != now for published, now, _ in varied), "at one number it is another question"
    assert all("at all points of the design, which varies it" in said for *_, said in varied)
    assert not any("published" in said for *_, said in varied)
    assert all(now == pytest.approx(published) and "as published" in said for published, now, said in other)


def test_a_comparison_comes_out_as_published(page: Path, results: Results) -> None:
    from papertiger.experiments.report.numbers import Findings

    contrasts = [one for one in Findings(results).comparisons if one.verdict != "not comparable"]
    asked = [["contrast", one.baseline, one.against, one.measure] for one in contrasts]
    for contrast, said in zip(contrasts, in_node(page, *asked, tables=False)["asked"], strict=True):
        for name in ("mean_baseline", "mean_against", "difference"):
            assert said[name] == pytest.approx(getattr(contrast, name), rel=1e-12, abs=1e-15)
        assert said["pairs"] == contrast.pairs
        assert (said["alike"] is None) == (contrast.alike is None)
        if contrast.alike is None:
            assert said["low"] == pytest.approx(contrast.low, abs=0.2 * (contrast.high - contrast.low))
            assert said["high"] == pytest.approx(contrast.high, abs=0.2 * (contrast.high - contrast.low))


def test_every_figure_that_is_offered_is_one_number_in_the_image() -> None:
    template = Template(scenarios.load("partners_2020"))
    ranges = {
        path: figure.prior.reach()
        for path, figure in template.figures.items()
        if path.startswith(("parameters.", "signals.")) and figure.prior is not None
    }
    others = {path: next(end for end in ends if end != template.figures[path].value) for path, ends in ranges.items()}
    direct = {path: value for path, value in others.items() if is_direct(template, 1, path, value)}
    assert len(direct) > 60
    assert "parameters.prior_strength" not in direct
    assert "parameters.exposure_border" not in direct
    world = world_of(template, [{}, *({path: value} for path, value in direct.items())], 1, Room((), {}, 1))
    for (path, value), patch in zip(direct.items(), world.patches[1:], strict=True):
        assert patch == {world.places[path]: struct.pack("<d", value)}, path


def test_the_script_is_the_only_one_and_named_by_the_policy(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert script_of(page) == script()
    assert f"script-src '{policy_hash(script())}' 'wasm-unsafe-eval'; worker-src blob:" in text
    assert "default-src 'none'" in text
    assert " src=" not in text.replace('<img src="data:', "")


def test_a_light_page_carries_nothing(results: Results) -> None:
    whole = len(write_report(results).read_bytes())
    text = write_report(results, light=True).read_text(encoding="utf-8")
    assert "<script" not in text
    assert "ecompute" not in text.split("</style>")[1]
    assert len(text.encode()) < whole
    write_report(results)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("draws", "draws figures of its own from distributions"),
        ("ledger", "reads the ledger"),
        ("kernel", "was not installed"),
        ("runs", "would take too long"),
        ("points", "would make the page too large"),
    ],
)
def test_a_page_that_cannot_says_so_in_a_sentence(
    change: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = HEAD + MEASURES
    if change == "draws":
        text = text.replace("scenarios:", "settings: {parameters.forgetting: {uniform: [0.9, 0.99]}}\nscenarios:")
    if change == "ledger":
        text += "  why: {kind: ledger, client: Alfa}\n"
    if change == "kernel":
        monkeypatch.setattr(carrying, "page_kernel", lambda: None)
    if change == "runs":
        monkeypatch.setattr(carrying, "MAX_RUNS", 1)
    if change == "points":
        text += VARIED
        monkeypatch.setattr(carrying, "MAX_NUMBERS", 1)
    page = write_report(run(tmp_path, text)).read_text(encoding="utf-8")
    assert reason in page
    assert "<script" not in page


def test_the_same_folder_carries_the_same_bytes(results: Results) -> None:
    one, two = carried(results), carried(results)
    assert isinstance(one, Carried)
    assert isinstance(two, Carried)
    assert one == two
    assert results.manifest.rows <= MAX_RUNS


# The canonical form


def test_the_canonical_form_is_what_the_page_on_folders_says(results: Results) -> None:
    name = min(results.manifest.parts)
    part = results.manifest.parts[name]
    assert part.block is not None
    table = read_table(results.folder / "parts" / name, part.sha256)
    data = b"".join(canonical_form(table, part.block))
    assert hashlib.sha256(data).hexdigest() == part.table_sha256
    head, _, rest = data.partition(b"\n\n")
    lines = head.decode().split("\n")
    block = part.block
    assert lines[:3] == [
        "papertiger table 1",
        block.scenario,
        f"1 {block.first_point} {block.points} {block.first_replicate} {block.replicates}",
    ]
    assert lines[3:6] == ["text error", "number x:memory", "number x:threat"]
    rows = block.points * block.replicates
    assert rest[: 4 * rows] == bytes(4 * rows), "errors are blank"
    assert struct.unpack_from("<d", rest, 4 * rows)[0] == table.column("x:memory")[0].as_py()


def test_tables_are_the_same_whatever_the_number_of_workers(tmp_path: Path, results: Results) -> None:
    other = run(tmp_path, WHOLE, workers=1)
    assert {name: part.table_sha256 for name, part in other.manifest.parts.items()} == {
        name: part.table_sha256 for name, part in results.manifest.parts.items()
    }


def test_sha256_in_plain_arithmetic(tmp_path: Path) -> None:
    source = Path(carrying.__file__).with_name("static") / "sha256.mjs"
    lengths = [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000]
    runner = tmp_path / "run.mjs"
    runner.write_text(
        f'import {{ sha256 }} from "{source.as_uri()}";\n'
        f"const sums = {lengths}.map((n) => sha256(Uint8Array.from({{ length: n }}, (_, i) => (7 * i) % 256)));\n"
        "process.stdout.write(JSON.stringify(sums));\n",
        encoding="utf-8",
    )
    done = subprocess.run(["node", str(runner)], capture_output=True, text=True, check=True)
    expected = [hashlib.sha256(bytes((7 * i) % 256 for i in range(n))).hexdigest() for n in lengths]
    assert json.loads(done.stdout) == expected
