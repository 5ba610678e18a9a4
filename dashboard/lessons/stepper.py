"""SGD one update at a time, over kernel and bias: the same steps as `descend`, in plain numpy."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from dashboard.lessons.surfaces import RowNumbers, Surface
from pipeline.arrays import Floats
from pipeline.network.sgd import update
from pipeline.params import Train


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


def batches(rows: int, size: int, seed: int) -> Iterator[RowNumbers]:
    """Deal `rows` rows into batches without an end: a new order every epoch, the last batch of one may be smaller."""
    for order in orders(rows, seed):
        for start in range(0, rows, size):
            yield order[start : start + size]


def orders(rows: int, seed: int) -> Iterator[RowNumbers]:
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
    rule = settings.learning_rate, settings.momentum, settings.nesterov
    positions, gradients = [np.array(start, np.float64)], []
    velocity = np.zeros(len(start))
    with np.errstate(over="ignore", invalid="ignore"):
        for rows in islice(batches(len(surface.target), settings.batch_size, settings.seed), updates):
            gradient = surface.batch_gradient(positions[-1], rows)
            position, velocity = update(positions[-1], velocity, gradient, *rule)
            if not np.isfinite(position).all():
                break
            positions.append(position)
            gradients.append(gradient)
    return np.array(positions), np.array(gradients).reshape(-1, len(start))
