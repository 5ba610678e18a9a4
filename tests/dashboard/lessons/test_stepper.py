"""The two-number stepper: it starts where training starts, and takes the very steps that are recorded."""

from itertools import islice
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.lessons.stability import around, factor, updates_for_a_tenth
from dashboard.lessons.stepper import Walk, batches, orders, walk
from dashboard.lessons.surfaces import Surface
from pipeline.arrays import Floats
from pipeline.network.initial import initial_linear_weights
from pipeline.network.linear import Curvature, largest_stable_learning_rate
from pipeline.params import Train
from pipeline.record.store import Store
from pipeline.tables.prepared import Rows
from pipeline.training.descent import descend
from tests.defaults import defaults

EPOCHS = 12


@pytest.fixture(scope="module")
def downloads() -> tuple[Floats, Floats]:
    """The sizes and times of the 20 downloads to train on."""
    table = Store().download_times()
    train = table[table["split"] == "train"]
    return train["size_mb"].to_numpy(), train["time_sec"].to_numpy()


def settings(**changes: Any) -> Train:
    """Plain SGD on the squared error, all 20 rows a batch, but for the settings that are given."""
    usual = {"batch_size": 20, "epochs": EPOCHS, "device": "cpu"}
    return Train.model_validate({**defaults().train.model_dump(), **usual, **changes})


def walked(x: Floats, y: Floats, chosen: Train, updates: int) -> Walk:
    """Walk from where the seed says."""
    return walk(Surface.of(x, y, chosen.loss), initial_linear_weights(1, chosen.seed), chosen, updates)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"batch_size": 1, "learning_rate": 0.001},
        {"batch_size": 8, "loss": "mae", "momentum": 0.5, "nesterov": True, "seed": 2},
    ],
    ids=str,
)
def test_every_update_is_the_one_that_descend_records(
    downloads: tuple[Floats, Floats], changes: dict[str, Any]
) -> None:
    x, y = downloads
    part, chosen = Rows(x[:, np.newaxis], y), settings(**changes)
    recorded = np.concatenate([epoch.weights for epoch in descend(part, part, chosen)])
    mine = walked(x, y, chosen, len(recorded) - 1)
    np.testing.assert_allclose(mine.positions, recorded, rtol=3e-7, atol=1e-8)


def test_every_epoch_deals_each_row_once_in_batches_of_the_size_asked_for() -> None:
    dealt = list(islice(batches(20, 7, seed=3), 9))
    assert [len(batch) for batch in dealt] == [7, 7, 6] * 3
    epochs = [np.concatenate(dealt[start : start + 3]) for start in (0, 3, 6)]
    for epoch, order in zip(epochs, orders(20, seed=3), strict=False):
        assert sorted(epoch) == list(range(20))
        np.testing.assert_array_equal(epoch, order)
    assert not np.array_equal(epochs[0], epochs[1])


def test_what_is_said_of_an_update_belongs_to_where_it_started(downloads: tuple[Floats, Floats]) -> None:
    x, y = downloads
    mine = walked(x, y, settings(batch_size=6), 8)
    moved = mine.positions[:-1] - 0.01 * mine.batch_gradients
    np.testing.assert_allclose(mine.positions[1:], moved, rtol=1e-12)
    surface = Surface.of(x, y, "mse")
    np.testing.assert_array_equal(mine.losses, surface.losses(mine.positions))
    np.testing.assert_array_equal(mine.gradients, surface.gradients(mine.positions))
    assert len(mine.batch_gradients) == mine.updates == 8


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
def test_the_limit_of_the_learning_rate_parts_what_settles_from_what_diverges(
    downloads: tuple[Floats, Floats], momentum: float
) -> None:
    x, y = downloads
    limit = largest_stable_learning_rate(Curvature.of(x[:, np.newaxis]).largest, momentum)
    below, above = (
        walked(x, y, settings(learning_rate=share * limit, momentum=momentum), 3000) for share in (0.99, 1.01)
    )
    assert below.losses[-1] < below.losses[0] / 100
    assert above.losses[-1] > above.losses[0] * 100


def test_a_step_multiplies_the_distance_to_the_bottom_by_its_factor() -> None:
    x = np.array([3.0, -3.0])
    surface = Surface.of(x, 2 * x + 1, "mse")
    path = walk(surface, (5.0, 1.0), settings(learning_rate=0.1), 4).positions[:, 0] - 2
    curvature = Curvature.of(x[:, np.newaxis]).largest
    np.testing.assert_allclose(path[1:] / path[:-1], factor(0.1, curvature), rtol=1e-12)
    needed = updates_for_a_tenth(0.05, curvature)
    assert abs(factor(0.05, curvature)) ** needed == pytest.approx(0.1)
    assert updates_for_a_tenth(0.2, curvature) == np.inf


def test_a_walk_that_overflows_ends_before_it_and_says_so(downloads: tuple[Floats, Floats]) -> None:
    mine = walked(*downloads, settings(learning_rate=10.0), 500)
    assert mine.overflowed
    assert 10 < mine.updates < 500
    for numbers in (mine.positions, mine.losses, mine.gradients, mine.batch_gradients):
        assert np.isfinite(numbers).all()
    assert len(mine.positions) == len(mine.losses) == len(mine.gradients) == mine.updates + 1
    assert not walked(*downloads, settings(), 500).overflowed
    assert not walked(*downloads, settings(learning_rate=10.0), mine.updates).overflowed
    assert walked(*downloads, settings(learning_rate=10.0), mine.updates + 1).overflowed


def test_at_the_limit_itself_a_rate_is_on_neither_side_of_it() -> None:
    assert around(1.0000000000000002) == (0.9, 2)


@given(st.floats(1e-9, 1e3))
def test_numbers_of_one_digit_stand_on_either_side_of_a_limit(limit: float) -> None:
    below, above = around(limit)
    assert below < limit < above
    assert below > 0.4 * limit
    assert above < 2.001 * limit
    assert {len(f"{number:e}".rstrip("0").split("e")[0].rstrip("0")) for number in (below, above)} == {2}
