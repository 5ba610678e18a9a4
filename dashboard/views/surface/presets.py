"""Things to try on the loss surface: each turns the knobs, and says what to look for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import streamlit as st

from dashboard.lessons.points import Points
from dashboard.views.surface.controls import default_settings
from dashboard.views.surface.widgets import key, set_controls

DOWNLOADS: Final = "download times"


@dataclass(frozen=True)
class Preset:
    """Knobs to turn, and what is to be seen then."""

    look_for: str
    knobs: Mapping[str, str | float]


_DEFAULTS: Final[dict[str, str | float]] = {
    "scale": "Raw",
    "loss": "Squared error",
    "paths": "1",
    "start": "By seed",
    "seed": 1,
    "updates": 100,
}

_PRESETS: Final = {
    "Cross the limit": Preset(
        "Both look at all 20 rows before each step, and the limit is 0.0464. A (0.04) jumps across the valley and "
        "lands a little lower on the other side; B (0.05) lands a little higher, and higher still the next time. "
        "That is all there is to diverging.",
        {"rate": 0.04, "batch": 20, "rate-b": 0.05, "batch-b": 20, "updates": 60},
    ),
    "Small batches": Preset(
        "A averages all 20 rows before each step; B looks at one row only, so a step costs a twentieth. Step through "
        "B: its gradient points where that one row wants to go, and the angle to that of all rows jumps about.",
        {"rate": 0.01, "batch": 20, "rate-b": 0.01, "batch-b": 1},
    ),
    "Normalize": Preset(
        "0.01 is far beyond what the raw feature allows: the first step already leaves the picture. "
        "Now set Feature to Normalized. The valley becomes a round bowl, and the same 0.01 walks down to the bottom.",
        {"paths": "1", "rate": 0.01, "batch": 40, "updates": 300},
    ),
    "Absolute error": Preset(
        "This surface is a funnel, not a bowl: as steep near the bottom as far out. A (0.02) gets down fast and then "
        "jumps to and fro for ever; B (0.002) creeps, and ends up jumping in a smaller circle. No learning rate makes "
        "it explode.",
        {"loss": "Absolute error", "rate": 0.02, "batch": 20, "rate-b": 0.002, "batch-b": 20, "updates": 400},
    ),
    "Momentum": Preset(
        "The same learning rate without and with momentum. B carries its speed along: it gains along the valley, "
        "where all steps agree, and swings past the bottom before it comes back.",
        {"rate": 0.01, "batch": 20, "rate-b": 0.01, "batch-b": 20, "momentum-b": 0.9, "updates": 150},
    ),
}


def choose_preset(sources: Mapping[str, Points]) -> str | None:
    """Offer the things to try and the way back; give what to look for in the one that was chosen."""
    if DOWNLOADS not in sources:
        return None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.pills(
            "Try",
            list(_PRESETS),
            key=key("try"),
            on_change=_apply,
            args=(sources,),
            help="Turns the knobs, and says below the pictures what to look for; turn them further as you like.",
        )
        st.button("Start over", on_click=_reset, args=(sources,), help="Turns all knobs back.")
    return _PRESETS[chosen].look_for if chosen else None


def _apply(sources: Mapping[str, Points]) -> None:
    chosen = st.session_state[key("try")]
    if chosen:
        data = _steep(sources) if chosen == "Normalize" else DOWNLOADS
        set_controls({**_defaults_for(sources, data), "paths": "2", **_PRESETS[chosen].knobs})


def _reset(sources: Mapping[str, Points]) -> None:
    st.session_state[key("try")] = None
    set_controls(_defaults_for(sources, DOWNLOADS))


def _defaults_for(sources: Mapping[str, Points], data: str) -> dict[str, str | float]:
    """All knobs as they are until they are turned, on these data."""
    return {**default_settings(), **_DEFAULTS, "data": data, "rows": len(sources[data].x)}


def _steep(sources: Mapping[str, Points]) -> str:
    """The feature whose raw numbers are largest: there a learning rate of 0.01 goes wrong most clearly."""
    return max(sources, key=lambda name: float(abs(sources[name].x).max()))
