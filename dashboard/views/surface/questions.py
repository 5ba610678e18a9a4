"""What a reader of the loss surface should be able to say: the next weight, the limit, and why SGD does not rest."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from dashboard.lessons.points import Points
from dashboard.lessons.questions import Question
from dashboard.lessons.stepper import Walk, steps
from dashboard.lessons.surfaces import Surface, lowest
from dashboard.text.numbers import format_number, format_setting
from pipeline.arrays import significant
from pipeline.network.linear import Curvature
from pipeline.params import Train

_ASKED: Final = 2


def questions(points: Points, walk: Walk, settings: Train) -> Iterator[Question]:
    """Three questions on a walk; the first is about one of its first updates."""
    if walk.updates:
        yield _next_kernel(walk, settings, min(_ASKED, walk.updates - 1))
    if settings.loss == "mse":
        yield _limit(points, settings)
        yield _at_the_minimum(points, settings)
    else:
        yield _steps_near_the_minimum(settings)
        yield _larger_error()


def _next_kernel(walk: Walk, settings: Train, update: int) -> Question:
    kernel, gradient, after = walk.positions[update, 0], walk.batch_gradients[update, 0], walk.positions[update + 1, 0]
    rate, momentum = settings.learning_rate, settings.momentum
    rule, step = "kernel − learning rate × gradient of the batch", f"{format_setting(rate)} × {format_number(gradient)}"
    if momentum:
        moved = format_number(kernel - walk.positions[update - 1, 0] if update else 0.0)
        rule = "kernel + momentum × last move − learning rate × gradient of the batch"
        step = f"{format_setting(momentum)} × {moved} − {step}"
    return Question.numeric(
        f"Move the player to update {update:,}, and let it show exact numbers. Compute from them the kernel of path A "
        "after the next update.",
        after,
        (kernel + rate * gradient, kernel - gradient, kernel - rate * gradient / 2),
        f"The new kernel is {rule}: {format_number(kernel)} {'+' if momentum else '−'} {step}. Let the player take one "
        "more step to see it.",
        5,
    )


def _limit(points: Points, settings: Train) -> Question:
    limit = Curvature.of(points.x[:, np.newaxis]).limit(settings)
    slow, near, beyond, far = (significant(limit * share, 2) for share in (0.2, 0.8, 1.4, 4))
    return Question.numeric(
        f"Suppose every update uses all {len(points.x):,} rows. Which of these learning rates is the largest with "
        "which the path still comes to rest at the minimum?",
        near,
        (slow, beyond, far),
        f"The largest stable learning rate is {format_number(limit, 4)}. Above it each step lands farther up on the "
        "other side of the valley than it began. Try it with the slider.",
        15,
    )


def _at_the_minimum(points: Points, settings: Train) -> Question:
    surface, place = Surface.of(points.x, points.y, "mse"), np.array(lowest(points.x, points.y, "mse"))
    rows = next(steps(len(points.x), settings))[0]
    kernel, bias = (format_number(value) for value in surface.batch_gradient(place, rows))
    whole = len(rows) == len(points.x)
    off = np.abs(surface.design @ place - points.y).max()
    rests = whole or bool(off <= 1e-9 * np.abs(points.y).max())  # the line goes through all points
    return Question(
        f"Put path A exactly on the minimum, where the gradient of all rows is 0. It takes {len(rows):,} of "
        f"{len(points.x):,} rows for each update. Does it stay there?",
        ("It stays", "It moves away"),
        "It stays" if rests else "It moves away",
        "Its batch holds all rows, so its gradient is 0 there too."
        if whole
        else "The line goes through all points, so no batch has a gradient there."
        if rests
        else f"The gradient of its first batch is ({kernel}, {bias}) there. Every batch pulls in a "
        "direction of its own, so the path goes on moving around the minimum.",
    )


def _steps_near_the_minimum(settings: Train) -> Question:
    return Question(
        f"The loss is the absolute error, the learning rate {format_setting(settings.learning_rate)}, and every update "
        "takes one row. Does the step for a row become shorter as its error does?",
        ("Yes", "No"),
        "No",
        "The gradient of a row is its sign times x, however small the error is. Only a smaller learning rate makes the "
        "steps shorter; in a larger batch rows with opposite signs can cancel.",
    )


def _larger_error() -> Question:
    return Question(
        "The error of a row grows from 1 to 2. What happens to the gradient of its absolute error?",
        ("It doubles", "It stays the same"),
        "It stays the same",
        "The absolute error grows evenly, so its slope is the same everywhere on one side. That of the squared error "
        "would double.",
    )
