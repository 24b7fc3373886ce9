"""Bring in code of a modeler's own: files and modules that are named on the command line, and installed packages.

Nothing here is ever named by a scenario or an experiment: these are data, and reading them executes nothing.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
import traceback
from functools import cache
from importlib import metadata
from pathlib import Path
from types import ModuleType

GROUPS = ("papertiger.rules", "papertiger.measures")
"""Entry points by which an installed package brings in theories and kinds of measure."""
FROM_FILE = "__papertiger_file__"
"""What marks a module that was read from a file: no other process could import it by its name."""


class PluginError(ValueError):
    """Code of a modeler's own that cannot be brought in; the text says which, where and why."""


def import_code(named: str) -> ModuleType:
    """Import a file or a module of a modeler's own, which registers its theories and measures.

    Parameters
    ----------
    named
        Path of a Python file, or the dotted name of a module that Python finds.

    Raises
    ------
    PluginError
        If there is none, or it fails.
    """
    path = Path(named)
    if named.endswith(".py") or "/" in named or "\\" in named:
        if not path.is_file():
            raise PluginError(f"{named}: no such file")
        return _import_file(path.resolve(), named)
    try:
        known = importlib.util.find_spec(named)
    except (ImportError, ValueError, AttributeError):
        known = None
    except (Exception, SystemExit) as error:  # looking for a part of a package runs the package
        raise PluginError(_why(named, error)) from None
    if known is None:
        raise PluginError(_no_module(named, path))
    try:
        return importlib.import_module(named)
    except (Exception, SystemExit) as error:
        raise PluginError(_why(named, error)) from None


def _no_module(named: str, path: Path) -> str:
    beside = path.with_name(f"{path.name}.py")
    hint = f" (did you mean {beside}?)" if beside.is_file() else ""
    said = "Python finds no module of this name; write the path of a file, or put its folder on PYTHONPATH"
    return f"{named}: {said}{hint}"


def _import_file(path: Path, named: str) -> ModuleType:
    name = path.stem
    there = sys.modules.get(name)
    if there is not None and getattr(there, FROM_FILE, None) == str(path):
        return there
    if not name.isidentifier():
        raise PluginError(f"{named}: expected a name of letters, digits and _ before .py, as Python's modules have")
    known = None if there is not None else importlib.util.find_spec(name)
    # The folder itself may be one that Python looks in, as with `python -m papertiger`.
    same = known is not None and known.origin is not None and Path(known.origin).resolve() == path
    if there is not None or (known is not None and not same):
        raise PluginError(f"{named}: there is a module '{name}' already; give the file another name")
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise PluginError(f"{named}: this is no Python file")
    module = importlib.util.module_from_spec(spec)
    setattr(module, FROM_FILE, str(path))
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        del sys.modules[name]
        raise PluginError(_why(named, error)) from None
    import cloudpickle  # noqa: PLC0415 - slow to import, and needed only where there is code of one's own

    # Workers lack the file, so that what it holds goes along with what they are sent.
    cloudpickle.register_pickle_by_value(module)
    return module


def is_from_file(module: str) -> bool:
    """Return whether a module was read from a file that was named on the command line."""
    return hasattr(sys.modules.get(module), FROM_FILE)


def _why(named: str, error: BaseException) -> str:
    """Return what went wrong in code of a modeler's own, with its line."""
    if isinstance(error, SyntaxError):
        return f"{named}:{error.lineno}: {error.msg}"
    frames = [
        frame for frame in traceback.extract_tb(error.__traceback__) if not frame.filename.startswith("<frozen")
    ]
    line = next((frame.lineno for frame in reversed(frames) if Path(frame.filename).name == Path(named).name), None)
    where = named if line is None else f"{named}:{line}"
    return f"{where}: {type(error).__name__}: {error}"


@cache
def load_installed(group: str) -> None:
    """Import what installed packages bring in by the entry points of a group, once.

    Parameters
    ----------
    group
        One of `GROUPS`.

    Raises
    ------
    PluginError
        Naming the package whose entry point fails.
    """
    for point in metadata.entry_points(group=group):
        try:
            point.load()
        except (Exception, SystemExit) as error:
            package = point.dist.name if point.dist is not None else "a package"
            raise PluginError(
                f"{package}: its entry point '{point.name}' in {group} ({point.value}) cannot be loaded: "
                f"{type(error).__name__}: {error}"
            ) from None
