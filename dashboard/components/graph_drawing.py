"""A graph as SVG: a chain of operations, their other inputs at the sides; on every edge its value and gradient.

An edge that the backward pass visits has its number in a small circle, in the order of the visits.

An element has the frame from which it is visible (`data-from`) or the frames in which it lights up (`data-now`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final, Self

import numpy as np

from dashboard.lessons.backprop import Edge, Node
from dashboard.lessons.story import Frame, shape, spoken
from dashboard.text.numbers import summarize
from pipeline.arrays import Floats

Point = tuple[float, float]

_SYMBOLS: Final = {"square": "( )²", "sigmoid": "sigm"}
_RADIUS: Final = 21.0
_SMALL: Final = 8.0
_EXACT_AT_MOST: Final = 8


def draw(frames: Sequence[Frame], label: str) -> str:
    """Draw the graph of `frames` twice, wide and tall, as two SVG texts one after the other; all text is escaped.

    Every operation's first input is the operation before it, or where the trunk begins; any other is a leaf.
    """
    timetable = _Timetable.of(frames)
    return "".join(_svg(paper, timetable, label) for paper in (_WIDE, _TALL))


@dataclass(frozen=True)
class _Timetable:
    """The trunk from its first leaf to the loss, the frame of each node's value and of each edge's gradient.

    `numbers` are those of the edges that the backward pass visits, without the last one, which is the first visited.
    """

    trunk: tuple[Node, ...]
    values: dict[Node, int]
    gradients: dict[Edge, tuple[int, Floats]]
    numbers: dict[Edge, int]
    turn: int

    @classmethod
    def of(cls, frames: Sequence[Frame]) -> Self:
        values = {m.node: at for at, m in enumerate(frames) if m.direction == "forward" and m.node}
        gradients = {m.flow.edge: (at, m.flow.gradient) for at, m in enumerate(frames) if m.flow}
        numbers = {m.flow.edge: m.edge for m in frames if m.flow and m.edge}
        trunk = [max(values, key=lambda node: values[node])]
        while trunk[0].edges:
            trunk.insert(0, trunk[0].edges[0].source)
        return cls(tuple(trunk), values, gradients, numbers, max(values.values()) + 1)


@dataclass(frozen=True)
class _Paper:
    """The layout: the trunk runs to the right if `wide`, else down; weights are above it, or to its left."""

    wide: bool
    margin: float
    pace: float
    aside: float
    middle: float

    def frame(self, trunk: Sequence[Node]) -> tuple[float, float, float, float]:
        """Left, top, width and height of what is drawn; a side of the wide trunk without leaves takes less room."""
        length = 2 * self.margin + len(trunk) * self.pace
        if not self.wide:
            return 0, 0, 2 * self.middle, length
        above, below = (
            any(edge.source.tunable == tunable for node in trunk for edge in node.edges[1:])
            for tunable in (True, False)
        )
        top, bottom = (self.aside + 26 if side else 56 for side in (above, below))
        return 0, self.middle - top, length, top + bottom

    def trunk(self, place: float) -> Point:
        along = self.margin + place * self.pace
        return (along, self.middle) if self.wide else (self.middle, along)

    def beside(self, place: float, tunable: bool) -> Point:
        x, y = self.trunk(place)
        away = -self.aside if tunable else self.aside
        return (x, y + away) if self.wide else (x + away, y)


_WIDE: Final = _Paper(wide=True, margin=66, pace=148, aside=126, middle=150)
_TALL: Final = _Paper(wide=False, margin=30, pace=104, aside=136, middle=200)


def _svg(paper: _Paper, timetable: _Timetable, label: str) -> str:
    trunk, edges, nodes = timetable.trunk, [], []
    for place, node in enumerate(trunk[1:], 1):
        at = timetable.values[node]
        for number, edge in enumerate(node.edges):
            source, gradient = edge.source, timetable.gradients.get(edge)
            begin = paper.trunk(place - 1) if number == 0 else paper.beside(place, source.tunable)
            edges += [
                _arrow(begin, paper.trunk(place), at, gradient and gradient[0]),
                _labels(paper, begin, paper.trunk(place), source, timetable.values.get(source, 0), gradient),
                _number(begin, paper.trunk(place), timetable.numbers.get(edge), gradient and gradient[0]),
            ]
            if not source.edges:
                nodes.append(_box(begin, spoken(source), shape(source.value), source.tunable))
        nodes.append(_circle(paper.trunk(place), node, at))
    begin, end = paper.trunk(len(trunk) - 1), paper.trunk(len(trunk))
    edges += [
        _arrow(begin, end, None, timetable.turn),
        _labels(paper, begin, end, trunk[-1], timetable.values[trunk[-1]], (timetable.turn, np.ones(()))),
        _number(begin, end, 1, timetable.turn),
    ]
    nodes.append(_box(end, "loss", "", False))
    left, top, width, height = paper.frame(trunk)
    return (
        f'<svg class="{"wide" if paper.wide else "tall"}" viewBox="{left:g} {top:g} {width:g} {height:g}" '
        f'style="max-width:{width:g}px" role="img" aria-label="{escape(label)}">{"".join(edges + nodes)}</svg>'
    )


def _arrow(begin: Point, end: Point, forward: int | None, backward: int | None) -> str:
    """The line with its head, and a dot that runs along it when the value passes, and back with the gradient."""
    length = float(np.hypot(end[0] - begin[0], end[1] - begin[1]))
    along = ((end[0] - begin[0]) / length, (end[1] - begin[1]) / length)
    tip = (end[0] - along[0] * _RADIUS, end[1] - along[1] * _RADIUS)
    base = (tip[0] - along[0] * 9, tip[1] - along[1] * 9)
    head = [tip, *((base[0] + side * along[1] * 4.5, base[1] - side * along[0] * 4.5) for side in (1, -1))]
    now = " ".join(str(at) for at in (forward, backward) if at is not None)
    return (
        f'<path class="edge" data-now="{now}" d="{_line(begin, base)}"/>'
        f'<polygon class="head" data-now="{now}" points="{" ".join(f"{x:g},{y:g}" for x, y in head)}"/>'
        + "".join(
            f'<circle class="dot {way}" r="6" data-now="{at}" style="offset-path:path(\'{_line(a, b)}\')"/>'
            for way, at, a, b in (("forward", forward, begin, tip), ("backward", backward, tip, begin))
            if at is not None
        )
    )


def _number(begin: Point, end: Point, number: int | None, now: int | None) -> str:
    """The number of an edge in a small circle on it, before its head; nothing for an edge that is not visited."""
    if number is None:
        return ""
    length = float(np.hypot(end[0] - begin[0], end[1] - begin[1]))
    share = 1 - (_RADIUS + 22) / length
    x, y = (first + share * (last - first) for first, last in zip(begin, end, strict=True))
    return (
        f'<circle class="order" data-now="{now}" cx="{x:g}" cy="{y:g}" r="{_SMALL:g}"/>'
        f"{written(x, y + 4, 'middle', 'order', str(number))}"
    )


def _line(begin: Point, end: Point) -> str:
    return f"M{begin[0]:g} {begin[1]:g}L{end[0]:g} {end[1]:g}"


def _labels(
    paper: _Paper, begin: Point, end: Point, node: Node, known: int, gradient: tuple[int, Floats] | None
) -> str:
    """The value that goes along an edge, and the gradient that comes back; an operation's value with its name."""
    x, y = (begin[0] + end[0]) / 2, (begin[1] + end[1]) / 2
    upright = begin[0] == end[0]
    names = [spoken(node), shape(node.value)] if node.edges else []
    names = [name for name in names if name]
    value, back = f"→ {summarize(node.value, 2)}", f"← {summarize(gradient[1], 2)}" if gradient else ""
    if upright and node.edges:
        lines = [(x + 14, y - 8 + 15 * i, "start", "name", text) for i, text in enumerate(names)]
        lines.append((x + 14, y - 8 + 15 * len(names), "start", "value", value))
        back_at = (x - 14, y + 4, "end")
    elif upright:
        y += 12 if begin[1] > end[1] else -12
        lines = [(x + 12, y - 3, "start", "value", value)]
        back_at = (x + 12, y + 14, "start")
    else:
        lines = [(x, y - 10 - 15 * (len(names) - i), "middle", "name", text) for i, text in enumerate(names)]
        lines.append((x, y - 10, "middle", "value", value))
        back_at = (x, y + 21, "middle")
        if not paper.wide:  # not enough room next to the box, so above and below it
            x, lines, back_at = begin[0], [(begin[0], y - 29, "middle", "value", value)], (begin[0], y + 38, "middle")
    shown = "".join(written(*line) for line in lines)
    group = f'<g data-from="{known}"><title>{escape(_exact(node.value))}</title>{shown}</g>'
    if gradient is None:
        return group
    text = written(*back_at, "gradient", back)
    return f'{group}<g data-from="{gradient[0]}"><title>{escape(_exact(gradient[1]))}</title>{text}</g>'


def _circle(at: Point, node: Node, known: int) -> str:
    symbol = _SYMBOLS.get(node.symbol, node.symbol)
    return f'<circle class="operation" data-now="{known}" cx="{at[0]:g}" cy="{at[1]:g}" r="{_RADIUS:g}"/>' + written(
        at[0], at[1] + 5, "middle", "symbol long" if symbol.isalpha() else "symbol", symbol
    )


def _box(at: Point, name: str, below: str, tunable: bool) -> str:
    width, height = max(46.0, 7.6 * len(name) + 18, 6.0 * len(below) + 16), 44.0 if below else 30.0
    place = f'x="{at[0] - width / 2:g}" y="{at[1] - height / 2:g}" width="{width:g}" height="{height:g}"'
    lift = -3 if below else 5
    return (
        f'<rect class="leaf{" tunable" if tunable else ""}" {place} rx="{15 if tunable else 3}"/>'
        + written(at[0], at[1] + lift, "middle", "leaf-name", name)
        + (written(at[0], at[1] + 13, "middle", "name", below) if below else "")
    )


def written(x: float, y: float, anchor: str, kind: str, words: str) -> str:
    """Escaped words at a place of an SVG; `anchor` is start, middle or end, `kind` the class."""
    return f'<text class="{kind}" x="{x:g}" y="{y:g}" text-anchor="{anchor}">{escape(words)}</text>'


def _exact(value: Floats) -> str:
    if value.size > _EXACT_AT_MOST:
        return f"{value.size} numbers; see the table below"
    return ", ".join(repr(float(number)) for number in value.flat)
