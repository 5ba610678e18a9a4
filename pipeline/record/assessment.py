"""All the metrics of a run in one table: its scores, the baseline, the optimum and the curvature of its data."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from pipeline.arrays import Floats
from pipeline.network.linear import Curvature, Optimum
from pipeline.record.scores import Scores, six_digits
from pipeline.tables.prepared import PreparedData
from pipeline.tables.scaling import Scaling
from pipeline.tables.splits import RowNumbers


def assess(data: PreparedData, predictions: pd.DataFrame, training: Mapping[str, Any]) -> dict[str, Any]:
    """Gather the metrics of a run, with six significant digits.

    Two sets of rows are told apart. `fit_rows` are those SGD descends on: the optimum over them is where a linear
    model on mse is headed. `train_rows` add the validation rows, with a scaling of their own: they do not depend
    on the seed that draws the validation rows.
    """
    split = data.split
    fit, everyone = split.train, split.train_and_validation
    predicted = predictions["predicted"].to_numpy()
    scores = {part: Scores.of(data.target[rows], predicted[rows]) for part, rows in split.parts().items()}
    baseline = np.full(len(split.test), data.target[everyone].mean())
    optimum = Optimum.of(data.features[fit], data.target[fit])
    distance = scores["train"].mse - Scores.of(data.target[fit], optimum.predict(data.features[fit])).mse
    return {
        **{part: score.recorded() for part, score in scores.items()},
        "baseline": {"test": Scores.of(data.target[split.test], baseline).recorded()},
        "optimum": {"fit_rows": _optimum(data, fit), "train_rows": _optimum(data, everyone)},
        "distance_to_optimum": six_digits(distance),
        "curvature": {
            "fit_rows": _curvature(data.features[fit]),
            "train_rows": _curvature(_rescaled(data, data.features[everyone])),
        },
        "status": training["status"],
        "epochs_run": training["epochs_run"],
        "device": training["device"],
        "versions": training["versions"],
        "weights_sha256": training["sha256"]["weights.parquet"],
    }


def _optimum(data: PreparedData, rows: RowNumbers) -> dict[str, Any]:
    """Least squares over `rows`: its scores on them and on the test rows."""
    best = Optimum.of(data.features[rows], data.target[rows])
    places = {"train": rows, "test": data.split.test}
    return {
        name: Scores.of(data.target[place], best.predict(data.features[place])).recorded()
        for name, place in places.items()
    }


def _rescaled(data: PreparedData, features: Floats) -> Floats:
    """Normalize normalized features by statistics of their own, unless the run leaves features raw."""
    return features if data.scaling.is_none else Scaling.fit(features, data.names).apply(features)


def _curvature(features: Floats) -> dict[str, float | None]:
    curvature = Curvature.of(features)
    return {
        "largest_eigenvalue": six_digits(curvature.largest),
        "largest_stable_learning_rate": six_digits(curvature.largest_stable_learning_rate),
        "condition_number": six_digits(curvature.condition_number),
    }
