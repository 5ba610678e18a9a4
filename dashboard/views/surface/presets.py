"""Experiments to try on the loss surface: each sets the controls and says what to look for."""

from collections.abc import Mapping
from typing import Final

import streamlit as st

from dashboard.lessons.points import Points
from dashboard.views.parts.query_params import keep_in_address
from dashboard.views.surface.controls import defaults
from dashboard.views.surface.widgets import UPDATE, key, set_controls

DOWNLOADS: Final = "download times"
PLAY: Final = key("play")
"""Set for the one run of the page in which an experiment was chosen, so that its paths are played, or all was reset."""

PRESETS: Final[dict[str, tuple[str, dict[str, str | float]]]] = {
    "Cross the limit": (
        "Both use all 20 rows for each step, and the largest stable learning rate is 0.0464. A (0.04) jumps across the "
        "valley and lands a little lower on the other side. B (0.05) lands a little higher, and higher again with the "
        "next step: it diverges.",
        {"rate": 0.04, "batch": 20, "rate-b": 0.05, "batch-b": 20, "updates": 60},
    ),
    "Small batches": (
        "A uses all 20 rows for each step; B uses only one, so a step takes a twentieth of the work. Choose B above "
        "the pictures and step through it: its gradient is that of a single row, and its angle to the gradient of all "
        "rows changes from step to step.",
        {"rate": 0.01, "batch": 20, "rate-b": 0.01, "batch-b": 1},
    ),
    "Normalize": (
        "Normalized, this feature makes the valley a round bowl, and a learning rate of 0.01 leads to the bottom. Now "
        "set Feature to Raw: the same 0.01 is far too large, and the first step already leaves the picture.",
        {"paths": "1", "rate": 0.01, "batch": 40, "updates": 300, "scale": "Normalized"},
    ),
    "Absolute error": (
        "This surface is a funnel, not a bowl. A (0.02) gets down fast and then jumps back and forth forever. B "
        "(0.002) is slower and ends up jumping within a smaller range.",
        {"loss": "Absolute error", "rate": 0.02, "batch": 20, "rate-b": 0.002, "batch-b": 20, "updates": 400},
    ),
    "Momentum": (
        "The same learning rate without momentum (A) and with it (B). B builds up speed along the valley, where all "
        "steps point the same way, and overshoots the bottom before it comes back.",
        {"rate": 0.01, "batch": 20, "rate-b": 0.01, "batch-b": 20, "momentum-b": 0.9, "updates": 150},
    ),
}
"""What to look for in each experiment, and the values of its controls that are not the default ones."""


def choose_preset(sources: Mapping[str, Points]) -> str | None:
    """Offer the experiments and a reset; return what to look for in the chosen one."""
    if DOWNLOADS not in sources:
        return None
    with st.container(horizontal=True, vertical_alignment="center"):
        chosen = st.pills(
            "Try",
            list(PRESETS),
            required=True,
            key=key("try"),
            on_change=_apply,
            args=(sources,),
            label_visibility="collapsed",
            wrap=True,
        )
        st.button("Start over", on_click=_reset, args=(sources,), help="Resets all controls.")
    return PRESETS[chosen][0] if chosen else None


def _apply(sources: Mapping[str, Points]) -> None:
    chosen = st.session_state[key("try")]
    if chosen:
        data = _steep(sources) if chosen == "Normalize" else DOWNLOADS
        set_controls({**_defaults_for(sources, data), "paths": "2", **PRESETS[chosen][1]})
        st.session_state[PLAY] = True


def _reset(sources: Mapping[str, Points]) -> None:
    st.session_state[key("try")] = None
    set_controls(_defaults_for(sources, DOWNLOADS))
    st.session_state[PLAY] = False
    keep_in_address(UPDATE, None)


def _defaults_for(sources: Mapping[str, Points], data: str) -> dict[str, str | float]:
    """The default values of all controls for this data."""
    return {**defaults(), "data": data, "rows": len(sources[data].x)}


def _steep(sources: Mapping[str, Points]) -> str:
    """The feature with the largest raw numbers: with it a learning rate of 0.01 fails most clearly."""
    return max(sources, key=lambda name: float(abs(sources[name].x).max()))
