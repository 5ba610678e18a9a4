"""What the path player sends to the browser: every number of the surface, the runs and the picture beside, exactly."""

import base64
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from streamlit.testing.v1 import AppTest

from dashboard.components.path_player import Curves, Scatter, SurfaceView, Track
from dashboard.lessons.contours import Picture, Window

RINGS = [np.array([[-3.0, 1.5], [4.0, 2.5], [0.25, 9.0]]), np.array([[0.5, 3.0], [1.0, 3.0], [0.75, 4.0]])]
SURFACE = SurfaceView(
    title="The error over slope and height",
    picture=Picture(Window(-4.0, 6.0, 1.0, 9.0), [80.0, 20.0], [RINGS, [RINGS[1]]], 0.125, 1820.0),
    lowest=("minimum", (-2.0, 7.25)),
    axes=("slope ($1000)", "height (rooms)"),
    coordinates=("slope", "height"),
)
LONG = Track(
    name="A",
    label="learning rate 0.02",
    colour="#112233",
    positions=np.array([[1.0, 2.0], [3.0, 5.0], [-7.0, 0.1]]),
    measures={"loss": np.array([9.0, 1 / 3, np.inf]), "distance": np.array([0.5, np.nan, 4.0])},
    gradients=np.array([[10.0, -20.0], [30.0, 50.0], [1e300, 0.0]]),
    batch_size=5,
    batch_gradients=np.array([[11.0, -21.0], [31.0, 51.0]]),
    angles=np.array([2.5, 177.0]),
    ending="A diverged.",
)
SHORT = Track(
    name="B",
    label="learning rate 3",
    colour="#445566",
    positions=np.asfortranarray([[1.0, 2.0], [8.0, 6.0]]),  # columns first in memory: the pairs must stay pairs
    measures={"loss": np.array([9.0, 4.0])},
    gradients=np.array([[10.0, -20.0, 0.0, 0.0], [70.0, 90.0, 0.0, 0.0]])[:, :2],
    batch_size=40,
)
SCATTER = Scatter(
    title="time against size",
    description="Three rows of time.",
    x=np.array([0.1, 2.0, 30.0]),
    y=np.array([-1.0, 4.0, 7.5]),
    window=(0.0, 31.0, -2.0, 8.0),
    axes=("size (MB)", "time (s)"),
    orders=np.array([[2, 0, 1], [1, 2, 0]]),
)
CURVES = Curves(
    "The loss", "The loss at each update.", (-1.5, 3.0), ("least squares", 0.125), ("update", "loss ($1000²)")
)


def sent(
    tracks: tuple[Track, ...] = (LONG, SHORT),
    beside: Scatter | Curves = CURVES,
    surface: SurfaceView = SURFACE,
    **more: Any,
) -> dict[str, Any]:
    """What reaches the browser of a page that has only a player."""

    def page(clickable: bool = False, **player: "Any") -> None:  # runs without this module's imports
        from dashboard.components.path_player import path_player

        path_player(key="player", on_update=lambda: None, on_start=(lambda: None) if clickable else None, **player)

    player = {"surface": surface, "tracks": tracks, "beside": beside, "update": 1, "gradient": "gradient of all rows"}
    app = AppTest.from_function(page, kwargs={**player, **more}, default_timeout=30).run()
    assert not app.exception
    (component,) = app.get("bidi_component")
    data: dict[str, Any] = json.loads(component.proto.json)
    return data


def unpacked(text: str, kind: str = "<f8") -> NDArray[Any]:
    """The numbers that the browser finds in `text`."""
    return np.frombuffer(base64.b64decode(text), kind)


def test_each_run_keeps_its_name_its_colour_and_all_its_numbers_to_the_last_digit() -> None:
    runs = sent()["runs"]
    for run, track in zip(runs, (LONG, SHORT), strict=True):
        for name in ("name", "label", "colour", "batch_size", "ending"):
            assert run[name] == getattr(track, name)
        assert run["start"] == [1.0, 2.0]
        assert [name for name, _ in run["measures"]] == list(track.measures)
        for name, values in run["measures"]:
            np.testing.assert_array_equal(unpacked(values), track.measures[name])
        for name in ("positions", "gradients"):  # pairs, one after the other
            np.testing.assert_array_equal(
                unpacked(run[name]), [number for pair in getattr(track, name) for number in pair]
            )
    np.testing.assert_array_equal(unpacked(runs[0]["batch_gradients"]), [11, -21, 31, 51])
    np.testing.assert_array_equal(unpacked(runs[0]["angles"]), [2.5, 177])
    assert (runs[1]["batch_gradients"], runs[1]["angles"]) == (None, None)


def test_the_surface_has_its_window_its_contours_its_minimum_and_its_units() -> None:
    data = sent(update=2, stride=3, gradient="gradient on the cut")
    assert data["window"] == [-4, 6, 1, 9]
    assert data["aspect"] == 1.4
    assert data["levels"] == [80, 20]
    outer, hole = [-3, 1.5, 4, 2.5, 0.25, 9], [0.5, 3, 1, 3, 0.75, 4]
    assert [[unpacked(ring, "<f4").tolist() for ring in rings] for rings in data["regions"]] == [[outer, hole], [hole]]
    assert data["lowest"] == {"name": "minimum", "at": [-2, 7.25]}
    assert (data["least"], data["most"]) == (0.125, 1820)
    assert data["axes"] == ["slope ($1000)", "height (rooms)"]
    assert data["coordinates"] == ["slope", "height"]
    assert data["gradient"] == "gradient on the cut"
    assert (data["update"], data["stride"]) == (2, 3)
    assert data["title"] == "The error over slope and height"
    assert data["description"] == (
        "The error over slope and height, from 0.125 at its lowest to 1,820. "
        "The minimum is at slope −2, height 7.25."
    )  # fmt: skip


def test_the_rows_beside_the_surface_keep_their_places_their_units_and_their_order_in_each_epoch() -> None:
    beside = sent(beside=SCATTER)["beside"]
    assert (beside["kind"], beside["rows"]) == ("scatter", 3)
    assert unpacked(beside["x"]).tolist() == [0.1, 2, 30]
    assert unpacked(beside["y"]).tolist() == [-1, 4, 7.5]
    assert unpacked(beside["orders"], "<u2").tolist() == [2, 0, 1, 1, 2, 0]
    assert beside["window"] == [0, 31, -2, 8]
    assert beside["axes"] == ["size (MB)", "time (s)"]
    assert (beside["title"], beside["description"]) == ("time against size", "Three rows of time.")


@pytest.mark.parametrize(("rows", "drawn"), [(65_536, True), (65_537, False)])
def test_batches_are_drawn_as_long_as_sixteen_bits_can_number_the_rows(rows: int, drawn: bool) -> None:
    backwards = np.arange(rows)[::-1]
    many = replace(SCATTER, x=np.zeros(rows), y=np.zeros(rows), orders=backwards[np.newaxis])
    orders = sent(beside=many)["beside"]["orders"]
    assert (orders is not None) == drawn
    if drawn:
        np.testing.assert_array_equal(unpacked(orders, "<u2"), backwards)


def test_the_loss_curves_have_their_axis_in_powers_of_ten_and_their_named_reference() -> None:
    beside = sent()["beside"]
    assert beside == {
        "kind": "curves",
        "title": "The loss",
        "description": "The loss at each update.",
        "decades": [-1.5, 3],
        "reference": ["least squares", 0.125],
        "axes": ["update", "loss ($1000²)"],
    }


def test_only_a_player_that_takes_a_start_can_be_clicked() -> None:
    assert sent(clickable=True)["clickable"] is True
    assert sent()["clickable"] is False


def test_the_stamp_tells_another_picture_from_the_same_one_at_another_update() -> None:
    stamp = sent()["stamp"]
    assert sent(update=2)["stamp"] == stamp
    moved = LONG.positions + np.array([0, 1e-15])
    for other in (
        sent((replace(LONG, positions=moved), SHORT)),
        sent((replace(LONG, colour="#112234"), SHORT)),
        sent((LONG,)),
        sent(surface=replace(SURFACE, lowest=("minimum", (-2.0, 7.26)))),
        sent(beside=replace(CURVES, reference=("least squares", 0.126))),
        sent(stride=2),
    ):
        assert other["stamp"] != stamp
