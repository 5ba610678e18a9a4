"""The loss surface against oracles: TensorFlow's tape, finite differences, least squares, lines through two rows."""

from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dashboard.lessons.contours import ASPECT, BANDS, frame, picture
from dashboard.lessons.points import Points
from dashboard.lessons.surfaces import Surface, angles, lowest
from pipeline.arrays import Floats
from pipeline.network.linear import Curvature
from pipeline.params import LossName
from pipeline.record.store import Store
from pipeline.safety.errors import UserError

numbers = st.floats(-50, 50).map(lambda value: round(value, 3))
rows = st.integers(1, 12).flatmap(lambda count: st.tuples(*(arrays(np.float64, count, elements=numbers) for _ in "xy")))
tied = st.integers(2, 9).flatmap(
    lambda count: st.tuples(*(arrays(np.float64, count, elements=st.integers(-2, 2)) for _ in "xy"))
)
places = arrays(np.float64, 2, elements=st.floats(-5, 5))


@pytest.fixture(scope="module")
def downloads() -> Points:
    """The bundled download times."""
    table = Store().download_times()
    parts = [table[table["split"] == split] for split in ("train", "test")]
    return Points(
        "size", "time", "MB", "s", *(part[name].to_numpy() for part in parts for name in ("size_mb", "time_sec"))
    )


def mean_loss(x: Floats, y: Floats, loss: LossName, kernel: float, bias: float) -> float:
    """The definition, written out row by row."""
    errors = [kernel * a + bias - b for a, b in zip(x, y, strict=True)]
    return float(np.mean([error**2 if loss == "mse" else abs(error) for error in errors]))


@given(rows, places, st.sampled_from(["mse", "mae"]))
def test_the_loss_is_the_mean_over_the_rows(data: tuple[Floats, Floats], at: Floats, loss: LossName) -> None:
    found = Surface.of(*data, loss).losses(np.array([at, at + 1]))
    expected = [mean_loss(*data, loss, *at), mean_loss(*data, loss, *(at + 1))]
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)


def test_a_row_on_the_line_has_no_slope_under_the_absolute_error() -> None:
    surface = Surface.of(np.array([1.0, 2.0]), np.array([1.0, 5.0]), "mae")
    np.testing.assert_allclose(surface.gradients(np.array([[1.0, 0.0]])), [[-1.0, -0.5]])


def test_many_points_at_once_are_as_good_as_one_by_one(downloads: Points, monkeypatch: pytest.MonkeyPatch) -> None:
    surface = Surface.of(downloads.x, downloads.y, "mae")
    points = np.random.default_rng(1).normal(size=(50, 2))
    expected = surface.losses(points), surface.gradients(points)
    monkeypatch.setattr("dashboard.lessons.surfaces._AT_ONCE", 60)
    np.testing.assert_array_equal(surface.losses(points), expected[0])
    np.testing.assert_allclose(surface.gradients(points), expected[1], rtol=1e-12)


def test_the_least_squares_line_is_that_of_numpy_and_has_no_slope(downloads: Points) -> None:
    found = lowest(downloads.x, downloads.y, "mse")
    np.testing.assert_allclose(found, np.polyfit(downloads.x, downloads.y, 1), rtol=1e-9)
    slope = Surface.of(downloads.x, downloads.y, "mse").gradients(np.array([found]))
    np.testing.assert_allclose(slope, 0, atol=1e-14)


@given(rows | tied)
def test_no_line_through_two_rows_beats_the_least_absolute_error(data: tuple[Floats, Floats]) -> None:
    x, y = data
    assume(np.ptp(x) > 0)
    found = mean_loss(x, y, "mae", *lowest(x, y, "mae"))
    for one, other in combinations(range(len(x)), 2):
        if x[one] != x[other]:
            kernel = (y[one] - y[other]) / (x[one] - x[other])
            assert found <= mean_loss(x, y, "mae", kernel, y[one] - kernel * x[one]) + 1e-9


@pytest.mark.parametrize("loss", ["mse", "mae"])
def test_one_row_or_a_constant_feature_has_a_line_as_good_as_any(loss: LossName) -> None:
    assert lowest(np.array([3.0]), np.array([7.0]), loss) == (0.0, 7.0)
    x, y = np.full(5, 2.0), np.array([1.0, 1.0, 2.0, 6.0, 9.0])
    kernel, bias = lowest(x, y, loss)
    assert (kernel, bias) == (0.0, 3.8 if loss == "mse" else 2.0)
    assert Curvature.of(x[:, np.newaxis]).condition_number == np.inf


def test_angles_are_those_between_the_directions_however_large_or_small() -> None:
    some = np.array([[1.0, 0.0], [1.0, 1.0], [3.0, 0.0], [1e300, 0.0], [1e-300, 1e-300]])
    others = np.array([[0.0, 2.0], [1.0, 0.0], [-1.0, 0.0], [1e300, 1e300], [2.0, 2.0]])
    np.testing.assert_allclose(angles(some, others), [90, 45, 180, 45, 0], atol=1e-12)
    assert np.isnan(angles(np.zeros((1, 2)), np.ones((1, 2)))).all()
    assert angles(np.empty((0, 2)), np.empty((0, 2))).shape == (0,)


def test_a_constant_feature_cannot_be_normalized(downloads: Points) -> None:
    with pytest.raises(UserError, match="size"):
        downloads.first(1).normalized()


@pytest.mark.parametrize("loss", ["mse", "mae"])
def test_a_region_holds_what_lies_below_its_level(downloads: Points, loss: LossName) -> None:
    surface, bottom = Surface.of(downloads.x, downloads.y, loss), lowest(downloads.x, downloads.y, loss)
    drawn = picture(surface, bottom, [np.array([[0.4, 0.0]])])
    assert drawn.lowest == pytest.approx(surface.losses(np.array([bottom]))[0])
    assert len(drawn.levels) == len(drawn.regions) == BANDS - 1
    assert drawn.levels == sorted(drawn.levels, reverse=True)
    left, right, low, high = drawn.window
    points = np.random.default_rng(2).uniform([left, low], [right, high], (300, 2))
    heights = surface.losses(points)
    for level, rings in zip(drawn.levels, drawn.regions, strict=True):
        clear = np.abs(heights - level) > 0.03 * (drawn.highest - drawn.lowest)  # the outline has straight pieces
        inside = np.array([within(rings, point) for point in points])
        np.testing.assert_array_equal(inside[clear], heights[clear] < level)


def within(rings: list[Floats], point: Floats) -> bool:
    """Whether a ray from the point to the right crosses the rings an odd number of times."""
    crossings = 0
    for ring in rings:
        for (x0, y0), (x1, y1) in pairwise(ring):
            if (y0 > point[1]) != (y1 > point[1]):
                crossings += bool(point[0] < x0 + (point[1] - y0) / (y1 - y0) * (x1 - x0))
    return crossings % 2 == 1


def test_the_window_holds_the_bottom_and_the_path_at_one_scale() -> None:
    bottom, path = (4.0, 1.0), np.array([[0.0, 0.0], [6.0, -0.5], [3.9, 1.1]])
    window = frame(bottom, [(path, np.array([5.0, 4.0, 1.0]))])
    for across, up in (bottom, *path):
        assert window.left < across < window.right
        assert window.bottom < up < window.top
    assert (window.right - window.left) / (window.top - window.bottom) == pytest.approx(ASPECT)


def test_a_path_that_flies_off_does_not_stretch_the_window() -> None:
    start, losses = [0.0, 0.0], np.array([5.0, 1e4, 1e300])
    wild = np.array([start, [40.0, -30.0], [1e100, 1e150]])
    assert frame((4.0, 1.0), [(wild, losses)]) == frame((4.0, 1.0), [(wild[:1], losses[:1])])


def test_a_start_beside_the_bottom_does_not_hide_where_the_path_goes(downloads: Points) -> None:
    bottom = lowest(downloads.x, downloads.y, "mse")
    path = np.array([[0.34, bottom[1] + 0.01], [-0.04, 0.02], [0.07, 0.07]])
    window = frame(bottom, [(path, Surface.of(downloads.x, downloads.y, "mse").losses(path))])
    assert window.bottom < 0.02


def test_a_start_at_the_bottom_still_has_a_window() -> None:
    window = frame((0.0, 0.0), [(np.zeros((1, 2)), np.zeros(1))])
    assert window.left < 0 < window.right
    assert window.bottom < 0 < window.top


def test_a_narrow_gorge_gets_a_scale_for_each_axis() -> None:
    window = frame((1.0, 40.0), [(np.zeros((1, 2)), np.ones(1))])
    assert window.right - window.left < 3
    assert window.top - window.bottom > 40


@pytest.mark.parametrize(
    ("x_unit", "y_unit", "unit"),
    [
        ("%", "$1000", "$1000 per %"),
        ("MB", "s", "s per MB"),
        ("standard deviations", "", "y per standard deviation"),
        ("rooms", "$1000", "$1000 per unit of x"),
    ],
)
def test_a_slope_is_in_units_of_the_target_per_unit_of_the_feature(
    downloads: Points, x_unit: str, y_unit: str, unit: str
) -> None:
    points = replace(downloads, feature="x", target="y", x_unit=x_unit, y_unit=y_unit)
    assert points.slope_unit == unit
