"""Train a sweep: one run after another with `descend`, each scored at its end."""

import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import lru_cache
from typing import Any, Final

import numpy as np
import pandas as pd

from dashboard.live.plans import SweepPlan
from pipeline.network.layers import Weights, predict
from pipeline.record.scores import Scores
from pipeline.safety.schema import six_digits
from pipeline.tables.preparation import prepare
from pipeline.tables.prepared import PreparedData
from pipeline.training.descent import descend, layers

SECONDS_BETWEEN_EVENTS: Final = 0.1
ERRORS: Final = [f"{part}_{loss}" for part in ("train", "validation", "test") for loss in ("mse", "mae")]


def events(sweep: SweepPlan, go_on: Callable[[], bool]) -> Iterator[dict[str, Any]]:
    """Train every run of `sweep` and report: `swept` time and again, `done` with the outcomes.

    When `go_on` returns false, the sweep ends as `stopped`, without outcomes. Raises `UserError`.
    """
    yield {"event": "swept", "runs": 0}
    base, began = sweep.plan, time.perf_counter()

    @lru_cache(maxsize=1)  # runs on the same split follow each other
    def data_of(split_seed: int) -> PreparedData:
        normalize = base.normalize.model_copy(update={"seed": split_seed})
        return prepare(base.table, normalize, base.tfjs_test_rows)

    outcomes: list[dict[str, float | None]] = []
    said_at = began
    for variation in sweep.variations:
        data = data_of(variation.split_seed)
        settings = base.train.model_copy(update={"seed": variation.seed, "learning_rate": variation.learning_rate})
        for epoch in descend(data.part("train"), data.part("validation"), settings):
            last = epoch
            if not go_on():
                yield {"event": "done", "phase": "stopped", "result": None, "seconds": time.perf_counter() - began}
                return
            if time.perf_counter() - said_at >= SECONDS_BETWEEN_EVENTS:
                yield {"event": "swept", "runs": len(outcomes)}
                said_at = time.perf_counter()
        errors = {} if last.diverged else _errors(data, settings.model, last.weights[-1])
        outcomes.append({**asdict(variation), **errors})
    table = pd.DataFrame(outcomes, columns=[*asdict(variation), *ERRORS]).astype(dict.fromkeys(ERRORS, "float64"))
    yield {"event": "done", "phase": "done", "result": table, "seconds": time.perf_counter() - began}


def _errors(data: PreparedData, model: str, weights: Weights) -> dict[str, float | None]:
    """The errors of one run as they would be recorded, with six digits."""
    errors = {}
    for name in ERRORS:
        part, _, loss = name.partition("_")
        rows = data.part(part)
        with np.errstate(over="ignore", invalid="ignore"):
            score = Scores.of(rows.target, predict(layers(model, len(data.names)), weights, rows.features))
        errors[name] = six_digits(score[loss])
    return errors
