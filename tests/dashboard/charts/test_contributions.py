"""The waterfall leads from one prediction to the other without a gap."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.charts.contributions import MAX_BARS, falls, waterfall

ENDS = ("mean row", "this house")
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


def test_a_rise_and_a_fall_are_distinguished_in_words_too() -> None:
    table = falls(["rooms", "age"], [2.0, -1.0], 20.0, ENDS)
    assert table["kind"].tolist() == ["prediction", "raises it", "lowers it", "prediction"]
    chart = waterfall(table, "price", (0.0, 10.0), lambda amount, change: f"{amount:+g}" if change else f"{amount:g}")
    amounts = chart["datasets"][chart["layer"][-1]["data"]["name"]]
    assert amounts["words"].tolist() == ["20", "+2", "-1", "21"]
    low, high = chart["layer"][1]["encoding"]["x"]["scale"]["domain"]
    assert low == 0
    assert high > 22
