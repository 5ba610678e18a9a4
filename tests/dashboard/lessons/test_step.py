"""One step under the microscope: it is the step that was recorded, and every number in it is right."""

from itertools import combinations
from typing import Any

import numpy as np
import pytest

from dashboard.lessons import spread
from dashboard.lessons.step import Course
from pipeline.arrays import Floats
from pipeline.tables.preparation import PreparedData
from pipeline.training.descent import descend, start_at
from tests import defaults

FLOAT32 = float(np.finfo(np.float32).eps)

CHANGES: list[dict[str, Any]] = [
    {},
    {"loss": "mae"},
    {"momentum": 0.9, "learning_rate": 0.003},
    {"momentum": 0.8, "nesterov": True, "learning_rate": 0.003},
    {"batch_size": 1, "learning_rate": 0.001},
    {"batch_size": 266, "seed": 5},
    {"batch_size": 7, "loss": "mae", "momentum": 0.5},
    {"schedule": "inverse_time", "decay_epochs": 2, "momentum": 0.5, "nesterov": True},
]


def assert_within_float32(found: Floats, expected: Floats) -> None:
    np.testing.assert_allclose(found, expected, rtol=8 * FLOAT32, atol=2 * FLOAT32 * np.abs(expected).max())


@pytest.mark.parametrize("changes", CHANGES)
def test_a_walk_is_the_run_that_descend_records_and_each_of_its_steps_ends_where_the_next_begins(
    data: PreparedData, changes: dict[str, Any]
) -> None:
    train, chosen = data.part("train"), defaults.train(epochs=6, **changes)
    weights = np.concatenate([epoch.weights for epoch in descend(train, data.part("validation"), chosen)])
    walked = Course.walk(train, chosen, len(weights) - 1)
    np.testing.assert_allclose(walked.weights, weights, rtol=FLOAT32, atol=1e-12)
    for update in {1, 2, walked.updates // 2, walked.updates}:
        assert_within_float32(walked.step(update).after, walked.weights[update])


@pytest.mark.parametrize("changes", CHANGES[-2:])
def test_a_walk_goes_on_from_a_branch_as_descend_does(data: PreparedData, changes: dict[str, Any]) -> None:
    train, chosen = data.part("train"), defaults.train(epochs=6, **changes)
    updates = -(-266 // chosen.batch_size)
    start = start_at(data, chosen, None, 3 * updates + updates // 2, "0" * 64)
    changed = chosen.model_copy(update={"learning_rate": chosen.learning_rate / 2})
    branch = list(descend(train, data.part("validation"), changed, start))
    weights = np.concatenate([epoch.weights for epoch in branch])
    walked = Course.walk(train, changed, len(weights) - 1, start)
    np.testing.assert_allclose(walked.weights, weights, rtol=FLOAT32, atol=1e-12)
    assert walked.place(1) == (4, updates // 2 + 1, updates)
    assert walked.place(walked.updates) == (6, updates, updates)
    recorded = Course(train, changed, weights.astype(float), start)
    for update in {1, walked.updates}:
        assert_within_float32(recorded.step(update).after, walked.weights[update])


def test_the_velocity_of_a_step_is_what_the_step_before_left(data: PreparedData) -> None:
    walked = Course.walk(data.part("train"), defaults.train(momentum=0.9, nesterov=True), 30)
    before, step, held = walked.step(29), walked.step(30), float(np.float32(0.9))  # Keras holds it in float32
    np.testing.assert_allclose(step.velocity, before.new_velocity, rtol=1e-12)
    np.testing.assert_allclose(step.new_velocity, held * step.velocity - 0.01 * step.gradient, rtol=1e-12)
    np.testing.assert_allclose(step.after - step.before, held * step.new_velocity - 0.01 * step.gradient, rtol=1e-9)


@pytest.mark.parametrize("loss", ["mse", "mae"])
def test_the_numbers_of_a_step_follow_from_one_another(data: PreparedData, loss: str) -> None:
    course = Course.walk(data.part("train"), defaults.train(loss=loss), 3)
    step = course.step(3)
    assert np.array_equal(step.features, course.train.features[step.rows])
    assert np.array_equal(step.target, course.train.target[step.rows])
    np.testing.assert_allclose(step.predictions, step.features @ step.before[:-1] + step.before[-1])
    np.testing.assert_allclose(step.errors, step.predictions - step.target)
    np.testing.assert_allclose(step.losses, step.errors**2 if loss == "mse" else abs(step.errors))
    np.testing.assert_allclose(step.after, step.before - 0.01 * step.gradient)
    assert step.loss == pytest.approx(step.losses.mean()) == pytest.approx(course.losses(step)[0, 0])


@pytest.mark.parametrize("size", range(1, 8))
def test_the_spread_of_batches_is_that_over_every_batch_there_is(size: int) -> None:
    gradients = np.random.default_rng(0).normal(size=(7, 3))
    every = np.array([gradients[list(rows)].mean(axis=0) for rows in combinations(range(7), size)])
    np.testing.assert_allclose(spread.deviation(gradients, size), every.std(axis=0), atol=1e-15)


def test_drawn_batches_stray_as_far_as_is_said() -> None:
    gradients = np.random.default_rng(1).normal(size=(50, 2))
    drawn = spread.draw(gradients, 8, 4_000, seed=0)
    np.testing.assert_allclose(drawn.mean(axis=0), gradients.mean(axis=0), atol=0.02)
    np.testing.assert_allclose(drawn.std(axis=0), spread.deviation(gradients, 8), rtol=0.05)
    np.testing.assert_allclose(spread.draw(gradients, 50, 3, seed=0), np.tile(gradients.mean(axis=0), (3, 1)))


@pytest.mark.parametrize(
    ("rows", "chosen", "sizes"),
    [(266, 40, [1, 2, 4, 8, 16, 40, 64, 128, 266]), (1, 1, [1]), (2, 1, [1, 2]), (64, 64, [1, 2, 4, 8, 16, 32, 64])],
)
def test_batch_sizes_are_compared_that_can_be_distinguished(rows: int, chosen: int, sizes: list[int]) -> None:
    assert spread.sizes(rows, chosen) == sizes
