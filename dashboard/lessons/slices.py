"""A flat cut through the loss of the whole linear model, and the real path of a run as it falls on that cut."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dashboard.lessons.surfaces import Surface
from pipeline.arrays import Floats
from pipeline.network.linear import Optimum, design_matrix, hessian
from pipeline.params import LossName
from pipeline.tables.preparation import Rows


@dataclass(frozen=True)
class Slice:
    """A plane in the space of all weights (bias last) through the least-squares optimum.

    `axes` (parameters, 2) are orthonormal; `centre` (2,) are the coordinates of the optimum: 0 along a direction of
    curvature, its own value along a weight. On the plane the drawn loss is exact: it is that of the model whose other
    weights are least squares. A run's weights lie off the plane: their point on it is the nearest one.
    """

    names: tuple[str, str]
    optimum: Floats
    axes: Floats
    centre: Floats
    surface: Surface

    def project(self, weights: Floats) -> Floats:
        """The coordinates (updates, 2) of the points of the plane nearest to `weights` (updates, parameters)."""
        return (weights - self.optimum) @ self.axes + self.centre

    def distances(self, weights: Floats) -> Floats:
        """How far (updates,) `weights` (updates, parameters) lie off the plane."""
        away = weights - self.optimum
        distances: Floats = np.linalg.norm(away - away @ self.axes @ self.axes.T, axis=1)
        return distances


@dataclass(frozen=True)
class QuadraticSurface:
    """The mean squared error of a linear model around its optimum: `optimum` (parameters,), bias last.

    Along each column of `directions` (parameters, parameters) it curves by one of `curvatures`, the largest first.
    """

    optimum: Floats
    directions: Floats
    curvatures: Floats

    @classmethod
    def of(cls, rows: Rows) -> "QuadraticSurface":
        """Solve least squares, and take the Hessian 2/n X'X with X = [features, 1] apart into its eigenvectors."""
        best = Optimum.of(rows.features, rows.target)
        values, vectors = np.linalg.eigh(hessian(rows.features))
        largest = np.argmax(np.abs(vectors), axis=0)
        vectors = vectors * np.sign(vectors[largest, np.arange(len(values))])  # else the sign is the library's whim
        return cls(best.parameters, vectors[:, ::-1], np.maximum(values[::-1], 0.0))


def along_weights(rows: Rows, names: Sequence[str], pair: tuple[int, int], loss: LossName) -> Slice:
    """Cut along two weights; `names` (parameters,) are those of the features and of the bias, `pair` two positions."""
    bowl = QuadraticSurface.of(rows)
    axes = np.eye(len(bowl.optimum))[:, list(pair)]
    return _cut(rows, bowl, (names[pair[0]], names[pair[1]]), axes, bowl.optimum[list(pair)], loss)


def along_curvature(rows: Rows, loss: LossName) -> Slice:
    """Cut along the directions in which the mean squared error curves most and least."""
    bowl = QuadraticSurface.of(rows)
    axes = bowl.directions[:, [-1, 0]]
    return _cut(rows, bowl, ("flattest direction", "steepest direction"), axes, np.zeros(2), loss)


def _cut(
    rows: Rows, bowl: QuadraticSurface, names: tuple[str, str], axes: Floats, centre: Floats, loss: LossName
) -> Slice:
    design = design_matrix(rows.features)
    elsewhere = design @ (bowl.optimum - axes @ centre)
    return Slice(names, bowl.optimum, axes, centre, Surface(design @ axes, rows.target - elsewhere, loss))
