"""A sweep carried out: many runs trained together by `sweep`, told in events, and scored at the end."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from dashboard.live.sweep_plans import SweepPlan
from pipeline.record.scores import Scores, six_digits
from pipeline.tables.preparation import prepare
from pipeline.tables.prepared import PreparedData
from pipeline.training.sweeps import Floats, Variant, sweep

Event = dict[str, Any]


def events(plan: SweepPlan, go_on: Callable[[], bool]) -> Iterator[Event]:
    """Train every run of `plan`, and say so: `running`, `swept` now and then, and `done` with what came of each.

    When `go_on` says no the sweep ends as `stopped`, with nothing to show. Raises `UserError`.
    """
    yield {"event": "running"}
    began = time.perf_counter()
    base = plan.plan
    data = {
        seed: prepare(base.table, base.normalize.model_copy(update={"seed": seed}), base.tfjs_test_rows)
        for seed in {variation.split_seed for variation in plan.variations}
    }
    rows = [data[variation.split_seed] for variation in plan.variations]
    variants = [
        Variant(own.part("train"), own.part("validation"), variation.seed, variation.learning_rate)
        for own, variation in zip(rows, plan.variations, strict=True)
    ]
    weights = np.empty((0, 0))
    for swept in sweep(variants, base.train):
        yield {"event": "swept", "epochs": swept.epochs}
        weights = swept.weights
        if not go_on():
            yield {"event": "stopped"}
            return
    outcomes = [_outcome(own, flat) for own, flat in zip(rows, weights, strict=True)]
    yield {"event": "done", "outcomes": outcomes, "seconds": time.perf_counter() - began}


def _outcome(data: PreparedData, weights: Floats) -> dict[str, float | None]:
    """The errors of one run as the record has them: of weights in float32, with six digits; null where it diverged."""
    kept = weights.astype(np.float32).astype(np.float64)
    scores: dict[str, float | None] = {}
    for name in ("train", "validation", "test"):
        part = data.part(name)
        with np.errstate(over="ignore", invalid="ignore"):
            score = Scores.of(part.target, part.features @ kept[:-1] + kept[-1])
        scores |= {f"{name}_mse": six_digits(score.mse), f"{name}_mae": six_digits(score.mae)}
    return scores
