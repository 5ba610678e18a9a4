"""What pages have in common: the recorded run, or the sentence in its place; cards; and files to take away."""

from collections.abc import Callable, Sequence
from typing import Any, Literal

import pandas as pd
import streamlit as st
from streamlit.navigation.page import StreamlitPage

from dashboard.experiments.listing import repro
from dashboard.experiments.repository import pipeline_runs
from dashboard.read_only import is_read_only
from dashboard.record.reading import Records
from dashboard.record.snapshot import Record
from dashboard.record.tables import parameter_names
from dashboard.report.document import Section, page
from dashboard.text.glossary import explained_in
from dashboard.text.markdown import escape_markdown
from dashboard.text.spreadsheets import csv
from dashboard.views.parts.commands import start, watch
from dashboard.views.parts.query_params import one_of
from dashboard.views.parts.read_only import is_off
from pipeline.record.store import Store
from pipeline.safety.errors import UserError


@st.cache_resource(show_spinner=False)
def records() -> Records:
    """The reader of the recorded run, one for all visitors."""
    return Records()


def store() -> Store:
    """The store of the project that is shown."""
    return Store(records().root)


def recorded() -> Record:
    """Give the last complete run; say so where it is not the one on disk; end the page where there is none."""
    snapshot = records().snapshot()
    if snapshot.record is None:
        st.title("SGD laboratory")
        if snapshot.too_large:
            st.info(f"{snapshot.problem}.")
            st.stop()
        if snapshot.missing:
            st.info("Nothing is recorded yet: the pipeline has not run here.")
        else:
            st.error(
                f"The recorded run cannot be shown: {snapshot.problem}. "
                "If the code was edited after the dashboard started, restart the dashboard first."
            )
        _offer_first_run("primary")
        _watch_first_run()
        st.stop()
    if snapshot.committed and not is_read_only():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption("This is the committed run. To make your own, run the pipeline.", width="content")
            _offer_first_run("tertiary")
        _watch_first_run()
    if snapshot.problem is not None and pipeline_runs(records().root):
        st.info("The pipeline is running. Shown is the run before; reload the page when it has ended.")
    elif snapshot.problem is not None:
        st.warning(f"Showing the last complete run: {snapshot.problem}.")
    return snapshot.record


def _offer_first_run(kind: Literal["primary", "tertiary"]) -> None:
    """Offer to run the pipeline where nothing has run yet."""
    if not is_off("run the pipeline") and st.button(
        "Run the pipeline", type=kind, help="dvc repro: download, normalize, train, evaluate."
    ):
        start("first run", lambda: repro(records().root))


def _watch_first_run() -> None:
    """Show how the first run goes on, and the page anew when it has recorded."""
    if watch("first run"):
        st.rerun()


def title_with_choice(title: str, label: str, options: Sequence[str], key: str, **more: Any) -> str:
    """Show the title of a page with a choice of what it is about on its right; return what is chosen."""
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.title(title, anchor=False, width="content")
        return one_of(label, options, key, label_visibility="collapsed", width="content", **more)


def link_to(page: str, label: str, icon: str | None = None) -> None:
    """Link to a page by its address, within this visit; a link in Markdown would open another window, a visit anew."""
    st.page_link(_at(page), label=f":primary[{label}]", icon=icon, width="content")


def go_to(page: str) -> None:
    """Open a page by its address, within this visit."""
    st.switch_page(_at(page))


def _at(page: str) -> StreamlitPage:
    return st.Page(lambda: None, title=page, url_path=page)


def cards(shown: Sequence[tuple[str, str, str]]) -> None:
    """Draw a row of cards: what a number is, the number, and what to compare it with."""
    for column, (label, number, note) in zip(st.columns(len(shown)), shown, strict=True):
        with column.container(border=True, height="stretch"):
            st.metric(label, number, help=explained_in(f"{label}\n{note}"))
            st.caption(escape_markdown(note))


def files_for_download(record: Record) -> None:
    """Offer the recorded run's tables as CSV and its model as `.keras`; of hidden layers, the last weights alone."""
    run = record.run
    names = parameter_names(run.layers, record.data.names)

    def weights() -> pd.DataFrame:
        table = pd.DataFrame(run.weights, columns=names)
        table.insert(len(names), "epoch", run.epochs, allow_duplicates=True)
        if not run.is_whole:
            table.insert(len(names) + 1, "update", run.updates, allow_duplicates=True)
        return table if run.is_linear else table.tail(1)

    with st.container(horizontal=True):
        table_for_download("history.csv", run.history)
        table_for_download("predictions.csv", record.predictions)
        table_for_download("weights.csv", weights)
        if record is not records().snapshot().record:  # an experiment: the model on disk is another's
            return
        try:
            with record.source.opened() as place:
                model = place.read_model()
            st.download_button("model.keras", model, "model.keras", "application/octet-stream", on_click="ignore")
        except UserError as error:
            st.caption(str(error))


def page_for_download(name: str, sections: Callable[[], Sequence[Section]]) -> None:
    """Offer what `sections` gives as one page of HTML called `name`, made when it is asked for."""
    st.download_button("Save as HTML", lambda: page(sections()), name, "text/html", on_click="ignore")


def table_for_download(name: str, table: pd.DataFrame | Callable[[], pd.DataFrame], label: str | None = None) -> None:
    """Offer a table, or what makes it, as a CSV file called `name`, written when it is asked for."""
    make = table if callable(table) else lambda: table
    st.download_button(label or name, lambda: csv(make()), name, "text/csv", on_click="ignore")
