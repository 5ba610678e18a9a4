"""What the JSON files of data/run/ hold, and how a run is measured."""

from collections.abc import Callable, Iterable
from typing import Final, Self

import numpy as np

from pipeline.arrays import Floats
from pipeline.network.layers import Layer
from pipeline.network.linear import Moments
from pipeline.params import Train
from pipeline.record.metrics import Scores
from pipeline.record.runs import Status
from pipeline.record.start import Start
from pipeline.safety.files import short
from pipeline.safety.schema import Facts, Figure, Hash
from pipeline.tables.blocks import DataOnDisk
from pipeline.tables.preparation import PreparedData
from pipeline.tables.store import RawSource

WEIGHTS_FILE: Final = "weights.parquet"
"""The name, in data/run/, of the file whose hash tells one run from another."""


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
        return self.sha256[WEIGHTS_FILE]


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

    def on_test_rows(self) -> dict[str, Scores]:
        """The scores of the run between those of the two references, all on the test rows."""
        return {
            "predicting the mean": self.baseline,
            "this run": self.test,
            "least squares": self.least_squares,
        }

    @classmethod
    def of(
        cls,
        data: PreparedData | DataOnDisk,
        predicted: Callable[[str], Floats],
        outcome: Outcome,
        weights_sha256: str,
        start: Start | None = None,
    ) -> Self:
        """Measure a run that has `predicted` the rows of each part (rows,), by its name, in the order of `data`.

        What is recorded of it has six significant digits. The references on the test rows are made of all other rows,
        so they do not depend on the seed that draws the validation rows. The distance to the optimum is measured on
        the rows that SGD descends on.
        """
        train = Moments.of((rows.features, rows.target) for rows in data.blocks("train"))
        others = train + Moments.of((rows.features, rows.target) for rows in data.blocks("validation"))
        best = others.optimum
        test = _joined(rows.target for rows in data.blocks("test"))
        scores = {}
        for part in data.sizes:
            actual = test if part == "test" else _joined(rows.target for rows in data.blocks(part))
            scores[part] = Scores.of(actual, predicted(part))
        return cls(
            **scores,
            baseline=Scores.of(test, np.full(len(test), others.mean)),
            least_squares=Scores.of(test, _joined(best.predict(rows.features) for rows in data.blocks("test"))),
            least_training_mse=train.least_mse,
            distance_to_optimum=scores["train"]["mse"] - train.least_mse,
            largest_stable_learning_rate=train.curvature.largest_stable_learning_rate,
            status=outcome.status,
            epochs_run=outcome.epochs_run,
            parent_run=short(start.parent_sha256) if start else "random weights",
            start_update=start.update if start else 0,
            device=outcome.device,
            versions=outcome.versions,
            weights_sha256=weights_sha256,
        )


def _joined(blocks: Iterable[Floats]) -> Floats:
    return np.concatenate(list(blocks))


class RunInfo(Facts):
    """run_info.json: what differs from run to run."""

    weights_sha256: Hash
    trained: str
    seconds: float
    data: RawSource | None
