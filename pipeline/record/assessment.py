"""All the metrics of a run: its scores, the baseline, the optimum and the curvature of its data."""

import numpy as np
import pandas as pd

from pipeline.network.linear import Curvature, Optimum
from pipeline.record.metrics import mean_loss
from pipeline.record.schemas import Metrics, Outcome
from pipeline.record.scores import Scores
from pipeline.tables.prepared import PreparedData


def assess(data: PreparedData, predictions: pd.DataFrame, training_facts: Outcome, weights_sha256: str) -> Metrics:
    """Gather the metrics of a run, with six significant digits.

    The references on the test rows are made of all other rows, so they do not depend on the seed that draws the
    validation rows. The distance to the optimum is measured on the rows that SGD descends on.
    """
    test, others = data.split.test, data.split.train_and_validation
    predicted = predictions["predicted"].to_numpy()
    best = Optimum.of(data.features[others], data.target[others]).predict(data.features[test])
    train = data.part("train")
    least = mean_loss("mse", train.target, Optimum.of(train.features, train.target).predict(train.features))
    return Metrics(
        **{part: Scores.of(data.target[rows], predicted[rows]) for part, rows in data.split.parts().items()},
        baseline=Scores.of(data.target[test], np.full(len(test), data.target[others].mean())),
        least_squares=Scores.of(data.target[test], best),
        least_training_mse=least,
        distance_to_optimum=mean_loss("mse", train.target, predicted[data.split.train]) - least,
        largest_stable_learning_rate=Curvature.of(train.features).largest_stable_learning_rate,
        status=training_facts.status,
        epochs_run=training_facts.epochs_run,
        device=training_facts.device,
        versions=training_facts.versions,
        weights_sha256=weights_sha256,
    )
