"""What a reader of one SGD step should be able to say: updates per epoch, a row's loss, and a new weight."""

from collections.abc import Callable, Iterator

import numpy as np

from dashboard.lessons.questions import Question, digits_to_tell
from dashboard.lessons.step import Step
from dashboard.text.markdown import escape_markdown
from dashboard.text.numbers import format_number, format_setting
from dashboard.views.step.navigation import ShownUpdate
from dashboard.views.step.update import rule
from pipeline.params import Train


def questions(shown: ShownUpdate, readable: Callable[[str], str]) -> Iterator[Question]:
    """Three questions on the update that is shown; `readable` says what people call a weight's feature."""
    course, step, settings = shown.course, shown.step, shown.course.settings
    rows, size, updates = len(course.train.target), settings.batch_size, course.batches_per_epoch
    yield Question.numeric(
        f"An epoch takes each of the {rows:,} training rows once, {size:,} at a time. How many updates is that?",
        updates,
        (rows, size, rows // size, settings.epochs),
        f"{rows:,} / {size:,} is {format_number(rows / size, 7)}"
        + (", and what is left over at the end is a smaller batch." if rows % size else "."),
        15,
    )
    if np.isfinite(step.losses[0]):
        yield _loss_of_a_row(step, settings)
    most = int(np.argmax(np.abs(step.after - step.before)))
    yield _new_weight(step, settings, most, escape_markdown(readable(shown.names[most])))


def _loss_of_a_row(step: Step, settings: Train) -> Question:
    predicted, actual, error = (float(values[0]) for values in (step.predictions, step.target, step.errors))
    squared = settings.loss == "mse"
    said = [format_number(value, digits_to_tell(value, error)) for value in (predicted, actual)]
    return Question.numeric(
        f"For the first row of this batch the model predicts {said[0]}, and the actual value is {said[1]}. The loss is "
        f"the mean {'squared' if squared else 'absolute'} error. What does this row contribute to it, before the mean "
        "is taken?",
        float(step.losses[0]),
        (error, error**2 / len(step.rows), 2 * error, *(() if squared else (error**2,))),
        f"Its error is predicted − actual = {format_number(error, 4)}, and the loss takes the error's "
        f"{'square' if squared else 'size'}, so that errors above and below do not cancel.",
    )


def _new_weight(step: Step, settings: Train, at: int, name: str) -> Question:
    before, after, gradient, velocity = (
        float(values[at]) for values in (step.before, step.after, step.gradient, step.new_velocity)
    )
    text = (
        f"The weight of {name} is {format_number(before, 5)}, its gradient {format_number(gradient, 5)} and the "
        f"learning rate {format_setting(step.learning_rate)}"
    )
    if settings.momentum:
        look_ahead = " and Nesterov's look-ahead" if settings.nesterov else ""
        text += f". With a momentum of {format_setting(settings.momentum)}{look_ahead}, its new velocity is "
        text += format_number(velocity, 5)
    return Question.numeric(
        f"{text}. What is the weight after this update?",
        after,
        (2 * before - after, before - gradient, before, before + velocity),
        f"The rule is: {rule(settings, step.learning_rate)}",
        5,
    )
