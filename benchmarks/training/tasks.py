"""A task that every peer gets: the rows, the settings and the initial weights, and what comes of training on them."""

import json
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from pipeline.arrays import Floats
from pipeline.network.initial import initial_state
from pipeline.network.layers import Layer, unpacked
from pipeline.network.sgd import row_orders, updates_per_epoch
from pipeline.params import HIDDEN_UNITS, Normalize, Train
from pipeline.params.editing import Value
from pipeline.record.store import ROOT, Store
from pipeline.suggestion.known import settings_of
from pipeline.tables import reading
from pipeline.tables.preparation import Rows, prepare

BOSTON: Final = 266
"""The number of training rows that stands for the Boston data; tables with other numbers of rows are made."""

FEATURES: Final = 12
Model = Literal["linear", "one_hidden", "two_hidden"]
HIDDEN_LAYERS: Final[dict[Model, int]] = {"linear": 0, "one_hidden": 1, "two_hidden": 2}


@dataclass(frozen=True)
class Job:
    """So many epochs of SGD on the mean squared error, over so many rows; `runs` of them, with seeds 0, 1, ...

    A quarter as many rows are for validation.
    """

    model: Model
    rows: int
    batch_size: int
    epochs: int
    runs: int = 1

    @property
    def name(self) -> str:
        """What this job is called in tables and files: `linear, 266 rows, batch 40`."""
        several = f", {self.runs} runs" if self.runs > 1 else ""
        return f"{self.model.replace('_', ' ')}, {self.rows:,} rows, batch {self.batch_size:,}{several}"

    @property
    def updates_per_epoch(self) -> int:
        """How many batches an epoch has."""
        return updates_per_epoch(self.rows, self.batch_size)


@dataclass(frozen=True)
class Task:
    """What a peer trains on: `weights` (parameters,) are the flat initial weights of `layers`, in float64."""

    train: Rows
    validation: Rows
    settings: Train
    layers: tuple[Layer, ...]
    weights: Floats
    runs: int = 1

    @classmethod
    def of(cls, job: Job, epochs: int) -> "Task":
        """Prepare a job."""
        given = {"model": job.model, "batch_size": job.batch_size, "epochs": epochs}
        settings = Train.model_validate({**_default("train"), **given})
        if job.rows == BOSTON:
            name = "boston_housing.csv"
            table = reading.parse((ROOT / "data" / name).read_bytes(), name)
            data = prepare(table, Normalize.model_validate(_default("normalize")), Store().tfjs_test_rows())
            train, validation = data.part("train"), data.part("validation")
        else:
            train, validation = made(job.rows), made(job.rows // 4, seed=1)
        layers = layers_of(job.model, train.features.shape[1])
        weights = initial_state(layers, settings.seed)
        return cls(train, validation, settings, layers, weights, job.runs)

    def orders(self) -> NDArray[np.int64]:
        """The order of the rows in every epoch, (epochs, rows); drawing it is part of the job."""
        return np.stack(list(islice(row_orders(len(self.train.target), self.settings.seed), self.settings.epochs)))

    def unpacked(self) -> list[tuple[Floats, Floats]]:
        """The initial kernel (inputs, units) and bias (units,) of each layer."""
        return list(unpacked(self.layers, self.weights))

    def write(self, folder: Path) -> None:
        """Write the task as a JSON file and arrays without a header, which a program in any language can read."""
        arrays = {
            "train_features": self.train.features,
            "train_target": self.train.target,
            "validation_features": self.validation.features,
            "validation_target": self.validation.target,
            "weights": self.weights,
        }
        for name, array in arrays.items():
            np.ascontiguousarray(array).tofile(folder / f"{name}.f64")
        self.orders().astype(np.int32).tofile(folder / "orders.i32")
        told = {
            "settings": self.settings.model_dump(mode="json"),
            "layers": [vars(layer) for layer in self.layers],
            "runs": self.runs,
        }
        (folder / "task.json").write_text(json.dumps(told))

    @classmethod
    def read(cls, folder: Path) -> "Task":
        """Read what `write` wrote."""
        told = json.loads((folder / "task.json").read_text())
        layers = tuple(Layer(**layer) for layer in told["layers"])

        def array(name: str) -> Floats:
            return np.fromfile(folder / f"{name}.f64")

        def rows(part: str) -> Rows:
            return Rows(array(f"{part}_features").reshape(-1, layers[0].inputs), array(f"{part}_target"))

        settings = Train.model_validate(told["settings"])
        return cls(rows("train"), rows("validation"), settings, layers, array("weights"), told["runs"])


@dataclass(frozen=True)
class Trained:
    """What a peer records: losses (epochs,) as Keras reports them, and `weights` (states, parameters), flat.

    The training loss is the mean over the batches, each measured before its update; None if a peer does not have it.
    The weights are those after every update for the linear model, else after every epoch; or only the last.
    """

    training_loss: Floats | None
    validation_loss: Floats
    weights: NDArray[np.float32] | Floats


def layers_of(model: Model, features: int) -> tuple[Layer, ...]:
    """The layers of a model of the project, without TensorFlow."""
    sizes = [features, *[HIDDEN_UNITS] * HIDDEN_LAYERS[model], 1]
    pairs = list(pairwise(sizes))
    return tuple(
        Layer(f"layer_{at}", inputs, units, "sigmoid" if at < len(pairs) else "linear")
        for at, (inputs, units) in enumerate(pairs, 1)
    )


def _default(section: str) -> dict[str, Value]:
    """The settings of the default run, whatever params.yaml holds."""
    values = settings_of("boston_housing").items()
    return {name.removeprefix(f"{section}."): value for name, value in values if name.startswith(f"{section}.")}


def made(rows: int, seed: int = 0) -> Rows:
    """Make a table of normalized features (rows, features), with targets (rows,) that are linear in them, and noise."""
    random = np.random.default_rng(seed)
    features = random.normal(size=(rows, FEATURES))
    return Rows(features, features @ np.arange(1, FEATURES + 1) / 5 + 20 + random.normal(size=rows))
