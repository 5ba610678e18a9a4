"""A graph frame by frame: values forward, operation by operation, then gradients backward, edge by edge."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd

from dashboard.lessons.backprop import Flow, Node, backward, forward
from dashboard.text.numbers import NONE, format_number, summarize
from pipeline.arrays import Floats

_BEGINNING: Final = (
    "Nothing is computed yet. Press Next: values flow along the arrows, the edges of the graph. The backward pass "
    "visits the edges in the order of the numbers in circles, but not those that come from data."
)


@dataclass(frozen=True)
class Frame:
    """What becomes known in one step: the value of `node`, or its gradient, which arrives along `flow`.

    The backward pass begins with the gradient of the loss with respect to itself, which has no flow. `rule` is the
    arithmetic, `meaning` explains it. `edge` is the number of the edge that the backward pass visits: 1 leads from the
    last operation to the loss, and an edge that it does not visit has no number.
    """

    title: str
    rule: str
    meaning: str
    direction: Literal["none", "forward", "backward"]
    node: Node | None = None
    flow: Flow | None = None
    edge: int | None = None


def narrate(loss: Node) -> list[Frame]:
    """List the frames of the whole graph, from the given numbers to the last gradient."""
    leaves = [node for node in forward(loss) if not node.edges]
    given = ", ".join(f"{spoken(node)} = {summarize(node.value)}" for node in leaves)
    arrivals, back = {loss: [1]}, []
    for number, flow in enumerate(backward(loss), 2):
        back.append(_backward(flow, number, arrivals[flow.node]))
        arrivals.setdefault(flow.edge.source, []).append(number)
    return [
        Frame("The given numbers", given, _BEGINNING, "none"),
        *(_forward(node, node is loss) for node in forward(loss) if node.edges),
        Frame(
            "Backward, edge 1: begin at the loss",
            "gradient of the loss = 1",
            "Increasing the loss by 1 changes the loss by 1. Every other gradient is computed from this one.",
            "backward",
            loss,
            edge=1,
        ),
        *back,
    ]


def shape(value: Floats) -> str:
    """The shape in words: `12 × 50`, `50 numbers`, or nothing for a single number."""
    if value.size == 1:
        return ""
    return " × ".join(map(str, value.shape)) if value.ndim > 1 else f"{value.size} numbers"


def spoken(node: Node) -> str:
    """The name of a node as it is written for people."""
    return node.name.replace("_", " ")


def node_table(frames: Sequence[Frame], now: int) -> pd.DataFrame:
    """The same numbers as a table: for each node its name, shape, value and gradient, rounded, as text.

    `edge` is the number of the edge along which the gradient arrives; what is not tuned has none. What becomes known
    after moment `now` is an ellipsis still.
    """
    loss = next(moment.node for moment in frames if moment.node and moment.direction == "backward")
    known: set[Node] = set()
    arrived: dict[Node, Floats] = {}
    for moment in frames[: now + 1]:
        if moment.node and moment.direction == "forward":
            known.add(moment.node)
        elif moment.node:
            brought = moment.flow.gradient if moment.flow else np.ones_like(loss.value)
            arrived[moment.node] = arrived.get(moment.node, 0.0) + brought
    edges: dict[Node | None, list[int]] = {}
    for moment in frames:
        if moment.edge:
            edges.setdefault(moment.node, []).append(moment.edge)
    waiting = {True: "…", False: "not needed"}
    return pd.DataFrame(
        {
            "number": spoken(node),
            "is": f"made by {node.symbol}" if node.edges else "weight" if node.tunable else "data",
            "shape": shape(node.value) or "one number",
            "edge": _listed(edges[node]) if node in edges else NONE,
            "value": summarize(node.value) if node in known or not node.edges else "…",
            "gradient": summarize(arrived[node]) if node in arrived else waiting[node.needs_gradient],
        }
        for node in forward(loss)
    )


def _forward(node: Node, last: bool) -> Frame:
    names = [spoken(edge.source) for edge in node.edges]
    values = [_operand(edge.source.value) for edge in node.edges]
    known = f"Now {spoken(node)} is known and goes into the next operation."
    return Frame(
        f"Forward: {spoken(node)} = {_formula(node.symbol, names)}",
        f"{_formula(node.symbol, values)} = {summarize(node.value)}",
        "This is the loss, the number that training makes smaller. Now the backward pass begins." if last else known,
        "forward",
        node,
    )


def _backward(flow: Flow, number: int, arrived_on: Sequence[int]) -> Frame:
    source, gradient, rule = flow.edge.source, flow.gradient, flow.edge.rule
    name, local = spoken(source), summarize(flow.edge.local)
    derivative = local if rule == local else f"{rule.replace('_', ' ')} = {local}"
    upstream = f"edge{'' if len(arrived_on) == 1 else 's'} {_listed(arrived_on)}: {summarize(flow.upstream)}"
    times = "·" if flow.node.symbol == "·" else "×"
    summed = f", summed over {flow.upstream.size} rows," if gradient.size < flow.upstream.size else ""
    if gradient.size == 1:
        meaning = f"Increasing {name} by 1 would change the loss by {summarize(gradient)} if the slope stayed the same."
    else:
        meaning = (
            f"Each of the {gradient.size} numbers has its own gradient: increasing the first by 1 would change the "
            f"loss by {format_number(gradient.flat[0], 4)} if the slope stayed the same."
        )
    if source.tunable and gradient.size == 1:
        meaning += " It is a weight: an update moves it against this gradient."
    elif source.tunable:
        meaning += " They are weights: an update moves each against its gradient."
    return Frame(
        f"Backward, edge {number}: through {flow.node.symbol} to {name}",
        f"Chain rule: local derivative ({derivative}) {times} upstream derivative ({upstream}){summed} = "
        f"{summarize(gradient)}",
        meaning,
        "backward",
        source,
        flow,
        number,
    )


def _listed(numbers: Sequence[int]) -> str:
    return " and ".join(map(str, numbers))


def _operand(value: Floats) -> str:
    text = summarize(value)
    return f"({text})" if " … " in text or (value.size == 1 and value.item() < 0) else text


def _formula(symbol: str, inputs: list[str]) -> str:
    match symbol:
        case "square":
            return f"{inputs[0]}²"
        case "sigmoid" | "mean":
            return f"{symbol}({inputs[0].removeprefix('(').removesuffix(')')})"
    return f" {symbol} ".join(inputs)
