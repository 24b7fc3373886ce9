"""Import Mesa without pandas, which it names and a run of this model does not use.

Pandas takes many times longer to import than a run takes to be made. While Mesa is imported it is stood in for by a
module that imports the true one when anything of it is first used, so that nothing but the moment differs. This is
done for the command line's own process alone.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from typing import Any

DEFERRED = ("pandas",)


class Deferred(ModuleType):
    """Stand in for a package until something of it is used."""

    def __getattr__(self, name: str) -> Any:
        """Return an attribute of the package, which is imported if it has not been."""
        if name == "__file__":  # asked of every module by who looks for sources, and no use of the package
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)


@contextlib.contextmanager
def deferring(*names: str) -> Iterator[None]:
    """Let packages that are imported meanwhile wait until they are used.

    Parameters
    ----------
    *names
        Packages; those that are imported already stay as they are.
    """
    stand_ins = {name: Deferred(name) for name in names if name not in sys.modules}
    sys.modules.update(stand_ins)
    try:
        yield
    finally:
        for name, stand_in in stand_ins.items():
            if sys.modules.get(name) is stand_in:
                del sys.modules[name]


def world_of_mesa() -> Any:
    """Return `papertiger.model.agents.simulate.simulate`."""
    with deferring(*DEFERRED):
        from papertiger.model.agents.simulate import simulate
    return simulate
