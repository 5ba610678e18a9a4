"""From the mean of the training rows to one prediction, a bar for each feature."""

from typing import Final

import numpy as np
import streamlit as st

from dashboard.charts.contributions import falls, waterfall
from dashboard.record.cells import in_words
from dashboard.record.predictions import Predictor
from dashboard.record.snapshot import Record
from dashboard.text.glossary import explained_in
from dashboard.views.parts.caching import cached
from dashboard.views.predict.sliders import Setting, by_reach
from pipeline.arrays import Floats

_NOISE: Final = 1e-13
"""What is so small a share of the prediction for the mean row comes of rounding alone."""


@cached(Record)
def predictor_of(record: Record) -> Predictor:
    """The recorded model in numpy, made once for all visitors."""
    return Predictor.of(record.run, record.data)


@cached(Record)
def draw_waterfall(record: Record, setting: Setting) -> None:
    """Draw how each feature moves the prediction away from that for the mean of the training rows."""
    words, predictor = record.format, predictor_of(record)
    st.subheader(f"From the mean to this {words.noun}", anchor=False)
    encoding, order = record.data.encoding, by_reach(record, predictor)
    parts = encoding.totals(predictor.contributions(setting.now))[order]
    parts[np.abs(parts) < _NOISE * abs(predictor.start)] = 0.0
    features = [encoding.features[index] for index in order]
    cells = [in_words(feature, setting.now[encoding.places[feature.name]]) for feature in features]
    labels = [f"{words.readable(feature.name)}\n{cell}" for feature, cell in zip(features, cells, strict=True)]
    table = falls(labels, parts.tolist(), predictor.start, ("mean row", f"this {words.noun}"))
    chart = waterfall(
        table,
        f"predicted {words.axis(words.target)}",
        _domain(record, predictor, encoding.totals(predictor.contributions(setting.origin))[order]),
        lambda amount, change: words.change(amount) if change else words.amount(amount),
    )
    largest = np.argsort(-np.abs(parts))[:3]
    named = ", ".join(f"{labels[index].replace(chr(10), ' ')} {words.change(parts[index])}" for index in largest)
    predicted = predictor.predict_row(setting.now)
    st.vega_lite_chart(
        chart,
        alt=f"From {words.amount(predictor.start)} for the mean row to {words.amount(predicted)}. Largest: {named}.",
    )
    text = _method(record)
    st.caption(text, help=explained_in(text))


def _domain(record: Record, predictor: Predictor, parts: Floats) -> tuple[float, float]:
    """The range of nine in ten predictions and of the chosen row's steps; it does not change while features are set."""
    low, high = np.quantile(record.predicted, [0.05, 0.95])
    way = predictor.start + np.cumsum(parts)
    return float(min(low, way.min())), float(max(high, way.max()))


def _method(record: Record) -> str:
    kinds = record.data.encoding.kinds.values()
    several = " The bar of a category adds up its inputs." if "category" in kinds else ""
    if record.run.is_linear:
        deviation = "" if record.data.scaling.is_none else ", in standard deviations"
        return (
            f"Each bar is the feature's weight times its distance from the mean of the training rows{deviation}. "
            f"Before rounding, they add up to the prediction.{several}"
        )
    return (
        "Each bar is the feature's distance from the mean of the training rows times the mean gradient of the "
        "prediction on the straight line between the two: integrated gradients (Sundararajan, Taly and Yan, "
        f"2017). Before rounding, they add up to the prediction.{several}"
    )
