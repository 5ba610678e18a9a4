"""All the metrics of a run: its scores, the baseline, the optimum and the curvature of its data."""

import numpy as np
import pandas as pd

from pipeline.arrays import Floats
from pipeline.network.linear import Curvature, Optimum
from pipeline.record.schemas import (
    Baseline,
    LeastSquares,
    LeastSquaresOfBoth,
    Metrics,
    Outcome,
    Steepness,
    SteepnessOfBoth,
)
from pipeline.record.scores import Scores
from pipeline.safety.schema import RowNumbers
from pipeline.tables.prepared import PreparedData
from pipeline.tables.scaling import Scaling


def assess(data: PreparedData, predictions: pd.DataFrame, training_facts: Outcome, weights_sha256: str) -> Metrics:
    """Gather the metrics of a run, with six significant digits.

    Two sets of rows are distinguished. `fit_rows` are those SGD descends on: the optimum over them is where a linear
    model on mse is headed. `train_rows` add the validation rows, with a scaling fitted on all of them: they do not
    depend on the seed that draws the validation rows.
    """
    split = data.split
    fit, everyone = split.train, split.train_and_validation
    predicted = predictions["predicted"].to_numpy()
    baseline = np.full(len(split.test), data.target[everyone].mean())
    best = Optimum.of(data.features[fit], data.target[fit]).predict(data.features[fit])
    return Metrics(
        **{part: Scores.of(data.target[rows], predicted[rows]) for part, rows in split.parts().items()},
        baseline=Baseline(test=Scores.of(data.target[split.test], baseline)),
        optimum=LeastSquaresOfBoth(fit_rows=_least_squares(data, fit), train_rows=_least_squares(data, everyone)),
        distance_to_optimum=float(
            np.mean((predicted[fit] - data.target[fit]) ** 2) - np.mean((best - data.target[fit]) ** 2)
        ),
        curvature=SteepnessOfBoth(
            fit_rows=_steepness(data.features[fit]),
            train_rows=_steepness(_rescaled(data, data.features[everyone])),
        ),
        status=training_facts.status,
        epochs_run=training_facts.epochs_run,
        device=training_facts.device,
        versions=training_facts.versions,
        weights_sha256=weights_sha256,
    )


def _least_squares(data: PreparedData, rows: RowNumbers) -> LeastSquares:
    best, test = Optimum.of(data.features[rows], data.target[rows]), data.split.test
    return LeastSquares(
        train=Scores.of(data.target[rows], best.predict(data.features[rows])),
        test=Scores.of(data.target[test], best.predict(data.features[test])),
    )


def _rescaled(data: PreparedData, features: Floats) -> Floats:
    """Normalize normalized features by statistics of their own, unless the run leaves features raw."""
    return features if data.scaling.is_none else Scaling.fit(features, data.names).apply(features)


def _steepness(features: Floats) -> Steepness:
    curvature = Curvature.of(features)
    return Steepness(
        largest_eigenvalue=curvature.largest,
        largest_stable_learning_rate=curvature.largest_stable_learning_rate,
        condition_number=curvature.condition_number,
    )
