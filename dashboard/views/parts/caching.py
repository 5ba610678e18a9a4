"""Parts of pages that are made once: what their arguments settle is drawn, or computed, and kept for all visitors."""

from collections.abc import Callable
from typing import Any, Final, ParamSpec, Protocol, TypeVar

import streamlit as st

P = ParamSpec("P")
R = TypeVar("R")

_KEPT: Final = 48
"""So many results each part keeps."""


class HasToken(Protocol):
    """What has a `token` that nothing else has, and is told from others by it."""

    @property
    def token(self) -> str:
        """The token."""


def cached(*named: type[HasToken]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Give, and draw again, what a function gave and drew for the same arguments; for arguments that are new, call it.

    The function shows no widget and depends on nothing but its arguments; those of a `named` type are known by their
    token, others by what they hold. This saves most of the work that visitors wait for when there are many at once.
    """

    def decorate(make: Callable[P, R]) -> Callable[P, R]:
        tokens: dict[str | type[Any], Callable[[Any], Any]] = dict.fromkeys(named, _token)
        keep = st.cache_resource(show_spinner=False, max_entries=_KEPT, hash_funcs=tokens)
        kept: Callable[P, R] = keep(make)
        return kept

    return decorate


def _token(one: HasToken) -> str:
    return one.token
