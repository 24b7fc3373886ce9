"""Import Mesa without the packages that it names and a run of this model does not use.

Pandas, SciPy and NetworkX take many times longer to import than a run takes to be made. While Mesa is imported they
are stood in for by modules that import the true ones when anything of them is first used, so that nothing but the
moment differs. This is done for the command line's own process alone.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from types import ModuleType
from typing import Any

DEFERRED: dict[str, tuple[str, ...]] = {
    "pandas": (),
    "networkx": ("spring_layout",),
    "scipy.spatial": ("KDTree",),
    "scipy.spatial.distance": ("cdist",),
    "tqdm.auto": ("tqdm",),
}
"""Packages, and what Mesa takes out of each while it is imported and calls later, if at all."""


class Deferred(ModuleType):
    """Stand in for a package until something of it is used.

    Parameters
    ----------
    name
        The package.
    called
        What may be taken out of it without importing it, since it is called and nothing else.
    """

    def __init__(self, name: str, called: tuple[str, ...] = ()) -> None:
        super().__init__(name)
        self._called = called

    def __getattr__(self, name: str) -> Any:
        """Return an attribute of the package, which is imported if it has not been."""
        # Asked of every module by the importing of its parts and by who looks for sources, and no use of the package.
        if name == "__file__" or (name == "__path__" and self._called):
            raise AttributeError(name)
        if name in self._called:
            return DeferredCall(self, name)
        return getattr(self.imported(), name)

    def imported(self) -> ModuleType:
        """Return the package itself."""
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return import_module(self.__name__)


class DeferredCall:
    """Stand in for a function or a class of a package until it is called."""

    def __init__(self, package: Deferred, name: str) -> None:
        self.package, self.name = package, name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the true one."""
        return getattr(self.package.imported(), self.name)(*args, **kwargs)


@contextlib.contextmanager
def deferring(packages: Mapping[str, tuple[str, ...]]) -> Iterator[None]:
    """Let packages that are imported meanwhile wait until they are used.

    Parameters
    ----------
    packages
        Packages, and what is taken out of each to be called later; those that are imported already stay as they are.
    """
    stand_ins = {name: Deferred(name, called) for name, called in packages.items() if name not in sys.modules}
    sys.modules.update(stand_ins)
    try:
        yield
    finally:
        for name, stand_in in stand_ins.items():
            if sys.modules.get(name) is stand_in:
                del sys.modules[name]


def world_of_mesa() -> Any:
    """Return `papertiger.model.agents.simulate.simulate`."""
    with deferring(DEFERRED):
        from papertiger.model.agents.simulate import simulate
    return simulate
