"""Reads a chart as a person does: what each mark shows and where, what the axes, legends and tooltips say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

Chart = Mapping[str, Any]


@dataclass(frozen=True)
class Layer:
    """One kind of mark of a chart, and the `rows` that it draws: those of its table that its filters let through."""

    mark: Mapping[str, Any]
    encoding: Mapping[str, Any]
    rows: pd.DataFrame
    scales: Mapping[str, Mapping[str, Any]]

    def field(self, channel: str) -> str:
        """The column that decides about `channel`: `x`, `y`, `color`, `text`, ..."""
        return str(self.encoding[channel]["field"])

    def seen(self, channel: str) -> list[Any]:
        """What `channel` shows for each row: its place on the axis, its colour, its dashes, its text.

        What no column decides is that of the mark, the same for each row; `None` where the mark does not say it.
        """
        if "field" not in self.encoding.get(channel, {}):
            return [self.encoding.get(channel, {"value": self.mark.get(channel)})["value"]] * len(self.rows)
        values = self.rows[self.field(channel)].tolist()
        scale = self.scales[channel]
        if "range" not in scale:
            return values
        if self.encoding[channel]["type"] == "quantitative":
            return list(np.interp(values, scale["domain"], scale["range"]))
        return [scale["range"][scale["domain"].index(value) % len(scale["range"])] for value in values]

    def order(self, channel: str) -> list[str]:
        """The names along a nominal axis, from the left or from above."""
        names = self.rows[self.field(channel)]
        sort = self.encoding[channel].get("sort", "ascending")
        if isinstance(sort, Mapping):
            ranks = self.rows.groupby(names, sort=False)[sort["field"]].agg(sort["op"])
            return list(ranks.sort_values(ascending=sort["order"] == "ascending", kind="stable").index)
        if isinstance(sort, list):
            return [name for name in sort if name in set(names)]
        return sorted(set(names)) if sort == "ascending" else list(dict.fromkeys(names))

    def hints(self) -> dict[str, str]:
        """The tooltip: the column of each title, in the order in which they are listed."""
        return {hint.get("title", hint["field"]): hint["field"] for hint in self.encoding["tooltip"]}


def layers(chart: Chart, mark: str | None = None) -> list[Layer]:
    """All layers of `chart`, or those of one kind of mark, the lowest first."""
    scales = {channel: scale(chart, channel) for layer in chart["layer"] for channel in layer["encoding"]}
    return [
        Layer(_mark(layer), layer["encoding"], _rows(chart, layer), scales)
        for layer in chart["layer"]
        if mark in (None, _mark(layer)["type"])
    ]


def only(chart: Chart, mark: str) -> Layer:
    """The one layer of this kind of mark."""
    (found,) = layers(chart, mark)
    return found


def scale(chart: Chart, channel: str) -> dict[str, Any]:
    """The properties of the scale that all layers share; those which two layers set must be equal."""
    return _shared(chart, channel, "scale")


def axis(chart: Chart, channel: str) -> dict[str, Any]:
    """The properties of the axis that all layers share; those which two layers set must be equal."""
    return _shared(chart, channel, "axis")


def is_logarithmic(chart: Chart, channel: str) -> bool:
    """Whether the axis is logarithmic rather than linear."""
    return bool(scale(chart, channel).get("type") == "log")


def axis_title(chart: Chart, channel: str) -> str:
    """What stands at the axis: the titles of all layers, or the names of their columns where none has a title."""
    fields = [encoding for encoding in _encodings(chart, channel) if "field" in encoding]
    titles = [encoding["title"] or "" for encoding in fields if "title" in encoding]
    return ", ".join(dict.fromkeys(titles or [encoding["field"] for encoding in fields]))


def legend(chart: Chart, channel: str) -> dict[str, Any]:
    """What each name in the legend looks like: its colour, its shape or its dashes."""
    assert all(encoding.get("legend", {}) is not None for encoding in _encodings(chart, channel))
    shown = scale(chart, channel)
    return dict(zip(shown["domain"], shown["range"], strict=True))


def lines(chart: Chart, place: str) -> dict[str, float]:
    """The named lines across the picture: where each stands on the axis `place`."""
    texts = [layer for layer in layers(chart, "text") if "field" in layer.encoding.get(place, {})]
    named = {name: float(at) for text in texts for name, at in zip(text.seen("text"), text.seen(place), strict=True)}
    ruled = [at for rule in layers(chart, "rule") if place in rule.encoding for at in rule.seen(place)]
    assert set(named.values()) <= set(ruled)
    return named


def _mark(layer: Mapping[str, Any]) -> Mapping[str, Any]:
    mark = layer["mark"]
    return {"type": mark} if isinstance(mark, str) else dict(mark)


def _shared(chart: Chart, channel: str, part: str) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for encoding in _encodings(chart, channel):
        for name, value in (encoding.get(part) or {}).items():
            assert merged.setdefault(name, value) == value
    return merged


def _encodings(chart: Chart, channel: str) -> list[Mapping[str, Any]]:
    found = [layer["encoding"].get(channel) for layer in chart["layer"]]
    return [encoding for encoding in found if isinstance(encoding, Mapping)]


def _rows(chart: Chart, layer: Mapping[str, Any]) -> pd.DataFrame:
    """The table that a layer names, after the layer's own steps in the language of Vega."""
    data = layer.get("data") or chart["data"]  # Altair lifts what all layers share
    table = pd.DataFrame(chart["datasets"][data["name"]]).reset_index(drop=True)
    for step in layer.get("transform", []):
        (kind,) = step.keys() & {"filter", "calculate"}
        expression = step[kind].replace("datum.", "").replace("===", "==").replace("!==", "!=")
        if kind == "filter":
            table = table.query(expression, engine="python")
        else:
            table[step["as"]] = table.eval(expression, engine="python")
    return table
