"""SGD one update at a time, over kernel and bias: the same steps as `descend`, in plain numpy."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from dashboard.lessons.surfaces import RowNumbers, Surface
from pipeline.arrays import Floats
from pipeline.network.sgd import learning_rates, row_orders, update
from pipeline.params import Train
from pipeline.record.start import Start


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


def steps(rows: int, settings: Train, start: Start | None = None) -> Iterator[tuple[RowNumbers, float]]:
    """The rows and the learning rate of every update from `start`, or from random weights, on, without an end.

    The rows come in a new order every epoch; the last batch of one may be smaller.
    """
    epoch, used = (start.epoch, start.rows) if start else (0, 0)
    for order in row_orders(rows, settings.seed, epoch):
        epoch += 1
        rate = float(learning_rates(settings, np.array([epoch]))[0])
        for begin in range(used, rows, settings.batch_size):
            yield order[begin : begin + settings.batch_size], rate
        used = 0


def walk(
    surface: Surface,
    place: Sequence[float] | Floats,
    settings: Train,
    updates: int,
    start: Start | None = None,
    whole: Surface | None = None,
) -> Walk:
    """Take `updates` steps of SGD from `place`, and say at each where it is on the surface of all rows.

    The surface's own loss counts; of `settings` all that say how SGD descends. With a `start` the rows, the learning
    rates and the velocity go on from there. `whole` is the surface of all rows, where it takes fewer to measure that.
    """
    positions, batch_gradients = path(surface, place, settings, updates, start)
    whole = whole or surface
    losses, gradients = whole.losses(positions), whole.gradients(positions)
    finite = np.isfinite(losses) & np.isfinite(gradients).all(axis=1)
    kept = len(finite) if finite.all() else max(1, int(np.argmin(finite)))
    return Walk(
        positions=positions[:kept],
        losses=losses[:kept],
        gradients=gradients[:kept],
        batch_gradients=batch_gradients[: kept - 1],
        overflowed=kept <= updates,
    )


def path(
    surface: Surface, place: Sequence[float] | Floats, settings: Train, updates: int, start: Start | None = None
) -> tuple[Floats, Floats]:
    """The positions (updates + 1, numbers) of such steps, and the gradient (updates, numbers) that each followed.

    It ends before the first position that is not finite.
    """
    rule = settings.momentum, settings.nesterov
    positions, gradients = [np.array(place, np.float64)], []
    velocity = start.velocity if start else np.zeros(len(place))
    with np.errstate(over="ignore", invalid="ignore"):
        for rows, rate in islice(steps(len(surface.target), settings, start), updates):
            gradient = surface.batch_gradient(positions[-1], rows)
            position, velocity = update(positions[-1], velocity, gradient, rate, *rule)
            if not np.isfinite(position).all():
                break
            positions.append(position)
            gradients.append(gradient)
    return np.array(positions), np.array(gradients).reshape(-1, len(place))
