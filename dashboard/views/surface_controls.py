"""The knobs of the page on the loss surface: every one of them lives in the page's address."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import streamlit as st

from dashboard.lessons.points import Points
from dashboard.lessons.starts import glorot_kernel
from dashboard.lessons.surfaces import LossName
from pipeline.params import Train

NAMES: Final = ("A", "B", "C")
LOSSES: Final[dict[str, LossName]] = {"squared error": "mse", "absolute error": "mae"}
RATES: Final = (
    *(float(f"{factor}e{power}") for power in range(-7, 1) for factor in (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8)),
    10.0,
)
MOST_UPDATES: Final = 2_000
FURTHEST_START: Final = 1e4
_DEFAULTS: Final = ((0.02, 5, 0.0), (0.05, 20, 0.0), (0.02, 5, 0.9))


@dataclass(frozen=True)
class Choice:
    """What is to be drawn: the points, the loss, the start, how many updates, and one to three settings."""

    points: Points
    normalized: bool
    loss: LossName
    start: tuple[float, float]
    updates: int
    settings: Sequence[Train]


def choose(sources: dict[str, Points]) -> Choice:
    """Show the knobs and give what they say. `sources` are the points to choose from, by their name in the address."""
    first = st.columns([2, 1.4, 1.8, 1], vertical_alignment="bottom")
    with first[0]:
        source = st.selectbox("Data", list(sources), key="data", bind="query-params")
    with first[1]:
        scale = one_of("Feature", ["raw", "normalized"], "scale", "In its own unit, or in standard deviations.")
    with first[2]:
        loss = LOSSES[one_of("Loss", list(LOSSES), "error", "Averaged over the rows.")]
    with first[3]:
        count = int(one_of("Settings", ["1", "2", "3"], "settings", "Two or three, walked from the same start."))
    rows = len(sources[source].x)
    with st.expander("Start, length and rows"):
        columns = st.columns(4, vertical_alignment="bottom")
        start_kind = one_of("Start", ["by seed", "typed"], "start", "Or click on the surface.", columns[0])
        seed = _whole(columns[1], "Seed", (0, 2**32 - 1, 1), "seed", "Draws the start and the order of the batches.")
        updates = _whole(columns[2], "Updates", (1, MOST_UPDATES, 100), "updates", "How many steps to take.")
        rows = _whole(columns[3], "Rows", (1, rows, rows), "rows", "Fit only the first rows. Try one.")
        start = (float(glorot_kernel(seed, 1)[0]), 0.0)
        if start_kind == "typed":
            columns = st.columns(4)
            start = _typed(columns[0], "Start kernel", "kernel"), _typed(columns[1], "Start bias", "bias")
    settings = [_setting(which, loss, rows, seed) for which in range(count)]
    return Choice(sources[source].first(rows), scale == "normalized", loss, start, updates, settings)


def one_of(
    title: str, options: list[str], key: str, help_text: str, place: st.delta_generator.DeltaGenerator | None = None
) -> str:
    """Let one of a few options be chosen; the first is the default and stays out of the address."""
    return str(
        (place or st).segmented_control(
            title, options, default=options[0], required=True, key=key, help=help_text, bind="query-params"
        )
    )


def _whole(
    place: st.delta_generator.DeltaGenerator, title: str, bounds: tuple[int, int, int], key: str, help_text: str
) -> int:
    """A whole number within bounds (least, most, default); what another table allowed is brought within them."""
    least, most, value = bounds
    if key in st.session_state:
        st.session_state[key] = min(max(int(st.session_state[key]), least), most)
    return int(place.number_input(title, least, most, value, key=key, help=help_text, bind="query-params"))


def _typed(place: st.delta_generator.DeltaGenerator, title: str, key: str) -> float:
    bounds = (-FURTHEST_START, FURTHEST_START, 0.0)
    return float(place.number_input(title, *bounds, step=0.1, format="%g", key=key, bind="query-params"))


def _setting(which: int, loss: LossName, rows: int, seed: int) -> Train:
    """The knobs of one setting in a row: learning rate, batch size and momentum."""
    name, suffix = NAMES[which], "" if which == 0 else str(which + 1)
    rate, batch, momentum = _DEFAULTS[which]
    columns = st.columns([2, 1, 1])
    rate = columns[0].select_slider(
        f"Learning rate {name}", RATES, rate, format_func=_plain, key=f"rate{suffix}", bind="query-params"
    )
    batch = _whole(columns[1], f"Batch size {name}", (1, rows, min(batch, rows)), f"batch{suffix}", "Rows per update.")
    momentum = columns[2].slider(
        f"Momentum {name}", 0.0, 0.99, momentum, 0.01, key=f"momentum{suffix}", bind="query-params"
    )
    return Train(
        model="linear",
        loss=loss,
        learning_rate=rate,
        momentum=momentum,
        nesterov=False,
        batch_size=batch,
        epochs=1,
        seed=seed,
        early_stopping_patience=0,
        device="auto",
    )


def _plain(value: float) -> str:
    return f"{value:g}"
