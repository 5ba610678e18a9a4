"""Check yourself: the questions at the end of a lesson, whose answers are in the address and nowhere else."""

from collections.abc import Sequence

import streamlit as st

from dashboard.lessons.questions import Question
from dashboard.text.glossary import explained
from dashboard.views.parts.query_params import in_address


def check_yourself(page: str, questions: Sequence[Question], *terms: str) -> None:
    """Ask the questions of a page one below the other, and explain each once it has an answer.

    `terms` are those of the questions that the page has not explained before.
    """
    st.subheader("Check yourself", anchor=False, help=explained(*terms) or None)
    st.caption(
        "The numbers are those of this page and of the recorded run. Your answers are kept in the address of this "
        "page, nowhere else."
    )
    for number, question in enumerate((each for each in questions if len(each.answers) > 1), start=1):
        _ask(f"{page}-answer-{number}", number, question)


def _ask(key: str, number: int, question: Question) -> None:
    asked = f"{key} is about"
    if st.session_state.get(asked, question) != question:  # an answer to another question is none to this one
        st.session_state[key] = None
    st.session_state[asked] = question
    answer = st.pills(f"{number}. {question.text}", question.answers, **in_address(key))
    if answer is None:
        return
    if answer == question.right:
        st.success(f"Right. {question.because}", icon=":material/check:")
    else:
        st.warning(f"No, the answer is “{question.right}”. {question.because}", icon=":material/close:")
