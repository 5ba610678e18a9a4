"""What will be written, the button that writes it and runs the pipeline, and the way back to known data."""

import shlex
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

import streamlit as st

from dashboard.experiments.commands import Command
from dashboard.experiments.listing import adopt
from dashboard.read_only import refuse_if_read_only
from dashboard.text.markdown import capitalized, escape_markdown
from dashboard.views.parts.commands import start, watch
from dashboard.views.parts.shared import go_to, link_to
from dashboard.views.table.source import Table
from pipeline.params.editing import Value
from pipeline.record.start import text_of
from pipeline.suggestion.files import WHY_IN_GIT, describe, differences, is_untracked, keep, texts
from pipeline.suggestion.known import settings_of
from pipeline.suggestion.settings import Suggestion
from pipeline.tables.datasets import DATASETS, Column

_TRAINING: Final = "train on a table"
_OPENS: Final = "results open after training"
_BACK: Final = "back to known data"
_BUTTON: Final = "train on this table"


def offer_training(root: Path, table: Table, suggestion: Suggestion, words: Sequence[Column]) -> None:
    """Show what will be written, and offer to write it and to run the pipeline."""
    values = suggestion.values(table.place, None)
    changes = list(differences(texts(root, values, text_of(None))))
    with st.expander("What will be written", expanded=False):
        if table.content is not None:
            st.markdown(escape_markdown(f"The file, to {table.place}."))
        st.code("\n".join(changes).strip() or "params.yaml stays as it is.", language="diff")
    was_left = _BUTTON not in st.session_state  # another page was shown meanwhile
    pressed = st.button(
        "Train on this table",
        key=_BUTTON,
        type="primary",
        help="Writes params.yaml, runs dvc repro (all stages, on this table) and opens Results.",
    )
    if pressed:
        st.session_state[_OPENS] = True
        start(_TRAINING, lambda: _train(root, table, values, words))
    if watch(_TRAINING):
        if was_left:
            st.session_state.pop(_OPENS, None)
        if _OPENS in st.session_state:  # until it is left: a rerun that the browser asks for may undo one attempt
            go_to("results")
        st.success(f"Trained on {escape_markdown(table.place)}. All pages show this run now.")
        link_to("results", "Look at the results", ":material/arrow_forward:")
    if is_untracked(root, table.place):
        st.caption(
            escape_markdown(
                f"Git does not know {table.place} yet. {capitalized(WHY_IN_GIT)}, so add it and commit once:"
            ).replace("\\`", "`")
        )
        st.code(f"git add {shlex.quote(table.place)}", language="sh")


def back_to_known_data(root: Path) -> None:
    """Offer to go back to a data set that is known by name, with the settings that it is bundled with."""
    st.divider()
    for name, dataset in DATASETS.items():
        if st.button(f"Back to {dataset.title}", key=f"back to {name}", help="Its settings, and dvc repro."):
            start(_BACK, partial(adopt, root, settings_of(name), text_of(None)))
    if watch(_BACK):
        st.success("params.yaml holds the settings of these data again, and all pages show their run.")


def _train(root: Path, table: Table, values: dict[str, Value], words: Sequence[Column]) -> Command:
    refuse_if_read_only("take tables")
    if table.content is not None:
        keep(root, table.place, table.content)
    describe(root, table.place, words)
    return adopt(root, values, text_of(None))
