"""One run of a sweep: `descend`, and what is kept of it."""

from collections.abc import Iterable, Sequence

import numpy as np

from pipeline.network.layers import Weights, predict
from pipeline.params import Train
from pipeline.record.metrics import Scores
from pipeline.record.runs import Epoch, status_of
from pipeline.safety.schema import six_digits
from pipeline.sweep.results import Outcome, score_names
from pipeline.tables.preparation import PreparedData
from pipeline.training.descent import descend, layers


def outcomes(data: PreparedData, chunk: Sequence[Train]) -> list[Outcome]:
    """Carry out one run after the other, each from random weights. Raises `UserError` for a missing device."""
    train, validation = data.part("train"), data.part("validation")
    return [_outcome(data, settings, descend(train, validation, settings)) for settings in chunk]


def _outcome(data: PreparedData, settings: Train, epochs: Iterable[Epoch]) -> Outcome:
    """Measure a run. All numbers are those that the stages would record, with six significant digits.

    One that diverged is measured after its last finite epoch, as it is recorded.
    """
    kept: Epoch | None = None
    best: Epoch | None = None
    for epoch in epochs:
        last = epoch
        if not epoch.diverged:
            kept = epoch
            if epoch.number > 0 and (best is None or epoch.validation_loss < best.validation_loss):
                best = epoch
    return Outcome(
        status=status_of(last, settings.epochs),
        epochs_run=last.number,
        training_loss=six_digits(kept.training_loss) if kept else None,
        validation_loss=six_digits(kept.validation_loss) if kept else None,
        best_epoch=best.number if best else 0,
        best_validation_loss=six_digits(best.validation_loss) if best else None,
        scores=scores(data, settings.model, kept.weights[-1]) if kept else dict.fromkeys(score_names()),
    )


def scores(data: PreparedData, model: str, weights: Weights) -> dict[str, float | None]:
    """Every metric of every part by a name such as `test_mse`, with six digits, of a model with these weights."""
    with np.errstate(over="ignore", invalid="ignore"):
        predicted = predict(layers(model, len(data.names)), weights, data.features)
        of_parts = [Scores.of(data.target[rows], predicted[rows]) for rows in data.split.parts().values()]
    numbers = [six_digits(value) for of_part in of_parts for value in of_part.root.values()]
    return dict(zip(score_names(), numbers, strict=True))
