"""What the JSON files of data/run/ hold."""

from pipeline.network.layers import Layer
from pipeline.params import Train
from pipeline.record.runs import Status
from pipeline.record.scores import Scores
from pipeline.safety.schema import Facts, Figure, Hash
from pipeline.tables.schemas import Origin


class Outcome(Facts):
    """How a run ended, and with what it was made; a run tried on a page may be stopped before its first epoch."""

    status: Status
    epochs_run: int
    device: str
    versions: dict[str, str]


class Training(Outcome):
    """training.json: the facts of a run that are the same for the same run, and the hash of each file by its name."""

    settings: Train
    layers: tuple[Layer, ...]
    sha256: dict[str, Hash]

    @property
    def weights_sha256(self) -> str:
        """The hash of the recorded weights, which tells one run from another."""
        return self.sha256["weights.parquet"]


class Metrics(Outcome):
    """metrics.json: the scores of a run, and the references that they are compared with.

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
    weights_sha256: Hash


class RunInfo(Facts):
    """run_info.json: what differs from run to run."""

    weights_sha256: Hash
    trained: str
    seconds: float
    data: Origin | None
