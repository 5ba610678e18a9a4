"""What a reader of many runs should be able to say: what a seed settles, what batches do, and what one run shows."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from dashboard.lessons.forecasts import forecast, is_quick
from dashboard.lessons.questions import Question
from dashboard.lessons.step import Course
from dashboard.record.prepared import PreparedRows
from dashboard.record.snapshot import Record
from dashboard.record.tables import EXPLODED
from dashboard.text.numbers import format_number, format_setting
from dashboard.views.parts.caching import cached
from dashboard.views.parts.shared import store
from pipeline.network.sgd import updates_per_epoch
from pipeline.params import Train, later_seed
from pipeline.record.metrics import mean_loss
from pipeline.safety.errors import UserError
from pipeline.tables.preparation import PreparedData, prepare

_RUNS: Final = 1024
_TRIED: Final = 8
_MOST_UPDATES: Final = 3_000
_MOST_ROWS: Final = 2_000_000
"""So many rows a run may take, all in all, to be tried here."""

_APART: Final = 1.5
"""Standard deviations of `_TRIED` runs whose ratio is less than this are not told apart."""


def questions(record: Record) -> Iterator[Question]:
    """Three questions on the luck of the recorded settings; two, where no forecast tells the batch sizes apart."""
    settings = record.training.settings
    yield Question(
        f"You train the recorded settings twice on the same processor, with seed {settings.seed} both times. How far "
        "apart are the final training losses?",
        ("They are equal", "By rounding errors", "By the noise of the batches"),
        "They are equal",
        "The seed settles the random start and the order of the rows, so every number is the same, bit for bit.",
    )
    if is_quick(len(record.data.split.train), len(record.data.names), settings):
        yield from _which_batch(record)
    yield from _rows_or_start(record) or [_one_run(record.metrics.test["mse"])]


def _one_run(test: float) -> Question:
    better = format_number(0.99 * test, 4)
    return Question(
        f"The recorded run has a test mean squared error of {format_number(test, 4)}. With another learning rate, one "
        f"run has {better}. Is that learning rate better?",
        ("Yes", "No", "One run does not tell"),
        "One run does not tell",
        "Other seeds move the test error by more than this, or by less: train many runs above to see by how much, and "
        "compare that spread with the difference.",
    )


@cached(Record)
def _which_batch(record: Record) -> list[Question]:
    settings, rows = record.training.settings, record.data.part("train")
    ends = {}
    for size in sorted({1, settings.batch_size, len(rows.target)}):
        ended = forecast(rows, settings.model_copy(update={"batch_size": size}), runs=_RUNS)
        ends[size] = f"about {format_number(ended.low[0], 3)} to {format_number(ended.high[0], 3)}"
    others = [f"{end} (batch size {size:,})" for size, end in ends.items() if size > 1]
    if not others or list(ends.values()).count(ends[1]) > 1:
        return []
    return [
        Question(
            f"At a learning rate of {format_setting(settings.learning_rate)}, nine of ten seeds end with a training "
            f"mean squared error of {ends[1]}, by the forecast of the page Train. Which batch size is that?",
            tuple(f"{size:,}" for size in ends),
            "1",
            f"The other ranges are {' and '.join(others)}. The smaller the batch, the noisier its gradient; but it "
            "makes more updates in the same number of epochs.",
        )
    ]


@cached(Record)
def _rows_or_start(record: Record) -> list[Question]:
    """Which spreads the test error more, the start and order or the rows; nothing where a few runs do not tell."""
    settings, tfjs_test_rows = record.training.settings, store().tfjs_test_rows()
    updates = updates_per_epoch(len(record.data.split.train), settings.batch_size) * settings.epochs
    taken = len(record.data.split.train) * settings.epochs
    if settings.model != "linear" or updates > _MOST_UPDATES or taken > _MOST_ROWS:
        return []
    same, other = [], []
    for seed in (later_seed(settings.seed, step) for step in range(_TRIED)):
        seeded = settings.model_copy(update={"seed": seed})
        try:
            normalize = record.data.settings.model_copy(update={"seed": seed})
            redrawn = prepare(record.raw, normalize, tfjs_test_rows)
        except UserError:  # a feature is the same in all training rows of this split
            return []
        same.append(_test_error(record.data, seeded, updates))
        other.append(_test_error(redrawn, seeded, updates))
    if max(*same, *other) > EXPLODED * np.var(record.data.target):
        return []
    same_spread, other_spread = (float(np.std(errors, ddof=1)) for errors in (same, other))
    if max(same_spread, other_spread) < _APART * min(same_spread, other_spread):
        return []
    answers = ("Another random start and order", "Other training rows as well", "Both the same")
    return [
        Question(
            "Train many runs above. What makes their test errors differ more: only another random start and order of "
            "the rows, or other training rows as well?",
            answers,
            answers[int(other_spread > same_spread)],
            f"In {_TRIED} runs each, with the seeds from {settings.seed} on, the standard deviation of the test mean "
            "squared error is "
            f"{format_number(same_spread, 2)} on the same training rows and {format_number(other_spread, 2)} with "
            "others. Two settings whose test errors differ by less than that cannot be told apart by one run of each.",
        )
    ]


def _test_error(data: PreparedData | PreparedRows, settings: Train, updates: int) -> float:
    """The test error of a run, or a number too large to be finite if it diverges."""
    weights, test = Course.walk(data.part("train"), settings, updates).weights[-1], data.part("test")
    with np.errstate(over="ignore", invalid="ignore"):
        return mean_loss("mse", test.target, test.features @ weights[:-1] + weights[-1])
