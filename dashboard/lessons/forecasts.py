"""What a linear model's run on the mean squared error will do, said before it starts: slow, good, noisy, diverges."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from pipeline.arrays import Floats
from pipeline.network.linear import Optimum, design_matrix, hessian, largest_stable_learning_rate
from pipeline.params import Train
from pipeline.tables.prepared import Rows

Verdict = Literal["slow", "good", "noisy", "diverges"]

NOTICEABLE: Final = 0.05
"""The share of the optimum's loss that a difference must have to be worth a word."""


@dataclass(frozen=True)
class QuadraticLoss:
    """The loss of a linear model on some rows, as the quadratic bowl it is.

    `eigenvalues` (features + 1,) are the curvatures along the bowl's own axes, `squared_start` the squared distance
    from the optimum that random weights have along each, `noise` the trace of one row's gradient covariance at the
    optimum, `steepest_row` the most curvature that single rows add to their mean, as `limit_of_batches` needs it.
    """

    eigenvalues: Floats
    squared_start: Floats
    noise: float
    steepest_row: float
    least_loss: float

    @classmethod
    def of(cls, rows: Rows) -> "QuadraticLoss":
        """Measure the bowl over normalized features (rows, features) and targets (rows,)."""
        design = design_matrix(rows.features)
        count = len(design)
        eigenvalues, axes = np.linalg.eigh(hessian(rows.features))
        eigenvalues = np.maximum(eigenvalues, 0)
        optimum = Optimum.of(rows.features, rows.target).parameters
        errors = design @ optimum - rows.target
        # Glorot's uniform draw has the variance 2 / (inputs + outputs); the bias begins at zero.
        spread = np.append(np.full(rows.features.shape[1], 2 / (rows.features.shape[1] + 1)), 0.0)
        start = (axes.T @ optimum) ** 2 + (axes**2).T @ spread
        lengths = np.sum(design**2, axis=1)
        whole = eigenvalues > 1e-12 * eigenvalues[-1]
        white = axes[:, whole] / np.sqrt(eigenvalues[whole])
        rounded = design @ white  # first, for the fourth power of a large feature is beyond all numbers
        steepest = float(np.linalg.eigvalsh(4 / count * (rounded * lengths[:, np.newaxis]).T @ rounded)[-1])
        with np.errstate(over="ignore"):
            noise = float(np.mean(4 * errors**2 * lengths))
        return cls(eigenvalues, start, noise, steepest, float(np.mean(errors**2)))

    def limit(self, momentum: float = 0.0, nesterov: bool = False) -> float:
        """The largest learning rate at which descent on all rows is stable."""
        return largest_stable_learning_rate(float(self.eigenvalues[-1]), momentum, nesterov)

    def limit_of_batches(self, share: float, momentum: float, nesterov: bool) -> float:
        """The learning rate up to which the expected distance to the optimum shrinks with batches.

        The square of a batch's curvature has the mean (1 - share) H^2 + share E[h^2], with h the curvature of one row:
        the smaller the batch, the less it allows. Source: Ma, Bassily and Belkin, "The power of interpolation", 2018.
        """
        whole = (1 - share) / self.limit(momentum, nesterov)
        return 1 / (whole + share * self.steepest_row / (2 * (1 - momentum)))

    def excess_loss_after(self, updates: int, learning_rate: float, momentum: float, nesterov: bool) -> float:
        """The mean squared error above the optimum's that full-batch steps from random weights leave.

        Along an axis of curvature c the distance follows e[t+1] = trace e[t] - product e[t-1], a linear recurrence
        whose two roots give it in closed form. Source: Polyak, 1964.
        """
        with np.errstate(over="ignore", invalid="ignore"):
            step = 1 - learning_rate * self.eigenvalues
            trace = (1 + momentum) * step if nesterov else momentum + step
            product = momentum * step if nesterov else np.full_like(step, momentum)
            root = np.sqrt((trace**2 - 4 * product).astype(complex)) + 1e-12
            one, other = (trace + root) / 2, (trace - root) / 2
            left = np.abs(((step - other) * one**updates + (one - step) * other**updates) / root)
            return float(0.5 * np.sum(self.eigenvalues * left**2 * self.squared_start))


@dataclass(frozen=True)
class Forecast:
    """What to expect: the verdict, the limit it is measured against, and the two parts of the error that is left.

    `limit` is where descent on all rows at once diverges, `minibatch_limit` up to where batches of this size stay calm;
    `optimization_error` and `noise_floor` are mean squared errors above the optimum's, on average over seeds.
    `noise_floor` is an upper bound of that average, infinite from
    `minibatch_limit` on; a single run may end several times as far above.
    """

    verdict: Verdict
    limit: float
    minibatch_limit: float
    optimization_error: float
    noise_floor: float


def forecast(bowl: QuadraticLoss, settings: Train, rows: int) -> Forecast:
    """Say what SGD with these settings will do on `bowl`, measured over `rows` training rows.

    Noise leaves rate tr(C) / 4 in the long run, with C the covariance of a batch's gradient and the rate divided by
    1 - m. Source: Mandt, Hoffman and Blei, "Stochastic gradient descent as approximate Bayesian inference", 2017.
    That is for small rates; along an axis whose batches stay calm up to c it is 1 / (1 - rate / c) times as much, for
    the distance e follows E[e'^2] = (1 - 2 rate h (1 - rate / c)) E[e^2] + rate^2 C.
    """
    rate, momentum, nesterov = settings.learning_rate, settings.momentum, settings.nesterov
    batch = min(settings.batch_size, rows)
    whole, rest = divmod(rows, batch)
    shares = whole * (rows - batch) / batch + ((rows - rest) / rest if rest else 0)
    share = shares / (whole + (rest > 0)) / max(rows - 1, 1)
    limit = bowl.limit(momentum, nesterov)
    minibatch_limit = bowl.limit_of_batches(share, momentum, nesterov)
    optimization_error = bowl.excess_loss_after(settings.epochs * -(-rows // batch), rate, momentum, nesterov)
    noise_floor = rate / (1 - momentum) * bowl.noise * share / 4
    if noise_floor > 0:  # else rows agree with each other, and there is nothing to grow
        noise_floor = noise_floor / (1 - rate / minibatch_limit) if rate < minibatch_limit else np.inf
    verdict: Verdict = "good"
    if rate > min(limit, 2 * minibatch_limit):
        verdict = "diverges"
    elif rate > minibatch_limit or noise_floor > NOTICEABLE * bowl.least_loss > optimization_error:
        verdict = "noisy"
    elif optimization_error > NOTICEABLE * bowl.least_loss:
        verdict = "slow"
    return Forecast(verdict, limit, minibatch_limit, optimization_error, noise_floor)
