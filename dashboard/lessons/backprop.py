"""Backpropagation in small: each operation's value and its local derivative side by side, then the way back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from pipeline.arrays import Floats


@dataclass(frozen=True, eq=False)
class Node:
    """A value in the graph: a leaf (`symbol` is empty), or an operation on the nodes its edges come from."""

    name: str
    value: Floats
    symbol: str = ""
    edges: tuple["Edge", ...] = ()
    tunable: bool = False

    @property
    def needs_gradient(self) -> bool:
        """Whether something that can be tuned stands behind it."""
        return self.tunable or any(edge.source.needs_gradient for edge in self.edges)


@dataclass(frozen=True, eq=False)
class Edge:
    """The way from an operation's input into the operation.

    `local` is the local derivative: by how much the operation's value changes per unit of this input, the others
    held; `rule` is its formula. `back` turns the gradient of the operation into that of the input; for all but the
    matrix product that is local derivative times upstream derivative, element by element.
    """

    source: Node
    local: Floats
    rule: str
    back: Callable[[Floats], Floats] = field(repr=False)


class Flow(NamedTuple):
    """One edge of the way back: `gradient` = local derivative times `upstream`, from `node` to the edge's source."""

    node: Node
    edge: Edge
    upstream: Floats
    gradient: Floats


Build = Callable[..., Node]


def leaf(name: str, value: ArrayLike, tunable: bool = False) -> Node:
    """A number or an array that is given: data, or something to tune."""
    return Node(name, np.asarray(value, np.float64), tunable=tunable)


def add(a: Node, b: Node, name: str = "sum") -> Node:
    """a + b. Each input passes on as it is: both derivatives are 1."""
    return Node(name, a.value + b.value, "+", (_edge(a, 1.0, "1"), _edge(b, 1.0, "1")))


def subtract(a: Node, b: Node, name: str = "difference") -> Node:
    """a - b. The derivatives are 1 and -1."""
    return Node(name, a.value - b.value, "−", (_edge(a, 1.0, "1"), _edge(b, -1.0, "−1")))


def multiply(a: Node, b: Node, name: str = "product") -> Node:
    """a * b. Each derivative is the other factor."""
    return Node(name, a.value * b.value, "×", (_edge(a, b.value, b.name), _edge(b, a.value, a.name)))


def square(a: Node, name: str = "square") -> Node:
    """a². The derivative is 2a."""
    return Node(name, a.value**2, "square", (_edge(a, 2 * a.value, f"2 × {a.name}"),))


def sigmoid(a: Node, name: str = "sigmoid") -> Node:
    """s = 1 / (1 + exp(-a)). The derivative is s(1 - s), at most a quarter; its formula calls s by its `name`."""
    s = 0.5 * (1 + np.tanh(a.value / 2))
    return Node(name, s, "sigmoid", (_edge(a, s * (1 - s), f"{name} × (1 − {name})"),))


def mean(a: Node, name: str = "mean") -> Node:
    """The mean of all n elements. The derivative by each of them is 1/n."""
    share = np.full(a.value.shape, 1 / a.value.size)
    return Node(name, a.value.mean(), "mean", (_edge(a, share, f"1 / {a.value.size}"),))


def matmul(a: Node, b: Node, name: str = "product") -> Node:
    """The matrix product a · b of shapes (rows, n) and (n, columns). Backward: upstream · bᵀ, and aᵀ · upstream."""
    to_a = Edge(a, b.value.T, f"{b.name}ᵀ", lambda upstream: upstream @ b.value.T)
    to_b = Edge(b, a.value.T, f"{a.name}ᵀ", lambda upstream: a.value.T @ upstream)
    return Node(name, a.value @ b.value, "·", (to_a, to_b))


def forward(loss: Node) -> list[Node]:
    """All nodes behind `loss`, itself last, each after those it is made of: the order in which values become known."""
    order: dict[Node, None] = {}

    def visit(node: Node) -> None:
        if node not in order:
            for edge in node.edges:
                visit(edge.source)
            order[node] = None

    visit(loss)
    return list(order)


def backward(loss: Node) -> list[Flow]:
    """Go back from `loss` (a single number) edge by edge, by the chain rule, to everything that can be tuned.

    A node that is used twice gets the sum of what its edges bring. Source: Goodfellow et al., section 6.5.
    """
    arrived = {loss: np.ones_like(loss.value)}
    flows = []
    for node in reversed(forward(loss)):
        for edge in node.edges:
            if edge.source.needs_gradient:
                gradient = edge.back(arrived[node])
                flows.append(Flow(node, edge, arrived[node], gradient))
                arrived[edge.source] = arrived.get(edge.source, 0.0) + gradient
    return flows


def gradients(loss: Node) -> dict[str, Floats]:
    """The derivative of the loss by each tunable leaf, by name, in the leaf's own shape."""
    found = {node.name: np.zeros_like(node.value) for node in forward(loss) if node.tunable}
    for flow in backward(loss):
        if flow.edge.source.tunable:
            found[flow.edge.source.name] += flow.gradient
    return found


def check(build: Build, values: Mapping[str, Floats]) -> pd.DataFrame:
    """A row for each weight: its name, value, gradient and the measured gradient, none of them rounded."""
    rows = []
    for name, gradient in gradients(build(**values)).items():
        measured = finite_difference(build, values, name)
        for place in np.ndindex(gradient.shape):
            number = name.replace("_", " ") + "".join(f"[{index}]" for index in place)
            rows.append((number, values[name][place], gradient[place], measured[place]))
    return pd.DataFrame(rows, columns=["number", "value", "gradient", "measured"])


def finite_difference(build: Build, values: Mapping[str, Floats], name: str) -> Floats:
    """Measure the derivative of `build(**values)` by the elements of `values[name]`, without any calculus.

    Each element is moved a little up and down, and the change of the loss is divided by the move.
    """
    at = np.asarray(values[name], np.float64)
    slopes = np.empty(at.shape)
    for place in np.ndindex(at.shape):
        step = 1e-5 * max(1.0, float(np.abs(at[place])))
        up, down = (loss_when_moved(build, values, name, place, move) for move in (step, -step))
        slopes[place] = (up - down) / (2 * step)
    return slopes


def loss_when_moved(
    build: Build, values: Mapping[str, Floats], name: str, place: tuple[int, ...], move: float
) -> float:
    """The loss `build(**values)` with the element `place` of `values[name]` moved."""
    there = np.array(values[name], np.float64)
    there[place] += move
    return build(**{**values, name: there}).value.item()


def _edge(source: Node, local: ArrayLike, rule: str) -> Edge:
    """An edge of an operation that goes element by element; an input that was repeated to fit gets the sum."""
    slope = np.asarray(local, np.float64)

    def back(upstream: Floats) -> Floats:
        gradient = np.asarray(slope * upstream)
        shape = source.value.shape
        gradient = gradient.sum(axis=tuple(range(gradient.ndim - len(shape))))
        repeated = tuple(axis for axis, size in enumerate(shape) if size == 1 < gradient.shape[axis])
        return np.asarray(gradient.sum(axis=repeated, keepdims=True))

    return Edge(source, slope, rule, back)
