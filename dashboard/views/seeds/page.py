"""Seeds: what luck does to a run, and what the learning rate does, each shown by many runs."""

import streamlit as st

from dashboard.live.plans import Plan
from dashboard.views.parts.check import check_yourself
from dashboard.views.parts.shared import recorded
from dashboard.views.seeds.questions import questions
from dashboard.views.seeds.rates import rates
from dashboard.views.seeds.spread import spread
from pipeline.safety.errors import UserError


def show() -> None:
    """Show the page."""
    record = recorded()
    st.title("Skill or luck", anchor=False)
    st.markdown(
        "One run is one throw of the dice. Here you train many with the recorded settings, one after the other."
    )
    if record.training.start:
        st.caption("The recorded run is a branch of another; these runs have all epochs and begin with random weights.")
    try:
        plan = Plan.of(record.training.settings, record.data.settings, record)
    except UserError as error:
        st.error(f"The recorded settings no longer fit the table: {error}")
        return
    tabs = st.tabs(["Another seed", "Another learning rate"], key="seeds-vary", bind="query-params")
    for tab, show_runs in zip(tabs, (spread, rates), strict=True):
        with tab:
            show_runs(record, plan)
    check_yourself("seeds", list(questions(record)), "learning rate", "mean squared error (MSE)", "test rows")
