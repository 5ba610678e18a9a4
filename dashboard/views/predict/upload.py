"""A file of rows to predict, given by a visitor: checked, predicted and handed back as CSV."""

import pandas as pd
import streamlit as st

from dashboard.record.predictions import Predictor
from dashboard.record.snapshot import Record
from dashboard.record.uploads import MAX_BYTES, MAX_ROWS, read_rows
from dashboard.text.markdown import escape_markdown
from dashboard.views.parts.read_only import is_off
from dashboard.views.parts.shared import table_for_download
from dashboard.views.parts.tables import show_numbers
from dashboard.views.parts.uploads import upload
from pipeline.arrays import rounded
from pipeline.record.predictions import DIGITS
from pipeline.safety.errors import UserError
from pipeline.tables.names import distinct


@st.fragment
def file_of_rows(record: Record, predictor: Predictor) -> None:
    """Take a file, and show and offer the predictions for its rows; or say what is wrong with it."""
    words, encoding = record.format, record.data.encoding
    names = list(encoding.kinds)
    st.subheader(f"A file of {words.nouns}", anchor=False)
    if is_off("take files"):
        return
    st.markdown(
        f"A CSV file with a column for each feature, named and measured as in the table; at most {MAX_ROWS:,} rows and "
        f"{MAX_BYTES // 2**20} MB. Other columns are ignored. The file stays on this machine."
    )
    example = record.data.kept[names].iloc[record.data.split.test[:3]]
    table_for_download(f"{words.nouns}.csv", example, "Example file")
    kept = upload(f"CSV file of {words.nouns}", "csv", "file", max_upload_size=MAX_BYTES // 2**20)
    if kept is None:
        return
    name, content = kept
    try:
        given = read_rows(content, name, encoding)
    except UserError as error:
        st.error(escape_markdown(f"{error}."))
        return
    predicted = pd.Series(
        rounded(predictor.predict(encoding.apply(given.rows)), DIGITS),
        name=distinct(f"predicted {words.target}", names, "by the model"),
    )
    table = pd.concat([predicted, given.rows], axis=1)
    ignored = f" Ignored: {', '.join(given.ignored)}." if given.ignored else ""
    st.markdown(
        escape_markdown(
            f"{name}: {len(table):,} predictions, from {words.amount(predicted.min())} "
            f"to {words.amount(predicted.max())}.{ignored}{''.join(f' {note}' for note in given.notes)}"
        )
    )
    show_numbers(table, [str(predicted.name)], 6, alt=f"Predictions for the {len(table):,} rows of {name}.")
    table_for_download("predictions.csv", table)
