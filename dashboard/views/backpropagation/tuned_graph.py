"""A graph with its numbers, the widgets that hold its weights, and their updates."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import streamlit as st

from dashboard.lessons import graphs
from dashboard.lessons.backprop import gradients
from dashboard.lessons.graphs import Build
from dashboard.views.parts.query_params import in_address
from pipeline.arrays import Floats

MAX_DISTANCE: Final = 1e12
MAX_UPDATES: Final = 1_000


@dataclass(frozen=True)
class Graph:
    """A graph with its numbers. `keys` are the widgets that hold the weights, by the names of `values`.

    If there are none, the widget `counter` holds the number of updates, which are computed again from the start.
    """

    name: str
    build: Build
    values: dict[str, Floats]
    rate: float
    keys: dict[str, str]
    counter: str | None = None

    @property
    def names(self) -> list[str]:
        """The names of the weights."""
        return list(gradients(self.build(**self.values)))


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


def number_input(label: str, key: str, value: float) -> float:
    """A number of any size up to `MAX_DISTANCE`; an emptied widget gives the default."""
    given = st.number_input(label, -MAX_DISTANCE, MAX_DISTANCE, value, 0.1, format="%.6g", **in_address(key))
    return float(given if given is not None else value)


def rate_input(key: str, value: float) -> float:
    """A learning rate; an emptied widget gives the default."""
    given = st.number_input("Learning rate", 1e-6, 10.0, value, 0.01, format="%g", **in_address(key))
    return float(given if given is not None else value)
