"""The settings as widgets, made from the schema that checks them; every value is validated again before it is used."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

import streamlit as st

from dashboard.live.plans import Plan, section
from dashboard.record.snapshot import Record
from dashboard.views.parts import bounds
from dashboard.views.parts.shared import store
from pipeline.params import Normalize, Train

Number = TypeVar("Number", int, float)

_RATES = sorted({float(f"{digit}e{power}") for power in range(-6, 2) for digit in (1, 1.5, 2, 3, 5, 7)})

_FIRST: Final = ("model", "learning_rate", "batch_size", "epochs")
"""The settings that are always in view; the others are folded away."""


def controls(record: Record) -> Plan:
    """Show the widgets and return the run they ask for. Raises `UserError` for values that do not go together."""
    recorded = record.training.settings.model_dump()
    kept: dict[str, Any] = st.session_state.setdefault("settings", {})
    values = {**recorded, **{key: value for key, value in kept.items() if key in recorded}}
    widgets: dict[str, Callable[[], Any]] = {
        "learning_rate": lambda: _learning_rate(values["learning_rate"]),
        "batch_size": lambda: _number("batch_size", values["batch_size"], most=len(record.data.split.train)),
        "momentum": lambda: _momentum(float(values["momentum"])),
        "device": lambda: values["device"],
    }

    def ask(name: str) -> Any:
        return widgets[name]() if name in widgets else _widget(name, values[name])

    settings = {name: ask(name) for name in _FIRST}
    with st.expander("More settings"):
        settings |= {name: ask(name) for name in Train.model_fields if name not in _FIRST}
        normalize = _normalize(record, kept)
    st.session_state["settings"] = {**kept, **settings, "normalize": normalize}
    return Plan.of(section(Train, settings), section(Normalize, normalize), record.raw, store().tfjs_test_rows())


def turn(changes: dict[str, Any]) -> None:
    """Change settings for the next drawing of the widgets: `learning_rate`, or `normalize.scaling`."""
    kept = st.session_state.setdefault("settings", {})
    for key, value in changes.items():
        name = key.removeprefix("train.")
        if name.startswith("normalize."):
            kept["normalize"] = {**kept.get("normalize", {}), name.removeprefix("normalize."): value}
        else:
            kept[name] = value
    st.session_state["settings_drawn"] = st.session_state.get("settings_drawn", 0) + 1


def _key(name: str) -> str:
    """A widget's key; `turn` changes it, so that the widget takes the new value."""
    return f"{name}:{st.session_state.get('settings_drawn', 0)}"


def _widget(name: str, value: Any) -> Any:
    """The widget that fits the type of a setting; a setting of another type stays as recorded."""
    if bounds.choices(name):
        return _choice(name, value)
    match value:
        case bool():
            return st.toggle(bounds.title(name), value, help=bounds.description(name), key=_key(name))
        case int() | float():
            return _number(name, value)
    return value


def _choice(name: str, value: Any) -> Any:
    return st.segmented_control(
        bounds.title(name),
        bounds.choices(name),
        default=value,
        required=True,
        format_func=lambda choice: str(choice).replace("_", " "),
        help=bounds.description(name),
        key=_key(name),
    )


def _number(name: str, value: Number, most: Number | None = None) -> Number:
    kind = type(value)
    low, high = (None if bound is None else kind(bound) for bound in bounds.bounds(name))
    if most is not None:
        high = most if high is None else min(high, most)
    help_text = bounds.description(name)
    if low is not None and high is not None:
        help_text += f" From {low} to {high}."
    start = value if high is None else min(value, high)
    form = "%g" if kind is float else None
    return kind(st.number_input(bounds.title(name), low, high, start, format=form, help=help_text, key=_key(name)))


def _momentum(value: float) -> float:
    help_text = bounds.description("momentum")
    return st.slider(bounds.title("momentum"), 0.0, 0.99, value, 0.01, help=help_text, key=_key("momentum"))


def _learning_rate(value: float) -> float:
    rates = sorted({*_RATES, value})
    return float(
        st.select_slider(
            bounds.title("learning_rate"),
            rates,
            value,
            format_func=lambda rate: f"{rate:g}",
            help=f"{bounds.description('learning_rate')} The scale is logarithmic.",
            key=_key("learning_rate"),
        )
    )


def _normalize(record: Record, kept: dict[str, Any]) -> dict[str, Any]:
    values = {**record.data.settings.model_dump(), **kept.get("normalize", {})}
    columns = [name for name in record.raw.columns if name != record.data.target_name]
    values["features"] = tuple(
        st.multiselect("Features", columns, list(values["features"]), help="What the model sees.", key=_key("features"))
    )
    scaled = st.toggle(
        "Normalize the features",
        values["scaling"] == "z_score",
        help="Subtract the mean, divide by the standard deviation. Without, see what becomes of the limit.",
        key=_key("scaling"),
    )
    return {**values, "scaling": "z_score" if scaled else "none"}
