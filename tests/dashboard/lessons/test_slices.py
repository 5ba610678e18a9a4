"""The cut through the whole model's loss: exact on the plane, a projection off it, and the recorded run laid on it."""

import numpy as np
import pytest

from dashboard.lessons import slices
from dashboard.lessons.slices import QuadraticSurface, Slice
from dashboard.lessons.surfaces import Surface
from pipeline.arrays import Floats
from pipeline.params import LossName
from pipeline.tables.preparation import Rows

NAMES = ("a", "b", "c", "d", "bias")


@pytest.fixture(scope="module")
def rows() -> Rows:
    """Forty rows of four features that go together, and a target."""
    generator = np.random.default_rng(4)
    features = generator.normal(size=(40, 4)) @ generator.normal(size=(4, 4))
    return Rows(features, features @ [1.0, -2.0, 0.5, 3.0] + generator.normal(size=40) + 7)


@pytest.fixture(scope="module", params=["curvature", "weights"])
def kind(request: pytest.FixtureRequest) -> str:
    """Both ways to cut."""
    return str(request.param)


def cut_of(rows: Rows, kind: str, loss: LossName = "mse") -> Slice:
    """Cut along the curvature, or along the weights c and a."""
    return (
        slices.along_curvature(rows, loss) if kind == "curvature" else slices.along_weights(rows, NAMES, (2, 0), loss)
    )


def some_weights() -> Floats:
    """Places anywhere in the space of all five numbers."""
    return np.random.default_rng(5).normal(size=(20, 5)) * 3


@pytest.mark.parametrize("loss", ["mse", "mae"])
def test_on_the_plane_the_drawn_loss_is_that_of_the_whole_model(rows: Rows, kind: str, loss: LossName) -> None:
    cut = cut_of(rows, kind, loss)
    places = np.random.default_rng(6).normal(size=(20, 2)) * 2
    on_the_plane = cut.optimum + (places - cut.centre) @ cut.axes.T
    whole = Surface.of(rows.features, rows.target, loss)
    np.testing.assert_allclose(cut.surface.losses(places), whole.losses(on_the_plane), rtol=1e-9)
    np.testing.assert_allclose(cut.project(on_the_plane), places, atol=1e-9)
    np.testing.assert_allclose(cut.distances(on_the_plane), 0, atol=1e-9)


def test_the_optimum_is_the_centre_and_the_lowest_place_of_the_cut(rows: Rows, kind: str) -> None:
    cut = cut_of(rows, kind)
    np.testing.assert_allclose(cut.project(cut.optimum[np.newaxis])[0], cut.centre, atol=1e-9)
    np.testing.assert_allclose(cut.surface.gradients(cut.centre[np.newaxis]), 0, atol=1e-9)


def test_the_point_drawn_is_the_nearest_one_of_the_plane(rows: Rows, kind: str) -> None:
    cut, weights = cut_of(rows, kind), some_weights()
    along = np.linalg.norm(cut.project(weights) - cut.centre, axis=1)
    off, whole = cut.distances(weights), np.linalg.norm(weights - cut.optimum, axis=1)
    np.testing.assert_allclose(np.hypot(along, off), whole, rtol=1e-9)
    np.testing.assert_allclose(cut.axes.T @ cut.axes, np.eye(2), atol=1e-12)


def test_a_cut_along_two_weights_has_these_weights_as_its_axes(rows: Rows) -> None:
    cut, weights = cut_of(rows, "weights"), some_weights()
    assert cut.names == ("c", "a")
    np.testing.assert_allclose(cut.project(weights), weights[:, [2, 0]], atol=1e-9)


def test_no_direction_is_steeper_or_flatter_than_the_two_of_the_cut(rows: Rows) -> None:
    bowl, whole = QuadraticSurface.of(rows), Surface.of(rows.features, rows.target, "mse")
    bottom = whole.losses(bowl.optimum[np.newaxis])[0]

    def rise(directions: Floats) -> Floats:
        """How much the loss rises in one step from the optimum; half the curvature."""
        risen: Floats = whole.losses(bowl.optimum + directions) - bottom
        return risen

    flattest, steepest = rise(cut_of(rows, "curvature").axes.T)
    np.testing.assert_allclose([2 * steepest, 2 * flattest], bowl.curvatures[[0, -1]], rtol=1e-9)
    any_way = np.random.default_rng(7).normal(size=(500, 5))
    rises = rise(any_way / np.linalg.norm(any_way, axis=1, keepdims=True))
    assert flattest <= rises.min()
    assert rises.max() <= steepest


def test_columns_that_go_together_leave_a_flat_direction(rows: Rows) -> None:
    twin = Rows(np.column_stack([rows.features, rows.features[:, 0]]), rows.target)
    cut = slices.along_curvature(twin, "mse")
    level = cut.surface.losses(np.array([[0.0, 0.0], [50.0, 0.0]]))
    assert level[0] == pytest.approx(level[1])
