"""What the computation graph sends to the browser: its two drawings, its sentences in their order, and the step."""

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.lessons import graphs
from dashboard.lessons.story import narrate

FRAMES = narrate(graphs.one_weight(3, 2, 1))


def opened(step: int) -> AppTest:
    """A page that has only the graph, and writes the step that it goes on with."""

    def page(**graph: "Any") -> None:  # runs without this module's imports
        import streamlit as st

        from dashboard.components.graph import graph_player

        st.text(graph_player(key="graph", **graph))

    graph = {"frames": FRAMES, "label": "three times two", "step": step}
    app = AppTest.from_function(page, kwargs=graph).run()
    assert not app.exception
    return app


def sent(app: AppTest) -> dict[str, Any]:
    """What reaches the browser."""
    (component,) = app.get("bidi_component")
    data: dict[str, Any] = json.loads(component.proto.json)
    return data


def test_every_frame_has_its_sentences_in_their_order() -> None:
    frames = sent(opened(0))["frames"]
    assert [frame["title"] for frame in frames] == [
        "The given numbers",
        "Forward: prediction = v × x",
        "Forward: error = prediction − y",
        "Forward: loss = error²",
        "Backward: begin at the loss",
        "Backward: through square to error",
        "Backward: through − to prediction",
        "Backward: through × to v",
    ]
    assert [frame["direction"] for frame in frames] == ["none", *["forward"] * 3, *["backward"] * 4]
    assert frames[1]["rule"] == "3 × 2 = 6"
    assert frames[7]["rule"] == "local derivative (x = 2) × upstream derivative (10) = 20"
    assert frames[7]["meaning"].startswith("Increasing v by 1 would change the loss by 20 ")


def test_the_picture_comes_wide_and_tall_and_is_described() -> None:
    svg = sent(opened(0))["svg"]
    for shape in ("wide", "tall"):
        assert svg.count(f'<svg class="{shape}"') == 1
    assert svg.count('role="img" aria-label="three times two"') == 2
    assert svg.count("→ 25") == svg.count("← 20") == 2


@pytest.mark.parametrize(("asked", "shown"), [(0, 0), (5, 5), (7, 7), (8, 7), (99, 7), (-3, 0)])
def test_it_opens_at_the_step_in_the_address_or_at_the_nearest_there_is(asked: int, shown: int) -> None:
    app = opened(asked)
    assert sent(app)["step"] == shown
    assert app.text[0].value == str(shown)


@pytest.mark.parametrize(("reported", "step"), [(5, 5), (7, 7), (50, 7)])
def test_the_page_goes_on_with_the_step_the_browser_reports_unless_the_graph_has_become_shorter(
    reported: int, step: int
) -> None:
    app = opened(1)
    app.session_state["graph"] = {"step": reported}
    assert app.run().text[0].value == str(step)
