"""The page of the lab is one file, within its size, strict about what it may do, and complete in both languages."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
import struct
from functools import cache
from pathlib import Path

import pytest

from papertiger.experiments.lab import page
from papertiger.experiments.lab.opening import experiment_worlds, is_experiment, scenario_worlds
from papertiger.experiments.lab.page import MAX_SIZE, PageTooLargeError, bundle, lab_page, texts
from papertiger.scenarios import load
from tests.experiments.lab.pages import STATIC

pytestmark = pytest.mark.xdist_group("lab")

WORLDS = ("partners_2020", "no_war_2022")
PLACE = re.compile(r"\{(\w+)\}")
TEXT_KEY = re.compile(r'\bt\(\s*["`]([\w.]+)["`]|data-(?:t|label)="([\w.]+)"')
BUILT = re.compile(r"\bt\(`([\w.]*)\$\{")


@cache
def html() -> str:
    return lab_page(WORLDS)


def carried() -> list[bytes]:
    packed = base64.b64decode(re.search(r'id="carried">([^<]*)<', html())[1])  # type: ignore[index]
    parts = []
    while packed:
        length = struct.unpack_from("<I", packed)[0]
        parts.append(packed[4 : 4 + length])
        packed = packed[4 + length :]
    return parts


def sources() -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in STATIC.iterdir() if path.suffix != ".css"}


def test_the_page_is_one_file_within_its_size() -> None:
    assert len(html().encode()) <= MAX_SIZE
    assert not re.search(r"""(?:src|href)="(?!data:|\#)""", html()), "something is to be fetched"
    program, words, kernel, worlds = map(gzip.decompress, carried())
    assert program.decode() == bundle()
    assert kernel.startswith(b"\0asm")
    assert b'"partners_2020"' in worlds
    assert b'"title"' in words


def test_the_policy_names_the_scripts_and_the_style_by_their_hashes() -> None:
    policy = re.search(r'Security-Policy" content="([^"]*)"', html())[1]  # type: ignore[index]
    inline = re.findall(r"<script>(.*?)</script>", html(), re.DOTALL)
    style = re.findall(r"<style>(.*?)</style>", html(), re.DOTALL)
    for text in (*inline, *style, bundle()):
        assert f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" in policy
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe-inline" not in policy
    assert "'unsafe-eval'" not in policy
    assert "connect-src" not in policy
    assert "style=" not in "".join(sources().values()), "the policy lets no style stand in an attribute"


def test_the_same_worlds_give_the_same_bytes() -> None:
    assert lab_page(WORLDS) == html()


def test_a_page_that_would_be_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "MAX_SIZE", 1000)
    monkeypatch.setattr(page, "payload", lambda _: b"")
    with pytest.raises(PageTooLargeError, match="it may have 1,000: name fewer"):
        lab_page(WORLDS)


def test_modules_are_joined_with_nothing_left_to_import() -> None:
    program = bundle()
    assert not re.search(r"^(?:import|export) ", program, re.MULTILINE)
    for name in STATIC.glob("*.mjs"):
        assert f"const module_{name.stem} = " in program, name


def test_modules_that_import_each_other_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    modules = {"a.mjs": 'import { b } from "./b.mjs";\n', "b.mjs": 'import { a } from "./a.mjs";\n'}
    monkeypatch.setattr(page, "_module", modules.__getitem__)
    with pytest.raises(ValueError, match=r"a\.mjs imports itself by way of a\.mjs, b\.mjs"):
        bundle("a.mjs")


def test_modules_are_short() -> None:
    lines = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in STATIC.iterdir()}
    assert {name for name, count in lines.items() if count > 450} == set()


def test_both_languages_are_complete() -> None:
    english, german = texts()["en"], texts()["de"]
    assert list(english) == list(german)
    for key, text in english.items():
        assert text.strip()
        assert german[key].strip()
        assert set(PLACE.findall(text)) == set(PLACE.findall(german[key])), key


def test_every_text_that_is_asked_for_is_there_and_no_other() -> None:
    english = set(texts()["en"])
    everything = "\n".join(sources().values())
    asked = {one or other for one, other in TEXT_KEY.findall(everything) if one or other}
    assert asked - english == set()
    begun = ("group.", *(start for start in BUILT.findall(everything) if start))
    quoted = set(re.findall(r'"([\w.]+)"', everything))
    idle = {key for key in english if key.removesuffix(".one") not in asked | quoted and not key.startswith(begun)}
    assert idle == set()


def test_a_page_has_a_scenario_and_its_twins() -> None:
    names = scenario_worlds("partners_2020", load("partners_2020"))
    assert names[0] == "partners_2020"
    assert {"no_war_2022", "war_ends_2026"} <= set(names)
    assert scenario_worlds("no_war_2022", load("no_war_2022")) == ["no_war_2022", "partners_2020"]


def test_an_experiment_opens_with_the_two_worlds_of_its_headline() -> None:
    names, opening = experiment_worlds("why_clients_leave")
    assert names[:2] == ["partners_2020", "no_war_2022"]
    assert (opening["a"]["world"], opening["b"]["world"]) == ("partners_2020", "no_war_2022")
    assert len(names) == len(set(names))


def test_settings_of_an_experiment_become_figures_of_the_page(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(
        "title: Mine\nquestion: Does it matter?\ndescription: It may.\nseed: 3\nreplicates: 10\n"
        "scenarios:\n  - cuba\n  - {scenario: cuba, label: cheap, title: Cheap, settings: {standing_cost: 0.4}}\n"
        "measures:\n  share: {kind: share_defected, at: end}\n",
        encoding="utf-8",
    )
    assert is_experiment(str(file))
    assert not is_experiment("cuba")
    names, opening = experiment_worlds(str(file))
    assert names == ["cuba"]
    assert opening["seed"] == 3
    assert opening["b"]["figures"] == {"parameters.standing_cost": 0.4}
