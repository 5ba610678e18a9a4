"""The waterfall leads from one prediction to the other without a gap, and says which part raises it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.charts.contributions import MAX_BARS, falls, waterfall
from dashboard.charts.palette import NEGATIVE, POSITIVE, REFERENCE
from tests.dashboard.charts.reading import Chart, axis_title, legend, only, scale

ENDS = ("mean row", "this house")
PARTS, LEVELS = [2.0, -9.5, -1.0, 4.0], [20.0, 22.0, 12.5, 11.5, 15.5]
LABELS = ["rooms 6.5", "age 80", "tax 300", "lstat 4"]
ROWS = [ENDS[0], *LABELS, ENDS[1]]
parts_of = st.lists(st.floats(-100, 100), min_size=1, max_size=60)


@given(parts_of, st.floats(-50, 50))
@settings(deadline=None)
def test_each_bar_begins_where_the_last_one_ended(parts: list[float], start: float) -> None:
    table = falls([f"f{index}" for index in range(len(parts))], parts, start, ENDS)
    bars = table[table["kind"] != "prediction"]
    assert bars["begin"].iloc[0] == start
    np.testing.assert_array_equal(bars["begin"].iloc[1:], bars["end"].iloc[:-1])
    np.testing.assert_allclose(bars["end"].iloc[-1], start + sum(parts), atol=1e-9)
    assert table["end"].iloc[0] == start
    assert table["end"].iloc[-1] == bars["end"].iloc[-1]
    assert list(table["label"].iloc[[0, -1]]) == list(ENDS)


@given(parts_of)
@settings(deadline=None)
def test_of_many_parts_the_smallest_are_shown_as_one(parts: list[float]) -> None:
    table = falls([f"f{index}" for index in range(len(parts))], parts, 0.0, ENDS)
    assert len(table) <= MAX_BARS + 2
    shown = [int(label[1:]) for label in table["label"] if label.startswith("f")]
    assert shown == sorted(shown)
    hidden = [abs(part) for index, part in enumerate(parts) if index not in shown]
    if hidden:
        assert max(hidden) <= min(abs(parts[index]) for index in shown)
        assert f"{len(hidden)} other features" in list(table["label"])
        assert len(shown) == MAX_BARS - 1


def test_the_sum_of_the_smallest_parts_is_one_bar_of_its_own_before_the_prediction() -> None:
    parts = [*([0.5] * 5), *([-3.0] * 13), -0.25]
    table = falls([f"f{index}" for index in range(19)], parts, 40.0, ENDS)
    assert list(table["label"].iloc[1:-2]) == [f"f{index}" for index in range(5, 18)]
    assert list(table.iloc[-2][["label", "begin", "end", "kind"]]) == ["6 other features", 1.0, 3.25, "raises it"]


def drawn(domain: tuple[float, float]) -> Chart:
    table = falls(LABELS, PARTS, 20.0, ENDS)
    return waterfall(
        table, "predicted price ($1000)", domain, lambda part, change: f"{part:+g}" if change else f"${part:g}"
    )


def test_the_bars_lead_from_the_mean_row_to_this_one_from_above_with_a_colour_for_rise_and_for_fall() -> None:
    chart = drawn((0.0, 10.0))
    bars, ends = only(chart, "bar"), only(chart, "tick")
    assert bars.seen("y") == LABELS
    assert bars.seen("x") == LEVELS[:-1]
    assert bars.seen("x2") == LEVELS[1:]
    assert bars.seen("color") == [POSITIVE, NEGATIVE, NEGATIVE, POSITIVE]
    assert legend(chart, "color") == {"raises it": POSITIVE, "lowers it": NEGATIVE}
    assert list(zip(ends.seen("y"), ends.seen("x"), strict=True)) == [("mean row", 20), ("this house", 15.5)]
    assert set(ends.seen("color")) == {REFERENCE}
    assert only(chart, "rule").seen("x") == [20]  # where all begins
    assert bars.hints() == ends.hints() == {"feature": "label", "part": "words"}
    assert (axis_title(chart, "x"), axis_title(chart, "y")) == ("predicted price ($1000)", "")
    words = only(chart, "text")
    for layer in (bars, ends, words):
        assert layer.encoding["y"]["sort"] == ROWS
    assert words.seen("y") == ROWS
    assert words.seen("text") == ["$20", "+2", "-9.5", "-1", "+4", "$15.5"]
    assert words.seen("x") == [20, 22, 22, 12.5, 15.5, 15.5]
    assert words.mark["align"] == "left"
    assert words.mark["dx"] > 0


@pytest.mark.parametrize(
    ("domain", "low", "furthest"), [((13.0, 18.0), 11.5, 22.0), ((0.0, 10.0), 0.0, 22.0), ((-5.0, 50.0), -5.0, 50.0)]
)
def test_the_axis_shows_all_bars_and_what_it_must_show_with_room_for_the_words(
    domain: tuple[float, float], low: float, furthest: float
) -> None:
    begin, end = scale(drawn(domain), "x")["domain"]
    assert begin == low
    assert furthest + 0.1 * (furthest - low) < end < furthest + 0.3 * (furthest - low)
