"""How a linear model's run on the mean squared error will end, computed before it starts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

import numpy as np

from pipeline.arrays import Floats
from pipeline.network.epochs import UpdateMaps
from pipeline.network.initial import initial_linear_weights
from pipeline.network.linear import Optimum, hessian
from pipeline.network.sgd import learning_rates, updates_per_epoch
from pipeline.params import Train
from pipeline.tables.preparation import Rows

Verdict = Literal["slow", "good", "noisy", "may diverge", "diverges"]

NOTICEABLE: Final = 0.05
"""The share of the optimum's loss that a difference must have to be worth mentioning."""

MAY_DIVERGE: Final = 0.02
"""From this share of diverging runs on, the forecast mentions it."""

MAX_FEATURES: Final = 50
"""With more, the matrices of the theory take longer than a few quick runs."""

_MOST_QUICK_ROWS: Final = 5_000
"""With more, the forecast for single rows takes long."""

_CUTS: Final = (1 / 16, 1 / 8, 1 / 4, 1 / 2, 3 / 4, 7 / 8, 15 / 16)
"""Where a schedule that changes in every epoch is cut: close together where 1/t and the cosine fall fastest."""
_FEWER: Final = 8
"""So many times fewer orders of the rows stand for all in each piece of a schedule."""

_RUNS: Final = 4096
RUNS_OF_MANY_RATES: Final = 512
"""For each rate."""


@dataclass(frozen=True)
class Forecast:
    """The training loss with which runs end, over random starts and orders of the rows, at some learning rates.

    `rates`, `low`, `median`, `high` and `diverging` have the shape (rates,): nine of ten runs end between `low` and
    `high`, and the share `diverging` ends with a larger loss than it began with. `drift` (rates,) is the loss
    without the noise of the batches, `least_loss` that of the optimum, `start_loss` the median at random weights.
    """

    rates: Floats
    low: Floats
    median: Floats
    high: Floats
    diverging: Floats
    drift: Floats
    least_loss: float
    start_loss: float

    def verdict(self, at: int = 0) -> Verdict:
        """Say in a word what runs at the rate number `at` do."""
        worth_a_word = NOTICEABLE * self.least_loss + 1e-6 * self.start_loss
        excess = self.median[at] - self.least_loss
        if self.diverging[at] >= 1 / 2:
            return "diverges"
        if self.diverging[at] >= MAY_DIVERGE:
            return "may diverge"
        if excess <= worth_a_word:
            return "good"
        return "slow" if self.drift[at] - self.least_loss > excess / 2 else "noisy"


@dataclass(frozen=True)
class Moment:
    """Where a branch begins: `epoch` epochs and `rows` rows of the next are done; two arrays (parameters,)."""

    weights: Floats
    velocity: Floats
    epoch: int
    rows: int


def is_quick(rows: int, features: int, settings: Train) -> bool:
    """Whether there is a forecast for these settings, and it takes no longer than a page should."""
    return settings.has_quadratic_loss and features <= MAX_FEATURES and rows <= _MOST_QUICK_ROWS


def forecast(
    rows: Rows,
    settings: Train,
    rates: Sequence[float] = (),
    runs: int = _RUNS,
    begins: Moment | None = None,
    whole: Rows | None = None,
) -> Forecast:
    """Say how runs of all `settings.epochs` epochs end at each of `rates`; by default at the settings' own rate.

    The starts are those of the seeds 0, 1, 2, ..., so many `runs` at each rate, at most `RUNS_OF_MANY_RATES` where
    there are several, or all where a branch `begins`; each run then goes its own way through random epochs. A
    schedule multiplies each of the rates; it is followed in a few steps. `whole` are rows with the squared errors of
    all `rows`, where there are fewer that have them.
    """
    whole = whole or rows
    chosen = np.array(rates or [settings.learning_rate])
    generator = np.random.default_rng(0)
    if len(chosen) > 1:
        runs = min(runs, RUNS_OF_MANY_RATES)
    optimum = Optimum.of(whole.features, whole.target)
    curvature = hessian(whole.features)
    least = optimum.mse(whole.features, whole.target)
    distances = _starts(rows.features.shape[1], runs) - optimum.parameters
    size = distances.shape[1]
    states = np.zeros((len(chosen), runs, 2 * size if settings.momentum else size))
    states[:, :, :size] = distances
    if begins is not None:
        states[:, :, :size] = begins.weights - optimum.parameters
        states[:, :, size:] = begins.velocity[: states.shape[2] - size]

    def losses(distance: Floats) -> Floats:
        with np.errstate(over="ignore", invalid="ignore"):
            found = least + np.sum(distance @ curvature * distance, axis=-1) / 2
        return np.where(np.isfinite(found), np.maximum(found, 0), np.inf)

    drifting, at_first = states, losses(distances)
    start_loss = float(np.median(at_first))
    if begins is not None:  # a branch begins so low that noise alone may lift it
        at_first = np.maximum(start_loss, losses(states[..., :size]))
    all_rows = settings.model_copy(update={"batch_size": len(whole.target)})  # each update without noise
    pieces = list(_pieces(settings, len(rows.target), begins))
    orders = runs if len(pieces) == 1 else runs // _FEWER
    for share, updates in pieces:
        scaled = list(chosen * share)
        known = optimum, curvature
        maps = UpdateMaps.of(rows.features, rows.target, settings, scaled, generator, orders, updates, known)
        states = maps.after(updates, states, generator)
        without_noise = UpdateMaps.of(whole.features, whole.target, all_rows, scaled, generator, 1)
        drifting = without_noise.after(updates, drifting, generator)
    ends, drifts = losses(states[..., :size]), losses(drifting[..., :size])
    low, median, high = np.quantile(ends, [0.05, 0.5, 0.95], axis=1, method="inverted_cdf")
    return Forecast(
        chosen,
        low,
        median,
        high,
        (ends > at_first).mean(axis=1),
        np.median(drifts, axis=1),
        least,
        start_loss,
    )


@lru_cache(maxsize=4)
def _starts(features: int, runs: int) -> Floats:
    """The weights that the seeds 0, 1, 2, ... draw (runs, features + 1)."""
    return np.stack([initial_linear_weights(features, seed) for seed in range(runs)])


def _pieces(settings: Train, rows: int, begins: Moment | None) -> Iterator[tuple[float, int]]:
    """Cut the epochs into pieces with about one learning rate each: its share of the first rate, and the updates.

    What is left of the epoch that a branch begins in is a piece of its own.
    """
    first, done = (begins.epoch, begins.rows) if begins else (0, 0)
    shares = learning_rates(settings, np.arange(first, settings.epochs) + 1) / settings.learning_rate
    cuts = np.flatnonzero(np.diff(shares)) + 1
    if len(cuts) >= len(_CUTS):
        cuts = np.unique(np.round(np.array(_CUTS) * len(shares)).astype(int))
    whole = updates_per_epoch(rows, settings.batch_size)
    if done:
        yield float(shares[0]), updates_per_epoch(rows - done, settings.batch_size)
    for number, piece in enumerate(np.split(shares, cuts)):
        if epochs := len(piece) - (done > 0 and number == 0):
            yield float(piece.mean()), epochs * whole
