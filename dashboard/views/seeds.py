"""Seeds: what luck does to a run, and what the learning rate does, each shown by many runs at once."""

import streamlit as st

from dashboard.records import Record
from dashboard.training.plans import Plan
from dashboard.views.shared import recorded, store
from dashboard.views.sweeps.rates import rates
from dashboard.views.sweeps.spread import spread
from pipeline.errors import UserError
from pipeline.params import Train


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
