"""What a reader of one SGD step should be able to say: updates per epoch, a row's loss, and a new weight."""

from collections.abc import Iterator

import numpy as np

from dashboard.lessons.questions import Question
from dashboard.text.numbers import format_number, format_setting
from dashboard.views.step.navigation import ShownUpdate


def questions(shown: ShownUpdate) -> Iterator[Question]:
    """Three questions on the update that is shown."""
    course, step, settings = shown.course, shown.step, shown.course.settings
    rows, size, updates = len(course.train.target), settings.batch_size, course.batches_per_epoch
    yield Question.numeric(
        f"An epoch takes each of the {rows:,} training rows once, {size:,} at a time. How many updates is that?",
        updates,
        (rows, size, rows // size, settings.epochs),
        f"{rows:,} / {size:,} is {format_number(rows / size)}, and what is left over at the end is a smaller batch.",
    )
    predicted, actual, error = (float(values[0]) for values in (step.predictions, step.target, step.errors))
    squared = settings.loss == "mse"
    yield Question.numeric(
        f"For the first row in the table the model predicts {format_number(predicted, 4)}, and the actual value is "
        f"{format_number(actual, 4)}. The loss is the mean {'squared' if squared else 'absolute'} error. What does "
        "this row contribute to it, before the mean is taken?",
        float(step.losses[0]),
        (error, error * error / len(step.rows), 2 * error, *(() if squared else (error * error,))),
        f"Its error is predicted − actual = {format_number(error, 4)}, and the loss takes the error's "
        f"{'square' if squared else 'size'}, so that errors above and below do not cancel.",
    )
    most = int(np.argmax(np.abs(step.after - step.before)))
    before, after, gradient = (float(values[most]) for values in (step.before, step.after, step.gradient))
    text = (
        f"The weight of {shown.names[most]} is {format_number(before, 5)}, its gradient "
        f"{format_number(gradient, 5)} and the learning rate {format_setting(settings.learning_rate)}"
    )
    if settings.momentum:
        text += f". With momentum, its new velocity is {format_number(float(step.new_velocity[most]), 5)}"
    yield Question.numeric(
        f"{text}. What is the weight after this update?",
        after,
        (2 * before - after, before - gradient, before),
        "The table of the update has this weight before and after. Where the gradient is positive, a larger weight "
        "means a larger loss, so the weight has to become smaller."
        if not settings.momentum
        else "The table of the update has this weight before and after.",
        5,
    )
