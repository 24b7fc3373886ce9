"""The examples in the docstrings of the model hold."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import model

MODULES = [f"model.{found.name}" for found in pkgutil.iter_modules(model.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_examples_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_there_are_examples() -> None:
    assert sum(doctest.testmod(importlib.import_module(name)).attempted for name in MODULES) >= 2
