"""Which settings vary, and over which values: widgets that make the text of the command `python -m pipeline.sweep`."""

from collections.abc import Mapping
from typing import Any, Final, Literal, get_args, get_origin

import streamlit as st

from dashboard.text.glossary import explained_in
from pipeline.params import Train, value_name
from pipeline.safety.errors import UserError

_MOST: Final = 3
_KEPT: Final[Any] = {"persist_state": "session"}
"""What is chosen stays while another page is shown."""

_USUAL: Final = ("learning_rate", "seed")
_RANGES: Final[Mapping[str, tuple[float, float, int, bool]]] = {
    "learning_rate": (0.001, 0.1, 16, True),
    "momentum": (0.0, 0.9, 10, False),
    "batch_size": (1, 128, 8, True),
    "epochs": (50, 500, 10, False),
    "seed": (0, 19, 20, False),
    "decay_epochs": (10, 100, 10, False),
    "early_stopping_patience": (5, 50, 10, False),
}
"""The ends, the number of values and whether they are spaced logarithmically, until somebody chooses others."""


def choose(train: Train, rows: int) -> list[str]:
    """Choose up to three settings and their values; return a text such as `train.seed=0..19:20` for each.

    `rows` is the number of training rows, which limits the batches. Raises `UserError` for a choice without values.
    """
    offered = [name for name in Train.model_fields if name != "device"]
    titles = {name: Train.model_fields[name].title or name for name in offered}
    chosen = st.multiselect(
        "Settings that vary",
        offered,
        list(_USUAL),
        format_func=titles.__getitem__,
        max_selections=_MOST,
        help=explained_in(" ".join(titles.values())),
        key="sweep-settings",
        **_KEPT,
    )
    texts = [f"train.{name}={_values(train, name, titles[name], rows)}" for name in chosen]
    if not texts:
        raise UserError("Choose at least one setting above.")
    return texts


def _values(train: Train, name: str, title: str, rows: int) -> str:
    """The values of a setting, as the command takes them."""
    kind: Any = Train.model_fields[name].annotation
    if kind is bool or get_origin(kind) is Literal:
        options = [str(option) for option in (get_args(kind) or ("true", "false"))]
        chosen = st.pills(
            title,
            options,
            selection_mode="multi",
            default=options[:2],
            format_func=lambda option: str(value_name(name, option.title() if kind is bool else option)),
            key=f"sweep {name}",
            **_KEPT,
        )
        if not chosen:
            raise UserError(f"{title}: choose at least one value.")
        return ",".join(chosen)
    low, high, count, log = _RANGES.get(name, (*_around(getattr(train, name)), 10, False))
    if name == "batch_size":
        high = min(high, rows)
    number = kind  # a whole number or any
    step = 1 if kind is int else None
    shape = "%d" if kind is int else "%g"
    with st.container(horizontal=True, vertical_alignment="top"):
        ends = [
            st.number_input(
                label, value=number(end), step=step, format=shape, key=f"sweep {name} {label}", width=180, **_KEPT
            )
            for label, end in ((f"{title} from", low), ("to", high))
        ]
        values = st.number_input("Values", 1, None, count, key=f"sweep {name} values", width=120, **_KEPT)
        scale = st.segmented_control(
            "Spaced",
            ("evenly", "logarithmically"),
            default="logarithmically" if log else "evenly",
            required=True,
            key=f"sweep {name} scale",
            **_KEPT,
        )
    first, last = (f"{end:d}" if kind is int else f"{end:.12g}" for end in ends)
    if values == 1:
        return first
    if ends[0] > ends[1]:
        raise UserError(f"{title}: from ({first}) is above to ({last}).")
    if scale == "logarithmically" and ends[0] <= 0:
        raise UserError(f"{title}: logarithmic spacing has to begin above 0, not at {first}.")
    return f"{first}..{last}:{'log:' if scale == 'logarithmically' else ''}{values}"


def _around(value: float) -> tuple[float, float]:
    """Ends for a setting that has none of its own."""
    return value / 2, value * 2
