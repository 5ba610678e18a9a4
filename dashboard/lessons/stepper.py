"""SGD one update at a time, over kernel and bias: the same steps as `descend`, in plain numpy."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from dashboard.lessons.surfaces import Surface
from pipeline.arrays import Floats
from pipeline.network.sgd import update
from pipeline.params import Train

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Walk:
    """A run on a surface, every update of it. Entry 0 is the start, entry n what update n left.

    `positions` (updates + 1, 2) are kernel and bias, `losses` (updates + 1,) and `gradients` (updates + 1, 2) are over
    all rows; `batch_gradients` (updates, 2) are those each update followed. When a number grew too large for a float,
    `overflowed`, the walk ends before it.
    """

    positions: Floats
    losses: Floats
    gradients: Floats
    batch_gradients: Floats
    overflowed: bool

    @property
    def updates(self) -> int:
        """How many updates were taken."""
        return len(self.batch_gradients)


def batches(rows: int, size: int, seed: int) -> Iterator[Rows]:
    """Deal `rows` rows into batches without an end: a new order every epoch, the last batch of one may be smaller."""
    for order in orders(rows, seed):
        for start in range(0, rows, size):
            yield order[start : start + size]


def orders(rows: int, seed: int) -> Iterator[Rows]:
    """The order of the rows in epoch 1, 2, ... for this seed, as `descend` draws it."""
    generator = np.random.default_rng(seed)
    while True:
        yield generator.permutation(rows)


def walk(surface: Surface, start: Sequence[float] | Floats, settings: Train, updates: int) -> Walk:
    """Take `updates` steps of SGD from `start`, and say at each where it is on the surface of all rows.

    The surface's own loss counts; of `settings` the learning rate, momentum, nesterov, batch size and seed do.
    """
    positions, batch_gradients = path(surface, start, settings, updates)
    losses, gradients = surface.losses(positions), surface.gradients(positions)
    finite = np.isfinite(losses) & np.isfinite(gradients).all(axis=1)
    kept = len(finite) if finite.all() else max(1, int(np.argmin(finite)))
    return Walk(
        positions=positions[:kept],
        losses=losses[:kept],
        gradients=gradients[:kept],
        batch_gradients=batch_gradients[: kept - 1],
        overflowed=kept <= updates,
    )


def path(surface: Surface, start: Sequence[float] | Floats, settings: Train, updates: int) -> tuple[Floats, Floats]:
    """The positions (updates + 1, numbers) of such steps, and the gradient (updates, numbers) that each followed.

    It ends before the first position that is not finite.
    """
    rows = len(surface.target)
    rule = settings.learning_rate, settings.momentum, settings.nesterov
    positions = np.empty((updates + 1, len(start)))
    gradients = np.empty((updates, len(start)))
    position, velocity = np.array(start, np.float64), np.zeros(len(start))
    positions[0], taken = position, 0
    with np.errstate(over="ignore", invalid="ignore"):
        for epoch in _epochs(rows, settings, updates):
            shuffled = surface.of_rows(epoch)  # once an epoch, so that each batch is a slice
            for first in range(0, len(epoch), settings.batch_size):
                gradient = shuffled.batch_gradient(position, slice(first, first + settings.batch_size))
                position, velocity = update(position, velocity, gradient, *rule)
                gradients[taken], positions[taken + 1] = gradient, position
                taken += 1
            if not np.isfinite(position).all():
                break
    finite = np.isfinite(positions[: taken + 1]).all(axis=1)
    kept = taken if finite.all() else int(np.argmin(finite)) - 1
    return positions[: kept + 1], gradients[:kept]


def _epochs(rows: int, settings: Train, updates: int) -> Iterator[Rows]:
    """The orders of as many epochs as `updates` need, the last of them cut where they end."""
    per_epoch = -(-rows // settings.batch_size)
    for order in islice(orders(rows, settings.seed), -(-updates // per_epoch)):
        yield order[: updates * settings.batch_size]
        updates -= per_epoch
