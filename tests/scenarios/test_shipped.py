"""The shipped scenarios as files; what they say is tested elsewhere."""

from __future__ import annotations

import subprocess
import sys

import pytest

from papertiger.scenarios import ScenarioError, load, names, resolve_tree


@pytest.mark.parametrize("name", names())
def test_it_loads(name: str) -> None:
    scenario = load(name)
    assert scenario.name == name
    assert not scenario.abstract


@pytest.mark.parametrize("name", sorted(set(names(include_abstract=True)) - set(names())))
def test_an_abstract_one_is_sound_but_not_run(name: str) -> None:
    assert resolve_tree(name).data["abstract"] is True
    with pytest.raises(ScenarioError) as caught:
        load(name)
    assert [problem.key for problem in caught.value.problems] == ["abstract"]


def test_names_are_sorted() -> None:
    assert names() == sorted(names())
    assert set(names()) <= set(names(include_abstract=True))


def test_listing_names_imports_nothing_heavy() -> None:
    code = (
        "import sys; from papertiger import scenarios; scenarios.names(); scenarios.ScenarioError; "
        "print(*sorted({'pydantic', 'ruamel.yaml', 'numpy', 'pandas', 'mesa'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == ""


def test_every_exported_name_is_there() -> None:
    from papertiger import scenarios

    assert set(scenarios.__all__) <= set(dir(scenarios))
    for name in scenarios.__all__:
        assert getattr(scenarios, name) is not None
        assert getattr(scenarios, name).__class__.__name__ != "module"
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        scenarios.nothing  # noqa: B018
