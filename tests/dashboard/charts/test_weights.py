"""The weights of a model stand from the largest to the smallest, with a colour for their sign where they have one."""

import pandas as pd
import pytest

from dashboard.charts.palette import NEGATIVE, POSITIVE, REFERENCE
from dashboard.charts.weights import weights_by_magnitude
from tests.dashboard.charts.reading import axis, axis_title, layers, legend, only

TABLE = pd.DataFrame(
    {
        "feature": ["tax", "rooms", "age", "__proto__"],
        "weight": [-4.0, 2.5, -1.5, 0.5],
        "size": [4.0, 2.5, 1.5, 0.5],
        "sign": ["lowers it", "raises it", "lowers it", "raises it"],
        "optimum": [-4.5, 3.0, 1.0, 0.25],
    }
)


def test_the_weights_of_a_linear_model_have_the_colour_of_their_sign_and_a_tick_at_their_optimum() -> None:
    chart = weights_by_magnitude(TABLE, "$1000 per standard deviation", 3, {"tax": "property tax (tax)"})
    bars, ticks = only(chart, "bar"), only(chart, "tick")
    assert bars.order("y") == ticks.order("y") == ["tax", "rooms", "age"]
    assert (bars.seen("y"), bars.seen("x")) == (["tax", "rooms", "age"], [-4, 2.5, -1.5])
    assert bars.seen("color") == [NEGATIVE, POSITIVE, NEGATIVE]
    assert legend(chart, "color") == {"raises it": POSITIVE, "lowers it": NEGATIVE}
    assert (ticks.seen("y"), ticks.seen("x")) == (["tax", "rooms", "age"], [-4.5, 3, 1])
    assert set(ticks.seen("color")) == {REFERENCE}
    assert layers(chart)[-1].mark["type"] == "tick"  # above the bars
    assert bars.hints() == {"feature": "title", "weight": "weight"}
    assert ticks.hints() == {"feature": "title", "least squares": "optimum"}
    assert bars.rows["title"].tolist() == ["property tax (tax)", "rooms", "age"]
    assert '{"tax": "property tax (tax)"}[datum.value]' in axis(chart, "y")["labelExpr"]
    assert (axis_title(chart, "x"), axis_title(chart, "y")) == ("$1000 per standard deviation", "")


def test_the_weights_of_hidden_layers_have_no_sign_and_so_one_colour() -> None:
    table = TABLE[["feature", "size"]].assign(weight=TABLE["size"])
    chart = weights_by_magnitude(table, "root mean square", 4)
    bars = only(chart, "bar")
    assert [layer.mark["type"] for layer in layers(chart)] == ["bar"]
    assert (bars.seen("x"), bars.seen("color")) == ([4, 2.5, 1.5, 0.5], [POSITIVE] * 4)
    assert "legend" not in bars.encoding["color"]


@pytest.mark.parametrize("rows", [[2, 0, 3, 1], [3, 2, 1, 0]])
def test_the_largest_weight_is_on_top_in_whatever_order_the_rows_come(rows: list[int]) -> None:
    chart = weights_by_magnitude(TABLE.iloc[rows], "weight", 4)
    names = [name.lstrip("\N{WORD JOINER}") for name in only(chart, "bar").order("y")]
    assert names == ["tax", "rooms", "age", "__proto__"]


def test_the_picture_keeps_its_height_when_rows_come_to_an_empty_one() -> None:
    empty = weights_by_magnitude(TABLE.head(0), "weight", 4)
    full = weights_by_magnitude(TABLE, "weight", 4)
    assert {name: part for name, part in empty.items() if name != "datasets"} == {
        name: part for name, part in full.items() if name != "datasets"
    }
    assert full["height"] > weights_by_magnitude(TABLE, "weight", 3)["height"]
