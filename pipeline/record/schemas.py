"""What the JSON files of data/run/ hold, and how a run is measured."""

from typing import Self

import numpy as np
import pandas as pd

from pipeline.network.layers import Layer
from pipeline.network.linear import Curvature, Optimum
from pipeline.params import Train
from pipeline.record.metrics import Scores, mean_loss
from pipeline.record.runs import Status
from pipeline.record.start import Start
from pipeline.safety.schema import Facts, Figure, Hash
from pipeline.tables.preparation import PreparedData
from pipeline.tables.store import Origin


class Outcome(Facts):
    """How a run ended, and with what it was made; a run tried on a page may be stopped before its first epoch."""

    status: Status
    epochs_run: int
    device: str
    versions: dict[str, str]


class Training(Outcome):
    """training.json: the facts of a run that are the same for the same run, and the hash of each file by its name."""

    settings: Train
    start: Start | None
    layers: tuple[Layer, ...]
    sha256: dict[str, Hash]

    @property
    def weights_sha256(self) -> str:
        """The hash of the recorded weights, which tells one run from another."""
        return self.sha256["weights.parquet"]


class Metrics(Outcome):
    """metrics.json: the scores of a run, and the references that they are compared with.

    `start_update` is the update of another run that this one went on from, and `parent_run` the first seven digits of
    the hash of that run's weights; 0 and "random weights" for a run of its own.
    `baseline` predicts the mean of all rows outside the test, `least_squares` is the linear model fitted to them; both
    are scored on the test rows. `least_training_mse` is the least possible for a linear model on the training rows, and
    `distance_to_optimum` how far the run is above it. `largest_stable_learning_rate` is that of all training rows in
    every update, without momentum.
    """

    train: Scores
    validation: Scores
    test: Scores
    baseline: Scores
    least_squares: Scores
    least_training_mse: Figure
    distance_to_optimum: Figure
    largest_stable_learning_rate: Figure
    parent_run: str
    start_update: int
    weights_sha256: Hash

    @classmethod
    def of(
        cls,
        data: PreparedData,
        predictions: pd.DataFrame,
        outcome: Outcome,
        weights_sha256: str,
        start: Start | None = None,
    ) -> Self:
        """Measure a run; what is recorded of it has six significant digits.

        The references on the test rows are made of all other rows, so they do not depend on the seed that draws the
        validation rows. The distance to the optimum is measured on the rows that SGD descends on.
        """
        test, others = data.split.test, data.split.train_and_validation
        predicted = predictions["predicted"].to_numpy()
        best = Optimum.of(data.features[others], data.target[others]).predict(data.features[test])
        train = data.part("train")
        least = mean_loss("mse", train.target, Optimum.of(train.features, train.target).predict(train.features))
        return cls(
            **{part: Scores.of(data.target[rows], predicted[rows]) for part, rows in data.split.parts().items()},
            baseline=Scores.of(data.target[test], np.full(len(test), data.target[others].mean())),
            least_squares=Scores.of(data.target[test], best),
            least_training_mse=least,
            distance_to_optimum=mean_loss("mse", train.target, predicted[data.split.train]) - least,
            largest_stable_learning_rate=Curvature.of(train.features).largest_stable_learning_rate,
            status=outcome.status,
            epochs_run=outcome.epochs_run,
            parent_run=start.parent_sha256[:7] if start else "random weights",
            start_update=start.update if start else 0,
            device=outcome.device,
            versions=outcome.versions,
            weights_sha256=weights_sha256,
        )


class RunInfo(Facts):
    """run_info.json: what differs from run to run."""

    weights_sha256: Hash
    trained: str
    seconds: float
    data: Origin | None
