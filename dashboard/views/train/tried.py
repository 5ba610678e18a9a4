"""The runs of this visit: their settings and errors side by side, and which of them the page shows."""

from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.charts.curves import overlaid_losses
from dashboard.live.jobs import Job
from dashboard.record.snapshot import Record
from dashboard.record.tables import in_words
from dashboard.text.glossary import explained_in
from dashboard.views.parts.jobs import MAX_KEPT, RUNS_KEY, changed_settings, tried_runs
from dashboard.views.parts.query_params import keep_in_address
from dashboard.views.parts.tables import show_numbers
from dashboard.views.train.branch import begin_as
from dashboard.views.train.controls import take_settings
from pipeline.record.runs import ending

_MAX_DRAWN: Final = 6
"""More curves than these, the one that is shown and the recorded one cannot be told apart by their colours."""


def keep(job: Job) -> None:
    """Add a finished run to those of this visit."""
    runs = tried_runs()
    if job not in runs:
        runs.append(job)
        del runs[:-MAX_KEPT]


def show_tried(job: Job | None, record: Record) -> None:
    """Show the runs that compare with the recorded one in a table and over one another; any of them can be chosen.

    `job` is the run that the page is about now.
    """
    runs = [run for run in tried_runs() if _on_the_same_rows(run, record)]
    if not runs:
        return
    st.query_params[RUNS_KEY] = ",".join(run.id for run in runs)
    st.subheader("Runs of this visit", anchor=False)
    left, right = st.columns([3, 2], gap="large")
    with left:
        _table(runs, record)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            numbers = {_number(run): run for run in runs}
            shown = _number(job) if job in runs else None
            name = f"shown of {len(runs)} beside {job.id if job else 'none'}"
            chosen = st.segmented_control(
                "Show run", list(numbers), default=shown, required=shown is not None, key=name
            )
            if st.button("Clear the runs", help="Forget the runs of this visit, but the one that is shown."):
                st.session_state["tried"] = [run for run in runs if run is job]
                keep_in_address(RUNS_KEY, None)
                st.rerun()
        if chosen not in (shown, None):
            show_run(numbers[chosen], record)
    with right:
        _overlay(runs, (job if job in runs else None) or runs[-1], record)


def _number(run: Job) -> int:
    """The number of a run, among all those of this visit."""
    return tried_runs().index(run) + 1


def _on_the_same_rows(run: Job, record: Record) -> bool:
    """Whether a run was trained, validated and tested on the rows and the target of the recorded one."""
    mine, recorded = run.plan.data, record.data
    parts = recorded.split.parts()
    same_parts = all(np.array_equal(rows, parts[name]) for name, rows in mine.split.parts().items())
    return same_parts and np.array_equal(mine.target, recorded.target)


def show_run(job: Job, record: Record) -> None:
    """Make the page about a run: its curves, its settings in the controls, its address."""
    st.query_params["job"] = st.session_state["last job"] = job.id
    take_settings(job.plan)
    begin_as(job, record)
    st.rerun()


def _table(runs: list[Job], record: Record) -> None:
    rows = []
    for run in runs:
        if (result := run.poll().result) is not None:
            scores = {f"{part} MSE": getattr(result.metrics, part)["mse"] for part in ("train", "validation", "test")}
            stopped = run.poll().phase == "stopped"
            ended = "stopped by hand" if stopped else ending(result.metrics.status, result.metrics.epochs_run)
            rows.append(
                {"run": _number(run), "settings": in_words(changed_settings(run, record)), **scores, "ended": ended}
            )
    table = pd.DataFrame(rows)
    if table["ended"].str.startswith("completed").all():
        table = table.drop(columns="ended")
    lowest = table["validation MSE"] == table["validation MSE"].min()
    table.insert(list(table).index("validation MSE") + 1, "", ["lowest" if here else "" for here in lowest])
    said = f"The runs of this visit. Run {table['run'][lowest.idxmax()]} has the lowest validation error."
    show_numbers(table, ["train MSE", "validation MSE", "test MSE"], height="content", alt=said)
    text = (
        "The validation error chooses between runs. The test error says how good the chosen one is, as long as "
        "nobody has chosen by it."
    )
    st.caption(text, help=explained_in(text))


def _overlay(runs: list[Job], shown: Job, record: Record) -> None:
    """Draw the runs that minimize the same loss as the one that is shown over one another."""
    rows = st.segmented_control("Rows", ["validation", "training"], default="validation", required=True)
    loss = shown.plan.train.loss
    histories = {"recorded": record.run.history} if record.training.settings.loss == loss else {}
    alike = [run for run in runs if run.plan.train.loss == loss]
    drawn = [run for run in alike if run is shown or run in alike[-_MAX_DRAWN:]]
    for run in drawn:
        if result := run.poll().result:
            histories[f"{_number(run)}: {in_words(changed_settings(run, record))}"] = result.history
    chart = overlaid_losses(histories, rows, record.format.loss_title(loss))
    st.vega_lite_chart(chart, alt=f"The {rows} loss of {len(histories)} runs in one chart.")
    if len(drawn) < len(alike):
        st.caption(f"Drawn are the last {_MAX_DRAWN} runs and the one that is shown.")
    if others := [str(_number(run)) for run in runs if run.plan.train.loss != loss]:
        st.caption(f"Not drawn, because it minimizes another loss: run {', '.join(others)}.")
