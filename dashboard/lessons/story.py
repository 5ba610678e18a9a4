"""A graph frame by frame: values forward, operation by operation, then gradients backward, edge by edge."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from dashboard.lessons.backprop import Flow, Node, backward, forward
from dashboard.text.numbers import format_number, summarize
from pipeline.arrays import Floats


@dataclass(frozen=True)
class Frame:
    """What becomes known in one step: the value of `node`, or its gradient, which arrives along `flow`.

    The backward pass begins with the gradient of the loss with respect to itself, which has no flow. `rule` is the
    arithmetic, `meaning` explains it.
    """

    title: str
    rule: str
    meaning: str
    direction: Literal["none", "forward", "backward"]
    node: Node | None = None
    flow: Flow | None = None


def narrate(loss: Node) -> list[Frame]:
    """List the frames of the whole graph, from the given numbers to the last gradient."""
    leaves = [node for node in forward(loss) if not node.edges]
    given = ", ".join(f"{spoken(node)} = {summarize(node.value)}" for node in leaves)
    return [
        Frame("The given numbers", given, "Nothing is computed yet. Press Next: values flow along the arrows.", "none"),
        *(_forward(node, node is loss) for node in forward(loss) if node.edges),
        Frame(
            "Backward: begin at the loss",
            "gradient of the loss = 1",
            "Increasing the loss by 1 changes the loss by 1. Every other gradient is computed from this one.",
            "backward",
            loss,
        ),
        *(_backward(flow) for flow in backward(loss)),
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

    What becomes known after moment `now` is an ellipsis still.
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
    waiting = {True: "…", False: "not needed"}
    return pd.DataFrame(
        {
            "number": spoken(node),
            "is": f"made by {node.symbol}" if node.edges else "weight" if node.tunable else "data",
            "shape": shape(node.value) or "one number",
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


def _backward(flow: Flow) -> Frame:
    source, gradient, rule = flow.edge.source, flow.gradient, flow.edge.rule
    name, local = spoken(source), summarize(flow.edge.local)
    derivative = local if rule == local else f"{rule.replace('_', ' ')} = {local}"
    upstream = summarize(flow.upstream)
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
        f"Backward: through {flow.node.symbol} to {name}",
        f"local derivative ({derivative}) {times} upstream derivative ({upstream}){summed} = {summarize(gradient)}",
        meaning,
        "backward",
        source,
        flow,
    )


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
