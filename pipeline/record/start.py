"""Where a run begins that goes on from another: the file start.json, which git keeps beside params.yaml."""

import json
from collections.abc import Sequence
from typing import Annotated, Final, Self

import numpy as np
from pydantic import Field, ValidationError, model_validator

from pipeline.arrays import Floats
from pipeline.network.layers import Layer
from pipeline.network.sgd import updates_per_epoch
from pipeline.params import LossName
from pipeline.safety.errors import UserError
from pipeline.safety.files import json_bytes
from pipeline.safety.schema import Facts, Hash, Numbers
from pipeline.tables.scaling import Scaling

START: Final = "start.json"

INSTEAD: Final = f"to begin with random weights, write {{}} into {START}; or branch again on the page Train"

Count = Annotated[int, Field(ge=0, lt=2**53)]


class Start(Facts):
    """The state of a run after one of its updates, to the last bit: whoever goes on from here repeats it or branches.

    `parent` is the hash of the parent's weights.parquet, `update` counts from the parent's random weights, through all
    branches before. `epoch` epochs are complete, and of the next one `rows` rows are done, with the losses of their
    batches, each times its rows, adding up to `loss`. `best_epoch` had the lowest validation loss so far. Both are of
    the kind `measured_as`. `weights`
    (parameters,) are flat, in float64, for the features in `scaling`, and so is the `velocity` (parameters,) that
    momentum carries over.
    """

    parent: Hash
    update: Count
    epoch: Count
    rows: Count
    measured_as: LossName
    loss: float
    best_epoch: Count
    best_validation_loss: float | None
    training_rows: Count
    model: str
    features: tuple[str, ...]
    layers: tuple[Layer, ...]
    scaling: Scaling
    weights: Numbers
    velocity: Numbers

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        parameters = sum(layer.size for layer in self.layers)
        if len(self.weights) != parameters or len(self.velocity) < parameters or self.rows >= self.training_rows:
            raise ValueError("its parts do not fit each other")
        if self.update < self.epoch + (self.rows > 0) or self.best_epoch > self.epoch:
            raise ValueError("its numbers of updates and epochs do not fit each other")
        if not np.all(self.scaling.deviation > 0):
            raise ValueError("a standard deviation is not above 0")
        if not len(self.features) == len(self.scaling.mean) == len(self.scaling.deviation) == self.layers[0].inputs:
            raise ValueError("its features do not fit its layers")
        return self

    @property
    def state(self) -> Floats:
        """The weights, then what the optimizer carries over: (2 * parameters,)."""
        return np.concatenate([self.weights, self.velocity])

    @property
    def sha256(self) -> str:
        """The hash of the parent's weights."""
        return self.parent

    def fit(self, model: str, features: Sequence[str], training_rows: int, epochs: int) -> None:
        """Raise `UserError` unless a run of this model with these features, rows and epochs can go on from here."""
        if model != self.model:
            raise UserError(f"{START} holds weights of another model than train.model names; {INSTEAD}")
        if tuple(features) != self.features:
            raise UserError(f"{START} holds weights of other features than normalize.features names; {INSTEAD}")
        if training_rows != self.training_rows:
            raise UserError(
                f"{START} comes from a run on {self.training_rows} training rows, but there are {training_rows} now; "
                f"{INSTEAD}"
            )
        if epochs <= self.epoch:
            raise UserError(
                f"train.epochs is {epochs}, but {START} begins after epoch {self.epoch}: set epochs to a larger number"
            )

    def scaled_as(self, scaling: Scaling) -> Self:
        """The same state for features in another scaling: the predictions are the same."""
        if np.array_equal(scaling.mean, self.scaling.mean) and np.array_equal(
            scaling.deviation, self.scaling.deviation
        ):
            return self
        weights, velocity = (self._rescaled(flat, scaling) for flat in (self.weights, self.velocity))
        return self.model_copy(update={"scaling": scaling, "weights": weights, "velocity": velocity})

    def _rescaled(self, flat: Floats, scaling: Scaling) -> Floats:
        first = self.layers[0]
        kernel, bias = first.unpack(flat[: first.size])
        per_raw = kernel / self.scaling.deviation[:, np.newaxis]
        bias = bias + (scaling.mean - self.scaling.mean) @ per_raw
        return np.concatenate([(per_raw * scaling.deviation[:, np.newaxis]).ravel(), bias, flat[first.size :]])


def read_start(content: bytes) -> Start | None:
    """Read start.json: `None` stands for random weights. Raises `UserError` that says what to do."""
    try:
        return None if json.loads(content.decode()) == {} else Start.model_validate_json(content)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the whole"
        raise UserError(
            f"{START} does not hold a moment of a run (at {place}: {first['msg'].lower()}); {INSTEAD}"
        ) from None
    except (ValueError, RecursionError) as error:
        raise UserError(f"{START} is not valid JSON ({error}); {INSTEAD}") from None


def text_of(start: Start | None) -> str:
    """What start.json holds to begin there."""
    return json_bytes(start).decode() if start else "{}\n"


def position(update: int, start: Start | None, rows: int, batch_size: int) -> tuple[int, int]:
    """How many epochs are complete, and how many rows of the next are done, after `update` updates.

    The run has so many training `rows` and began at `start`, or with random weights, from which updates count.
    """
    whole = updates_per_epoch(rows, batch_size)
    if start is None:
        return update // whole, update % whole * batch_size
    later = update - start.update
    left = updates_per_epoch(rows - start.rows, batch_size) if start.rows else 0
    if later < left:
        return start.epoch, start.rows + later * batch_size
    later -= left
    return start.epoch + (left > 0) + later // whole, later % whole * batch_size


def updates_between(start: Start | None, epochs: int, rows: int, batch_size: int) -> int:
    """How many updates lead from `start`, or from random weights, to the end of epoch number `epochs`."""
    whole = updates_per_epoch(rows, batch_size)
    if start is None:
        return epochs * whole
    left = updates_per_epoch(rows - start.rows, batch_size) if start.rows else 0
    return (epochs - start.epoch - (left > 0)) * whole + left
