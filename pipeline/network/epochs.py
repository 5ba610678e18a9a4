"""Epochs of SGD on a linear model's mean squared error, as the affine maps that they are.

One update is affine in the weights and the velocity: the batch's Hessian turns them, the residuals of the optimum move
them. So is an epoch, and the order of the rows decides which map it is. A run's distribution over seeds follows by
applying such maps one after another: no data, no gradient, a product of small matrices for each epoch.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.random import Generator

from pipeline.arrays import Floats
from pipeline.network.linear import Optimum, hessian
from pipeline.network.sgd import update, updates_per_epoch
from pipeline.params import Train

_MIN_ORDERS: Final = 8
_WORK: Final = 1e9
"""About the number of multiplications that may go into the maps, and again into the runs: half a second."""
_FACTORS: Final = (16, 300)
"""How many blocks make a run, at most: fewer where the tables are wide and the rates many."""


@dataclass(frozen=True)
class UpdateMaps:
    """What blocks of `updates` updates do to the distance from the optimum, for some rates and orders of the rows.

    A state is the weights and the bias minus the optimum's (features + 1,), with momentum followed by their velocity.
    `matrices` (rates, orders, state, state) turn it, `offsets` (rates, orders, state) are added. A block is an epoch,
    or a part of one where an epoch would take too long.
    """

    matrices: Floats
    offsets: Floats
    updates: int

    @classmethod
    def of(
        cls,
        features: Floats,
        target: Floats,
        settings: Train,
        rates: Sequence[float],
        generator: Generator,
        most_orders: int,
        most_updates: int | None = None,
        least_squares: tuple[Optimum, Floats] | None = None,
    ) -> "UpdateMaps":
        """Multiply out what SGD with these settings, but each of `rates` (rates,), does to the rows in random orders.

        `features` have the shape (rows, features), `target` (rows,). There are `most_orders` orders, a power of two, or
        fewer where so many would take too long. A block has `most_updates`, or as many as an epoch. `least_squares` are
        the optimum and the Hessian of all rows, where they are known.

        Half of the orders are the others reversed, and the offsets are centred: if all batches had the Hessian of all
        rows, their mean would be zero. Both make few orders stand for all. An overflow leaves infinity or NaN.
        """
        optimum, curvature = least_squares or (Optimum.of(features, target), hessian(features))
        residuals = target - optimum.predict(features)
        count, size = len(features), features.shape[1] + 1
        batch = min(settings.batch_size, count)
        state = 2 * size if settings.momentum else size
        updates, orders = _affordable(
            min(updates_per_epoch(count, batch), most_updates or count),
            size * (2 * batch * size + len(rates) * state * (2 * size + 20)),
            most_orders,
        )
        if batch == count:
            orders = 1
        taken = min(updates * batch, count)
        drawn = np.stack([generator.choice(count, taken, replace=False) for _ in range(-(-orders // 2))])
        drawn = np.concatenate([drawn, drawn[:, ::-1]])[:orders]
        # One column for each number of the state, one for the offset, one for it if all batches were curved alike.
        weights = np.zeros((len(rates), orders, size, state + 2))
        velocity = np.zeros_like(weights)
        weights[..., :size, :size] = np.eye(size)
        if settings.momentum:
            velocity[..., :, size:state] = np.eye(size)
        step = np.reshape(rates, (-1, 1, 1, 1))
        with np.errstate(over="ignore", invalid="ignore"):
            for begin in range(0, taken, batch):
                rows = drawn[:, begin : begin + batch]
                x, r = np.insert(features[rows], size - 1, 1.0, axis=-1), residuals[rows]
                share = 2 / r.shape[1] * x.swapaxes(-1, -2)
                gradient = share @ x @ weights
                gradient[..., -1:] = curvature @ weights[..., -1:]
                gradient[..., -2:] -= share @ r[..., np.newaxis]
                weights, velocity = update(weights, velocity, gradient, step, settings.momentum, settings.nesterov)
            maps = np.concatenate([weights, velocity], axis=-2) if settings.momentum else weights
            offsets = maps[..., -2] - maps[..., -1].mean(axis=1, keepdims=True)
        return cls(maps[..., :-2], offsets, updates)

    def doubled(self, generator: Generator) -> "UpdateMaps":
        """Make blocks twice as long, each a random pair of these."""
        order = generator.permutation(self.matrices.shape[1])
        matrices, offsets = self.matrices[:, order], self.offsets[:, order]
        moved = (matrices @ self.offsets[..., np.newaxis])[..., 0] + offsets
        return UpdateMaps(matrices @ self.matrices, moved, 2 * self.updates)

    def after(self, updates: int, states: Floats, generator: Generator) -> Floats:
        """Where runs (rates, runs, state) are after about so many updates, each in random orders of its own.

        The number of runs is a multiple of the number of orders. A run that has overflowed is infinite or NaN.
        """
        with np.errstate(over="ignore", invalid="ignore"):
            blocks = max(1, round(updates / self.updates))
            rates, runs, size = states.shape
            if blocks > np.clip(_WORK / (states.size * size), *_FACTORS):
                return self.doubled(generator).after(updates, states, generator)
            orders = self.matrices.shape[1]
            turned, offsets = self.matrices.swapaxes(-1, -2), self.offsets[:, :, np.newaxis]
            place = np.arange(runs)  # of each run among the states
            for _ in range(blocks):
                order = generator.permutation(runs)
                mixed = states[:, place[order]].reshape(rates, orders, runs // orders, size)
                states, place = (mixed @ turned + offsets).reshape(rates, runs, size), np.argsort(order)
        return states[:, place]


def _affordable(updates: int, work: int, most_orders: int) -> tuple[int, int]:
    """How many updates make a block, and in how many orders, when one update in one order is so much work."""
    most = max(1, int(_WORK / work))
    if most >= updates * most_orders:
        return updates, most_orders
    block = max(1, min(updates, most // _MIN_ORDERS))
    return block, max(_MIN_ORDERS, 2 ** int(np.log2(max(1, min(most_orders, most // block)))))
