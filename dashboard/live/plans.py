"""A run to train: its settings and table, sent to a worker as one line of JSON."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, Self, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import ValidationError

from pipeline.network.layers import Layer, Weights, predict
from pipeline.network.losses import LOSSES
from pipeline.network.sgd import updates_per_epoch
from pipeline.params import Normalize, Section, Train
from pipeline.params.messages import explain
from pipeline.safety.errors import UserError
from pipeline.tables.preparation import prepare
from pipeline.tables.prepared import PreparedData
from pipeline.tables.splits import check_batch_size

MAX_BATCH_LOSSES: Final = 100_000

AnySection = TypeVar("AnySection", bound=Section)


@dataclass(frozen=True, eq=False)
class Plan:
    """A run to train: the settings of two sections, the raw table, and the `data` that they prepare from it."""

    train: Train
    normalize: Normalize
    table: pd.DataFrame
    tfjs_test_rows: tuple[int, ...]
    data: PreparedData

    @classmethod
    def of(cls, train: Train, normalize: Normalize, table: pd.DataFrame, tfjs_test_rows: Sequence[int]) -> Self:
        """Prepare the raw `table` (rows, columns) as the stage normalize does.

        Raises `UserError` for what that stage would refuse, and for a batch larger than the training rows.
        """
        data = prepare(table, normalize, tfjs_test_rows)
        check_batch_size(train.batch_size, len(data.split.train))
        return cls(train, normalize, table[[*data.names, data.target_name]], tuple(tfjs_test_rows), data)

    @property
    def shape(self) -> dict[str, int]:
        """The sizes that determine, together with the settings, which program is compiled."""
        split = self.data.split
        return {"rows": len(split.train), "validation_rows": len(split.validation), "features": len(self.data.names)}

    @property
    def updates_per_epoch(self) -> int:
        """How many batches an epoch has; the last may be smaller."""
        return updates_per_epoch(len(self.data.split.train), self.train.batch_size)

    @property
    def epochs_in_detail(self) -> range:
        """The epochs of which a worker reports the loss of every batch: all, or every so many, or none if too large."""
        every = 1 + self.train.epochs * self.updates_per_epoch // MAX_BATCH_LOSSES
        return range(1, 1 + self.train.epochs if every <= self.train.epochs else 1, every)

    def training_loss(self, layers: Sequence[Layer], weights: Weights, loss: Literal["mse", "mae"]) -> float:
        """The loss of all training rows with these weights; infinite where it is too large for a float."""
        rows = self.data.part("train")
        with np.errstate(over="ignore"):
            return float(np.mean(LOSSES[loss].value(predict(layers, weights, rows.features) - rows.target)))

    def message(self) -> dict[str, Any]:
        """The plan as JSON values; `from_message` makes the same plan from them, bit for bit."""
        return {
            "train": self.train.model_dump(),
            "normalize": self.normalize.model_dump(),
            "columns": list(self.table.columns),
            "table": pack(self.table.to_numpy(np.float64)),
            "tfjs_test_rows": list(self.tfjs_test_rows),
        }

    @classmethod
    def from_message(cls, message: Mapping[str, Any]) -> Self:
        """Check the settings again, and prepare the rows again. Raises `UserError` with one line."""
        columns = message["columns"]
        table = pd.DataFrame(unpack(message["table"], "f8", len(columns)), columns=columns)
        train, normalize = section(Train, message["train"]), section(Normalize, message["normalize"])
        return cls.of(train, normalize, table, message["tfjs_test_rows"])


def section(kind: type[AnySection], values: object) -> AnySection:
    """Validate a section of params.yaml that came as plain values. Raises `UserError` with one line."""
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        raise UserError(f"{kind.__name__.lower()}: {explain(error, kind)}") from None


def encode(message: Mapping[str, Any]) -> bytes:
    """Write a message as one line of JSON, without NaN or Infinity."""
    return json.dumps(message, allow_nan=False).encode() + b"\n"


def pack(array: NDArray[np.floating[Any]]) -> str:
    """Write the exact bits of an array as text."""
    return base64.b64encode(array.astype(array.dtype.newbyteorder("<")).tobytes()).decode()


def unpack(text: str, kind: Literal["f4", "f8"], width: int) -> NDArray[Any]:
    """Read an array (rows, width) back from its text. Raises `ValueError` if the sizes do not fit."""
    return np.frombuffer(base64.b64decode(text, validate=True), f"<{kind}").reshape(-1, width)
