"""Parts of pages that are made once: what their arguments settle is drawn, or computed, and kept for all visitors."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any, Final, ParamSpec, TypeVar

import streamlit as st

from pipeline.params import Train
from pipeline.safety.files import sha256
from pipeline.tables.preparation import Rows

P = ParamSpec("P")
R = TypeVar("R")

_KEPT: Final = 48
"""So many results each part keeps."""


def cached(*with_token: type) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Give, and draw again, what a function gave and drew for the same arguments; for arguments that are new, call it.

    The function shows no widget and depends on nothing but its arguments. Those of a type in `with_token` are known by
    their `token`, others by what they hold. This saves most of the work that visitors wait for when there are many.
    """
    known_by: dict[str | type, Callable[[Any], Any]] = dict.fromkeys(with_token, attrgetter("token"))
    known_by[Train] = Train.model_dump_json
    known_by[Rows] = lambda rows: sha256(rows.features.tobytes() + rows.target.tobytes())
    return st.cache_resource(show_spinner=False, max_entries=_KEPT, hash_funcs=known_by)
