"""A file that a visitor gives a page, which is kept for the visit: a widget forgets it when the page is left."""

from typing import Any

import streamlit as st


def upload(label: str, kinds: str | list[str], key: str, **more: Any) -> tuple[str, bytes] | None:
    """Take a file; return its name and its content, or `None` where none is given. `more` is what the widget takes."""
    kept = f"kept {key}"

    def keep() -> None:
        file = st.session_state[key]
        st.session_state[kept] = file and (file.name, file.getvalue())

    st.file_uploader(label, kinds, key=key, on_change=keep, **more)
    given: tuple[str, bytes] | None = st.session_state.get(kept)
    return given
