"""Hold the catalogues against the code, against each other and against a language that nobody wrote code for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po, write_po

from papertiger import wargame
from papertiger.scenarios.schema.values import Words
from papertiger.wargame.i18n import catalogue
from papertiger.wargame.i18n.catalogue import CatalogueError
from papertiger.wargame.rules.refusals import CONTEXT
from tests.wargame.games import FORMAL, small
from tests.wargame.server.visitors import House

CODE = Path(wargame.__path__[0])
SHIPPED = [language for language in catalogue.languages() if language != catalogue.SOURCE]
LITERAL = re.compile(r"""["']([a-z_]+(?:\.[a-zA-Z_0-9 ]+)+)["']""")
COMPOSED = re.compile(r"""["']([a-z_]+(?:\.[a-z_]+)*\.)(?:["'{])|["']([a-z_]+\.[a-z_]+_)\{""")
SAID = re.compile(r"""(?:\bt\(|\.text\(|\bsay\(|\bsay_it\(|complaint\(\d+, |RefusedError\(\d+, )f?["']([^"']+)["']""")


def template() -> Catalog:
    with catalogue.TEMPLATE.open("rb") as file:
        return read_po(file, abort_invalid=True)


def translated(language: str) -> Catalog:
    with catalogue._files()[language].open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def sources() -> Iterator[str]:
    """Yield the code and the templates."""
    for path in (*CODE.rglob("*.py"), *CODE.rglob("*.html"), *Path(CODE.parent / "cli").glob("*.py")):
        yield path.read_text(encoding="utf-8")


# Complete, and nothing that nobody says


def test_every_text_that_the_code_names_is_in_the_catalogue() -> None:
    named = {key for source in sources() for key in SAID.findall(source)}
    named = {key for key in named if not key.endswith(".") and "{" not in key and re.fullmatch(r"[a-z]+\.\w+", key)}
    assert len(named) > 150
    assert named <= catalogue.names()


def test_nothing_stands_in_the_catalogue_that_the_code_does_not_name() -> None:
    literal = {key for source in sources() for key in LITERAL.findall(source)}
    single = {name for source in sources() for name in re.findall(r'refusal\(\s*"(\w+)"', source)}
    composed = {one for source in sources() for pair in COMPOSED.findall(source) for one in pair if one}
    composed |= {f"{CONTEXT}{prefix}" for prefix in composed}
    composed = (composed - {CONTEXT}) | {
        "plain."
    }  # said through the module's own helper, whose keys a test below holds
    for key in catalogue.names():
        bare = key.removeprefix(CONTEXT)
        named = key in literal or bare in literal | single or any(key.startswith(prefix) for prefix in composed)
        assert named, key


def test_the_texts_of_a_scenario_without_a_game_are_all_said() -> None:
    code = (CODE / "rules" / "setup.py").read_text(encoding="utf-8")
    said = {f"plain.{key}" for key in re.findall(r'_words\("([a-z.]+)"\)', code)}
    assert said == {key for key in catalogue.names() if key.startswith("plain.")}


@pytest.mark.parametrize("language", SHIPPED)
def test_a_shipped_language_says_everything(language: str) -> None:
    source = {message.context: message.id for message in template() if message.id}
    said = translated(language)
    assert {message.context: message.id for message in said if message.id} == source
    assert not [message.context for message in said if message.id and message.fuzzy]
    for message in said:
        forms = [message.string] if isinstance(message.string, str) else message.string or ()
        assert all(forms), message.context


@pytest.mark.parametrize("language", SHIPPED)
def test_a_shipped_language_has_the_plural_forms_of_its_rule(language: str) -> None:
    said = translated(language)
    rule = get_plural(language)
    assert said.num_plurals == rule.num_plurals
    assert said.plural_expr == rule.plural_expr
    for message in said:
        if message.id and message.pluralizable:
            assert isinstance(message.string, tuple)
            assert len(message.string) == rule.num_plurals


def test_a_count_takes_its_plural_form() -> None:
    assert catalogue.text("en", "orders.points", count=1) == "You have 1 point to spend."
    assert catalogue.text("en", "orders.points", count=2) == "You have 2 points to spend."
    assert catalogue.text("de", "orders.points", count=1) == "Ihr habt 1 Punkt zur Verfügung."
    assert catalogue.text("de", "orders.points", count=0) == "Ihr habt 0 Punkte zur Verfügung."


# A language that is added as a folder


@pytest.fixture
def more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give a folder of more languages; what is written there is read at the next question."""
    folder = tmp_path / "locale"
    folder.mkdir()
    monkeypatch.setenv(catalogue.MORE_LOCALES, str(folder))
    catalogue.forget()
    yield folder
    monkeypatch.undo()
    catalogue.forget()


def add(folder: Path, language: str, changes: dict[str, str | tuple[str, ...]] | None = None) -> Path:
    """Write a catalogue as a translator's tool does; without changes every text is set between brackets."""
    made = template()
    made.locale = language
    del made._num_plurals, made._plural_expr
    made._num_plurals = made._plural_expr = None
    for message in made:
        if not message.id:
            continue
        if changes is not None:
            message.string = changes.get(str(message.context), ("",) * 3 if message.pluralizable else "")
        elif isinstance(message.id, str):
            message.string = bracketed(message.id)
        else:
            message.string = tuple(bracketed(form) for form in message.id)
    path = folder / language / "LC_MESSAGES" / "papertiger.po"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_po(file, made)
    catalogue.forget()
    return path


def bracketed(text: str) -> str:
    """Return a text of the pseudo-language: each run of letters outside braces is marked."""
    parts = []
    for literal, field, _, _ in Formatter().parse(text):
        parts.append(re.sub(r"[^\W\d_]+", lambda word: f"«{word.group()[::-1]}»", literal))
        parts.append(f"{{{field}}}" if field is not None else "")
    return "".join(parts)


def test_a_folder_adds_a_language_to_the_choice_and_to_every_page(more: Path, tmp_path: Path) -> None:
    add(more, "eo")
    scenario = small()
    assert scenario.game is not None
    title = Words.model_validate({"en": "A game", "de": "Ein Spiel", "eo": "Ludo"})
    scenario = scenario.model_copy(update={"game": scenario.game.model_copy(update={"title": title})})
    house = House(tmp_path, lambda: scenario)
    front = house.stranger().get("/").text
    assert '<option value="eo">Esperanto' in front
    assert 'lang="eo"' in front
    team = house.team("patron")
    assert team.send("/language", language="eo").status_code == 303
    for visitor, path in ((team, "/desk"), (team, "/wall"), (team, "/outlook")):
        page = visitor.get(path).text
        assert '<html lang="eo">' in page
        assert "<strong>Ludo</strong>" in page
        english = {text for text in catalogue.catalogue("en").texts.values() if " " in text and "{" not in text}
        assert not [text for text in english if f">{text}<" in page]
        assert page.count("«") > 60
    house.close()


def test_what_is_not_translated_is_said_in_english(more: Path) -> None:
    add(more, "eo", {"word.turn": "Vico"})
    assert catalogue.languages() == ("en", "de", "eo")
    assert catalogue.text("eo", "word.turn") == "Vico"
    assert catalogue.text("eo", "word.month") == "Month"
    assert catalogue.text("eo", "orders.points", count=1) == "You have 1 point to spend."
    assert catalogue.words("word.turn") == {"en": "Turn", "de": "Runde", "eo": "Vico"}


def test_a_language_of_three_forms_takes_each(more: Path) -> None:
    add(more, "pl", {"orders.points": ("{count} punkt", "{count} punkty", "{count} punktów")})
    said = [catalogue.text("pl", "orders.points", count=count) for count in (1, 2, 5, 12, 22)]
    assert said == ["1 punkt", "2 punkty", "5 punktów", "12 punktów", "22 punkty"]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("Ordonoj", "expected {turn} in 'Ordonoj'"),
        ("Ordonoj {vico}", "expected {turn}"),
        ("Ordonoj {turn} {seat}", "expected {turn}"),
        ("Ordonoj {turn", "expected '}'"),
    ],
)
def test_a_translation_with_other_values_is_refused_with_its_place(more: Path, said: str, why: str) -> None:
    path = add(more, "eo", {"orders.title": said})
    lines = path.read_text(encoding="utf-8").splitlines()
    with pytest.raises(CatalogueError) as refused:
        catalogue.check_all()
    place = re.match(rf"{re.escape(str(path))}:(\d+): orders\.title: ", str(refused.value))
    assert place is not None
    assert 'msgctxt "orders.title"' in lines[int(place.group(1)) - 2 : int(place.group(1)) + 1]
    assert why in str(refused.value)


def test_a_file_that_is_no_catalogue_is_refused_with_its_place(more: Path) -> None:
    path = add(more, "eo")
    path.write_text('msgid "a"\nmsgstr "b"\nnonsense\n', encoding="utf-8")
    catalogue.forget()
    with pytest.raises(CatalogueError, match=re.escape(f"{path}:3: ")):
        catalogue.check_all()


def test_a_folder_that_is_no_language_adds_none(more: Path) -> None:
    add(more, "eo").parent.parent.rename(more / "..eo")
    catalogue.forget()
    assert catalogue.languages() == ("en", "de")


# How German speaks to whom

TO_THE_FACILITATOR = ("room.", "error.", "sure.", "refusal.inject.")
"""Contexts of what only the facilitator reads, who is addressed by *Sie*."""


def test_german_addresses_teams_as_a_class_is_spoken_to() -> None:
    formal = {
        str(message.context)
        for message in translated("de")
        if message.id
        and FORMAL.search(message.string if isinstance(message.string, str) else " ".join(message.string or ()))
    }
    assert formal  # the facilitator is addressed somewhere
    assert {one for one in formal if not one.startswith(TO_THE_FACILITATOR)} == set()


@pytest.mark.parametrize(
    "text", ["Geben Sie es ab.", "Man glaubt Ihnen.", "Ihre Grenze.", "Das ist Ihr Öl.", "Ihr Öl."]
)
def test_a_formal_address_is_seen(text: str) -> None:
    assert FORMAL.search(text)


@pytest.mark.parametrize(
    "text", ["Ihr regiert.", "Was ihr wollt.", "Eure Grenze.", "Sieh hin: Siebzig.", "ihre Grenze"]
)
def test_an_informal_address_is_not_taken_for_a_formal_one(text: str) -> None:
    assert not FORMAL.search(text)
