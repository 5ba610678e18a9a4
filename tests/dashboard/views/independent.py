"""What the pages must show of the Boston data and of a recorded linear run, computed in numpy from the files alone."""

import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Array = NDArray[np.float64]

TARGET: Final = "medv"
NAMES: Final = ("crim", "zn", "indus", "chas", "nox", "rm", "age", "dis", "rad", "tax", "ptratio", "lstat")
"""The features, in the order of the columns of X."""

NOUNS: Final = {
    "crim": "crime rate",
    "zn": "large lots",
    "indus": "industry",
    "chas": "river",
    "nox": "nitric oxides",
    "rm": "rooms",
    "age": "old homes",
    "dis": "distance to work",
    "rad": "highways",
    "tax": "property tax",
    "ptratio": "pupils per teacher",
    "b": "racial index",
    "lstat": "lower status",
    "medv": "median price",
}


def title(name: str) -> str:
    """What the pages call a column: `rooms (rm)`; the bias is none."""
    return f"{NOUNS[name]} ({name})" if name in NOUNS else name


def with_ones(features: Array) -> Array:
    """The features and a column of ones for the bias, which comes last."""
    design: Array = np.column_stack([features, np.ones(len(features))])
    return design


def least_squares(features: Array, target: Array) -> Array:
    """The weights, then the bias, of the linear model with the least mean squared error on these rows."""
    found: Array = np.linalg.lstsq(with_ones(features), target, rcond=None)[0].astype(float)
    return found


def applied(weights: Array, features: Array) -> Array:
    """What a linear model predicts: `weights` has the bias last."""
    predicted: Array = features @ weights[:-1] + weights[-1]
    return predicted


def scores(actual: Array, predicted: Array) -> dict[str, float]:
    """MSE, RMSE, MAE and R² of predictions."""
    off = actual - predicted
    mse = float(off @ off / len(off))
    around_mean = actual - actual.mean()
    return {
        "mse": mse,
        "rmse": mse**0.5,
        "mae": float(np.abs(off).sum() / len(off)),
        "r2": float(1 - off @ off / (around_mean @ around_mean)),
    }


def hessian(features: Array) -> Array:
    """The second derivatives of the mean squared error of a linear model with a bias: 2/n X'X."""
    design = with_ones(features)
    found: Array = 2 / len(design) * (design.T @ design)
    return found


class Boston:
    """The table, its split, its normalized features and the references, from the files of the project at `root`.

    `rows` has the row numbers by part: train, validation, test, and fitted: training and validation rows together.
    `statistics_from` names the part for the means and standard deviations.
    """

    def __init__(self, root: Path, seed: int = 0, statistics_from: str = "train") -> None:
        self.table = pd.read_csv(root / "data" / "boston_housing.csv")
        test = json.loads((root / "data" / "tfjs_split.json").read_text(encoding="utf-8"))["test_rows"]
        others = [row for row in range(len(self.table)) if row not in set(test)]
        shuffled = np.random.default_rng(seed).permutation(others)
        fit = len(others) * 4 // 5
        self.rows: Mapping[str, NDArray[np.int64]] = {
            "train": shuffled[:fit],
            "validation": shuffled[fit:],
            "test": np.array(test),
            "fitted": shuffled,
        }
        self.raw: Array = self.table[list(NAMES)].to_numpy(float)
        self.target: Array = self.table[TARGET].to_numpy(float)
        measured = self.raw[self.rows[statistics_from]]
        self.mean, self.deviation = measured.mean(axis=0), measured.std(axis=0, ddof=0)
        self.features: Array = (self.raw - self.mean) / self.deviation
        """All rows, normalized."""

    def part(self, name: str) -> tuple[Array, Array]:
        """Normalized features and target of one part."""
        return self.features[self.rows[name]], self.target[self.rows[name]]

    def optimum(self, part: str) -> Array:
        """The least-squares weights, then the bias, on a part."""
        return least_squares(*self.part(part))

    def scores(self, weights: Array, part: str) -> dict[str, float]:
        """The metrics of a linear model on a part."""
        features, target = self.part(part)
        return scores(target, applied(weights, features))

    def mean_scores(self, part: str, of: str = "fitted") -> dict[str, float]:
        """The metrics on a part of predicting the mean target of the rows `of` everywhere."""
        target = self.target[self.rows[part]]
        return scores(target, np.full(len(target), self.target[self.rows[of]].mean()))


class LinearRun:
    """A recorded linear run: the weights after each update, and the history, as the files have them."""

    def __init__(self, root: Path) -> None:
        run = root / "data" / "run"
        weights = pd.read_parquet(run / "weights.parquet")
        self.epochs: NDArray[np.int64] = weights["epoch"].to_numpy(np.int64)
        """The epoch of each update: the first is epoch 0, before any update."""
        self.weights: Array = np.stack(weights["weights"].to_list()).astype(float)
        """The weights (moments, features + 1), the bias last."""
        self.history = pd.read_csv(run / "history.csv")
        self.settings: dict[str, Any] = json.loads((run / "training.json").read_text(encoding="utf-8"))["settings"]

    @cached_property
    def last(self) -> Array:
        """The weights at the end."""
        found: Array = self.weights[-1]
        return found

    def after(self, epoch: int) -> Array:
        """The weights after an epoch."""
        found: Array = self.weights[np.flatnonzero(self.epochs == epoch)[-1]]
        return found


def written(value: float, digits: int = 3) -> str:
    """A number as people write it, with so many digits that count."""
    return f"{'−' if value < 0 else ''}{float(f'{abs(value):.{digits}g}'):,.12g}"


def dollars(value: float, digits: int = 3) -> str:
    """An amount in $1000 as people write it, without its sign: `$22,700`."""
    return f"${float(f'{abs(value) * 1000:.{digits}g}'):,.0f}"


def signed_dollars(value: float) -> str:
    """A change in $1000 with its sign: `+$2,500`."""
    return f"{'+' if value >= 0 else '−'}{dollars(value)}"
