"""A row on its way through a network: what every unit receives and passes on, and which weights are the largest."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.arrays import Floats
from pipeline.network.layers import Layer, Weights, forward, unpacked

Places = NDArray[np.int64]


@dataclass(frozen=True)
class Passage:
    """One row in a network with n dense layers.

    `kernels` are the n kernels (inputs, units). `sums` are the pre-activations of each layer (units,): inputs · kernel
    + bias. `values` has one array more: the row itself (features,), then each layer's activations (units,).
    """

    layers: tuple[Layer, ...]
    kernels: tuple[Floats, ...]
    sums: tuple[Floats, ...]
    values: tuple[Floats, ...]

    @classmethod
    def of(cls, layers: Sequence[Layer], weights: Weights | Floats, row: Floats) -> "Passage":
        """Send a row (features,) through the layers; `weights` are flat, each layer's kernel and bias, in float64."""
        kernels = tuple(kernel for kernel, _ in unpacked(layers, weights.astype(np.float64)))
        sums, values = zip(*forward(layers, weights, row), strict=True)
        return cls(tuple(layers), kernels, sums, (row, *values))

    @property
    def prediction(self) -> float:
        """What the output unit gives, in units of the target."""
        return float(self.values[-1][0])

    def table(self, features: Sequence[str]) -> pd.DataFrame:
        """A row for each feature and each unit: layer, unit, pre-activation, activation, outgoing weight.

        A feature has no pre-activation, its activation is its value. `outgoing weight` is the largest by size of those
        that lead on; the output has none.
        """
        nothing = np.full(len(features), np.nan)
        columns = [("features", list(features), nothing)] + [
            (layer.name.replace("_", " "), [str(unit) for unit in range(1, layer.units + 1)], summed)
            for layer, summed in zip(self.layers, self.sums, strict=True)
        ]
        outgoing = [largest_outgoing(kernel) for kernel in self.kernels] + [np.full(len(self.values[-1]), np.nan)]
        return pd.concat(
            pd.DataFrame(
                {"layer": name, "unit": units, "pre-activation": summed, "activation": value, "outgoing weight": weight}
            )
            for (name, units, summed), value, weight in zip(columns, self.values, outgoing, strict=True)
        ).reset_index(drop=True)


def largest_outgoing(kernel: Floats) -> Floats:
    """Of the weights (inputs, units) that lead on from each input, the one that is the largest by size (inputs,)."""
    return np.take_along_axis(kernel, np.abs(kernel).argmax(axis=1)[:, np.newaxis], axis=1)[:, 0]


def strongest(passage: Passage, most: int) -> list[Places]:
    """The places of the features, and of each layer's units, that are drawn: at most so many each, in their order.

    These are the ones whose outgoing weights have the largest sum of squares; of the output, the first ones.
    """
    sizes = [np.sum(kernel**2, axis=1) for kernel in passage.kernels]
    sizes.append(np.zeros(len(passage.values[-1])))
    return [np.sort(np.argsort(-size, kind="stable")[:most]) for size in sizes]


def largest_weights(kernel: Floats, most: int) -> tuple[Places, Places]:
    """Where the weights of a kernel (inputs, units) are that are the largest by size, the smallest of them first."""
    order = np.argsort(-np.abs(kernel), axis=None, kind="stable")[:most][::-1]
    begins, ends = np.unravel_index(order, kernel.shape)
    return begins, ends
