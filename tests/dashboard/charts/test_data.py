"""What all charts share keeps names, colours and tables together."""

import altair as alt
import pandas as pd
import pytest

from dashboard.charts import data
from dashboard.charts.palette import REFERENCE
from tests.dashboard.charts.reading import layers, legend, lines, only

TABLE = pd.DataFrame({"x": [1.0, 2.0, 3.0], "y": [10.0, 20.0, 30.0], "name": ["b", "a", "c"]})


def test_each_name_has_the_colour_given_to_it_in_whatever_order_the_rows_come() -> None:
    named = {"a": "#aa0000", "b": "#00bb00", "c": "#0000cc"}
    dots = alt.Chart(data.ROWS).mark_circle().encode(x="x:Q", y="y:Q", color=data.colours("name", named))
    chart = data.with_data(data.layered(dots), TABLE)
    assert only(chart, "circle").seen("color") == ["#00bb00", "#aa0000", "#0000cc"]
    assert legend(chart, "color") == named


def test_each_layer_draws_its_own_table_over_the_layers_before_it() -> None:
    dots = alt.Chart(data.ROWS).mark_circle().encode(x="x:Q", y="y:Q")
    line = alt.Chart(data.LINE).mark_line().encode(x="x:Q", y="y:Q")
    named = data.named_line(alt.Y("y:Q"), "limit", 12.5, {"strokeDash": [2, 3]}, {"align": "right"})
    chart = data.with_data(data.layered(line, dots, *named), TABLE, line=TABLE.head(2))
    assert [layer.mark["type"] for layer in layers(chart)] == ["line", "circle", "rule", "text"]
    assert only(chart, "circle").seen("y") == [10, 20, 30]
    assert only(chart, "line").seen("y") == [10, 20]
    assert lines(chart, "y") == {"limit": 12.5}
    assert {*only(chart, "rule").seen("color"), *only(chart, "text").seen("color")} == {REFERENCE}
    assert only(chart, "rule").mark["strokeDash"] == [2, 3]
    assert only(chart, "text").mark["align"] == "right"


@pytest.mark.parametrize("censored_at", [None, 20.0])
def test_targets_at_the_limit_and_beyond_are_the_ones_that_were_cut_off(censored_at: float | None) -> None:
    dots, table = data.points(TABLE, "y", ("usual", "#123456"), censored_at, size=30)
    chart = data.with_data(data.layered(dots.encode(x="x:Q", y="y:Q")), table)
    drawn = only(chart, "point")
    assert drawn.mark["filled"]
    assert drawn.mark["size"] == 30
    assert drawn.seen("y") == [10, 20, 30]
    assert drawn.seen("color")[0] == "#123456"
    if censored_at is None:
        assert len(set(drawn.seen("color"))) == 1
        assert "kind" not in TABLE.columns
    else:
        assert drawn.seen("shape") == ["circle", "triangle-up", "triangle-up"]
        assert drawn.seen("color")[1] == drawn.seen("color")[2] != "#123456"
        assert list(legend(chart, "color")) == ["usual", "cut off at 20"]


@pytest.mark.parametrize("name", ["constructor", "__proto__", "toString", "valueOf"])
def test_a_name_that_every_object_has_is_drawn_as_another_that_looks_the_same(name: str) -> None:
    shown = data.drawn_name(name)
    assert shown != name
    assert "".join(letter for letter in shown if letter.isprintable()) == name
    assert data.drawn_name(f"{name} 2") == f"{name} 2"


def test_a_hint_shows_its_column_under_its_title_or_its_own_name() -> None:
    for title, expected in ((None, "loss"), ("final loss", "final loss")):
        dots = alt.Chart(data.ROWS).mark_circle().encode(tooltip=[data.number_hint("loss", title)])
        assert only(data.with_data(data.layered(dots), TABLE), "circle").hints() == {expected: "loss"}
