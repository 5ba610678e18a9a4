"""After a run: number by number beside the recorded one."""

import streamlit as st

from dashboard.live.jobs import Job, Result
from dashboard.record.snapshot import Record
from dashboard.record.tables import compare, in_words
from dashboard.text.markdown import escape_markdown
from dashboard.text.numbers import format_number
from dashboard.views.parts.jobs import changed_settings


def show_comparison(job: Job, result: Result, record: Record) -> None:
    """Compare the finished run with the recorded one, number by number."""
    changed, linear = changed_settings(job, record), job.plan.train.is_linear
    st.subheader("Compared with the recorded run")
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.caption(f"This run: {in_words(changed)}.{escape_markdown(record.format.units_of_errors)}")
        table = compare(record.metrics, result.metrics)
        for name in ("recorded", "this run", "difference"):
            table[name] = [format_number(value, 5) for value in table[name]]
        st.dataframe(table, hide_index=True, height="content", alt="The recorded run and this one, number by number.")
    with right:
        if not changed and result.metrics.weights_sha256 == record.training.weights_sha256:
            moment = ("update" if record.run.is_whole else "recorded update") if linear else "epoch"
            st.success(
                f"The settings are the same as those of the recorded run, and the weights after every {moment} are the "
                "same too, bit for bit."
            )
        st.link_button(
            "Its path on the loss surface" if linear else "A linear model's path on the loss surface",
            f"surface?surface-model=All+features&surface-run={job.id}",
            help=f"Every update of {'this run' if linear else 'a linear model with these settings'}, over the loss of "
            "all weights. Opens beside this page.",
        )
