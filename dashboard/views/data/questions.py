"""What a reader of the data should be able to say: a normalized value, a raw one, and whose mean it is."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from dashboard.lessons.questions import Question, digits_to_tell
from dashboard.record.snapshot import Record
from dashboard.text.markdown import escape_markdown
from dashboard.text.numbers import format_number
from pipeline.params import value_name

_RIGHT: Final = "The training rows"


def questions(record: Record, feature: str) -> Iterator[Question]:
    """Three questions on the normalization of a feature; one, where it is the same in every row."""
    data = record.data
    rows = "training rows" if data.scaling.is_none else value_name("statistics_from", data.settings.statistics_from)
    if data.scaling.is_none:
        column = data.column(feature, data.split.train)
        mean, deviation = float(column.mean()), float(column.std())
    else:
        mean, deviation = data.scaling.of(data.names.index(feature))
    if np.ptp(data.column(feature, data.split.train)) > 0:
        yield from _normalizing(record, feature, rows, mean, deviation)
    yield Question(
        "Which rows should the mean and the standard deviation come from?",
        ("All rows of the table", _RIGHT, "The training and validation rows", "The test rows"),
        _RIGHT,
        "Validation and test rows stand for data that nobody has seen yet, so nothing may be learned from them, not "
        "even a mean." + ("" if data.scaling.is_none else f" This run takes them from the {rows}."),
    )


def _normalizing(record: Record, feature: str, rows: str, mean: float, deviation: float) -> Iterator[Question]:
    words, row = record.format, int(np.argmax(record.data.has_value(feature)))
    value = float(record.data.column(feature, [row])[0])
    name = escape_markdown(words.readable(feature))
    first = f"The {words.noun} of row {row}" if row else f"The first {words.noun}"
    digits = digits_to_tell(max(abs(mean), abs(value)), deviation)
    average, spread, said = format_number(mean, digits), format_number(deviation, 5), format_number(value, digits)
    yield Question.numeric(
        f"{first} has {said} for {name}. What is that, normalized?",
        (value - mean) / deviation,
        ((mean - value) / deviation, value / deviation, value - mean),
        f"Subtract the mean of the {rows}, then divide by their standard deviation: ({said} − {average}) / {spread}. "
        f"The result says how many standard deviations the value lies {'above' if value > mean else 'below'} the mean.",
    )
    yield Question.numeric(
        f"A {words.noun} has the normalized value −1 for {name}. What is its raw value?",
        mean - deviation,
        (mean + deviation, -deviation, mean),
        f"It lies one standard deviation below the mean: {average} − {spread}.",
        digits,
    )
