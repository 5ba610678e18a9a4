"""Your table: drop a file, see its columns, choose what to predict from what, and have the pipeline train on it."""

import streamlit as st

from dashboard.text.markdown import escape_markdown
from dashboard.views.parts.read_only import is_off
from dashboard.views.parts.shared import records
from dashboard.views.table.columns import choose_columns, choose_target
from dashboard.views.table.source import choose_table
from dashboard.views.table.training import back_to_known_data, offer_training
from dashboard.views.table.words import words_for
from pipeline import params
from pipeline.params.editing import PARAMS
from pipeline.safety.errors import UserError


def show() -> None:
    """Show the page."""
    st.title("Your table", anchor=False)
    st.markdown(
        "Train on a table of your own: one row for each thing, one column for each thing that is known of it, and one "
        "of them the number to predict."
    )
    if is_off("take tables"):
        return
    root = records().root
    try:
        table = choose_table(root)
        if table is not None:
            suggestion = choose_columns(table, choose_target(table), params.load(root / PARAMS))
            offer_training(root, table, suggestion, words_for(root, table, suggestion))
    except UserError as error:
        st.error(escape_markdown(f"{error}."))
    back_to_known_data(root)
