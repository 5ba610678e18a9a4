"""The metrics of a run, and the numbers of the literature that they reproduce."""

import json
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline.params import Params
from pipeline.record.assessment import assess
from pipeline.record.schemas import Metrics, Outcome
from pipeline.record.store import ROOT, Store
from pipeline.safety.files import json_bytes
from pipeline.tables import reading
from pipeline.tables.preparation import prepare
from pipeline.tables.prepared import PreparedData
from tests.projects import Project

OUTCOME = Outcome(status="completed", epochs_run=3, device="cpu", versions={"keras": "3"})


def assessed(data: PreparedData, predicted: np.ndarray[Any, np.dtype[np.float64]] | None = None) -> Metrics:
    """The metrics of a run that predicts as given, or zero for every row."""
    predictions = pd.DataFrame({"predicted": 0 * data.target if predicted is None else predicted})
    return assess(data, predictions, OUTCOME, "5a" * 32)


def test_the_pipeline_reproduces_the_reference_numbers(recorded: Project) -> None:
    metrics = recorded.store.read_metrics()
    assert metrics.baseline.test["mse"] == 85.5829
    assert metrics.optimum.train_rows.train["mse"] == 23.1278
    assert metrics.optimum.train_rows.test["mse"] == 22.6112
    assert metrics.curvature.train_rows.largest_eigenvalue == pytest.approx(11.949, abs=5e-4)
    assert metrics.curvature.train_rows.largest_stable_learning_rate == pytest.approx(0.1674, abs=5e-5)


def test_the_recorded_run_is_as_good_as_runs_with_other_seeds(recorded: Project) -> None:
    assert recorded.store.read_metrics().test["mse"] == pytest.approx(22.83, abs=1.02)


def test_raw_features_allow_but_a_tiny_learning_rate(defaults: Params) -> None:
    table = reading.parse((ROOT / "data" / "boston_housing.csv").read_bytes(), "boston_housing.csv")
    settings = defaults.normalize.model_copy(update={"scaling": "none"})
    curvature = assessed(prepare(table, settings, Store().tfjs_test_rows())).curvature.train_rows
    assert curvature.largest_stable_learning_rate == pytest.approx(4.9e-6, abs=5e-8)


def test_each_part_is_scored_on_its_own_rows(boston: PreparedData) -> None:
    predicted = boston.target.copy()
    for error, rows in enumerate(boston.split.parts().values()):
        predicted[rows] += error
    metrics = assessed(boston, predicted)
    assert [scores["mse"] for scores in (metrics.train, metrics.validation, metrics.test)] == pytest.approx([0, 1, 4])


def test_a_linear_model_at_the_optimum_of_its_rows_has_no_distance_to_it(boston: PreparedData) -> None:
    metrics = assessed(boston)
    assert metrics.distance_to_optimum == pytest.approx(
        metrics.train["mse"] - metrics.optimum.fit_rows.train["mse"], rel=1e-5
    )
    rows = boston.part("train")
    design = np.column_stack([rows.features, np.ones(len(rows.target))])
    weights = np.linalg.lstsq(design, rows.target, rcond=None)[0]
    best = assessed(boston, boston.features @ weights[:-1] + weights[-1])
    assert best.distance_to_optimum == pytest.approx(0, abs=1e-9)
    assert best.train.model_dump() == best.optimum.fit_rows.train.model_dump()
    assert best.test.model_dump() == best.optimum.fit_rows.test.model_dump()


def test_what_is_of_all_training_rows_does_not_depend_on_the_seed_that_draws_the_validation_rows(
    boston: PreparedData, defaults: Params
) -> None:
    table = reading.parse((ROOT / "data" / "boston_housing.csv").read_bytes(), "boston_housing.csv")
    settings = defaults.normalize.model_copy(update={"seed": 5})
    drawn_otherwise = prepare(table, settings, Store().tfjs_test_rows())
    one, other = (json.loads(json_bytes(assessed(data))) for data in (boston, drawn_otherwise))
    for name in ("optimum", "curvature"):
        assert one[name]["train_rows"] == other[name]["train_rows"]
        assert one[name]["fit_rows"] != other[name]["fit_rows"]


def test_what_is_not_finite_is_recorded_as_null(boston: PreparedData) -> None:
    predicted = np.full(len(boston.target), 1e200)
    collinear = PreparedData(
        boston.settings, boston.features * 0 + 1, boston.target, boston.split, boston.scaling.none(len(boston.names))
    )
    with np.errstate(over="ignore"):
        metrics = assessed(collinear, predicted)
    written = json.loads(json_bytes(metrics))
    assert written["test"]["mse"] is None
    assert written["curvature"]["fit_rows"]["condition_number"] is None
    assert math.isfinite(metrics.curvature.fit_rows.largest_eigenvalue)
