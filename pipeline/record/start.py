"""Where a run begins that goes on from another: the file start.json, which git keeps beside params.yaml."""

import json
from collections.abc import Sequence
from typing import Annotated, Final, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, ValidationError, model_validator

from pipeline.arrays import Floats
from pipeline.network.layers import Layer, size_of
from pipeline.network.sgd import updates_per_epoch
from pipeline.params import LossName, Train
from pipeline.record.runs import path_interval
from pipeline.safety.errors import UserError
from pipeline.safety.files import first_fault, json_bytes, sha256
from pipeline.safety.schema import Facts, Hash, Numbers
from pipeline.tables.scaling import Scaling

START: Final = "start.json"

RANDOM: Final = f"to begin with random weights, write {{}} into {START}"
INSTEAD: Final = f"{RANDOM}; or branch again on the page Train"

Count = Annotated[int, Field(ge=0, lt=2**53)]


class RunKind(Facts):
    """What a branch has in common with its parent.

    `features` are the model's inputs, and `rows_sha256` is the hash of the training rows, in their order.
    """

    model: str
    target: str
    features: tuple[str, ...]
    rows_sha256: Hash

    @classmethod
    def of(cls, train: Train, target: str, inputs: Sequence[str], rows: NDArray[np.int64]) -> Self:
        """The kind of a run with these settings and inputs on these training `rows` (rows,) of its table."""
        digest = sha256(np.ascontiguousarray(rows, "<i8").tobytes())
        return cls(model=train.model, target=target, features=tuple(inputs), rows_sha256=digest)


def obstacle(kind: RunKind, epoch: int, wanted: RunKind, epochs: int) -> str | None:
    """Say why a run of the `wanted` kind, of so many epochs, cannot go on from one after `epoch`, or nothing."""
    for name in ("model", "target", "features"):
        mine, theirs = getattr(wanted, name), getattr(kind, name)
        if mine != theirs:
            shown = [value if isinstance(value, str) else f"{len(value)} columns" for value in (theirs, mine)]
            return f"its parent has the {name} {shown[0]}, not {shown[1] if shown[0] != shown[1] else 'these'}"
    if kind.rows_sha256 != wanted.rows_sha256:
        return "its parent was trained on other rows"
    return f"it begins after epoch {epoch:,}, so train.epochs must be more than that" if epochs <= epoch else None


class Start(Facts):
    """The state of a run after one of its updates, to the last bit: whoever goes on from here repeats it or branches.

    `parent_sha256` is the hash of the parent's weights.parquet, `update` counts from the parent's random weights,
    through all branches before. `epoch` epochs are complete, and of the next one `rows` rows are done. For the last
    `loss_rows` of these, the losses of the batches, each times its rows, add up to `loss`. `best_epoch` had the lowest
    validation loss so far. Both losses are the one called `measured_as`. `weights` and the `velocity` that momentum
    carries over, both (parameters,), are flat, in float64, for the features in `scaling`.
    """

    parent_sha256: Hash
    update: Count
    epoch: Count
    rows: Count
    measured_as: LossName
    loss: float
    loss_rows: Count
    best_epoch: Count
    best_validation_loss: float | None
    training_rows: Count
    kind: RunKind
    layers: tuple[Layer, ...]
    scaling: Scaling
    weights: Numbers
    velocity: Numbers

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if not len(self.weights) == len(self.velocity) == size_of(self.layers):
            raise ValueError("its weights do not fit its layers")
        if not self.loss_rows <= self.rows < self.training_rows:
            raise ValueError("its numbers of rows do not fit each other")
        if self.update < self.epoch + (self.rows > 0) or self.best_epoch > self.epoch:
            raise ValueError("its numbers of updates and epochs do not fit each other")
        if not np.all(self.scaling.deviation > 0):
            raise ValueError("a standard deviation is not above 0")
        if (
            not len(self.kind.features)
            == len(self.scaling.mean)
            == len(self.scaling.deviation)
            == self.layers[0].inputs
        ):
            raise ValueError("its features do not fit its layers")
        return self

    @property
    def state(self) -> Floats:
        """The weights, then the velocity: (2 * parameters,)."""
        return np.concatenate([self.weights, self.velocity])

    def updates_left(self, batch_size: int) -> int:
        """How many updates what is left of the epoch under way has; none where it begins with a whole one."""
        return updates_per_epoch(self.training_rows - self.rows, batch_size) if self.rows else 0

    def fit(self, wanted: RunKind, epochs: int, layers: Sequence[Layer] | None = None) -> None:
        """Raise `UserError` unless a run of the kind that is `wanted`, of so many epochs, can go on from here.

        Where the `layers` of its model are known, they have to be the same.
        """
        problem = obstacle(self.kind, self.epoch, wanted, epochs)
        if problem is None and layers is not None and tuple(layers) != self.layers:
            problem = f"the model {wanted.model} had other layers then"
        if problem:
            raise UserError(f"{START} holds a branch that cannot go on: {problem}; {INSTEAD}")

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
        raise UserError(f"{START} does not hold a moment of a run ({first_fault(error)}); {INSTEAD}") from None
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
    later, left = update - start.update, start.updates_left(batch_size)
    if later < left:
        return start.epoch, start.rows + later * batch_size
    later -= left
    return start.epoch + (left > 0) + later // whole, later % whole * batch_size


def updates_between(start: Start | None, epochs: int, rows: int, batch_size: int) -> int:
    """How many updates lead from `start`, or from random weights, to the end of epoch number `epochs`."""
    whole = updates_per_epoch(rows, batch_size)
    if start is None:
        return epochs * whole
    if epochs <= start.epoch:  # it diverged in the epoch that it began in
        return 0
    left = start.updates_left(batch_size)
    return (epochs - start.epoch - (left > 0)) * whole + left


def kept_every(settings: Train, start: Start | None, rows: int) -> int:
    """Every how many updates the weights of a run of the linear model are kept; see `path_interval`.

    The run has so many training `rows`, and begins at `start` or with random weights.
    """
    updates = updates_between(start, settings.epochs, rows, settings.batch_size)
    return path_interval(updates, settings.epochs)
