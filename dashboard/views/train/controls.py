"""The settings as widgets, made from the schema that checks them; every value is validated again before it is used."""

from typing import Any, Final, Literal, get_args, get_origin

import streamlit as st

from dashboard.live.plans import Plan
from dashboard.record.snapshot import Record
from dashboard.text.glossary import explained, explained_in
from dashboard.text.numbers import format_setting
from dashboard.views.train.branch import choose_origin
from pipeline.arrays import round_numbers
from pipeline.params import Normalize, Train, section, value_name
from pipeline.tables.kinds import kind_of

_RATES: Final = round_numbers(range(-6, 2), (1, 1.5, 2, 3, 5, 7))

_FIRST: Final = ("model", "learning_rate", "batch_size", "epochs")
"""The settings that are always in view; the others are folded away."""

_HALVING: Final = ("inverse_time", "step")
"""The schedules that have a number of epochs of their own."""


def controls(record: Record) -> Plan:
    """Show the widgets and return the run they ask for. Raises `UserError` for values that do not go together."""
    kept = st.session_state.get("settings", {"train": {}, "normalize": {}})
    train = record.training.settings.model_dump() | kept["train"]
    recorded = record.data.settings.model_dump()
    chosen = recorded | kept["normalize"]
    rows = len(record.data.split.train)
    for name in _FIRST:
        train[name] = _widget(name, train[name], rows)
    origin = choose_origin(record)
    with st.expander("More settings"):
        for name in Train.model_fields:
            if name not in _FIRST:
                unused = name == "decay_epochs" and train["schedule"] not in _HALVING
                train[name] = _widget(name, train[name], rows, unused)
        chosen |= (normalize := _normalize(record, chosen | {"categories": recorded["categories"]}))
    st.session_state["settings"] = {"train": train, "normalize": normalize}
    return Plan.of(section(Train, train), section(Normalize, chosen), record, origin)


def change_setting(part: Literal["train", "normalize"], name: str, value: Any) -> None:
    """Change a setting for the next drawing of the widgets."""
    st.session_state["settings"][part][name] = value
    st.session_state["settings drawn"] = st.session_state.get("settings drawn", 0) + 1


def take_settings(plan: Plan) -> None:
    """Set the widgets to the settings of a run for their next drawing."""
    normalize = {name: getattr(plan.normalize, name) for name in ("features", "categories", "scaling")}
    st.session_state["settings"] = {"train": plan.train.model_dump(), "normalize": normalize}
    st.session_state["settings drawn"] = st.session_state.get("settings drawn", 0) + 1


def _key(name: str) -> str:
    """A widget's key; `change_setting` and `take_settings` change it, so that the widget takes the new value."""
    return f"{name}:{st.session_state.get('settings drawn', 0)}"


def _widget(name: str, value: Any, rows: int, disabled: bool = False) -> Any:
    """The widget that fits a setting; one that none fits stays as recorded."""
    field = Train.model_fields[name]
    title, key = field.title or name, _key(name)
    explanation = "\n\n".join(filter(None, (field.description, explained_in(title))))
    if name == "learning_rate":
        explanation += " The scale is logarithmic."
        rates = sorted({*_RATES, value})
        return st.select_slider(title, rates, value, format_func=format_setting, help=explanation, key=key)
    if name == "momentum":
        return st.slider(title, 0.0, 0.99, float(value), 0.01, help=explanation, key=key)
    if get_origin(field.annotation) is Literal and name != "device":
        choices = get_args(field.annotation)
        return st.segmented_control(
            title,
            choices,
            default=value,
            required=True,
            format_func=lambda one: value_name(name, one),
            help=explanation,
            key=key,
            wrap=True,
        )
    if isinstance(value, bool):
        return st.toggle(title, value, help=explanation, key=key)
    if isinstance(value, int):
        low, high = field.metadata[0].ge, field.metadata[1].le
        high = min(high, rows) if name == "batch_size" else high
        hint = f"{explanation} From {low} to {high}."
        return st.number_input(title, low, high, min(value, high), help=hint, key=key, disabled=disabled)
    return value


def _normalize(record: Record, values: dict[str, Any]) -> dict[str, Any]:
    others = [name for name in record.raw.columns if name != record.data.target_name]
    columns = [name for name in others if name in values["categories"] or kind_of(record.raw[name]) != "text"]
    hidden = " A column of text can be one once it is in normalize.categories." if len(columns) < len(others) else ""
    features = st.multiselect(
        "Features",
        columns,
        [name for name in values["features"] if name in columns],
        format_func=record.format.readable,
        help=f"What the model sees.{hidden}",
        key=_key("features"),
    )
    scaled = st.toggle(
        "Normalize the features",
        values["scaling"] == "z_score",
        help=explained("normalized (z-score)") + " Without it, features of large numbers dominate the gradient.",
        key=_key("scaling"),
    )
    categories = tuple(name for name in values["categories"] if name in features)
    return {"features": tuple(features), "categories": categories, "scaling": "z_score" if scaled else "none"}
