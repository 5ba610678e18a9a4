"""A network as SVG: features on the left, layers of units, the prediction on the right, and lines for the weights."""

from collections.abc import Mapping, Sequence
from html import escape
from itertools import pairwise
from typing import Final

import numpy as np

from dashboard.charts.palette import NEGATIVE, POSITIVE
from dashboard.components.graph_drawing import written
from dashboard.lessons.networks import Passage, Places, largest_weights, strongest
from dashboard.text.numbers import format_number
from pipeline.arrays import Floats
from pipeline.network.layers import Layer

MOST_INPUTS: Final = 20
MOST_UNITS: Final = 50
MOST_LINES: Final = 150
"""Between two layers; a picture of more lines would be grey, and slow to draw several times a second."""

_WIDTH: Final = 600.0
_HEIGHT: Final = 430.0
_LEFT: Final = 150.0
_RIGHT: Final = 500.0
_TOP: Final = 50.0
_BOTTOM: Final = 406.0
_THICKEST: Final = 4.0
_LONGEST_NAME: Final = 9


def draw_network(
    passage: Passage | None,
    features: Sequence[str],
    prediction: str,
    label: str,
    titles: Mapping[str, str] | None = None,
) -> str:
    """Draw a network and the row in it, or, for `None`, an empty picture of the same size; all text is escaped.

    The width and the opacity of a line are the size of its weight, compared with the largest of its layer; a unit's
    opacity is the size of its activation, compared with 1 or the largest of its layer. Colour is the sign.
    `prediction` is what the output gives, in words; `label` describes the picture for screen readers. `titles` are what
    people call some features; the picture has room for them under the pointer only.
    """
    parts = _parts(passage, features, prediction, titles or {}) if passage else []
    return (
        f'<svg viewBox="0 0 {_WIDTH:g} {_HEIGHT:g}" role="img" aria-label="{escape(label)}" '
        f'style="--positive:{POSITIVE};--negative:{NEGATIVE}">{"".join(parts)}</svg>'
    )


def left_out(layers: Sequence[Layer]) -> str:
    """Say in sentences how many features, units and weights are drawn, and how many are not."""
    sizes = [layers[0].inputs, *(layer.units for layer in layers)]
    names = ["features", *(f"units of {layer.name.replace('_', ' ')}" for layer in layers)]
    shown = [min(size, MOST_UNITS if column else MOST_INPUTS) for column, size in enumerate(sizes)]
    said = [
        f"Of the {size:,} {name}, the {few:,} with the largest outgoing weights are drawn. "
        for few, size, name in zip(shown, sizes, names, strict=True)
        if few < size
    ]
    drawn = sum(min(MOST_LINES, few * more) for few, more in pairwise(shown))
    weights = sum(layer.inputs * layer.units for layer in layers)
    if drawn == weights:
        return "All weights are drawn."
    between = "the largest between these units" if said else "the largest of each layer"
    return (
        f"{''.join(said)}Of the {weights:,} weights, {drawn:,} are drawn, {between}; "
        f"the other {weights - drawn:,} are left out."
    )


def _parts(passage: Passage, features: Sequence[str], prediction: str, titles: Mapping[str, str]) -> list[str]:
    places = strongest(passage, MOST_UNITS)
    places[0] = strongest(passage, MOST_INPUTS)[0]
    across = np.linspace(_LEFT, _RIGHT, len(places)).tolist()
    at = [(x, _heights(len(drawn))) for x, drawn in zip(across, places, strict=True)]
    parts = []
    for layer, kernel in enumerate(passage.kernels):
        lines = _lines(kernel[np.ix_(places[layer], places[layer + 1])], at[layer], at[layer + 1])
        middle = (across[layer] + across[layer + 1]) / 2
        parts += [*lines, written(middle, _HEIGHT - 6, "middle", "name", _of(len(lines), kernel.size))]
    for layer, drawn in enumerate(places):
        name = passage.layers[layer - 1].name.replace("_", " ") if layer else "features"
        units = [f"{name} {place + 1}" if layer else titles.get(features[place], features[place]) for place in drawn]
        parts += [
            *_column(passage.values[layer], drawn, units, at[layer]),
            written(across[layer], 18, "middle", "head", _short(name)),
            written(across[layer], 36, "middle", "name", _of(len(drawn), len(passage.values[layer]))),
        ]
    parts += [
        written(_LEFT - 13, y + 4, "end", "name", f"{_short(features[place])} {format_number(value, 2)}")
        for place, value, y in zip(places[0], passage.values[0][places[0]], at[0][1], strict=True)
    ]
    return [*parts, written(_RIGHT + 14, at[-1][1][0] + 5, "start", "output", prediction)]


def _lines(kernel: Floats, begin: tuple[float, Floats], end: tuple[float, Floats]) -> list[str]:
    """The largest weights (inputs, units) between two columns, the largest of them on top."""
    largest = float(np.abs(kernel).max()) or 1.0
    drawn = []
    for first, last in zip(*largest_weights(kernel, MOST_LINES), strict=True):
        weight = float(kernel[first, last])
        share = abs(weight) / largest
        drawn.append(
            f'<path class="{_sign(weight)}" stroke-width="{_THICKEST * share:.2f}" '
            f'stroke-opacity="{share:.2f}" d="M{begin[0]:g} {begin[1][first]:.1f}L{end[0]:g} {end[1][last]:.1f}"/>'
        )
    return drawn


def _column(values: Floats, drawn: Places, names: Sequence[str], at: tuple[float, Floats]) -> list[str]:
    """The units of a column that are drawn, each with its name and value under the pointer."""
    largest = max(1.0, float(np.abs(values).max()))
    radius = min(8.0, 0.42 * (_BOTTOM - _TOP) / len(drawn))
    return [
        f'<circle class="ground" cx="{at[0]:g}" cy="{y:.1f}" r="{radius:.1f}"/>'
        f'<circle class="unit {_sign(value)}" cx="{at[0]:g}" cy="{y:.1f}" r="{radius:.1f}" '
        f'fill-opacity="{abs(value) / largest:.2f}"><title>{escape(name)}: {format_number(value, 4)}</title></circle>'
        for name, value, y in zip(names, values[drawn].tolist(), at[1], strict=True)
    ]


def _heights(count: int) -> Floats:
    """Where so many units are, from top to bottom, at the same distance from one another."""
    pace = min(30.0, (_BOTTOM - _TOP) / count)
    return np.asarray((_TOP + _BOTTOM) / 2 + pace * (np.arange(count) - (count - 1) / 2), np.float64)


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def _sign(number: float) -> str:
    return "negative" if number < 0 else "positive"


def _of(drawn: int, count: int) -> str:
    return f"{drawn:,} of {count:,}" if drawn < count else f"{count:,}"
