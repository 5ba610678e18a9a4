"""Experiments: all recorded runs in one table; compare, scrub, rename, remove, adopt."""

from typing import Final

import pandas as pd
import streamlit as st

from dashboard.charts.palette import REFERENCE, TEST
from dashboard.experiments.comparisons import base_of, best, overview, same_rows
from dashboard.experiments.listing import Experiment, list_experiments
from dashboard.report.experiments import sections
from dashboard.text.glossary import explained, explained_in
from dashboard.text.markdown import escape_markdown
from dashboard.views.experiments.actions import actions
from dashboard.views.experiments.comparison import comparison, setting_and_metric
from dashboard.views.experiments.runs import record_of
from dashboard.views.experiments.scrubber import scrubber
from dashboard.views.experiments.share import share
from dashboard.views.parts.shared import page_for_download, recorded, records, table_for_download
from dashboard.views.parts.tables import styled
from pipeline.record.metrics import COMPARED

_WINNER: Final = f"font-weight: 700; background-color: {TEST}38"

_CHOOSES: Final = "validation MSE"

_OTHER: Final = f"color: {REFERENCE}"


def show() -> None:
    """Show the page."""
    record = recorded()
    st.title("Experiments")
    runs = list_experiments(records().root)
    base = base_of(runs)
    table = overview(runs, base)
    now = next((run for run in runs if run.params), base)
    selected = _table(table, runs, same_rows(runs, now), same_rows(runs, now, "every"), record.format.units_of_errors)
    with st.container(horizontal=True):
        table_for_download("experiments.csv", table)
        page_for_download("experiments.html", lambda: sections(runs, selected, record_of))
    actions(selected)
    share(selected)
    st.subheader("Compare loss curves")
    comparison(selected)
    st.subheader("A setting against a metric")
    setting_and_metric(runs, now)
    st.subheader("Epoch by epoch", help=explained("epoch"))
    first = runs.index(selected[0]) if selected else 0
    run = runs[st.selectbox("Run", range(len(runs)), first, format_func=lambda index: str(table["name"][index]))]
    if chosen := record_of(run):
        scrubber(chosen, run.reference or run.kind)


def _table(
    table: pd.DataFrame, runs: list[Experiment], compared: list[bool], chosen_from: list[bool], unit: str
) -> list[Experiment]:
    others = (
        "" if all(compared) else " Runs on another target, table or test rows than “now” are grey and not compared."
    )
    text = (
        "“now” is the run in data/run at present; “changed” lists the differences from the current commit. "
        f"The lowest validation error is marked: it chooses between runs, and the test error says how good the chosen "
        f"one is.{others}{escape_markdown(unit)} "
        "Select rows to compare runs or to act on them."
    )
    st.caption(text, help=explained_in(" ".join((text, *COMPARED))))
    winner = best(table, chosen_from).get(_CHOOSES)
    shown = table.copy()
    for title in COMPARED:
        shown[title] = pd.to_numeric(shown[title], errors="coerce")

    def mark(column: "pd.Series[float]") -> list[str]:
        row = winner if column.name == _CHOOSES else None
        wins = [row is not None and value == column[row] for value in column]
        return [_OTHER if not same else _WINNER if won else "" for same, won in zip(compared, wins, strict=True)]

    state = st.dataframe(
        styled(shown, COMPARED, 5).apply(mark, subset=list(COMPARED)),
        hide_index=True,
        on_select="rerun",
        selection_mode="multi-row",
        column_config={
            "changed": st.column_config.TextColumn(width="medium"),
            "created": st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm"),
        },
        alt=f"{len(table)} recorded runs with what they changed and their metrics.",
        placeholder="–",
        key="experiments",
    )
    return [runs[index] for index in state["selection"]["rows"] if index < len(runs)]
