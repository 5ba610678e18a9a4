"""The computation graph goes on with the step that the browser reports."""

from streamlit.testing.v1 import AppTest


def page() -> None:
    """A page that has only a graph of eight frames, and writes the step that it goes on with."""
    import streamlit as st

    from dashboard.components.graph import graph_player
    from dashboard.lessons import graphs
    from dashboard.lessons.story import narrate

    st.text(graph_player(narrate(graphs.one_weight(3, 2, 1)), "three times two", 1, key="graph"))


def test_the_page_goes_on_with_the_step_the_browser_reports_unless_the_graph_has_become_shorter() -> None:
    app = AppTest.from_function(page, default_timeout=30).run()
    assert app.text[0].value == "1"
    for reported, step in ((5, 5), (7, 7), (50, 7)):
        app.session_state["graph"] = {"step": reported}
        assert app.run().text[0].value == str(step)
