"""What the JSON files of data/run/ hold."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from pipeline.network.activations import ACTIVATIONS
from pipeline.network.layers import Layer
from pipeline.params import Train
from pipeline.record.runs import Status
from pipeline.record.scores import Scores
from pipeline.safety.schema import MAX_EPOCHS, Count, Facts, Figure, Hash, Moment, Size
from pipeline.tables.schemas import Origin


class Hashes(Facts):
    """The SHA-256 of each file that training writes."""

    weights: Hash = Field(alias="weights.parquet")
    history: Hash = Field(alias="history.csv")
    predictions: Hash = Field(alias="predictions.csv")
    model: Hash = Field(alias="model.keras")

    def of(self, path: str) -> str:
        """The hash of the file at a path such as `data/run/history.csv`."""
        return str(self.model_dump(by_alias=True)[Path(path).name])


class Outcome(Facts):
    """How a run ended, and with what it was made; a run tried on a page may be stopped before its first epoch."""

    status: Status
    epochs_run: Annotated[int, Field(ge=0, le=MAX_EPOCHS)]
    device: str
    versions: dict[str, str]


class Training(Outcome):
    """training.json: the facts of a run that are the same for the same run."""

    epochs_run: Count
    settings: Train
    layers: Annotated[tuple[Layer, ...], Field(min_length=1)]
    sha256: Hashes

    @model_validator(mode="after")
    def _layers_fit(self) -> Self:
        ends = [*(layer.inputs for layer in self.layers[1:]), 1]
        if [layer.units for layer in self.layers] != ends or not 1 <= self.layers[0].inputs <= 10_000:
            raise ValueError("the units of each layer are not the inputs of the next, or the last is not one unit")
        if not all(1 <= layer.units <= 10_000 and layer.activation in ACTIVATIONS for layer in self.layers):
            raise ValueError("a layer has a size or an activation that no model of this project has")
        if self.settings.model == "linear" and [layer.activation for layer in self.layers] != ["linear"]:
            raise ValueError("the layers are not those of the linear model")
        return self


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
    largest_stable_learning_rate: Annotated[Figure, Field(gt=0)]
    weights_sha256: Hash


class RunInfo(Facts):
    """run_info.json: what differs from run to run."""

    weights_sha256: Hash
    trained: Moment
    seconds: Size
    data: Origin | None
