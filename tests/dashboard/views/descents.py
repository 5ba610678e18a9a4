"""Descents on the Boston data by hand: for tests of the pages that follow the training."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.dashboard.views.independent import Array, Boston, LinearRun, hessian, with_ones


class Descent:
    """What the training rows and the recorded settings of a project at `root` say; `boston` may be split otherwise."""

    def __init__(self, root: Path, boston: Boston | None = None) -> None:
        self.root, self.boston, self.run = root, boston or Boston(root), LinearRun(root)
        features, self.target = self.boston.part("train")
        self.design = with_ones(features)
        self.settings: dict[str, Any] = self.run.settings
        self.eigenvalues: Array = np.linalg.eigvalsh(hessian(features)).astype(float)
        """The curvatures of the mean squared error, the flattest first."""
        self.first_batch: NDArray[np.int64] = np.random.default_rng(self.settings["seed"]).permutation(266)[:40]
        """The places among the training rows of those that the first update draws."""

    @property
    def limit(self) -> float:
        """The largest stable learning rate on all rows: found by trying rates, not by a formula."""
        momentum, ahead = self.settings["momentum"], self.settings["nesterov"]
        low, high = 0.01 / self.eigenvalues[-1], 8 / self.eigenvalues[-1]
        for _ in range(60):
            rate = (low + high) / 2
            slope = rate * self.eigenvalues[-1]
            # v' = m v - rate g(w); w' = w + v', or with the look-ahead w + m v' - rate g(w); g(w) is the slope times w.
            velocity = np.array([-slope, momentum])
            moved = np.array([1.0, 0.0]) + (momentum * velocity - [slope, 0] if ahead else velocity)
            stable = np.abs(np.linalg.eigvals(np.stack([moved, velocity]))).max() < 1
            low, high = (rate, high) if stable else (low, rate)
        return float(low)

    def ends(self, seeds: list[int], rate: float) -> Array:
        """The training losses that runs of the recorded settings end with, one for each seed."""
        losses: Array = ((self.weights(seeds, rate) @ self.design.T - self.target) ** 2).mean(axis=1)
        return losses

    def weights(self, seeds: list[int], rate: float) -> Array:
        """The weights that such runs end with (seeds, features + 1), the bias last."""
        chosen = self.settings
        weights = np.array([_start(seed, self.design.shape[1] - 1) for seed in seeds])
        velocity = np.zeros_like(weights)
        draws = [np.random.default_rng(seed) for seed in seeds]
        for _ in range(chosen["epochs"]):
            order = np.stack([draw.permutation(266) for draw in draws])
            for begin in range(0, 266, chosen["batch_size"]):
                rows = order[:, begin : begin + chosen["batch_size"]]
                x = self.design[rows]
                error = np.einsum("rbp,rp->rb", x, weights) - self.target[rows]
                step = rate * 2 / rows.shape[1] * np.einsum("rbp,rb->rp", x, error)
                velocity = chosen["momentum"] * velocity - step
                weights = weights + (chosen["momentum"] * velocity - step if chosen["nesterov"] else velocity)
        return weights


def _start(seed: int, features: int) -> Array:
    """The uniform draw of Glorot and Bengio, and a bias of zero."""
    generator = np.random.default_rng(np.random.SeedSequence(seed).spawn(1)[0])
    most = (6 / (features + 1)) ** 0.5
    return np.append(generator.uniform(-most, most, features), 0.0)
