"""The parts that readers see are the model's own ledger, split by belief."""

from __future__ import annotations

import pytest

from papertiger.experiments.figures import waterfall
from papertiger.experiments.ledger import causes
from papertiger.experiments.ledger.marks import marks
from papertiger.experiments.ledger.parts import parts
from papertiger.experiments.names import label
from papertiger.model.agents.simulate import simulate
from papertiger.model.run import Run
from tests.experiments.figures.made_up import make_run, make_scenario


@pytest.fixture(scope="module")
def venezuela() -> Run:
    return simulate("venezuela_2026", seed=1)


@pytest.mark.parametrize("window", [(None, None), (None, "2025-06"), ("2025-06", "2026-06"), ("2025-12", "2026-01")])
def test_parts_are_those_of_the_ledger(venezuela: Run, window: tuple[str | None, str | None]) -> None:
    client = "Venezuela"
    assert venezuela.clients["regime"].max() == 1
    table = venezuela.why(client, *window)
    found = parts(venezuela, client, *window)
    shares = {(part.cause, part.channel): part.protection for part in found}
    for cause, channel, part in zip(table["cause"], table["channel"], table["protection"], strict=True):
        assert shares.pop((cause, channel)) == pytest.approx(part, abs=1e-12)
    assert shares == {}
    sizes = [abs(part.protection) for part in found]
    assert sizes == sorted(sizes, reverse=True)


def test_the_split_follows_the_formula() -> None:
    run = make_run()
    client, month = "Client A", "2023-06"
    row = run.clients[(run.clients["client"] == client) & (run.clients["month"] == month)].iloc[0]
    shares = run.shares(client, month)
    prior_c = row["capability"] - sum(share.capability for share in shares.values())
    prior_w = row["resolve"] - sum(share.resolve for share in shares.values())
    for part in parts(run, client, None, month):
        share = shares[part.cause, part.channel]
        assert part.by_capability == pytest.approx(share.capability * (row["resolve"] + prior_w) / 2, abs=1e-12)
        assert part.by_resolve == pytest.approx(share.resolve * (row["capability"] + prior_c) / 2, abs=1e-12)


def test_steps_of_the_waterfall_lead_from_prior_to_present() -> None:
    run = make_run()
    client = "Client C"
    for most in (3, 12, 1000):
        steps = waterfall.steps(run, client, None, None, most)
        change = float(run.why(client)["protection"].sum())
        assert sum(step.capability + step.resolve for step in steps) == pytest.approx(change, abs=1e-12)
    few = waterfall.steps(run, client, None, None, 3)
    assert len(few) == 4
    assert few[-1].text.startswith("other (")


def test_marks_show_what_entered_the_model_only() -> None:
    def event(**changes: object) -> dict[str, object]:
        return {"date": "2020-03", "client": "Client A", "kind": "words_only", "news": "bad", "what": "x", **changes}

    scenario = make_scenario(
        3,
        24,
        0,
        switches={"fact": {"value": False, "why": "contested"}},
        events={
            "plain": event(),
            "an_outcome": event(kind="outcome", news=None),
            "a_background": event(kind="background", news=None),
            "off": event(only_if="fact"),
            "on": event(date="2020-04", unless="fact"),
            "after_the_end": event(date="2022-01"),
            "of_another": event(client="Client B"),
            "raid": event(kind="attack", news=None, date="2020-06", intensity=3),
        },
    )
    run = simulate(scenario, seed=1)
    found, left_out = marks(run, "Client A", 20)
    assert [mark.cause for mark in found] == ["plain", "on", "raid", "no response to raid"]
    assert [mark.number for mark in found] == [1, 2, 3, 4]
    assert [mark.tone for mark in found] == ["bad", "bad", "other", "bad"]
    assert found[3].text == "No response to: x"
    assert left_out == 0
    found, left_out = marks(run, "Client A", 2)
    assert (len(found), left_out) == (2, 2)


@pytest.mark.parametrize(
    ("cause", "month", "text"),
    [
        ("client_a_0", "2024-08", "Event 0"),
        ("no response to client_a_0", "2024-08", "No response to: Event 0"),
        ("crisis Client A 2021-05", "2021-05", "Crisis of Client A, drawn by the model"),
        ("support lapses Client A 2021-05", "2021-05", "Support lapses (Client A), drawn by the model"),
        ("no response to crisis Client A 2021-05", "2021-05", "No response to: Crisis of Client A"),
        ("war", "", "Neighbour holds out in the war"),
        ("succession", "", "Change of regime"),
        ("something new", "", "something new"),
        ("odd Nobody 2021-05", "", "odd Nobody 2021-05"),
    ],
)
def test_causes_in_words(cause: str, month: str, text: str) -> None:
    scenario = make_run().scenario
    described = causes.describe(scenario, cause)
    assert described.text.startswith(text)
    if "client_a_0" not in cause:
        assert described.month == month
    else:
        assert described.month == scenario.events["client_a_0"].date
    assert label(scenario.clients, "Client D") == "A Republic of Very Great Length"
