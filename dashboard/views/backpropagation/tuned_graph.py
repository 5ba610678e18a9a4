"""A graph with its numbers, the widgets that hold its weights, and their updates."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from streamlit.delta_generator import DeltaGenerator

from dashboard.lessons import graphs
from dashboard.lessons.backprop import Build
from dashboard.text.glossary import explained
from dashboard.views.parts.query_params import in_address
from pipeline.arrays import Floats

MAX_DISTANCE: Final = 1e12
MAX_UPDATES: Final = 1_000


def key(name: str) -> str:
    """The name of a widget of this page, both in the address and in the session state."""
    return f"backpropagation-{name}"


COUNTER: Final = key("updates")


@dataclass(frozen=True)
class Graph:
    """A graph with its numbers. `tuned` are the names of the weights that have a widget of their own.

    If there are none, the widget `COUNTER` holds the number of updates, which are computed again from the start.
    `row` is the row of the table that a network with a hidden layer is given.
    """

    name: str
    build: Build
    values: dict[str, Floats]
    rate: float
    tuned: tuple[str, ...] = ()
    row: int | None = None


def descended(build: Build, values: dict[str, Floats], rate: float, times: int) -> list[dict[str, Floats]]:
    """Update so many times; return `values` and those after each update, up to the first that becomes too large."""
    taken = [values]
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(times):
            moved = graphs.updated(build, taken[-1], rate)
            if not all(np.all(np.abs(value) <= MAX_DISTANCE) for value in moved.values()):
                break
            taken.append(moved)
    return taken


def number_input(place: DeltaGenerator, label: str, name: str, value: float) -> float:
    """A number of any size up to `MAX_DISTANCE`."""
    bounds = (-MAX_DISTANCE, MAX_DISTANCE, value)
    return place.number_input(label, *bounds, step=0.1, format="%.6g", **in_address(key(name)))


def rate_input(place: DeltaGenerator, name: str, value: float) -> float:
    """A learning rate."""
    more = {"help": explained("learning rate"), **in_address(key(name))}
    return place.number_input("Learning rate", 1e-6, 10.0, value, 0.01, format="%g", **more)
