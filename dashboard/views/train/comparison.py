"""After a run: number by number beside the recorded one, and over the other runs of this visit."""

from typing import Final

import streamlit as st

from dashboard.charts.curves import overlaid_losses
from dashboard.live.jobs import Job, Result
from dashboard.record.snapshot import Record
from dashboard.record.tables import compare, in_words
from dashboard.text.markdown import escape_markdown
from dashboard.text.numbers import format_number
from dashboard.views.parts.jobs import changed_settings

MAX_KEPT: Final = 7


def show_comparison(job: Job, result: Result, record: Record) -> None:
    """Compare the finished run with the recorded one, and keep it to be laid over the others."""
    changed, linear = changed_settings(job, record), job.plan.train.model == "linear"
    tried: list[Job] = st.session_state.setdefault("tried", [])
    if job not in tried:
        tried.append(job)
        del tried[:-MAX_KEPT]
    st.subheader("Compared with the recorded run")
    left, right = st.columns([2, 3], gap="large")
    with left:
        st.caption(f"This run: {in_words(changed)}.{escape_markdown(record.format.units_of_errors)}")
        table = compare(record.metrics, result.metrics)
        for name in ("recorded", "this run", "difference"):
            table[name] = [format_number(value, 5) for value in table[name]]
        st.dataframe(table, hide_index=True, height="content", alt="The recorded run and this one, number by number.")
        if not changed and result.sha256["weights.parquet"] == record.training.weights_sha256:
            moment = "update" if linear else "epoch"
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
    with right:
        _overlay(tried, record)


def _overlay(tried: list[Job], record: Record) -> None:
    top = st.columns([2, 2, 1], vertical_alignment="bottom")
    rows = top[0].segmented_control("Rows", ["validation", "training"], default="validation", required=True)
    named = {f"{number}: {in_words(changed_settings(job, record))}": job for number, job in enumerate(tried, start=1)}
    shown = top[1].multiselect("Runs of this visit", list(named), default=list(named))
    if top[2].button("Clear the runs", help="Remove the runs of this visit from the chart."):
        tried.clear()
        st.rerun()
    loss = tried[-1].plan.train.loss
    histories = {"recorded": record.run.history} if record.training.settings.loss == loss else {}
    for name, job in named.items():
        if name in shown and job.plan.train.loss == loss and (result := job.poll().result):
            histories[name] = result.history
    if histories:
        chart = overlaid_losses(histories, rows, record.format.loss_title(loss))
        st.vega_lite_chart(chart, alt=f"The {rows} loss of {len(histories)} runs in one chart.")
