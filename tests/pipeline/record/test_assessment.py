"""The metrics of a run, and the numbers of the literature that they reproduce."""

import json
from typing import Any

import numpy as np
import pytest

from pipeline.record.schemas import Metrics, Outcome
from pipeline.safety.files import json_bytes
from pipeline.tables.preparation import PreparedData
from tests.pipeline.conftest import prepared
from tests.projects import Project

OUTCOME = Outcome(status="completed", epochs_run=3, device="cpu", versions={"keras": "3"})


def assessed(data: PreparedData, predicted: np.ndarray[Any, np.dtype[np.float64]] | None = None) -> Metrics:
    """The metrics of a run that predicts as given, or zero for every row."""
    every, rows = 0 * data.target if predicted is None else predicted, data.split.parts()
    return Metrics.of(data, lambda part: every[rows[part]], OUTCOME, "5a" * 32)


def test_the_pipeline_reproduces_the_reference_numbers(recorded: Project) -> None:
    metrics = recorded.store.read_metrics()
    assert metrics.baseline["mse"] == 85.5829
    assert metrics.least_squares["mse"] == 22.6112
    assert metrics.largest_stable_learning_rate == pytest.approx(0.1693, abs=5e-5)
    assert metrics.test["mse"] == pytest.approx(22.83, abs=1.02)  # as with other seeds


def test_raw_features_allow_but_a_tiny_learning_rate() -> None:
    metrics = assessed(prepared(scaling="none"))
    assert metrics.largest_stable_learning_rate == pytest.approx(5.1e-6, abs=5e-8)


def test_each_part_is_scored_on_its_own_rows(boston: PreparedData) -> None:
    predicted = boston.target.copy()
    for error, rows in enumerate(boston.split.parts().values()):
        predicted[rows] += error
    metrics = assessed(boston, predicted)
    assert [scores["mse"] for scores in (metrics.train, metrics.validation, metrics.test)] == pytest.approx([0, 1, 4])


def test_a_linear_model_at_the_optimum_of_its_rows_has_no_distance_to_it(boston: PreparedData) -> None:
    metrics = assessed(boston)
    assert metrics.distance_to_optimum == pytest.approx(metrics.train["mse"] - metrics.least_training_mse)
    rows = boston.part("train")
    design = np.column_stack([rows.features, np.ones(len(rows.target))])
    weights = np.linalg.lstsq(design, rows.target, rcond=None)[0]
    best = assessed(boston, boston.features @ weights[:-1] + weights[-1])
    assert best.distance_to_optimum == pytest.approx(0, abs=1e-9)
    assert best.train["mse"] == pytest.approx(best.least_training_mse)


def test_what_is_of_all_training_rows_does_not_depend_on_the_seed_that_draws_the_validation_rows(
    boston: PreparedData,
) -> None:
    one, other = (json.loads(json_bytes(assessed(data))) for data in (boston, prepared(seed=5)))
    for name in ("baseline", "least_squares"):
        assert one[name] == other[name]
    assert one["least_training_mse"] != other["least_training_mse"]
