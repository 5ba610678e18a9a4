"""What people call the columns of a table, what they mean and in which unit they are: all of it optional."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import streamlit as st

from dashboard.text.markdown import escape_markdown
from dashboard.views.table.source import Table
from pipeline.suggestion.settings import Suggestion
from pipeline.tables import descriptions
from pipeline.tables.datasets import Column


def words_for(root: Path, table: Table, suggestion: Suggestion) -> Sequence[Column]:
    """Let names, meanings and units of the target and the features be given; return those of all columns."""
    known = {column.name: column for column in descriptions.read(root, table.place)}
    names = [suggestion.normalize.target, *suggestion.normalize.features]
    said = [known.get(name, Column(name, "", "", "")) for name in names]
    with st.expander("Names, meanings and units, if you like"):
        st.caption(
            escape_markdown(
                f"What is given here is shown on every axis, and is kept in {descriptions.place_beside(table.place)}. "
                "The unit “$1000” of the target has amounts written in dollars."
            )
        )
        edited = st.data_editor(
            pd.DataFrame(
                {
                    "column": names,
                    "name": [column.noun for column in said],
                    "meaning": [column.meaning for column in said],
                    "unit": [column.unit for column in said],
                }
            ),
            disabled=["column"],
            hide_index=True,
            key=f"words {table.token} {suggestion.normalize.model_dump_json(include={'target', 'features'})}",
            alt="Name, meaning and unit of each column, to be filled in.",
        )
    given = [Column(*(str(cell or "").strip() for cell in row)) for row in edited.itertuples(index=False)]
    return [*given, *(column for name, column in known.items() if name not in names)]
