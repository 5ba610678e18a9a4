"""A picture of a loss surface: the window to show, the heights of the contours, and the regions below each height."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple, cast

import numpy as np
from contourpy import FillType, contour_generator
from numpy.typing import NDArray

from dashboard.lessons.surfaces import Surface
from pipeline.arrays import Floats

Filled = tuple[list[Floats], list[NDArray[np.uint32]]]

ASPECT: Final = 1.4
"""Width over height of the picture."""

BANDS: Final = 14
_COLUMNS, _ROWS = 81, 65
_MARGIN: Final = 0.12
_EQUAL_SCALES_UP_TO: Final = 8.0
_CLIMB: Final = 2.0
_SPACING: Final = {"mse": 2.5, "mae": 1.4}  # a bowl is cut closer near its bottom than a cone, to look evenly spaced


class Window(NamedTuple):
    """The visible part of the plane: from `left` to `right` and from `bottom` to `top`."""

    left: float
    right: float
    bottom: float
    top: float


@dataclass(frozen=True)
class Picture:
    """The regions of a surface below each of `levels`, the highest first; a region is a list of rings (points, 2).

    `lowest` and `highest` are the least and the greatest loss in the window. Rings inside a ring are holes.
    """

    window: Window
    levels: list[float]
    regions: list[list[Floats]]
    lowest: float
    highest: float


def frame(lowest: Sequence[float], paths: Sequence[tuple[Floats, Floats]]) -> Window:
    """Choose a window that holds the `lowest` point, and of each path (points, 2) what is not far above its start.

    Each path comes with its losses (points,), so that the points to which a diverging path climbs are left out. Both
    axes have the same scale, so that circles look round and a gradient is perpendicular to its contour, unless the
    picture would then be a narrow strip.
    """
    seen = [positions[losses <= _CLIMB * losses[0]] for positions, losses in paths]
    points = np.concatenate([[lowest], *seen, *(positions[:1] for positions, _ in paths)])
    low, high = points.min(axis=0), points.max(axis=0)
    centre, span = (low + high) / 2, np.where(high > low, high - low, np.maximum(np.abs(high), 1.0) / 2)
    span = span * (1 + 2 * _MARGIN)
    wide = span[0] / ASPECT / span[1]
    if 1 / _EQUAL_SCALES_UP_TO < wide < _EQUAL_SCALES_UP_TO:
        span = np.array([max(span[0], span[1] * ASPECT), max(span[1], span[0] / ASPECT)])
    left, bottom = centre - span / 2
    return Window(float(left), float(left + span[0]), float(bottom), float(bottom + span[1]))


def picture(surface: Surface, lowest: Sequence[float], paths: Sequence[Floats]) -> Picture:
    """Cut the surface around the `lowest` point and the paths (points, 2), from the least loss to the highest seen."""
    window = frame(lowest, [(path, surface.losses(path)) for path in paths])
    horizontal = np.linspace(window.left, window.right, _COLUMNS)
    vertical = np.linspace(window.bottom, window.top, _ROWS)
    across, up = np.meshgrid(horizontal, vertical)
    heights = surface.losses(np.column_stack([across.ravel(), up.ravel()])).reshape(across.shape)
    least = min(float(heights.min()), float(surface.losses(np.array([lowest]))[0]))
    highest = float(heights.max())
    steps = (np.arange(1, BANDS) / BANDS) ** _SPACING[surface.loss]
    levels = [float(level) for level in (least + (highest - least) * steps)[::-1]]
    generator = contour_generator(horizontal, vertical, heights, fill_type=FillType.OuterOffset)
    regions = [_rings(cast("Filled", generator.filled(-1.0, level))) for level in levels]
    return Picture(window, levels, regions, least, highest)


def _rings(filled: Filled) -> list[Floats]:
    return [points[start:stop] for points, offsets in zip(*filled, strict=True) for start, stop in pairwise(offsets)]
