"""A graph drawn: on every edge its own value and gradient, at the right moment, and nothing but what was meant."""

import re
from dataclasses import dataclass, field
from functools import partial
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import numpy as np
import pytest

from dashboard.components.graph_drawing import draw
from dashboard.lessons import backprop, graphs
from dashboard.lessons.backprop import Node, leaf
from dashboard.lessons.story import narrate, node_table
from pipeline.arrays import Floats

ONE_WEIGHT = graphs.one_weight(3, 2, 1)
X, Y, KERNEL, BIAS = np.array([0.5, -1.2, 3.0]), np.array([22.0, 15.0, 9.0]), 1.5, 2.0
LINE = graphs.line(KERNEL, BIAS, X, Y)
NETWORK = graphs.hidden_layer(**graphs.hidden_layer_start(4, 0), x=np.ones((1, 4)), y=np.full((1, 1), 22.0))
GRAPHS = {"one weight": ONE_WEIGHT, "line": LINE, "network": NETWORK}


@dataclass
class Arrow:
    """What a reader sees on an edge: when it lights up, its labels with the frame they appear in, dots, number."""

    now: str
    value: tuple[int, str] = (-1, "")
    gradient: tuple[int, str] = (-1, "")
    exact: dict[str, str] = field(default_factory=dict)
    dots: dict[tuple[str, str], int] = field(default_factory=dict)
    number: tuple[str, str] = ("", "")


def pictures(loss: Node, label: str = "a graph") -> list[Element]:
    """The wide and the tall drawing."""
    svg = draw(narrate(loss), label)
    return [ElementTree.fromstring(part) for part in re.findall(r"<svg.*?</svg>", svg, re.DOTALL)]  # noqa: S314  ours


def place(element: Element) -> Floats:
    return np.array([float(element.attrib["x"]), float(element.attrib["y"])])


def names(picture: Element) -> list[tuple[str, Floats]]:
    """What is written in each node, and where it is."""
    kinds = {"leaf-name", "symbol", "symbol long"}
    return [(text.text or "", place(text)) for text in picture.iter("text") if text.attrib["class"] in kinds]


def ends(line: str) -> Floats:
    """Where a line begins and ends."""
    return np.array(re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", line), float)


def _lies_on(line: Floats, at: Floats) -> bool:
    """Whether a place is on a line, between its ends."""
    lengths = np.hypot(*(at - line).T)
    return bool(abs(lengths.sum() - np.hypot(*(line[1] - line[0]))) < 1e-6)


def arrows(picture: Element) -> dict[tuple[str, str], Arrow]:
    """Each edge, by the nodes that are nearest to its ends; its dots and labels follow it in the picture."""
    nodes, found = names(picture), {}
    for part in picture:
        if part.tag == "path":
            line = ends(part.attrib["d"])
            source, operation = (min(nodes, key=lambda node: float(np.hypot(*(node[1] - at))))[0] for at in line)
            arrow = found[source, operation] = Arrow(part.attrib["data-now"])
            line_is_crossed = partial(_lies_on, line)
        elif part.attrib.get("class") == "order" and part.tag == "circle":
            assert line_is_crossed(np.array([float(part.attrib[along]) for along in ("cx", "cy")]))
            arrow.number = (part.attrib["data-now"], "")
        elif part.attrib.get("class") == "order":
            assert line_is_crossed(place(part) - [0, 4])
            arrow.number = (arrow.number[0], part.text or "")
        elif part.attrib.get("class", "").startswith("dot"):
            leaves, arrives = (float(np.hypot(*(at - line[0]))) for at in ends(part.attrib["style"]))
            arrow.dots[part.attrib["class"], "away" if leaves < arrives else "back"] = int(part.attrib["data-now"])
        for text in part.iter("text") if part.tag == "g" else ():
            if text.attrib["class"] in ("value", "gradient"):
                setattr(arrow, text.attrib["class"], (int(part.attrib["data-from"]), text.text))
                arrow.exact[text.attrib["class"]] = part.findtext("title") or ""
    return found


@pytest.mark.parametrize("which", [0, 1], ids=["wide", "tall"])
def test_the_worked_example_has_each_number_on_its_edge_from_the_moment_it_is_known(which: int) -> None:
    shown = arrows(pictures(ONE_WEIGHT)[which])
    assert {edge: (arrow.value, arrow.gradient, arrow.now) for edge, arrow in shown.items()} == {
        ("v", "×"): ((0, "→ 3"), (7, "← 20"), "1 7"),
        ("x", "×"): ((0, "→ 2"), (-1, ""), "1"),
        ("×", "−"): ((1, "→ 6"), (6, "← 10"), "2 6"),
        ("y", "−"): ((0, "→ 1"), (-1, ""), "2"),
        ("−", "( )²"): ((2, "→ 5"), (5, "← 10"), "3 5"),
        ("( )²", "loss"): ((3, "→ 25"), (4, "← 1"), "4"),
    }
    forward, backward = ("dot forward", "away"), ("dot backward", "back")
    for arrow in shown.values():
        assert arrow.dots == {forward if moment < 4 else backward: moment for moment in map(int, arrow.now.split())}


def test_under_the_pointer_every_edge_has_its_exact_value_and_gradient() -> None:
    errors = KERNEL * X + BIAS - Y
    upstream = 2 * errors / 3
    expected = {
        ("kernel", "×"): (KERNEL, upstream @ X),
        ("x", "×"): (X, None),
        ("×", "+"): (KERNEL * X, upstream),
        ("bias", "+"): (BIAS, upstream.sum()),
        ("+", "−"): (KERNEL * X + BIAS, upstream),
        ("y", "−"): (Y, None),
        ("−", "( )²"): (errors, upstream),
        ("( )²", "mean"): (errors**2, [1 / 3] * 3),
        ("mean", "loss"): (np.mean(errors**2), 1),
    }
    for picture in pictures(LINE):
        shown = arrows(picture)
        assert set(shown) == set(expected)
        for edge, (value, gradient) in expected.items():
            exact = {kind: np.array(text.split(", "), float) for kind, text in shown[edge].exact.items()}
            np.testing.assert_allclose(exact.pop("value"), np.atleast_1d(value), rtol=1e-12)
            if gradient is not None:
                np.testing.assert_allclose(exact.pop("gradient"), np.atleast_1d(gradient), rtol=1e-12)
            assert not exact


@pytest.mark.parametrize("loss", GRAPHS.values(), ids=GRAPHS)
def test_the_number_on_an_edge_is_that_in_the_table_and_in_the_sentence_of_its_frame(loss: Node) -> None:
    frames = narrate(loss)
    table = node_table(frames, 0).set_index("number")
    sources = {("loss", "begin"): "loss"}
    for node in backprop.forward(loss):
        for edge in node.edges:
            sources[_symbol(edge.source), _symbol(node)] = edge.source.name.replace("_", " ")
    for picture in pictures(loss):
        for (begin, end), arrow in arrows(picture).items():
            name = sources.get((begin, end), "loss")
            now, number = arrow.number
            assert (number or "–") == table["edge"][name]
            if number:
                assert frames[int(now)].title.startswith(f"Backward, edge {number}: ")
                assert now == str(arrow.gradient[0])


def _symbol(node: Node) -> str:
    """What is written in a node of the picture."""
    return {"square": "( )²", "sigmoid": "sigm"}.get(node.symbol, node.symbol) or node.name.replace("_", " ")


def test_numbers_too_many_to_read_are_counted_instead() -> None:
    kernel = arrows(pictures(NETWORK)[0])["hidden kernel", "·"]
    assert kernel.exact == dict.fromkeys(("value", "gradient"), "200 numbers; see the table below")
    assert "4 × 50" in [text.text for text in pictures(NETWORK)[0].iter("text")]


@pytest.mark.parametrize(
    ("loss", "trunk", "weights", "data"),
    [
        (ONE_WEIGHT, ["v", "×", "−", "( )²", "loss"], [], ["x", "y"]),
        (LINE, ["kernel", "×", "+", "−", "( )²", "mean", "loss"], ["bias"], ["x", "y"]),
        (
            backprop.mean(backprop.sigmoid(backprop.multiply(leaf("a", [1.0, 2]), leaf("b", 2.0, tunable=True)))),
            ["a", "×", "sigm", "mean", "loss"],
            ["b"],
            [],
        ),
    ],
    ids=["one weight", "line", "data first"],
)
def test_the_operations_come_in_their_order_with_weights_on_one_side_and_data_on_the_other(
    loss: Node, trunk: list[str], weights: list[str], data: list[str]
) -> None:
    for picture, along in zip(pictures(loss), (0, 1), strict=True):
        nodes = sorted(names(picture), key=lambda node: float(node[1][along]))
        aside = [(name, at[1 - along] - nodes[-1][1][1 - along]) for name, at in nodes]
        assert [name for name, away in aside if abs(away) < 20] == trunk
        assert [name for name, away in aside if away < -20] == weights
        assert [name for name, away in aside if away > 20] == data


@pytest.mark.parametrize("loss", GRAPHS.values(), ids=GRAPHS)
def test_weights_are_round_boxes_and_operations_light_up_when_their_value_is_known(loss: Node) -> None:
    frames = narrate(loss)
    computed = [at for at, moment in enumerate(frames) if moment.direction == "forward"]
    for picture in pictures(loss):
        circles = [part for part in picture.iter("circle") if part.attrib["class"] == "operation"]
        assert [int(part.attrib["data-now"]) for part in circles] == computed
        leaves = [text.text for text in picture.iter("text") if text.attrib["class"] == "leaf-name"]
        boxes = dict(zip(leaves, picture.iter("rect"), strict=True))
        tunable = {node.name.replace("_", " ") for node in backprop.forward(loss) if node.tunable}
        assert {name for name, box in boxes.items() if "tunable" in box.attrib["class"]} == tunable
        round_ones = {name for name, box in boxes.items() if float(box.attrib["rx"]) > 10}
        assert round_ones == tunable  # colour is not the only signal


def test_a_name_cannot_bring_markup_into_the_picture() -> None:
    mean = "<img src=x onerror=alert(1)>&\"'"
    loss = backprop.square(backprop.multiply(leaf(mean, 2.0, tunable=True), leaf("x</text><script>", 3.0), mean), mean)
    for picture in pictures(loss, label='"><script>'):
        assert {element.tag for element in picture.iter()} <= {
            "svg", "g", "title", "text", "path", "polygon", "circle", "rect",
        }  # fmt: skip
        assert any(element.text == mean for element in picture.iter("text"))
        assert picture.attrib["aria-label"] == '"><script>'
