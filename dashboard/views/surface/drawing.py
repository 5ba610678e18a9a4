"""What the path player draws for one feature: the surface, the paths and the rows."""

import math
from itertools import islice
from typing import Final

import numpy as np

from dashboard.charts.palette import RUNS
from dashboard.components.path_player import Scatter, SurfaceView, Track
from dashboard.lessons import contours, stepper
from dashboard.lessons.points import Points
from dashboard.lessons.stability import exploded
from dashboard.lessons.stepper import Walk
from dashboard.lessons.surfaces import Surface, angles, lowest
from dashboard.text.numbers import format_number, format_setting
from dashboard.text.target import with_unit
from dashboard.views.parts.caching import cached
from dashboard.views.surface.controls import FARTHEST_START, NAMES, SETTINGS, Choice
from pipeline.arrays import Floats
from pipeline.network.sgd import row_orders, updates_per_epoch
from pipeline.params import Train, value_name

walked: Final = cached()(stepper.walk)
"""A cached walk: when one of three settings changes, the other two need not be walked again."""


def walks(choice: Choice, points: Points) -> list[Walk]:
    """The walk of each setting from the start."""
    surface = Surface.of(points.x, points.y, choice.loss)
    return [walked(surface, choice.start, each, choice.updates) for each in choice.settings]


def surface_view(choice: Choice, points: Points, taken: list[Walk]) -> SurfaceView:
    """The surface of the loss over kernel and bias, in a window around the start, the lowest point and the paths."""
    surface = Surface.of(points.x, points.y, choice.loss)
    bottom = lowest(points.x, points.y, choice.loss)
    shown = [walk.positions for walk in taken] if choice.close else _usual(choice, surface)
    many = bool(np.all(points.x == points.x[0]))
    return SurfaceView(
        title=f"The {value_name('loss', choice.loss)} over kernel and bias",
        picture=contours.picture(surface, bottom, shown),
        lowest=("one minimum of many" if many else "minimum", bottom),
        axes=(with_unit("kernel", points.slope_unit), with_unit("bias", points.y_unit)),
        coordinates=("kernel", "bias"),
    )


def _usual(choice: Choice, surface: Surface) -> list[Floats]:
    """Two usual paths, from the two ends of where a random start can be: a window around them suits all settings."""
    rate, size, momentum = SETTINGS[0]
    changes = {"learning_rate": rate, "batch_size": min(size, len(choice.points.x)), "momentum": momentum, "seed": 1}
    settings = choice.settings[0].model_copy(update=changes)
    ends = [walked(surface, (end, 0.0), settings, 100).positions for end in (-FARTHEST_START, FARTHEST_START)]
    return [*ends, np.array([choice.start])]


def track(which: int, settings: Train, walk: Walk) -> Track:
    """A walk with its name, its colour and its gradients."""
    momentum = f", momentum {format_setting(settings.momentum)}" if settings.momentum else ""
    return Track(
        name=NAMES[which],
        label=f"learning rate {format_setting(settings.learning_rate)}, batch {settings.batch_size}{momentum}",
        colour=RUNS[which],
        positions=walk.positions,
        measures={"loss, all rows": walk.losses},
        gradients=walk.gradients,
        batch_size=settings.batch_size,
        batch_gradients=walk.batch_gradients,
        angles=angles(walk.batch_gradients, walk.gradients[:-1]),
        ending=ending(NAMES[which], walk),
    )


def ending(name: str, walk: Walk) -> str:
    """A note on a walk that diverged."""
    if walk.overflowed:
        return f"{name} diverged: after update {walk.updates} its numbers became too large to compute with."
    if exploded(walk.losses):
        return (
            f"{name} diverges: its loss has grown from {format_number(walk.losses[0])} to "
            f"{format_number(walk.losses[-1])}."
        )
    return ""


def scatter(choice: Choice, points: Points, taken: list[Walk]) -> Scatter:
    """The rows, and their order in each epoch, which is the same for all settings because the seed is."""
    rows = len(points.x)
    epochs = max(
        math.ceil(walk.updates / updates_per_epoch(rows, settings.batch_size))
        for walk, settings in zip(taken, choice.settings, strict=True)
    )
    orders = np.array(list(islice(row_orders(rows, choice.settings[0].seed), max(epochs, 1))))
    return Scatter(
        title=f"{points.target} against {points.feature}",
        description=f"{rows:,} rows of {points.y_title} against {points.x_title}, with the line of each setting.",
        x=points.x,
        y=points.y,
        window=(*_spread(points.x), *_spread(points.y)),
        axes=(points.x_title, points.y_title),
        orders=orders,
    )


def _spread(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    margin = (high - low) * 0.08 or max(abs(high), 1.0) / 2
    return low - margin, high + margin
