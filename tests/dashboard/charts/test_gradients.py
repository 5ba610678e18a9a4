"""The charts of gradients: a batch beside all rows, weight by weight, and batches of every size around all rows."""

import numpy as np

from dashboard.charts.gradients import by_weight, spread
from tests.dashboard.charts.reading import axis_title, is_logarithmic, layers, only, scale

SIZES = (1, 8, 200)
DRAWS = [np.array([-30.0, 50.0, 4.0]), np.array([5.0, 15.0, 11.0]), np.array([10.0, 10.0, 10.0])]
DEVIATIONS = [28.0, 7.0, 0.0]
FULL = 10.0
BATCH, WHOLE = np.array([-8.0, 3.0, 40.0]), np.array([-5.0, -1.0, 44.0])
WEIGHTS = by_weight(("rm", "age", "bias"), BATCH, WHOLE, {"rm": "rooms (rm)"})
SAMPLES = spread(SIZES, 8, DRAWS, DEVIATIONS, FULL, "gradient of rm")


def test_bars_are_the_gradient_of_the_batch_and_ticks_that_of_all_rows_in_the_order_of_the_weights() -> None:
    bars, ticks = only(WEIGHTS, "bar"), only(WEIGHTS, "tick")
    assert dict(zip(bars.seen("y"), bars.seen("x"), strict=True)) == {"rm": -8, "age": 3, "bias": 40}
    assert dict(zip(ticks.seen("y"), ticks.seen("x"), strict=True)) == {"rm": -5, "age": -1, "bias": 44}
    assert bars.seen("color")[0] == "#2f80c9"  # blue
    assert ticks.seen("color")[0] == "#d97a1e"  # orange, as the text of the page says
    for layer in (bars, ticks):
        assert layer.hints() == {"weight": "title", "this batch": "batch", "all rows": "all"}
        assert layer.order("y") == ["rm", "age", "bias"]
        assert layer.rows["title"].tolist() == ["rooms (rm)", "age", "bias"]
    assert axis_title(WEIGHTS, "x") == "gradient: change of the loss per unit of the weight"
    assert by_weight([*map(str, range(60))], np.ones(60), np.ones(60))["height"] >= 24 * 60


def test_every_gradient_that_was_drawn_is_a_dot_at_its_batch_size_and_the_chosen_size_stands_out() -> None:
    dots, chosen = layers(SAMPLES, "circle")
    assert chosen.seen("y") == [5, 15, 11]
    assert chosen.mark["size"] > dots.mark["size"]
    assert chosen.mark["opacity"] > dots.mark["opacity"]
    assert set(chosen.seen("x")) < set(dots.seen("x"))
    assert dots.seen("y") == [-30, 50, 4, 5, 15, 11, 10, 10, 10]
    aside = np.log2(np.array(dots.seen("x")) / np.repeat(SIZES, 3))
    assert np.abs(aside).max() < 0.2  # beside each other, but nearer to their size than to any other
    assert len(set(aside)) == 9
    assert dots.hints() == {"rows in the batch": "size", "gradient": "gradient"}
    assert dots.rows["size"].tolist() == [1, 1, 1, 8, 8, 8, 200, 200, 200]


def test_the_band_is_one_deviation_to_each_side_of_the_gradient_of_all_rows() -> None:
    band, line = only(SAMPLES, "area"), only(SAMPLES, "line")
    assert band.seen("x") == line.seen("x") == [1, 8, 200]
    assert band.seen("y") == [-18, 3, 10]
    assert band.seen("y2") == [38, 17, 10]
    assert line.seen("y") == [10, 10, 10]


def test_batch_sizes_are_on_a_logarithmic_axis_that_holds_every_dot() -> None:
    assert is_logarithmic(SAMPLES, "x")
    assert not is_logarithmic(SAMPLES, "y")
    low, high = scale(SAMPLES, "x")["domain"]
    dots = layers(SAMPLES, "circle")[0].seen("x")
    assert low < min(dots)
    assert max(dots) < high
    assert (axis_title(SAMPLES, "x"), axis_title(SAMPLES, "y")) == ("rows in a batch", "gradient of rm")
    assert only(SAMPLES, "line").encoding["x"]["axis"]["values"] == [1, 8, 200]
