"""Every sentence follows from the numbers beside it: its claims are read back and worked out again."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from papertiger.experiments.phrases import counted, effect_in_words, listed, percent, saving_in_words, signed
from papertiger.experiments.report.importance import idle_factors, what_matters
from papertiger.experiments.report.labels import CLIENTS, MONTHS, PERCENT, POINTS, RUNGS, Unit, Words
from papertiger.experiments.report.sentences import Contrast, Waiting, brief, filled, sentence, time_in_words
from papertiger.experiments.statistics.intervals import max_differing_share, verdict_of

ends = st.floats(-1.0, 1.0).filter(lambda number: number == 0.0 or abs(number) > 1e-9)
sizes = st.floats(1e-9, 1.0, exclude_min=True)
units = st.sampled_from([PERCENT, POINTS, RUNGS, MONTHS, CLIENTS])
shares = st.one_of(st.just(0.0), st.just(1.0), st.floats(0.0, 1.0))


def number(text: str) -> float:
    return float(text.replace("−", "-").replace(",", "").rstrip("."))


@st.composite
def contrasts(draw: st.DrawFn) -> Contrast:
    low, middle, high = sorted(draw(st.tuples(ends, ends, ends)))
    mean = draw(st.floats(-1.0, 1.0))
    identical = draw(st.booleans()) and low <= 0.0 <= high
    if identical:
        low = middle = high = 0.0
    pairs = draw(st.integers(0, 2000))
    nothing = (draw(st.floats(-1e4, 1e4)), draw(st.floats(-1.0, 1.0)))
    return Contrast("a", "b", "m", mean, mean + middle, middle, low, high, *nothing, pairs, identical)


@st.composite
def clear_contrasts(draw: st.DrawFn) -> Contrast:
    """Draw contrasts whose interval leaves out zero, on either side."""
    low, middle, high = sorted(draw(st.tuples(sizes, sizes, sizes)))
    if draw(st.booleans()):
        low, middle, high = -high, -middle, -low
    mean, nothing = draw(st.floats(-1.0, 1.0)), (draw(st.floats(-1e4, 1e4)), draw(st.floats(-1.0, 1.0)))
    return Contrast(
        "a", "b", "m", mean, mean + middle, middle, low, high, *nothing, draw(st.integers(2, 2000)), False
    )


@given(contrasts(), units)
def test_direction_clearness_and_sameness_are_those_of_the_interval(contrast: Contrast, unit: Unit) -> None:
    words = Words("the measure", "Measure", unit)
    for text in (sentence(contrast, words, "A", "B"), brief(contrast, words, "B")):
        said = {
            "not comparable": "cannot be answered" in text or "cannot be compared" in text,
            "no difference": "exactly the same" in text or "no difference in any pair" in text,
            "no clear difference": "told from chance" in text,
            "higher": bool(re.search(rf"\b{unit.more}\b", text)),
            "lower": bool(re.search(rf"\b{unit.less}\b", text)),
        }
        assert [name for name, true in said.items() if true] == [contrast.verdict]
    if contrast.pairs == 0:
        assert contrast.verdict == "not comparable"
    elif contrast.identical:
        assert contrast.verdict == "no difference"
    elif contrast.low > 0:
        assert contrast.verdict == "higher"
    elif contrast.high < 0:
        assert contrast.verdict == "lower"
    else:
        assert contrast.verdict == "no clear difference"


@given(clear_contrasts(), units)
def test_a_difference_that_is_said_is_not_written_as_zero_nor_its_means_alike(contrast: Contrast, unit: Unit) -> None:
    assert contrast.verdict in ("higher", "lower")
    assume(contrast.mean_against != contrast.mean_baseline)  # a small difference may be lost in rounding
    text = sentence(contrast, Words("the measure", "Measure", unit), "A", "B")
    found = re.search(r"the measure is ([\d.]+)", text)
    assert found is not None
    assert float(found[1]) > 0.0
    means = re.search(r": ([−\d.]+)\D*? against ([−\d.]+)", text)
    assert means is not None
    if abs(contrast.mean_against - contrast.mean_baseline) > 1e-9:
        assert number(means[1]) != number(means[2])
        assert (number(means[1]) > number(means[2])) == (contrast.mean_against > contrast.mean_baseline)


@given(contrasts(), units)
def test_nothing_is_said_of_more_pairs_than_there_are_and_one_is_no_plural(contrast: Contrast, unit: Unit) -> None:
    text = sentence(contrast, Words("the measure", "Measure", unit), "A", "B")
    assert "1 pairs" not in re.sub(r"\d1 pairs|,\d+ pairs", "", text)
    for many in re.findall(r"([\d,]+) pairs? of runs", text):
        assert number(many) == contrast.pairs


@given(st.integers(1, 5000), st.integers(1, 5000))
def test_sameness_is_as_sure_as_the_draws_that_are_independent(pairs: int, draws: int) -> None:
    contrast = Contrast("a", "b", "m", 0.3, 0.3, 0.0, 0.0, 0.0, 0.0, 0.0, pairs, True, min(pairs, draws))
    text = sentence(contrast, Words("the measure", "Measure", PERCENT), "A", "B")
    assert f"at most {100 * max_differing_share(min(pairs, draws)):.2g}\u202f%" in text


@given(shares, shares, shares, shares, st.integers(1, 300), st.floats(-50, 50))
def test_a_time_that_never_comes_is_no_time(
    here: float, there: float, lost_here: float, lost_there: float, horizon: int, difference: float
) -> None:
    lost = (min(lost_here, 1.0 - here), min(lost_there, 1.0 - there))
    waiting = Waiting("it has left by its own choice", horizon, here, there, *lost)
    if here == there == 0.0:
        difference = 0.0
    contrast = Contrast(
        "a", "b", "m", 20.0, 20.0 + difference, difference, difference - 1, difference + 1, 0.5, 0.5, 300,
        here == there == 0.0, 300, waiting,
    )  # fmt: skip
    text = sentence(contrast, Words("the restricted mean time", "Months", MONTHS), "A", "B")
    if here == there == 0.0:
        assert "in none of the 300 pairs" in text
        assert "longer" not in text
        assert "shorter" not in text
        assert "exactly the same" not in text
        assert brief(contrast, Words("t", "T", MONTHS), "B") == "B: never happens in either"
    elif here == there == 1.0:
        assert "It happens in every run of both" in text
    else:
        assert f"It happens in {percent(there)} of the runs of “B” and in {percent(here)} of those of “A”" in text
        assert f"all {counted(horizon, 'month')}" in text
    assert ("regime is lost first" in text) == (any(lost) and not here == there == 1.0)


@given(st.floats(0, 300), st.floats(0, 50), shares, shares, st.integers(1, 300), st.integers(1, 5000))
def test_a_level_of_times_says_how_often_there_is_one(
    mean: float, spread: float, happens: float, lost: float, horizon: int, runs: int
) -> None:
    text = time_in_words(mean, spread, happens, lost, horizon, runs)
    assert text.startswith("never in ") == (happens == 0.0)
    assert ("every run" in text) == (happens == 1.0)
    assert ("restricted" in text) == (0.0 < happens < 1.0)
    assert ("regime lost first" in text) == (lost > 0.0 and happens < 1.0)
    if 0.0 < happens < 1.0:
        assert f"of {counted(horizon, 'month')}" in text
        assert percent(happens) in text


@st.composite
def indices(draw: st.DrawFn) -> pd.DataFrame:
    count = draw(st.integers(1, 9))
    part = st.one_of(st.just(0.0), st.floats(0.001, 1.0))
    values, halves = (draw(st.lists(part, min_size=count, max_size=count)) for _ in range(2))
    return pd.DataFrame({"factor": [f"f{n}" for n in range(count)], "ST": values, "ST_conf": halves})


@given(indices())
def test_only_factors_whose_interval_leaves_out_zero_are_named_and_most_is_said_of_the_largest(
    rows: pd.DataFrame,
) -> None:
    text = what_matters(rows, "ST", "the share", "Base", "total share of the variance")
    low, high = rows["ST"] - rows["ST_conf"], rows["ST"] + rows["ST_conf"]
    clear = rows[low > 0.0]
    named = set(re.findall(r"\bf\d\b", text))
    assert named <= set(clear["factor"])
    if clear.empty:
        assert "no factor can be said to matter" in text
        return
    best = int(clear["ST"].to_numpy().argmax())
    reach = float(clear["ST"].iloc[best] - clear["ST_conf"].iloc[best])
    level = {str(name) for name in clear.loc[high[clear.index] >= reach, "factor"]}
    first = set(re.findall(r"\bf\d\b", text.split(" Less, but")[0]))
    assert first <= level
    assert str(clear["factor"].iloc[best]) in first or len(clear[clear["ST"] == clear["ST"].max()]) > 1
    assert ("what matters most" in text) == (len(level) == 1)
    others = len(rows) - len(clear)
    assert ("includes zero" in text) == (others > 0)
    if len(named) < len(clear):
        more = sum(int(count) for count in re.findall(r"and (\d+) more", text))
        assert len(named) + more == len(clear)


def test_a_factor_that_hardly_matters_does_not_matter_most() -> None:
    rows = pd.DataFrame(
        {"factor": ["memory", "witness", "fear"], "ST": [0.962, 0.022, 0.003], "ST_conf": [0.05, 0.01, 0.004]}
    )
    text = what_matters(rows, "ST", "the share", "Base", "total share of the variance")
    assert text == (
        "Under “Base” what matters most for the share is memory 0.962 ± 0.0500 (total share of the variance). Less, "
        "but with an interval that leaves out zero: witness 0.0220 ± 0.0100. The interval of the other factor "
        "includes zero."
    )


def test_idle_factors_are_those_that_move_nothing() -> None:
    rows = pd.DataFrame({"factor": ["a", "b", "c"], "mu_star": [0.0, 0.1, 0.0], "mu_star_conf": [0.0, 0.0, 0.0]})
    assert idle_factors(rows, "mu_star") == ["a", "c"]


@given(st.floats(0.0, 1.0))
def test_none_and_all_are_said_of_none_and_all_alone(share: float) -> None:
    text = percent(share)
    assert (text == "0\u202f%") == (share == 0.0)
    assert (text == "100\u202f%") == (share == 1.0)


@given(st.floats(-5.0, 1.0))
def test_savings_have_no_sign_at_zero(saved: float) -> None:
    assert not saving_in_words(saved).startswith("−0\u202f")
    assert "-" not in saving_in_words(saved)


@given(st.floats(-1e6, 1e6))
def test_effect_sizes_are_numbers_only_where_there_is_spread(effect: float) -> None:
    text = effect_in_words(effect)
    if abs(effect) >= 10:
        assert text == ("beyond +10" if effect > 0 else "beyond −10")
    elif effect:
        assert number(text) == pytest.approx(effect, abs=0.0051)


@given(st.integers(0, 10**6))
def test_counts_agree_with_their_noun(many: int) -> None:
    assert counted(many, "scenario").endswith("scenario" if many == 1 else "scenarios")


@given(st.lists(st.sampled_from("abcdef"), min_size=1, max_size=6))
def test_lists_name_everyone_once(names: list[str]) -> None:
    assert [name for name in re.split(r", | and ", listed(names)) if name] == names


@given(st.floats(-1e3, 1e3), st.integers(0, 5))
def test_signed_numbers_read_as_what_they_are(value: float, digits: int) -> None:
    text = signed(value, digits)
    assert number(text) == pytest.approx(round(value, digits), abs=1e-9)
    assert text[0] in "+−" or float(text) == 0.0


@given(contrasts(), units)
def test_templates_are_filled_with_the_same_numbers(contrast: Contrast, unit: Unit) -> None:
    text = filled("{direction}|{difference}|{low}|{high}", contrast, Words("m", "M", unit), "A", "B")
    direction, difference, low, high = text.split("|")
    expected = {"higher": unit.more, "lower": unit.less}.get(contrast.verdict, "different")
    assert direction == expected
    for written, value in ((difference, contrast.difference), (low, contrast.low), (high, contrast.high)):
        assert number(written) == pytest.approx(value * unit.scale, abs=0.51 * 10**-unit.digits)


@given(ends, ends, shares)
def test_a_verdict_reads_the_interval(one: float, two: float, changed: float) -> None:
    low, high = sorted((one, two))
    verdict = verdict_of(low, high, changed=changed)
    assert (verdict == "no difference") == (changed == 0.0)
    assert (verdict == "higher") == (changed > 0.0 and low > 0.0)
    assert (verdict == "lower") == (changed > 0.0 and high < 0.0)
    assert verdict_of(float("nan"), high, changed=changed) == "not comparable"
