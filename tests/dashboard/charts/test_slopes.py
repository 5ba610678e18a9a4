"""The chart of one weight: the bowl of its loss, the tangent that its gradient promises, and the way that it took."""

from typing import Any, Final

import numpy as np
import pytest

from dashboard.charts.slopes import loss_over_weight
from tests.dashboard.charts.reading import Layer, axis_title, is_logarithmic, layers

TRAIL: Final = [9.0, -4.0, 6.5]
CASES: Final = [  # x, y, v and the trail: loss (v x - y)², gradient 2 x (v x - y)
    (2.0, 5.0, 0.5, TRAIL),
    (-0.5, 3.0, 4.0, TRAIL[::-1]),
    (3.0, -6.0, 1.0, []),
    (2.0, 4.0, 2.0, []),
    (0.0, 3.0, 1.5, [1.0]),
]


def drawn(x: float, y: float, v: float, trail: list[float]) -> dict[str, Any]:
    return loss_over_weight(x, y, v, trail, gradient=2 * x * (v * x - y))


def part(chart: dict[str, Any], name: str, mark: str) -> Layer:
    """The one layer of a kind of mark that draws this part, by what its tooltip calls it."""
    (found,) = (layer for layer in layers(chart, mark) if set(layer.rows["part"]) == {name})
    return found


def places(layer: Layer) -> list[tuple[float, float]]:
    return list(zip(layer.seen("x"), layer.seen("y"), strict=True))


@pytest.mark.parametrize(("x", "y", "v", "trail"), CASES)
def test_the_bowl_is_the_loss_at_every_weight_around_all_that_is_drawn(
    x: float, y: float, v: float, trail: list[float]
) -> None:
    bowl = part(drawn(x, y, v, trail), "loss", "line")
    weights = np.array(bowl.seen("x"))
    np.testing.assert_allclose(bowl.seen("y"), (weights * x - y) ** 2, atol=1e-12)
    assert np.all(np.diff(weights) > 0)
    assert len(weights) > 60
    drawn_too = [v, *trail, *([y / x] if x else [])]
    assert weights[0] < min(drawn_too)
    assert weights[-1] > max(drawn_too)


@pytest.mark.parametrize(("x", "y", "v", "trail"), CASES)
def test_the_tangent_touches_the_bowl_at_the_weight_and_has_its_slope(
    x: float, y: float, v: float, trail: list[float]
) -> None:
    chart = drawn(x, y, v, trail)
    (left, low), (right, high) = places(part(chart, "slope", "line"))
    here, step = (v * x - y) ** 2, 1e-6
    measured = (((v + step) * x - y) ** 2 - ((v - step) * x - y) ** 2) / (2 * step)
    assert (high - low) / (right - left) == pytest.approx(measured, rel=1e-5, abs=1e-6)
    assert low + (v - left) * measured == pytest.approx(here, rel=1e-5, abs=1e-6)
    assert left < v < right
    assert left >= min(part(chart, "loss", "line").seen("x"))
    assert places(part(chart, "now", "point")) == [(v, here)]


def test_the_way_leads_through_the_weights_in_the_order_of_the_updates_to_the_current_one() -> None:
    chart = drawn(2.0, 5.0, 0.5, TRAIL)
    expected = [(9.0, 169.0), (-4.0, 169.0), (6.5, 64.0), (0.5, 16.0)]
    line = part(chart, "way", "line")
    by_order = line.rows.sort_values(line.field("order"))
    assert list(zip(by_order["v"], by_order["loss"], strict=True)) == expected
    assert places(part(chart, "way", "point")) == expected


def test_without_updates_there_is_no_way_and_without_an_input_no_optimum() -> None:
    shown = [set(layer.rows["part"]) for layer in layers(drawn(0.0, 3.0, 1.5, []))]
    assert [parts for parts in shown if parts] == [{"loss"}, {"slope"}, {"now"}]


def test_curve_tangent_weight_and_optimum_are_told_apart_and_the_axes_are_named_and_linear() -> None:
    chart = drawn(2.0, 5.0, 0.5, TRAIL)
    bowl, tangent, now = part(chart, "loss", "line"), part(chart, "slope", "line"), part(chart, "now", "point")
    assert bowl.mark["color"] != tangent.mark["color"] == now.mark["color"]
    assert tangent.mark["strokeDash"][1] > 0
    assert "strokeDash" not in bowl.mark
    assert now.mark["size"] > part(chart, "way", "point").mark["size"]
    assert (axis_title(chart, "x"), axis_title(chart, "y")) == ("v", "loss")
    assert not is_logarithmic(chart, "x")
    assert not is_logarithmic(chart, "y")
    cross, name = part(chart, "optimum", "point"), part(chart, "optimum", "text")
    assert places(cross) == places(name) == [(2.5, 0.0)]
    assert cross.mark["shape"] == "cross"
    assert name.seen("text") == ["optimum"]
    for layer in layers(chart):
        assert layer.hints() == {"part": "part", "v": "v", "loss": "loss"}
