"""What a reader of a run should be able to say: whether it converges, how long an epoch is, which weights to keep."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from dashboard.lessons.forecasts import forecast, is_quick
from dashboard.lessons.questions import Question, ask_updates
from dashboard.record.snapshot import Record
from dashboard.text.limits import formula
from dashboard.text.numbers import format_number, format_setting
from dashboard.views.parts.caching import cached
from pipeline.arrays import Floats, significant
from pipeline.network.layers import predict
from pipeline.network.linear import Curvature
from pipeline.network.sgd import updates_per_epoch
from pipeline.record.metrics import mean_loss

_MOMENTUM: Final = 0.9
_SHARES: Final = (1 / 500, 1 / 20, 1 / 2, 2)
"""Of the largest stable learning rate."""


@cached(Record)
def questions(record: Record) -> list[Question]:
    """Three questions on the recorded run and its rows; two, where no epoch of it was clearly better than the last."""
    return [_momentum(record), *(_which_rate(record) or [_updates(record)]), *_which_to_keep(record)]


def _momentum(record: Record) -> Question:
    settings, curvature = record.training.settings, Curvature.of(record.data.whole("mse").features)
    times = (
        1.2 if int(record.training.weights_sha256[-1], 16) % 2 else 2.3
    )  # momentum makes the limit 1.9 times as large
    rate = significant(times * curvature.largest_stable_learning_rate, 2)
    pushed = settings.model_copy(update={"momentum": _MOMENTUM, "nesterov": False})
    limit = curvature.limit(pushed)
    return Question(
        "The linear model descends on the mean squared error, with all training rows in every update. Does it converge "
        f"at a learning rate of {format_setting(rate)} if the momentum is {_MOMENTUM:g}?",
        ("It converges", "It diverges"),
        "It converges" if rate < limit else "It diverges",
        f"Without momentum the limit is {format_number(curvature.largest_stable_learning_rate)}. With it the limit is "
        f"{formula(pushed)}, here {format_number(limit)}: successive steps across the valley have opposite signs, and "
        "the momentum cancels part of them.",
    )


def _which_rate(record: Record) -> list[Question]:
    """Which learning rate ends best, by the forecast; nothing where there is none, or where it hardly matters."""
    settings, data = record.training.settings, record.data
    if not is_quick(len(data.split.train), len(data.names), settings):
        return []
    rows = data.part("train")
    limit = Curvature.of(rows.features).limit(settings)
    rates = [significant(limit * share, 1) for share in _SHARES]
    ends = forecast(rows, settings, rates).median
    best = int(ends.argmin())
    if [format_number(end, 4) for end in ends].count(format_number(ends[best], 4)) > 1:
        return []
    return [
        Question.numeric(
            "Everything else as in the recorded run, which of these learning rates usually ends with the lowest "
            "training loss?",
            rates[best],
            rates,
            f"Half of the runs end below {_listed(rates, ends)}. With too small a rate {settings.epochs:,} epochs are "
            "not enough to arrive. With too large a rate the batches, each with its own gradient, keep the weights "
            "moving, and beyond the limit runs diverge. The forecast beside the learning rate says which it is.",
        )
    ]


def _listed(rates: list[float], ends: Floats) -> str:
    said = [
        f"{format_number(end, 4)} at {format_setting(rate)}"
        for rate, end in zip(rates, ends, strict=True)
        if np.isfinite(end)
    ]
    return ", ".join(said)


def _updates(record: Record) -> Question:
    rows, now = len(record.data.split.train), record.training.settings.batch_size
    size = now // 2 if now > 1 else 2
    text = (
        f"The recorded run takes {now:,} of {rows:,} rows for each update. With {size:,} instead, how many updates "
        "does an epoch have?"
    )
    return ask_updates(text, rows, size, (updates_per_epoch(rows, now), rows))


def _which_to_keep(record: Record) -> Iterator[Question]:
    """Compare the last epoch with an earlier one, by the validation loss; the test loss must not decide."""
    run = record.run
    last = run.last_epoch
    validation = run.history.set_index("epoch")["validation_loss"].loc[:last]
    if record.training.start:  # a branch may begin within an epoch
        validation = validation.iloc[1:]
    if len(validation) < 2:
        return
    before = int(validation.loc[: last - 1].to_numpy().argmin()) + int(validation.index[0])
    if format_number(validation[before], 4) == format_number(validation[last], 4):
        return
    tests, test = {}, record.data.part("test")
    for epoch in (before, last):
        predicted = predict(run.layers, run.after(epoch), test.features)
        tests[epoch] = mean_loss(record.training.settings.loss, test.target, predicted)
    keep = before if validation[before] < validation[last] else last
    described = "; ".join(
        f"after epoch {epoch:,} a validation loss of {format_number(validation[epoch], 4)} and a test loss of "
        f"{format_number(tests[epoch], 4)}"
        for epoch in (before, last)
    )
    yield Question(
        f"The recorded run has {described}. Which of these weights would you keep?",
        tuple(f"Those after epoch {epoch:,}" for epoch in (before, last)),
        f"Those after epoch {keep:,}",
        "The validation loss chooses. If the test loss chose, it would no longer tell how the model does on rows that "
        "nothing was fitted to: it is looked at once, at the end.",
    )
