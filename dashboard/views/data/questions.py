"""What a reader of the data should be able to say: a normalized value, a raw one, and whose mean it is."""

from collections.abc import Iterator

from dashboard.lessons.questions import Question
from dashboard.record.snapshot import Record
from dashboard.text.markdown import escape_markdown
from dashboard.text.numbers import format_number
from pipeline.params import value_name

_ROWS = {"train": "The training rows", "train_and_validation": "The training and validation rows"}


def questions(record: Record, feature: str) -> Iterator[Question]:
    """Three questions on the normalization of a feature; one, where it is the same in every row."""
    data = record.data
    if data.scaling.is_none:
        column = record.raw[feature].to_numpy()[data.split.train]
        mean, deviation = float(column.mean()), float(column.std())
    else:
        index = data.names.index(feature)
        mean, deviation = float(data.scaling.mean[index]), float(data.scaling.deviation[index])
    if deviation > 0:
        yield from _normalizing(record, feature, mean, deviation)
    source = data.settings.statistics_from
    yield Question(
        "Which rows should the mean and the standard deviation come from?",
        ("All rows of the table", *_ROWS.values(), "The test rows"),
        _ROWS["train"],
        "Validation and test rows stand for data that nobody has seen yet, so nothing may be learned from them, not "
        f"even a mean. This run takes them from the {value_name('statistics_from', source)}.",
    )


def _normalizing(record: Record, feature: str, mean: float, deviation: float) -> Iterator[Question]:
    value, name, words = float(record.raw[feature].iloc[0]), escape_markdown(feature), record.format
    average, spread = format_number(mean, 5), format_number(deviation, 5)
    yield Question.numeric(
        f"The mean of {name} is {average}, its standard deviation {spread}. The first {words.noun} of the table has "
        f"{format_number(value, 5)}. What is that, normalized?",
        (value - mean) / deviation,
        ((mean - value) / deviation, value / deviation, value - mean),
        f"Subtract the mean, then divide by the standard deviation: ({format_number(value, 5)} − {average}) / "
        f"{spread}. The result says how many standard deviations the value lies above the mean.",
    )
    yield Question.numeric(
        f"A {words.noun} has the normalized value −1 for {name}. What is its raw value?",
        mean - deviation,
        (mean + deviation, -deviation, mean),
        f"It lies one standard deviation below the mean: {average} − {spread}.",
        5,
    )
