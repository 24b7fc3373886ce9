"""Read the gettext catalogues: every text of the game, by key, in each language that has a folder.

``locale/papertiger.pot`` holds the texts in English, each under a key (its context), and
``locale/LANGUAGE/LC_MESSAGES/papertiger.po`` a translation. Whoever adds such a folder adds a language; a text that
is not translated yet is said in English. A folder named by the environment's ``PAPERTIGER_LOCALE`` adds languages to
those that come with the program. Babel reads catalogues as they are written: nothing needs to be compiled.
"""

from __future__ import annotations

import io
import os
import re
from dataclasses import dataclass
from functools import cache, cached_property
from gettext import GNUTranslations
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel.core import Locale
    from babel.messages.catalog import Catalog, Message

DOMAIN = "papertiger"
LOCALE = Path(__file__).parent / "locale"
TEMPLATE = LOCALE / f"{DOMAIN}.pot"
MORE_LOCALES = "PAPERTIGER_LOCALE"
SOURCE = "en"
SOURCE_LOCALE = "en_GB"
"""How numbers and dates of the English pages are written: the texts are British."""

CODE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?")


class CatalogueError(ValueError):
    """A catalogue that cannot be used, with the place where it is wrong."""


@dataclass(frozen=True)
class Catalogue:
    """The texts of one language.

    Attributes
    ----------
    language
        Name of its folder, such as ``de``.
    locale
        How it writes numbers and dates.
    translations
        Finds a translation by context and English text.
    """

    language: str
    locale: Locale
    translations: GNUTranslations

    @cached_property
    def texts(self) -> dict[str, str]:
        """The texts without plural forms, by key."""
        return {
            key: self.translations.pgettext(key, source)
            for key, source in _sources().items()
            if isinstance(source, str)
        }

    @property
    def name(self) -> str:
        """What speakers call the language."""
        from babel.core import Locale  # noqa: PLC0415 - not needed to list the languages

        name = Locale.parse(self.language).get_display_name() or self.language
        return name[:1].upper() + name[1:]

    def text(self, key: str, /, **values: object) -> str:
        """Return a text; one with plural forms takes the form of its value ``count``."""
        text = self.texts.get(key)
        if text is None:
            source, count = _sources()[key], values["count"]
            assert isinstance(source, tuple)
            assert isinstance(count, int)
            text = self.translations.npgettext(key, *source, count)
        return text.format(**values) if values else text


def languages() -> tuple[str, ...]:
    """Return the languages that there are, English first."""
    return (SOURCE, *sorted(_files()))


@cache
def catalogue(language: str) -> Catalogue:
    """Return the texts of a language, or the English ones where there is no such language.

    Raises
    ------
    CatalogueError
        If its file is no catalogue, or if a translation says other values than the English text.
    """
    from babel.core import Locale, UnknownLocaleError  # noqa: PLC0415 - a tenth of a second

    path = _files().get(language)
    if path is None:
        return Catalogue(SOURCE, Locale.parse(SOURCE_LOCALE), _compiled(_read(TEMPLATE)))
    catalog = _read(path)
    for message in catalog:
        if message.id and message.string:
            _check(message, path)
    try:
        locale = Locale.parse(str(catalog.locale or language))
    except (UnknownLocaleError, ValueError) as error:
        raise CatalogueError(f"{path}: {error}") from None
    return Catalogue(language, locale, _compiled(catalog))


def text(language: str, key: str, /, **values: object) -> str:
    """Return a text in a language."""
    return catalogue(language).text(key, **values)


def has(key: str) -> bool:
    """Tell whether there is a text of a key."""
    return key in _sources()


def names() -> frozenset[str]:
    """Return the keys of all texts."""
    return frozenset(_sources())


def words(key: str) -> dict[str, str]:
    """Return a text in every language that has it, as a scenario file would give it."""
    english = text(SOURCE, key)
    said = {language: text(language, key) for language in languages()}
    return {language: one for language, one in said.items() if language == SOURCE or one != english}


def check_all() -> None:
    """Read every catalogue, so that a fault in one is said when the game starts.

    Raises
    ------
    CatalogueError
        With the place of the first fault.
    """
    for language in languages():
        catalogue(language)


def placeholders(text: str) -> frozenset[str]:
    """Return the names in braces of a text.

    Raises
    ------
    ValueError
        If its braces do not match.
    """
    return frozenset(field for _, field, _, _ in Formatter().parse(text) if field is not None)


def forget() -> None:
    """Read everything anew when it is next asked for."""
    for read in (_files, _sources, catalogue):
        read.cache_clear()


@cache
def _files() -> dict[str, Path]:
    """Return the file of each translation, by language."""
    folders = [LOCALE, *(Path(folder) for folder in [os.environ.get(MORE_LOCALES, "")] if folder)]
    catalogues = {path.parts[-3]: path for folder in folders for path in folder.glob(f"*/LC_MESSAGES/{DOMAIN}.po")}
    return {
        language: path for language, path in catalogues.items() if CODE.fullmatch(language) and language != SOURCE
    }


@cache
def _sources() -> dict[str, str | tuple[str, str]]:
    """Return the English texts by key; those with plural forms as a pair."""
    return {
        message.context: (message.id[0], message.id[1]) if isinstance(message.id, list | tuple) else message.id
        for message in _read(TEMPLATE)
        if message.id and message.context
    }


def _read(path: Path) -> Catalog:
    from babel.messages.pofile import PoFileError, read_po  # noqa: PLC0415 - read when a text is first asked for

    try:
        with path.open("rb") as file:
            return read_po(file, abort_invalid=True)
    except PoFileError as error:
        said = str(error).removesuffix(f" on {error.lineno}")
        raise CatalogueError(f"{path}:{error.lineno + 1}: {said}") from None  # Babel counts lines from 0
    except (OSError, ValueError) as error:
        raise CatalogueError(f"{path}: {error}") from None


def _compiled(catalog: Catalog) -> GNUTranslations:
    from babel.messages.mofile import write_mo  # noqa: PLC0415

    file = io.BytesIO()
    write_mo(file, catalog)
    file.seek(0)
    return GNUTranslations(file)


def _check(message: Message, path: Path) -> None:
    """Refuse a translation that says other values than its source; a plural form may leave out the count."""
    one = [message.id] if isinstance(message.id, str) else list(message.id)
    said = message.string or ""
    forms = [said] if isinstance(said, str) else [form for form in said if form]
    wanted = frozenset().union(*map(placeholders, one))
    for form in forms:
        try:
            given = placeholders(form)
        except ValueError as error:
            raise CatalogueError(f"{path}:{message.lineno}: {message.context}: {error}") from None
        free = {"count"} if len(one) > 1 else set()
        if given - wanted or (wanted - given) - free:
            names = ", ".join(f"{{{name}}}" for name in sorted(wanted)) or "no name in braces"
            raise CatalogueError(f"{path}:{message.lineno}: {message.context}: expected {names} in {form!r}")
