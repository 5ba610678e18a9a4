"""What the JSON files of data/run/ hold."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from pipeline.network.activations import ACTIVATIONS
from pipeline.params import Train
from pipeline.safety.schema import Count, Facts, Hash, Moment, Positive, Size
from pipeline.tables.schemas import Origin


class Layer(Facts):
    """A dense layer of training.json."""

    name: str
    inputs: Count
    units: Count
    activation: Literal[tuple(ACTIVATIONS)]  # type: ignore[valid-type]


class Hashes(Facts):
    """The SHA-256 of each file that training writes."""

    weights: Hash = Field(alias="weights.parquet")
    history: Hash = Field(alias="history.csv")
    predictions: Hash = Field(alias="predictions.csv")
    model: Hash = Field(alias="model.keras")


class Outcome(Facts):
    """How a run ended, and with what it was made."""

    status: Literal["completed", "stopped_early", "diverged"]
    epochs_run: Count
    device: str
    versions: dict[str, str]


class Training(Outcome):
    """training.json: the facts of a run that are the same for the same run."""

    settings: Train
    layers: Annotated[list[Layer], Field(min_length=1)]
    sha256: Hashes

    @model_validator(mode="after")
    def _layers_fit(self) -> Self:
        ends = [*(layer.inputs for layer in self.layers[1:]), 1]
        if [layer.units for layer in self.layers] != ends:
            raise ValueError("the units of each layer are not the inputs of the next, or the last is not one unit")
        if self.settings.model == "linear" and [layer.activation for layer in self.layers] != ["linear"]:
            raise ValueError("the layers are not those of the linear model")
        return self


class Scores(Facts):
    """The errors of a model on some rows; a target that never varies has no r2."""

    mse: Size
    rmse: Size
    mae: Size
    r2: float | None


class TestScores(Facts):
    """What is known of predicting the mean."""

    test: Scores


class LeastSquares(TestScores):
    """The linear model that fits best, on the rows it is fitted on and on the test rows."""

    train: Scores


class Curvature(Facts):
    """How steep the loss of a linear model is; collinear columns have no condition number."""

    largest_eigenvalue: Positive
    largest_stable_learning_rate: Positive
    condition_number: float | None


class LeastSquaresOfBoth(Facts):
    """Over the rows that SGD descends on, and over all training rows."""

    fit_rows: LeastSquares
    train_rows: LeastSquares


class CurvatureOfBoth(Facts):
    """Of the rows that SGD descends on, and of all training rows."""

    fit_rows: Curvature
    train_rows: Curvature


class Metrics(Outcome):
    """metrics.json: the scores of a run, and the references beside which they mean something."""

    train: Scores
    validation: Scores
    test: Scores
    baseline: TestScores
    optimum: LeastSquaresOfBoth
    distance_to_optimum: float
    curvature: CurvatureOfBoth
    weights_sha256: Hash


class Circumstances(Facts):
    """circumstances.json: what varies from run to run."""

    weights_sha256: Hash
    trained: Moment
    seconds: Size
    data: Origin | None
