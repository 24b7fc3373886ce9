"""Find files of every kind: the shipped ones by name, anyone's by path. Reads bytes and knows nothing of YAML."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from papertiger.scenarios.arguments import check_truth, is_path
from papertiger.scenarios.errors import Problem, ScenarioError, nearest, shorten

ENDINGS = (".yaml", ".yml")
_ABSTRACT = re.compile(rb"^abstract:[ \t]+true[ \t]*(#.*)?\r?$", re.MULTILINE)


@dataclass(frozen=True)
class Source:
    """A file that may hold a scenario; `label` is what messages call it."""

    label: str
    handle: Traversable
    shipped: bool = False

    @property
    def name(self) -> str:
        """Return the scenario's name: the file's, without its ending."""
        name = self.handle.name
        return next((name.removesuffix(end) for end in ENDINGS if name.lower().endswith(end)), name)

    @property
    def identity(self) -> str:
        """Return what two ways of writing the path of one file have in common."""
        if isinstance(self.handle, Path):
            try:
                return str(self.handle.resolve())
            except (OSError, RuntimeError, ValueError):
                return str(self.handle)
        return str(self.handle)

    def read(self, most_bytes: int) -> bytes:
        """Return the file's bytes, at most one more than `most_bytes`.

        Raises
        ------
        ScenarioError
            When there is no such file, or it cannot be read.
        """
        try:
            if self.handle.is_dir():
                raise ScenarioError([Problem(self.label, message="is a folder, expected a file")])
            if isinstance(self.handle, Path) and self.handle.exists() and not self.handle.is_file():
                raise ScenarioError([Problem(self.label, message="is not an ordinary file")])
            with self.handle.open("rb") as stream:
                return stream.read(most_bytes + 1)
        except FileNotFoundError:
            raise ScenarioError([Problem(self.label, message="no such file", hint=self._neighbour())]) from None
        except PermissionError:
            raise ScenarioError([Problem(self.label, message="no permission to read the file")]) from None
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise ScenarioError([Problem(self.label, message=f"cannot read the file: {reason}")]) from None
        except ValueError:
            raise ScenarioError([Problem(self.label, message="is not a possible file name")]) from None

    def _neighbour(self) -> str | None:
        """Return the scenario file in the same folder whose name comes nearest."""
        if not isinstance(self.handle, Path):
            return None
        try:
            beside = [entry.name for entry in self.handle.parent.iterdir() if entry.suffix.lower() in ENDINGS]
        except (OSError, ValueError):
            return None
        name = nearest(self.handle.name, beside)
        return None if name is None else str(Path(self.label).with_name(name))


@dataclass(frozen=True)
class Library:
    """The files of one kind that ship with a package, and how anyone's own are found.

    Attributes
    ----------
    what
        What messages call a file of this kind.
    package
        Name of a package of Papertiger, as of its folder: ``experiments``.
    folder
        A folder in it; blank takes the package's own.
    endings
        Of its files.
    """

    what: str
    package: str
    folder: str = ""
    endings: tuple[str, ...] = ENDINGS

    @cached_property
    def shipped(self) -> dict[str, Source]:
        """The files that ship, by name."""
        where = files(f"papertiger.{self.package}")
        where = where.joinpath(self.folder) if self.folder else where
        label = f"{self.package}/{self.folder}" if self.folder else self.package
        return {
            entry.name.rpartition(".")[0]: Source(f"{label}/{entry.name}", entry, shipped=True)
            for entry in where.iterdir()
            if entry.name.endswith(self.endings) and entry.is_file()
        }

    @cached_property
    def _concrete(self) -> list[str]:
        # Whether a shipped file is abstract is read off its text: parsing all of them would make `list` wait.
        return sorted(
            name for name, source in self.shipped.items() if not _ABSTRACT.search(source.handle.read_bytes())
        )

    def names(self, include_abstract: bool = False) -> list[str]:
        """Return the names of the shipped files, sorted.

        Parameters
        ----------
        include_abstract
            Also return those that exist only to be extended.
        """
        return sorted(self.shipped) if include_abstract else list(self._concrete)

    def find(self, name_or_path: str | Path) -> Source:
        """Return the file that a name or a path means.

        A bare word is first a shipped file, so that a folder of results named after one does not hide it.

        Raises
        ------
        ScenarioError
            When it is neither a shipped name nor an existing path. That a path with an ending exists is left to
            reading it.
        """
        if not is_path(name_or_path):
            message = f"expected the name of a shipped {self.what} or the path of a file, got {shorten(name_or_path)}"
            raise ScenarioError([Problem(self.what, message=message)])
        text = str(name_or_path)
        if isinstance(name_or_path, Path) or looks_like_path(text):
            return Source(text, Path(name_or_path))
        if text in self.shipped:
            return self.shipped[text]
        if text and exists(Path(text)):
            return Source(text, Path(text))
        message = f"no {self.what} of this name, and no such file"
        raise ScenarioError([Problem(text or "''", message=message, hint=nearest(text, self.names()))])

    def find_beside(self, name_or_path: str, source: Source) -> Source | None:
        """Return the file that `source` means by a name or a path: one beside it, else a shipped one; or None.

        A file may extend the shipped one of its own name.
        """
        if "\0" in name_or_path:
            return None
        candidates = [name_or_path]
        if not name_or_path.lower().endswith(self.endings):
            candidates = [f"{name_or_path}{ending}" for ending in self.endings]
        shipped = self.shipped.get(name_or_path)
        if isinstance(source.handle, Path):
            for candidate in candidates:
                handle = source.handle.parent / candidate
                if _is_file(handle):
                    beside = Source(str(Path(source.label).parent / candidate), handle, source.shipped)
                    itself = beside.identity == source.identity
                    if not (itself and shipped is not None and shipped.identity != source.identity):
                        return beside
        return shipped

    def names_beside(self, source: Source) -> list[str]:
        """Return the names that a file could mean: those of files beside it, and the shipped ones."""
        names = self.names(include_abstract=True)
        if isinstance(source.handle, Path):
            with suppress(OSError):
                names += [path.stem for path in source.handle.parent.iterdir() if path.suffix.lower() in self.endings]
        return names


SCENARIOS = Library("scenario", "scenarios")
OBSERVATIONS = Library("observations", "scenarios", "observed")
LESSONS = Library("lesson", "scenarios", "lessons")
POSTERIORS = Library("posterior", "scenarios", "posteriors", (".csv",))


def names(include_abstract: bool = False) -> list[str]:
    """Return the names of the shipped scenarios, sorted.

    Parameters
    ----------
    include_abstract
        Also return those that exist only to be extended.

    Raises
    ------
    TypeError
        If that is no truth value.
    """
    return SCENARIOS.names(check_truth("include_abstract", include_abstract))


def looks_like_path(text: str) -> bool:
    """Return whether someone who wrote this meant a file rather than a shipped one."""
    return "/" in text or "\\" in text or text.lower().endswith(ENDINGS)


def exists(path: Path) -> bool:
    """Tell whether there is such a file; a name that no file can have is none."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False
