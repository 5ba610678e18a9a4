"""Seeds: what luck does to a run, and what the learning rate does, each shown by many runs at once."""

import streamlit as st

from dashboard.live.plans import Plan
from dashboard.record.snapshot import Record
from dashboard.views.parts.shared import recorded, store
from dashboard.views.seeds.rates import rates
from dashboard.views.seeds.spread import spread
from pipeline.params import Train
from pipeline.safety.errors import UserError


def show() -> None:
    """Show the page."""
    record, words = recorded()
    st.title("Skill or luck", anchor=False)
    st.markdown("One run is one throw of the dice. Here are many, trained together as one program.")
    try:
        plan = _plan(record)
    except UserError as error:
        st.error(f"The recorded settings do not fit the table any more: {error}")
        return
    if record.training["settings"]["model"] != "linear":
        st.info("The recorded run has hidden layers; these are linear models on the same rows with the same settings.")
    spread(record, words, plan)
    rates(record, words, plan)


def _plan(record: Record) -> Plan:
    settings = Train.model_validate(record.training["settings"]).model_copy(update={"model": "linear"})
    return Plan.of(settings, record.data.settings, record.raw, store().tfjs_test_rows())
