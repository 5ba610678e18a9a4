"""The controls for one feature: data, loss, start, and up to three settings; all of them are in the address."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, get_args

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.lessons.points import Points
from dashboard.text.glossary import explained
from dashboard.text.markdown import capitalized
from dashboard.text.target import loss_of_a_row
from dashboard.views.parts.columns import choose_column
from dashboard.views.parts.query_params import in_address, one_of, whole_number
from dashboard.views.surface.widgets import key, rate, set_controls
from pipeline.network.initial import initial_linear_weights
from pipeline.params import MAX_SEED, LossName, Train, later_seed

NAMES: Final = ("A", "B", "C")
LOSS_OPTIONS: Final = {capitalized(loss_of_a_row(loss)): loss for loss in get_args(LossName)}
MAX_UPDATES: Final = 2_000
MAX_START: Final = 1e4
FARTHEST_START: Final = 3**0.5
"""Glorot's initialization draws the kernel of one input and one unit between this and its opposite."""

VIEWS: Final = {"All starts": False, "This path": True}
PATHS: Final = ("1", "2", "3")
SCALES: Final = ("Raw", "Normalized")
STARTS: Final = ("By seed", "Typed")
SEED: Final = 1
UPDATES: Final = 100
SETTINGS: Final = ((0.02, 5, 0.0), (0.05, 20, 0.0), (0.005, 5, 0.9))
"""The default learning rate, batch size and momentum of A, B and C."""


@dataclass(frozen=True)
class Choice:
    """What to draw: the points and their source, the loss, the start, the number of updates, one to three settings.

    `close` chooses a window around the paths, instead of one that is the same for all starts and settings.
    """

    source: str
    points: Points
    normalized: bool
    loss: LossName
    start: tuple[float, float]
    updates: int
    settings: Sequence[Train]
    close: bool


_DATA: Final = (
    "Download times: the chapter's first example, the seconds that 40 downloads of some megabytes took, 20 of them to "
    "learn from. The others are features of the recorded data, each alone against the target."
)


def defaults() -> dict[str, str | float]:
    """The default values of the controls but for the data and their rows; of the settings, of those on the page."""
    settings = {
        _of(name, which): value
        for which, setting in enumerate(SETTINGS)
        for name, value in zip(("rate", "batch", "momentum"), setting, strict=True)
    }
    shown = {name: value for name, value in settings.items() if key(name) in st.session_state}
    first = {"scale": SCALES[0], "loss": next(iter(LOSS_OPTIONS)), "paths": PATHS[0], "start": STARTS[0]}
    return {**shown, **first, "seed": SEED, "updates": UPDATES}


def choose(recorded: Train, sources: Mapping[str, Points], readable: Callable[[str], str]) -> Choice:
    """Show the controls in a column and return the choice: first those that matter most, the others behind "More".

    `sources` are the points to choose from, by name, and `readable` is what people call them; what has no control is as
    in the `recorded` settings.
    """
    source = choose_column("Data", list(sources), next(iter(sources)), key("data"), readable, help=_DATA)
    scale = one_of("Feature", SCALES, key("scale"), explained("normalized (z-score)"))
    settings, again = st.container(), st.container()
    with st.expander("More"):
        help_text = "Compare up to three settings from the same start."
        count = int(one_of("Paths", PATHS, key("paths"), help_text))
        help_text = "The loss of each row; SGD minimizes the mean over the rows."
        loss = LOSS_OPTIONS[one_of("Loss", list(LOSS_OPTIONS), key("loss"), help_text)]
        help_text = "All starts: the same picture for every start, rate and batch size. This path: close to the path."
        view = one_of("View", list(VIEWS), key("view"), help_text)
        kind = one_of("Start", STARTS, key("start"), "Or click on the surface.")
        place = st.container()
        help_text = "Determines the random start and the order of the batches."
        seed = whole_number(place, "Seed", (0, MAX_SEED, SEED), key("seed"), help_text)
        start = (float(initial_linear_weights(1, seed)[0]), 0.0)
        if kind == STARTS[1]:
            start = _typed(place, "Start kernel", "kernel"), _typed(place, "Start bias", "bias")
        updates = whole_number(place, "Updates", (1, MAX_UPDATES, UPDATES), key("updates"), "The number of steps.")
        most = len(sources[source].x)
        rows = whole_number(place, "Rows", (1, most, most), key("rows"), "Fit only the first rows. Try 1.")
    again.button("New random start", on_click=_draw_again, args=(seed,), help="The next seed.", width="stretch")
    with settings:
        places = st.tabs(NAMES[:count]) if count > 1 else [st.container()]
        chosen = [_setting(place, recorded, which, loss, rows, seed) for which, place in enumerate(places)]
    return Choice(source, sources[source].first(rows), scale == SCALES[1], loss, start, updates, chosen, VIEWS[view])


def _draw_again(seed: int) -> None:
    set_controls({"start": STARTS[0], "seed": later_seed(seed, 1)})


def _of(name: str, which: int) -> str:
    return name if which == 0 else f"{name}-{NAMES[which].lower()}"


def _typed(place: DeltaGenerator, title: str, name: str) -> float:
    bounds = (-MAX_START, MAX_START, 0.0)
    return float(place.number_input(title, *bounds, step=0.1, format="%g", **in_address(key(name))))


def _setting(place: DeltaGenerator, recorded: Train, which: int, loss: LossName, rows: int, seed: int) -> Train:
    """The controls of one setting: learning rate, batch size and momentum."""
    name, (usual, size, momentum) = NAMES[which], SETTINGS[which]
    learning_rate = rate(place, f"Learning rate {name}", usual, _of("rate", which))
    size = min(size, rows)
    batch = whole_number(place, f"Batch size {name}", (1, rows, size), key(_of("batch", which)), explained("batch"))
    in_query = in_address(key(_of("momentum", which)))
    momentum = place.slider(f"Momentum {name}", 0.0, 0.99, momentum, 0.01, help=explained("momentum"), **in_query)
    changes = {
        "model": "linear",
        "nesterov": False,
        "loss": loss,
        "learning_rate": learning_rate,
        "schedule": "constant",
        "batch_size": batch,
        "momentum": momentum,
        "seed": seed,
    }
    return recorded.model_copy(update=changes)
