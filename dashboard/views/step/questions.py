"""What a reader of one SGD step should be able to say: updates per epoch, a row's loss, what the rate does."""

from collections.abc import Callable, Iterator

import numpy as np

from dashboard.lessons.questions import Question, ask_updates, digits_to_tell
from dashboard.lessons.step import Step
from dashboard.text.markdown import escape_markdown
from dashboard.text.numbers import format_number
from dashboard.views.step.navigation import ShownUpdate
from dashboard.views.step.update import rule
from pipeline.network.sgd import update
from pipeline.params import Train, value_name


def questions(shown: ShownUpdate, readable: Callable[[str], str]) -> Iterator[Question]:
    """Three questions on the update that is shown; `readable` says what people call a weight's feature."""
    course, step, settings = shown.course, shown.step, shown.course.settings
    rows, size, updates = len(course.train.target), settings.batch_size, course.batches_per_epoch
    larger = min(2 * size, rows)
    text = (
        f"An epoch takes each of the {rows:,} training rows once. How many updates would it have with {larger:,} rows "
        "in each batch?"
    )
    yield ask_updates(text, rows, larger, (updates, 2 * updates, rows // larger + 1))
    if np.isfinite(step.losses[0]):
        yield _loss_of_a_row(step, settings)
    most = int(np.argmax(np.abs(step.after - step.before)))
    bias = most == len(shown.names) - 1
    name = "the bias" if bias else f"the weight of {escape_markdown(readable(shown.names[most]))}"
    yield _new_weight(step, settings, most, name)


def _loss_of_a_row(step: Step, settings: Train) -> Question:
    predicted, actual, error = (float(values[0]) for values in (step.predictions, step.target, step.errors))
    squared = settings.loss == "mse"
    said = [format_number(value, digits_to_tell(value, error)) for value in (predicted, actual)]
    return Question.numeric(
        f"The loss is the {value_name('loss', settings.loss)}. What does the first row of this batch "
        "contribute to it, before the mean is taken?",
        float(step.losses[0]),
        (error, error**2 / len(step.rows), 2 * error, *(() if squared else (error**2,))),
        f"Its error is predicted − actual = {said[0]} − {said[1]} = {format_number(error, 4)}, and the loss takes its "
        f"{'square' if squared else 'size'}, so that errors above and below do not cancel.",
    )


def _new_weight(step: Step, settings: Train, at: int, name: str) -> Question:
    before, after, gradient = (float(values[at]) for values in (step.before, step.after, step.gradient))
    doubled, rule_of = 2 * step.learning_rate, (settings.momentum, settings.nesterov)
    twice = float(update(step.before, step.velocity, step.gradient, doubled, *rule_of)[0][at])
    return Question.numeric(
        f"With twice the learning rate in this update, what would {name} be after it?",
        twice,
        (2 * before - twice, before - gradient, before, after),
        f"The rule is: {rule(settings, step.learning_rate)} Only the step along the gradient is doubled: here "
        f"{name} is {format_number(before, 5)} before the update, and its gradient {format_number(gradient, 5)}.",
        5,
    )
