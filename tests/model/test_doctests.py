"""The examples in the docstrings of the model hold."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

from papertiger import model

MODULES = [found.name for found in pkgutil.walk_packages(model.__path__, f"{model.__name__}.")]


@pytest.mark.parametrize("name", MODULES)
def test_examples_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_there_are_examples() -> None:
    assert sum(doctest.testmod(importlib.import_module(name)).attempted for name in MODULES) >= 2
