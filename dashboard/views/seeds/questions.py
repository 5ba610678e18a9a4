"""What a reader of many runs should be able to say: what a seed settles, what batches do, and what one run shows."""

from collections.abc import Iterator
from typing import Final

from dashboard.lessons.forecasts import MAX_FEATURES, forecast
from dashboard.lessons.questions import Question
from dashboard.record.snapshot import Record
from dashboard.text.numbers import format_number, format_setting
from dashboard.views.parts.caching import cached

_RUNS: Final = 256
_MOST_ROWS: Final = 5_000
"""With more, the forecast for single rows takes longer than a page should."""


def questions(record: Record) -> Iterator[Question]:
    """Three questions on the luck of the recorded settings; two, where no forecast tells the batch sizes apart."""
    settings, test = record.training.settings, record.metrics.test["mse"]
    yield Question(
        f"You train the recorded settings twice on the same processor, with seed {settings.seed} both times. How far "
        "apart are the final training losses?",
        ("They are equal", "By rounding errors", "By the noise of the batches"),
        "They are equal",
        "The seed settles the random start and the order of the rows, so every number is the same, bit for bit.",
    )
    few = len(record.data.names) <= MAX_FEATURES and len(record.data.split.train) <= _MOST_ROWS
    if settings.has_quadratic_loss and few:
        yield from _which_batch(record)
    better = format_number(0.99 * test, 4)
    yield Question(
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
        ends[size] = f"{format_number(ended.low[0], 4)} to {format_number(ended.high[0], 4)}"
    others = [f"{end} (batch size {size:,})" for size, end in ends.items() if size > 1]
    if not others or list(ends.values()).count(ends[1]) > 1:
        return []
    return [
        Question(
            f"At a learning rate of {format_setting(settings.learning_rate)}, nine of ten seeds end with a training "
            f"mean squared error of {ends[1]}, by the forecast. Which batch size is that?",
            tuple(f"{size:,}" for size in ends),
            "1",
            f"The other ranges are {' and '.join(others)}. The smaller the batch, the noisier its gradient; but it "
            "makes more updates in the same number of epochs.",
        )
    ]
