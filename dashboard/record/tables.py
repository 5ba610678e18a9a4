"""Tables that several pages draw or compare: weights with their optimum, runs number by number, what was changed."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.record.prepared import PreparedRows
from dashboard.text.numbers import format_setting
from dashboard.text.target import TargetFormat
from pipeline.network.layers import Layer, is_linear
from pipeline.network.linear import Optimum
from pipeline.params import LossName, Normalize, Train, value_name
from pipeline.params.editing import flat
from pipeline.record.metrics import COMPARED, mean_loss
from pipeline.record.schemas import Metrics
from pipeline.safety.files import short
from pipeline.tables.names import counted, distinct
from pipeline.tables.preparation import Rows

EFFECTS: Final = ("raises it", "lowers it")
"""What a weight, or a part of a prediction, does to the prediction."""


def weights_table(
    names: Sequence[str], layers: Sequence[Layer], weights: NDArray[np.float32], whole: Rows
) -> pd.DataFrame:
    """One row per feature, the largest first: weight, size and, for the linear model, sign and least-squares optimum.

    With hidden layers the weight is the root mean square of those that the feature has in the first, without a sign.
    `whole` are rows with the squared errors of all training rows.
    """
    first = layers[0]
    kernel = first.unpack(weights[: first.size].astype(float))[0]
    linear = is_linear(layers)
    weight = kernel[:, 0] if linear else np.sqrt(np.mean(kernel**2, axis=1))
    table = pd.DataFrame({"feature": list(names), "weight": weight, "size": np.abs(weight)})
    if linear:
        table["sign"] = np.where(weight >= 0, *EFFECTS)
        table["optimum"] = Optimum.of(whole.features, whole.target).weights
    return table.sort_values("size", ascending=False)


def weight_names(features: Sequence[str]) -> tuple[str, ...]:
    """What the weights of the linear model are called: as their features, and the bias, which has none."""
    return (*features, distinct("bias", features, "of the model"))


def parameter_names(layers: Sequence[Layer], features: Sequence[str]) -> list[str]:
    """What the flat weights of a network are called, in their order: as `weight_names` where it is linear."""
    if is_linear(layers):
        return list(weight_names(features))
    kinds = [
        (layer, kind, count)
        for layer in layers
        for kind, count in (("kernel", layer.inputs * layer.units), ("bias", layer.units))
    ]
    return [f"{layer.name} {kind} {index}" for layer, kind, count in kinds for index in range(count)]


EXPLODED: Final = 1_000
"""A loss so many times that at the start, or that of predicting the mean, has exploded, even where it is finite: pages
say that such a run diverged, and pictures leave it out of their scale."""

LINES_OF_REFERENCES: Final = "The dotted lines are losses of the training rows."
"""What a chart of losses says of the lines of `reference_losses`."""


def reference_losses(data: PreparedRows, loss: LossName) -> dict[str, float]:
    """The mean squared errors on the training rows that a run lies between; nothing for another loss."""
    if loss != "mse":
        return {}
    train = data.whole("mse")
    best = Optimum.of(train.features, train.target)
    return {**loss_of_the_mean(data, loss), "least squares": best.mse(train.features, train.target)}


def loss_of_the_mean(data: PreparedRows, loss: LossName) -> dict[str, float]:
    """The loss on the training rows of predicting the mean of their target, by its name in a chart."""
    target = data.whole(loss).target
    return {"predicting the mean": mean_loss(loss, target, np.full_like(target, target.mean()))}


def weights_title(data: PreparedRows, words: TargetFormat, linear: bool) -> str:
    """What the axis of the weights measures."""
    if not linear:
        return "root mean square of its weights"
    per = "per unit" if data.scaling.is_none else "per standard deviation"
    return f"{words.column(words.target).unit} {per}".strip()


def settings_of(train: Train, normalize: Normalize) -> dict[str, Any]:
    """The settings of a run by flat names such as `train.learning_rate`."""
    return flat({"train": train.model_dump(), "normalize": normalize.model_dump()})


class Beginning(NamedTuple):
    """Where a run begins: at an update of another, which `whose` names, or at update 0 with random weights."""

    update: int = 0
    whose: str = ""

    def __str__(self) -> str:
        return f"update {self.update:,} of {self.whose}" if self.update else "random weights"

    @classmethod
    def of(cls, update: int, sha256: str, names: Mapping[str, str] | None = None) -> Self:
        """The beginning at an update of the run with this hash of its weights, by its name in `names`, if it has one.

        Hashes, and the keys of `names`, may be cut; see `short`.
        """
        return cls(update, (names or {}).get(short(sha256), f"run {short(sha256)}"))


def changes(settings: Mapping[str, Any], base: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that are not those of `base`; one that `base` does not have is left out."""
    return {name: value for name, value in settings.items() if base.get(name, value) != value}


BRANCH: Final = "branch.begins"
"""Stands among the changed settings for the `Beginning` of a run, where that is another."""


def in_words(changed: Mapping[str, Any]) -> str:
    """Say what was changed: `learning rate 0.05, batch size 32`."""
    words = []
    for key, value in changed.items():
        if key == BRANCH:
            words.append(f"from {value}")
            continue
        section, name = key.split(".")
        shown = format_setting(value) if isinstance(value, float) else value_name(name, value)
        if isinstance(value, tuple | list):
            shown = counted(len(value), "column")
        words.append(f"{'split ' if section == 'normalize' and name == 'seed' else ''}{name.replace('_', ' ')} {shown}")
    return ", ".join(words) or "the same settings"


def compare(recorded: Metrics, tried: Metrics) -> pd.DataFrame:
    """Compare two runs' metrics: what, recorded, this run, and this run minus recorded."""
    table = pd.DataFrame({"what": list(COMPARED)})
    for name, metrics in (("recorded", recorded), ("this run", tried)):
        values = flat(metrics.model_dump())
        table[name] = pd.Series([values[key] for key, _ in COMPARED.values()], dtype="float64")
    table["difference"] = table["this run"] - table["recorded"]
    return table
