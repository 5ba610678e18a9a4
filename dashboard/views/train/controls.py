"""The knobs as widgets, bounded by the schema that checks them; every value is validated again behind them."""

from typing import Any

import streamlit as st

from dashboard.live.plans import Plan, section
from dashboard.record.snapshot import Record
from dashboard.views.parts import bounds
from dashboard.views.parts.shared import store
from pipeline.params import Normalize, Train

_RATES = sorted({float(f"{digit}e{power}") for power in range(-6, 2) for digit in (1, 1.5, 2, 3, 5, 7)})


def controls(record: Record) -> Plan:
    """Show the widgets and return the run they ask for. Raises `UserError` for values that do not go together."""
    recorded = record.training.settings.model_dump()
    kept: dict[str, Any] = st.session_state.setdefault("knobs", {})
    values = {**recorded, **{key: value for key, value in kept.items() if key in recorded}}
    settings = {
        **values,
        "model": _choice("model", values["model"]),
        "learning_rate": _learning_rate(values["learning_rate"]),
        "batch_size": _number("batch_size", values["batch_size"], most=len(record.data.split.train)),
        "epochs": _number("epochs", values["epochs"]),
    }
    with st.expander("More knobs"):
        settings |= {
            "loss": _choice("loss", values["loss"]),
            "momentum": st.slider(
                bounds.title("momentum"),
                0.0,
                0.99,
                float(values["momentum"]),
                0.01,
                help=bounds.description("momentum"),
                key=_key("momentum"),
            ),
            "nesterov": st.toggle(
                bounds.title("nesterov"), values["nesterov"], help=bounds.description("nesterov"), key=_key("nesterov")
            ),
            "seed": _number("seed", values["seed"]),
            "early_stopping_patience": _number("early_stopping_patience", values["early_stopping_patience"]),
        }
        normalize = _normalize(record, kept)
    st.session_state["knobs"] = {**kept, **settings, "normalize": normalize}
    return Plan.of(section(Train, settings), section(Normalize, normalize), record.raw, store().tfjs_test_rows())


def turn(changes: dict[str, Any]) -> None:
    """Set knobs for the next drawing of the widgets: `learning_rate`, or `normalize.scaling`."""
    kept = st.session_state.setdefault("knobs", {})
    for key, value in changes.items():
        name = key.removeprefix("train.")
        if name.startswith("normalize."):
            kept["normalize"] = {**kept.get("normalize", {}), name.removeprefix("normalize."): value}
        else:
            kept[name] = value
    st.session_state["knobs_drawn"] = st.session_state.get("knobs_drawn", 0) + 1


def _key(name: str) -> str:
    """A widget's key; it changes when the knobs are turned from elsewhere, so that the widget takes the new value."""
    return f"{name}:{st.session_state.get('knobs_drawn', 0)}"


def _choice(name: str, value: str) -> str:
    return str(
        st.segmented_control(
            bounds.title(name),
            bounds.choices(name),
            default=value,
            required=True,
            format_func=lambda choice: choice.replace("_", " "),
            help=bounds.description(name),
            key=_key(name),
        )
    )


def _number(name: str, value: int, most: int | None = None) -> int:
    low, high = bounds.whole_bounds(name)
    high = min(high, most or high)
    help_text = f"{bounds.description(name)} From {low} to {high}."
    return int(st.number_input(bounds.title(name), low, high, min(value, high), 1, help=help_text, key=_key(name)))


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
