"""Hold the forecast of the Train page to what the training loop does, over random settings and tables.

    python -m benchmarks.forecast [settings]

Writes the shares that the page shows beside its forecast. A run "blew up" when it ended with a larger loss than it
began with.
"""

import json
import multiprocessing
import sys
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.random import Generator
from tqdm import tqdm

from dashboard.lessons.forecasts import Forecast, forecast
from dashboard.views.train.other_rates import CHECK
from pipeline import params
from pipeline.arrays import Floats
from pipeline.network.layers import predict
from pipeline.network.linear import Curvature
from pipeline.params import Train
from pipeline.tables.preparation import Rows, prepare
from pipeline.tables.store import ROOT, TableStore
from pipeline.training.descent import descend, layers

SEEDS: Final = 8

SHAPES: Final = {
    "one feature": (60, 1),
    "two features": (200, 2),
    "few rows": (12, 3),
    "many features": (120, 40),
    "more features than rows": (30, 45),
    "skewed": (300, 6),
    "yes and no": (400, 10),
    "collinear": (150, 5),
    "prices": (500, 8),
    "outliers": (250, 12),
    "many rows": (2000, 4),
    "nothing to learn": (100, 3),
}
"""Made tables: rows and features. With Boston they are thirteen."""


@dataclass(frozen=True)
class Outcome:
    """One setting: what was forecast, and the losses (seeds,) with which runs began and ended."""

    expected: Forecast
    starts: Floats
    ends: Floats

    @property
    def blew_up(self) -> int:
        """How many of the runs ended with a larger loss than they began with."""
        return int(np.sum(~(self.ends <= self.starts)))

    @property
    def held(self) -> float:
        """The share of the runs that ended within the interval, but for the rounding of the recorded weights."""
        slack = 1e-6 * self.expected.least_loss + 1e-9 * self.expected.start_loss
        low, high = self.expected.low[0] - slack, self.expected.high[0] + slack
        return float(np.mean((self.ends >= low) & (self.ends <= high)))


@cache
def table(name: str) -> Rows:
    """Make a table's features (rows, features), raw, and its target (rows,)."""
    if name not in SHAPES:
        store, settings = TableStore(ROOT), params.load(ROOT / "params.yaml")
        unscaled = settings.normalize.model_copy(update={"scaling": "none"})
        return prepare(store.read_table(settings.download.csv).table, unscaled, store.tfjs_test_rows()).part("train")
    count, size = SHAPES[name]
    random = np.random.default_rng([1, list(SHAPES).index(name)])
    features = random.normal(size=(count, size))
    if name in {"two features", "many rows"}:
        features = features @ random.normal(size=(size, size))
    if name == "skewed":
        features = np.exp(1.2 * features)
    if name == "yes and no":
        features = (features > 1).astype(float)
    if name == "outliers":
        features = random.standard_t(3, size=(count, size))
    if name == "collinear":
        features[:, -1] = features[:, 0] + features[:, 1]
    signal = features @ random.normal(size=size)
    noise = random.standard_t(4, size=count)
    target = noise if name == "nothing to learn" else signal / signal.std() + 0.6 * noise
    units = np.exp(random.normal(size=size))
    return Rows(features * units + random.normal(size=size), (target + 2) * (2e5 if name == "prices" else 9))


def draw(number: int, default: Train) -> tuple[Rows, Train]:
    """Draw the setting with this number: a table, normalized or raw, and how SGD descends on it."""
    random = np.random.default_rng([2, number])
    names = [*SHAPES, "Boston"]
    raw = table(names[number % len(names)])
    features = raw.features
    if random.random() < 0.7:
        features = (features - features.mean(axis=0)) / features.std(axis=0)
    count = len(features)
    momentum = _momentum(random)
    limit = Curvature.of(features).largest_stable_learning_rate
    return Rows(features, raw.target), default.model_copy(
        update={
            "learning_rate": float(limit * 10 ** random.uniform(-3.5, 0.7)),
            "momentum": momentum,
            "nesterov": bool(momentum and random.random() < 0.5),
            "batch_size": int(np.exp(random.uniform(0, np.log(count))) + 0.5),
            "epochs": int(np.exp(random.uniform(0, np.log(300)))),
        }
    )


def _momentum(random: Generator) -> float:
    return float(random.choice([0.0, random.uniform(0, 0.99), 1 - 10 ** random.uniform(-2, 0)]))


def outcome(number: int) -> Outcome:
    """Forecast a setting, then train it with the seeds that the forecast has not seen."""
    rows, settings = draw(number, params.load(ROOT / "params.yaml").train)
    starts, ends = [], []
    for seed in range(1_000, 1_000 + SEEDS):
        run = descend(rows, Rows(rows.features[:2], rows.target[:2]), settings.model_copy(update={"seed": seed}))
        first = next(run)
        last = deque(run, maxlen=1).pop()
        starts.append(first.training_loss)
        if last.diverged:
            ends.append(np.inf)
        else:
            predicted = predict(layers("linear", rows.features.shape[1]), last.weights[-1], rows.features)
            ends.append(float(np.mean((predicted - rows.target) ** 2)))
    return Outcome(forecast(rows, settings), np.array(starts), np.array(ends))


def summary(outcomes: Iterable[Outcome]) -> dict[str, float]:
    """Count how often the verdict was wrong, and average how many runs ended within the interval."""
    found = list(outcomes)
    verdicts = [each.expected.verdict() for each in found]
    pairs = list(zip(found, verdicts, strict=True))
    false = sum(verdict == "diverges" and not each.blew_up for each, verdict in pairs)
    missed = sum(verdict not in {"diverges", "may diverge"} and each.blew_up > 0 for each, verdict in pairs)
    return {
        "settings": len(found),
        "tables": len(SHAPES) + 1,
        "seeds": SEEDS,
        "coverage": round(float(np.mean([each.held for each, verdict in pairs if verdict != "diverges"])), 4),
        "falsely_diverging": false / len(found),
        "missed_divergence": missed / len(found),
        "may_diverge": verdicts.count("may diverge") / len(found),
        "diverges": verdicts.count("diverges") / len(found),
    }


def main(settings: int) -> None:
    """Check so many settings on all processors, print the shares and write them for the page."""
    spawn = multiprocessing.get_context("spawn")  # a worker lasts 80 settings: TensorFlow keeps what it has compiled
    with spawn.Pool(maxtasksperchild=8) as pool:
        shares = summary(tqdm(pool.imap(outcome, range(settings), chunksize=10), total=settings))
    CHECK.write_text(json.dumps(shares, indent=2) + "\n")
    print(json.dumps(shares, indent=2))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000)
