"""The path player: a loss surface with the paths of runs on it, played in the browser without the server."""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import streamlit as st
from numpy.typing import ArrayLike, NDArray

from dashboard.components import read
from dashboard.lessons.contours import ASPECT, Picture
from dashboard.text.numbers import format_number
from pipeline.arrays import Floats

MAX_ROWS: Final = 2**16
_SCRIPTS: Final = ("numbers", "panel", "marks", "run", "surface", "scatter", "curves", "readout", "player")

_mount = st.components.v2.component(
    "sgd_laboratory_path_player",
    html=read("path_player/player.html"),
    css=read("base.css", "playing.css", "path_player/player.css"),
    js=read("playing.js", *(f"path_player/{name}.js" for name in _SCRIPTS)),
)


@dataclass(frozen=True)
class SurfaceView:
    """The surface on which the paths are drawn, with the name and the position of its `lowest` point.

    `axes` are the titles of the two axes, `coordinates` their short names.
    """

    title: str
    picture: Picture
    lowest: tuple[str, tuple[float, float]]
    axes: tuple[str, str]
    coordinates: tuple[str, str]

    @property
    def description(self) -> str:
        """The surface for those who do not see it."""
        name, place = self.lowest
        where = ", ".join(f"{axis} {format_number(at)}" for axis, at in zip(self.coordinates, place, strict=True))
        low, high = format_number(self.picture.lowest), format_number(self.picture.highest)
        return f"{self.title}, from {low} at its lowest to {high}. The {name} is at {where}."


@dataclass(frozen=True)
class Track:
    """A run to be played: `positions` and `gradients` (updates + 1, 2), named `measures` (updates + 1,).

    `batch_gradients` (updates, 2) and `angles` (updates,) are known where the batches are. `ending` is shown at the
    last update.
    """

    name: str
    label: str
    colour: str
    positions: Floats
    measures: Mapping[str, Floats]
    gradients: Floats
    batch_size: int
    batch_gradients: Floats | None = None
    angles: Floats | None = None
    ending: str = ""


@dataclass(frozen=True)
class Scatter:
    """The rows next to the surface, x and y (rows,), in a `window` (left, right, bottom, top).

    `orders` (epochs, rows) is their order in each epoch.
    """

    title: str
    description: str
    x: Floats
    y: Floats
    window: tuple[float, float, float, float]
    axes: tuple[str, str]
    orders: NDArray[np.int64]


@dataclass(frozen=True)
class Curves:
    """The first measure of each track next to the surface, from 10^low to 10^high, with a named reference line."""

    title: str
    description: str
    decades: tuple[float, float]
    reference: tuple[str, float]
    axes: tuple[str, str]


def path_player(
    surface: SurfaceView,
    tracks: Sequence[Track],
    beside: Scatter | Curves,
    *,
    key: str,
    update: int,
    on_update: Callable[[], None],
    gradient: str,
    stride: int = 1,
    on_start: Callable[[], None] | None = None,
    play: bool | None = None,
) -> None:
    """Show the player; `st.session_state[key]` then has the current `update`, and `start`, a point that was clicked.

    It begins at `update`, counted in points of the path; each point stands for `stride` updates. `gradient` is the name
    of a track's gradient. With `on_start` a click on the surface chooses the start. With `play` it begins anew, if
    there is something new to be shown: it plays at once, or stands still for false.
    """
    picture = surface.picture
    content = {
        "name": f"{surface.title}. Space: play or pause. Arrow keys: one update. Home and End: first and last update.",
        "title": surface.title,
        "description": surface.description,
        "window": picture.window,
        "aspect": ASPECT,
        "levels": picture.levels,
        "regions": [[_packed(ring, "<f4") for ring in rings] for rings in picture.regions],
        "lowest": {"name": surface.lowest[0], "at": surface.lowest[1]},
        "least": picture.lowest,
        "most": picture.highest,
        "axes": surface.axes,
        "coordinates": surface.coordinates,
        "gradient": gradient,
        "stride": stride,
        "beside": _scatter(beside) if isinstance(beside, Scatter) else {"kind": "curves", **vars(beside)},
        "runs": [_track(track) for track in tracks],
        "clickable": on_start is not None,
    }
    stamp = hashlib.sha256(json.dumps(content).encode()).hexdigest()
    data = {**content, "stamp": stamp, "update": update, "play": play}
    _mount(key=key, data=data, on_update_change=on_update, on_start_change=on_start or (lambda: None))


def _track(track: Track) -> dict[str, Any]:
    measures = [(name, _packed(values)) for name, values in track.measures.items()]
    return {**_with_packed_arrays(track), "start": track.positions[0].tolist(), "measures": measures}


def _scatter(scatter: Scatter) -> dict[str, Any]:
    orders = _packed(scatter.orders, "<u2") if len(scatter.x) <= MAX_ROWS else None
    return {**_with_packed_arrays(scatter), "kind": "scatter", "rows": len(scatter.x), "orders": orders}


def _with_packed_arrays(part: Track | Scatter) -> dict[str, Any]:
    return {name: _packed(value) if isinstance(value, np.ndarray) else value for name, value in vars(part).items()}


def _packed(values: ArrayLike, kind: str = "<f8") -> str:
    """The exact numbers as the browser reads them: little-endian, in base64, a third of the size of their digits."""
    with np.errstate(over="ignore"):  # what is beyond float32 is beyond the picture too
        return base64.b64encode(np.ascontiguousarray(values, dtype=kind).tobytes()).decode("ascii")
