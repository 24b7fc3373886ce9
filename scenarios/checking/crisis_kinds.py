"""Check that a crisis of every means and strength finds a form that fits it, where a client has forms at all."""

from __future__ import annotations

from collections.abc import Iterator

from papertiger.scenarios.errors import Problem
from papertiger.scenarios.reading.inheritance import Tree
from papertiger.scenarios.schema.actors import Client
from papertiger.scenarios.schema.figures import Figure
from papertiger.scenarios.schema.scenario import Scenario

INTENSITIES = (1, 2, 3)


def check_crisis_kinds(scenario: Scenario, tree: Tree) -> Iterator[Problem]:
    """Yield crises that could come and that no form fits, and forms that are written as more than a clause."""
    for name, client in scenario.clients.items():
        if not client.crises:
            continue
        for kind, form in client.crises.items():
            for language in form.text.languages:
                if form.text.text(language).endswith((".", "!", "?")):
                    message = "expected a clause without a mark at its end, since what came of it is added"
                    yield tree.problem(("clients", name, "crises", kind, "text"), message)
        yield from _uncovered(name, client, tree)


def _uncovered(name: str, client: Client, tree: Tree) -> Iterator[Problem]:
    share = client.air_attacks
    for means, possible, beside in (
        ("'air'", _may_be(share, above=0.0), "set 'air_attacks: 0' if none comes from the air"),
        ("other means than 'air'", _may_be(share, below=1.0), "or set 'air_attacks: 1'"),
    ):
        covered = {
            intensity
            for form in client.crises.values()
            for intensity in range(form.least, form.most + 1)
            if (form.means == "air") == (means == "'air'")
        }
        missing = [str(intensity) for intensity in INTENSITIES if intensity not in covered]
        if possible and missing:
            message = f"expected a form of {means} for intensity {', '.join(missing)}; {beside}"
            yield tree.problem(("clients", name, "crises"), message)


def _may_be(share: Figure, *, above: float = -1.0, below: float = 2.0) -> bool:
    """Tell whether a share, or a draw of it, may lie above or below a value; what is drawn may."""
    return share.value is None or share.prior is not None or above < share.value < below
