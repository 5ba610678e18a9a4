"""A network drawn: each line has its weight's size and sign, each unit its activation, and nothing is left unsaid."""

from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import numpy as np
import pytest

from dashboard.charts.palette import NEGATIVE, POSITIVE
from dashboard.components.network_drawing import MOST_INPUTS, MOST_LINES, MOST_UNITS, draw_network, left_out
from dashboard.lessons.networks import Passage
from pipeline.network.layers import Layer
from tests.dashboard.lessons.test_networks import NETWORKS

Line = tuple[int, int, int]
"""Its layer, the unit that it comes from and the one that it goes to."""


def passage(name: str) -> Passage:
    layers, weights = NETWORKS[name]
    return Passage.of(layers, weights, np.random.default_rng(1).normal(size=layers[0].inputs))


def names_of(passage: Passage) -> list[str]:
    return [f"x{place}" for place in range(passage.layers[0].inputs)]


def picture(drawn: Passage | None, names: list[str] | None = None, label: str = "a network") -> Element:
    svg = draw_network(drawn, names or (names_of(drawn) if drawn else []), "$22,700", label)
    return ElementTree.fromstring(svg)  # noqa: S314  ours


def columns(svg: Element, layers: tuple[Layer, ...]) -> list[dict[float, tuple[int, Element]]]:
    """The units of each column from left to right, by their heights: the place that the title says, and the circle."""
    circles = [each for each in svg.iter("circle") if "unit" in each.attrib["class"]]
    across = sorted({float(each.attrib["cx"]) for each in circles})
    assert len(across) == len(layers) + 1
    found: list[dict[float, tuple[int, Element]]] = [{} for _ in across]
    for each in circles:
        name = (each.findtext("title") or "").rsplit(": ", 1)[0]
        column = across.index(float(each.attrib["cx"]))
        place = int(name.removeprefix("x")) if column == 0 else int(name.rsplit(" ", 1)[1]) - 1
        found[column][float(each.attrib["cy"])] = place, each
    return found


def lines(svg: Element, layers: tuple[Layer, ...]) -> dict[Line, Element]:
    """The lines by what they connect."""
    units = columns(svg, layers)
    across = [float(next(iter(column.values()))[1].attrib["cx"]) for column in units]
    found = {}
    for path in svg.iter("path"):
        (x, begin), (_, end) = (part.split(" ") for part in path.attrib["d"].removeprefix("M").split("L"))
        layer = int(np.argmin(np.abs(np.array(across) - float(x))))
        found[layer, units[layer][float(begin)][0], units[layer + 1][float(end)][0]] = path
    return found


@pytest.mark.parametrize("name", NETWORKS)
def test_a_line_has_the_size_of_its_weight_compared_with_its_layer_and_the_colour_of_its_sign(name: str) -> None:
    drawn = passage(name)
    svg = picture(drawn)
    found = lines(svg, drawn.layers)
    units = columns(svg, drawn.layers)
    for layer, kernel in enumerate(drawn.kernels):
        shown = [np.array(sorted(place for place, _ in units[layer + more].values())) for more in (0, 1)]
        small = np.abs(kernel[np.ix_(*shown)])
        mine = {line: path for line, path in found.items() if line[0] == layer}
        assert len(mine) == min(MOST_LINES, small.size)
        sizes = sorted((abs(kernel[begin, end]) for _, begin, end in mine), reverse=True)
        np.testing.assert_allclose(sizes, sorted(small.ravel(), reverse=True)[: len(mine)])
        thickest = max(float(path.attrib["stroke-width"]) for path in mine.values())
        for (_, begin, end), path in mine.items():
            share = abs(kernel[begin, end]) / small.max()
            assert float(path.attrib["stroke-opacity"]) == pytest.approx(share, abs=0.006)
            assert float(path.attrib["stroke-width"]) == pytest.approx(thickest * share, abs=0.006)
            assert path.attrib["class"] == ("positive" if kernel[begin, end] > 0 else "negative")
    assert svg.attrib["style"] == f"--positive:{POSITIVE};--negative:{NEGATIVE}"


@pytest.mark.parametrize("name", NETWORKS)
def test_a_unit_is_filled_by_its_activation(name: str) -> None:
    drawn = passage(name)
    for column, values in zip(columns(picture(drawn), drawn.layers), drawn.values, strict=True):
        assert len(column) == min(len(values), MOST_INPUTS if values is drawn.values[0] else MOST_UNITS)
        for place, circle in column.values():
            share = abs(values[place]) / max(1, np.abs(values).max())
            assert float(circle.attrib["fill-opacity"]) == pytest.approx(share, abs=0.006)
            assert circle.attrib["class"].endswith("negative" if values[place] < 0 else "positive")


@pytest.mark.parametrize(
    ("name", "said", "counts"),
    [
        ("one feature", "All weights are drawn.", ["3", "3", "1", "3", "1"]),
        (
            "two hidden",
            "Of the 3,150 weights, 350 are drawn, the largest of each layer; the other 2,800 are left out.",
            ["150 of 600", "150 of 2,500", "50", "12", "50", "50", "1"],
        ),
        (
            "200 features",
            "Of the 200 features, the 20 with the largest outgoing weights are drawn. Of the 70 units of b, the 50 "
            "with the largest outgoing weights are drawn. Of the 14,284 weights, 304 are drawn, the largest between "
            "these units; the other 13,980 are left out.",
            ["150 of 14,000", "150 of 280", "4", "20 of 200", "50 of 70", "4", "1"],
        ),
    ],
)
def test_what_is_left_out_is_counted_in_the_picture_and_in_words(name: str, said: str, counts: list[str]) -> None:
    drawn = passage(name)
    svg = picture(drawn)
    assert left_out(drawn.layers) == said
    written = [each.text for each in svg.iter("text") if each.attrib["class"] == "name"]
    assert [text for text in written if text and not text.startswith("x")] == counts
    assert len(list(svg.iter("path"))) == sum(layer.inputs * layer.units for layer in drawn.layers) - sum(
        int(part.replace(",", "")) for part in said.split("other ")[1:] for part in part.split(" ")[:1]
    )


def test_the_empty_picture_has_the_size_of_a_full_one() -> None:
    empty, full = picture(None), picture(passage("two hidden"))
    assert empty.attrib["viewBox"] == full.attrib["viewBox"]
    assert not list(empty)


def test_everything_stays_inside_the_picture_and_no_name_brings_markup() -> None:
    drawn = passage("200 features")
    names = ["</text><script>alert(1)</script>" + "w" * 40] * 200
    svg = picture(drawn, names, '"><script>')
    assert {element.tag for element in svg.iter()} == {"svg", "path", "circle", "title", "text"}
    assert svg.attrib["aria-label"] == '"><script>'
    assert any((title.text or "").startswith(names[0]) for title in svg.iter("title"))
    _, _, width, height = map(float, svg.attrib["viewBox"].split(" "))
    for circle in svg.iter("circle"):
        x, y, radius = (float(circle.attrib[key]) for key in ("cx", "cy", "r"))
        assert radius < x < width - radius
        assert radius < y < height - radius
    assert max(len(text.text or "") for text in svg.iter("text")) < 20


def test_weights_that_are_all_zero_are_drawn_without_a_width() -> None:
    layers, weights = NETWORKS["one hidden"]
    svg = picture(Passage.of(layers, 0 * weights, np.zeros(12)))
    assert {path.attrib["stroke-width"] for path in svg.iter("path")} == {"0.00"}
