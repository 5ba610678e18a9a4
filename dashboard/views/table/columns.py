"""The columns of a table: what each holds, which one to predict and which to predict it from."""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from dashboard.charts.columns import small_histogram
from dashboard.text.glossary import explained_in
from dashboard.text.markdown import capitalized, escape_markdown
from dashboard.views.parts.caching import cached
from dashboard.views.parts.tables import height_of, show_numbers
from dashboard.views.table.source import Table
from pipeline.params import Params
from pipeline.safety.errors import UserError
from pipeline.suggestion.settings import Suggestion
from pipeline.suggestion.targets import some_candidates


@dataclass(frozen=True)
class _Question:
    """What is suggested for a table, with this target and, if they are chosen, these features."""

    table: Table
    target: str
    chosen: tuple[str, ...] | None
    now: Params

    @property
    def token(self) -> str:
        """What the answer depends on."""
        return repr((self.table.token, self.target, self.chosen, self.now.model_dump_json()))


def choose_target(table: Table) -> str:
    """Choose the column to predict, at first the likeliest. Raises `UserError` where no column can be."""
    frame = table.frame
    st.subheader(f"{len(frame):,} rows, {len(frame.columns)} columns", anchor=False)
    if table.notes:
        st.caption(escape_markdown(f"{capitalized(', '.join(table.notes))}."))
    likely = some_candidates(frame, "this table")
    return str(st.selectbox("Column to predict", likely, key=f"target {table.token}", width=360))


def choose_columns(table: Table, target: str, now: Params) -> Suggestion:
    """Show what is suggested, let other features be chosen, and return what is suggested then. Raises `UserError`."""
    suggested = _suggestion(_Question(table, target, None, now))
    others = [str(name) for name in table.frame.columns if name != target]
    chosen = st.multiselect(
        "Columns to predict from",
        others,
        list(suggested.normalize.features),
        key=f"features {table.token} {target}",
        help="At first those that look useful; the table says why the others are left out.",
    )
    if not chosen:
        raise UserError("choose at least one column to predict from")
    if set(chosen) != set(suggested.normalize.features):
        suggested = _suggestion(_Question(table, target, tuple(chosen), now))
    _show(table, suggested)
    return suggested


@cached(_Question)
def _suggestion(question: _Question) -> Suggestion:
    return Suggestion.of(question.table.frame, question.target, question.now, question.chosen)


def _show(table: Table, suggestion: Suggestion) -> None:
    looks = suggestion.columns
    shown = pd.DataFrame(
        {
            "column": [look.name for look in looks],
            "kind": [look.kind.replace("_", "/") for look in looks],
            "distribution": [small_histogram(table.frame[look.name]) for look in looks],
            "gaps": [look.gaps for look in looks],
            "values": [look.distinct for look in looks],
            "use": [look.decision for look in looks],
            "why": [look.why for look in looks],
        }
    )
    show_numbers(
        shown,
        ("gaps", "values"),
        helps={"gaps": "Cells without a value.", "values": "Different values."},
        height=height_of(len(looks)),
        column_config={
            "distribution": st.column_config.BarChartColumn(
                help="How often the values lie in twelve parts of their range; of texts, the most usual ones.",
                width="small",
                y_min=0,
            ),
            "why": st.column_config.TextColumn(width="large"),
        },
        alt=f"The {len(looks)} columns of the table: kind, gaps, different values, and what was decided.",
    )
    text = "\n".join(f"- {escape_markdown(capitalized(sentence))}." for sentence in suggestion.sentences())
    st.markdown(text, help=explained_in(text))
