"""The controls for one feature: data, loss, start, and up to three settings; all of them are in the address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import streamlit as st

from dashboard.lessons.points import Points
from dashboard.lessons.surfaces import LossName
from dashboard.views.parts.query_params import in_address, one_of, whole_number
from dashboard.views.surface.widgets import key, rate
from pipeline.network.initial import initial_linear_weights
from pipeline.params import Train

NAMES: Final = ("A", "B", "C")
LOSSES: Final[dict[str, LossName]] = {"Squared error": "mse", "Absolute error": "mae"}
MAX_UPDATES: Final = 2_000
MAX_START: Final = 1e4
SETTINGS: Final = ((0.02, 5, 0.0), (0.05, 20, 0.0), (0.005, 5, 0.9))
"""The default learning rate, batch size and momentum of A, B and C."""


@dataclass(frozen=True)
class Choice:
    """What to draw: the points, the loss, the start, the number of updates, and one to three settings."""

    points: Points
    normalized: bool
    loss: LossName
    start: tuple[float, float]
    updates: int
    settings: Sequence[Train]


def default_settings() -> dict[str, float]:
    """The default values of the setting controls that are on the page."""
    usual = {
        _of(name, which): value
        for which, setting in enumerate(SETTINGS)
        for name, value in zip(("rate", "batch", "momentum"), setting, strict=True)
    }
    return {name: value for name, value in usual.items() if key(name) in st.session_state}


def choose(recorded: Train, sources: Mapping[str, Points], beneath: st.delta_generator.DeltaGenerator) -> Choice:
    """Show the controls and return the choice; the settings go `beneath` the pictures, so that these never move.

    `sources` are the points to choose from, by name; what has no control is as in the `recorded` settings.
    """
    first = st.columns([2, 1.4, 1.8, 1])
    with first[0]:
        source = st.selectbox("Data", list(sources), **in_address(key("data")))
    with first[1]:
        help_text = "In its original unit, or in standard deviations from the mean."
        scale = one_of("Feature", ["Raw", "Normalized"], key("scale"), help_text)
    with first[2]:
        help_text = "The loss of each row; SGD minimizes the mean over the rows."
        loss = LOSSES[one_of("Loss", list(LOSSES), key("loss"), help_text)]
    with first[3]:
        help_text = "Compare up to three settings from the same start."
        count = int(one_of("Paths", ["1", "2", "3"], key("paths"), help_text))
    rows = len(sources[source].x)
    with st.expander("Start, length and rows"):
        columns = st.columns(4)
        with columns[0]:
            kind = one_of("Start", ["By seed", "Typed"], key("start"), "Or click on the surface.")
        help_text = "Determines the random start and the order of the batches."
        seed = whole_number(columns[1], "Seed", (0, 2**32 - 1, 1), key("seed"), help_text)
        updates = whole_number(columns[2], "Updates", (1, MAX_UPDATES, 100), key("updates"), "The number of steps.")
        rows = whole_number(columns[3], "Rows", (1, rows, rows), key("rows"), "Fit only the first rows. Try 1.")
        start = (float(initial_linear_weights(1, seed)[0]), 0.0)
        if kind == "Typed":
            columns = st.columns(4)
            start = _typed(columns[0], "Start kernel", "kernel"), _typed(columns[1], "Start bias", "bias")
    with beneath:
        settings = [_setting(recorded, which, loss, rows, seed) for which in range(count)]
    return Choice(sources[source].first(rows), scale == "Normalized", loss, start, updates, settings)


def _of(name: str, which: int) -> str:
    return name if which == 0 else f"{name}-{NAMES[which].lower()}"


def _typed(place: st.delta_generator.DeltaGenerator, title: str, name: str) -> float:
    bounds = (-MAX_START, MAX_START, 0.0)
    return float(place.number_input(title, *bounds, step=0.1, format="%g", **in_address(key(name))))


def _setting(recorded: Train, which: int, loss: LossName, rows: int, seed: int) -> Train:
    """The controls of one setting in a row: learning rate, batch size and momentum."""
    name, (usual, size, momentum) = NAMES[which], SETTINGS[which]
    columns = st.columns([2, 1, 1])
    learning_rate = rate(columns[0], f"Learning rate {name}", usual, _of("rate", which))
    size = min(size, rows)
    batch = whole_number(
        columns[1], f"Batch size {name}", (1, rows, size), key(_of("batch", which)), "Rows per update."
    )
    in_query = in_address(key(_of("momentum", which)))
    momentum = columns[2].slider(f"Momentum {name}", 0.0, 0.99, momentum, 0.01, **in_query)
    changes = {
        "model": "linear",
        "nesterov": False,
        "loss": loss,
        "learning_rate": learning_rate,
        "batch_size": batch,
        "momentum": momentum,
        "seed": seed,
    }
    return recorded.model_copy(update=changes)
