"""What a reader of a run should be able to say: whether it converges, how long an epoch is, which weights to keep."""

from collections.abc import Iterator

import numpy as np

from dashboard.lessons.questions import Question
from dashboard.record.snapshot import Record
from dashboard.text.limits import formula
from dashboard.text.numbers import format_number, format_setting
from dashboard.views.parts.limits import limit_of
from pipeline.network.layers import predict
from pipeline.network.linear import Curvature
from pipeline.network.losses import LOSSES
from pipeline.network.sgd import updates_per_epoch

_MOMENTUM = 0.9


def questions(record: Record) -> Iterator[Question]:
    """Three questions on the recorded run and its rows."""
    settings, train = record.training.settings, record.data.part("train")
    curvature = Curvature.of(train.features)
    rate = float(f"{1.2 * curvature.largest_stable_learning_rate:.2g}")
    pushed = settings.model_copy(update={"momentum": _MOMENTUM, "nesterov": False})
    limit = limit_of(pushed, curvature)
    yield Question(
        "The linear model descends on the mean squared error, with all training rows in every update. Without "
        f"momentum the largest stable learning rate is {format_number(curvature.largest_stable_learning_rate)}. Does "
        f"it converge at {format_setting(rate)} if the momentum is {_MOMENTUM:g}?",
        ("It converges", "It diverges"),
        "It converges" if rate < limit else "It diverges",
        f"With momentum the limit is {formula(pushed)}, here {format_number(limit)}: successive steps across the "
        "valley have opposite signs, and the momentum cancels part of them.",
    )
    rows, size = len(train.target), max(settings.batch_size // 2, 1)
    updates = updates_per_epoch(rows, size)
    yield Question.numeric(
        f"You change the batch size from {settings.batch_size:,} to {size:,}. How many updates does an epoch of "
        f"{rows:,} rows then have?",
        updates,
        (updates_per_epoch(rows, settings.batch_size), rows, rows // size, size),
        f"{rows:,} / {size:,} is {format_number(rows / size)}; the rows that are left over are a batch too.",
    )
    yield _which_to_keep(record)


def _which_to_keep(record: Record) -> Question:
    """Compare the last epoch with an earlier one, by the validation loss; the test loss must not decide."""
    run, test = record.run, record.data.part("test")
    validation = run.history["validation_loss"].to_numpy()[: int(run.epochs[-1]) + 1]
    last = len(validation) - 1
    before = int(np.argmin(validation[:last])) if last else 0
    tests = {
        epoch: LOSSES[record.training.settings.loss]
        .value(predict(run.layers, run.weights[np.flatnonzero(run.epochs == epoch)[-1]], test.features) - test.target)
        .mean()
        for epoch in (before, last)
    }
    keep = before if validation[before] < validation[last] else last
    described = "; ".join(
        f"after epoch {epoch:,} a validation loss of {format_number(validation[epoch], 4)} and a test loss of "
        f"{format_number(tests[epoch], 4)}"
        for epoch in (before, last)
    )
    return Question(
        f"The recorded run has {described}. Which of these weights would you keep?",
        tuple(f"Those after epoch {epoch:,}" for epoch in dict.fromkeys((before, last))),
        f"Those after epoch {keep:,}",
        "The validation loss chooses. If the test loss chose, it would no longer tell how the model does on rows that "
        "nothing was fitted to: it is looked at once, at the end.",
    )
