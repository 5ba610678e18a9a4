"""Blocks of updates as affine maps: held to SGD carried out step by step."""

import numpy as np
import pytest

from pipeline.arrays import Floats
from pipeline.network.epochs import UpdateMaps
from pipeline.network.linear import Optimum, design_matrix
from pipeline.network.sgd import update
from pipeline.params import Train
from pipeline.tables.preparation import Rows
from tests import defaults


@pytest.fixture(scope="module")
def rows() -> Rows:
    random = np.random.default_rng(3)
    features = random.normal(size=(23, 3)) @ random.normal(size=(3, 3))
    return Rows(features, features @ random.normal(size=3) + random.normal(size=23))


def walk(rows: Rows, train: Train, state: Floats, order: list[int]) -> Floats:
    """Where SGD leaves a state (state,) after the rows in this order, by its definition."""
    design, optimum = design_matrix(rows.features), Optimum.of(rows.features, rows.target).parameters
    weights = state[: len(optimum)] + optimum
    velocity = state[len(optimum) :] if train.momentum else np.zeros_like(weights)
    for begin in range(0, len(order), train.batch_size):
        batch = order[begin : begin + train.batch_size]
        errors = design[batch] @ weights - rows.target[batch]
        gradient = 2 * design[batch].T @ errors / len(batch)
        weights, velocity = update(weights, velocity, gradient, train.learning_rate, train.momentum, train.nesterov)
    distance = weights - optimum
    return np.concatenate([distance, velocity]) if train.momentum else distance


@pytest.mark.parametrize(("momentum", "nesterov"), [(0.0, False), (0.8, False), (0.8, True)])
@pytest.mark.parametrize("batch_size", [1, 5, 23])
def test_an_epoch_turns_a_state_as_its_updates_do(rows: Rows, batch_size: int, momentum: float, nesterov: bool) -> None:
    train = defaults.train(batch_size=batch_size, momentum=momentum, nesterov=nesterov, learning_rate=0.02)
    maps = UpdateMaps.of(rows.features, rows.target, train, [0.02], np.random.default_rng(0), 64)
    orders, size = maps.matrices.shape[1:3]
    assert orders == (1 if batch_size == 23 else 64)
    random = np.random.default_rng(0)
    drawn = [random.choice(23, 23, replace=False) for _ in range(-(-orders // 2))]
    drawn = [*drawn, *(order[::-1] for order in drawn)][:orders]
    one, other = np.random.default_rng(1).normal(size=(2, size))
    for at, order in enumerate(drawn):
        # The offset is centred over the orders: the difference of two states is free of it.
        moved = walk(rows, train, one, list(order)) - walk(rows, train, other, list(order))
        assert maps.matrices[0, at] @ (one - other) == pytest.approx(moved, rel=1e-9, abs=1e-12)


def test_centring_moves_all_offsets_alike_and_their_mean_towards_the_true_one(rows: Rows) -> None:
    train = defaults.train(batch_size=4, learning_rate=0.01)
    maps = UpdateMaps.of(rows.features, rows.target, train, [0.01], np.random.default_rng(0), 64)
    random = np.random.default_rng(0)
    drawn = [random.choice(23, 23, replace=False) for _ in range(32)]
    ends = np.array([walk(rows, train, np.zeros(4), list(order)) for order in [*drawn, *(o[::-1] for o in drawn)]])
    shift = ends - maps.offsets[0]
    assert np.ptp(shift, axis=0) == pytest.approx(np.zeros(4), abs=1e-12)
    many = [np.random.default_rng(seed).permutation(23) for seed in range(3000)]
    truth = np.mean([walk(rows, train, np.zeros(4), list(order)) for order in many], axis=0)
    assert np.linalg.norm(maps.offsets[0].mean(axis=0) - truth) < np.linalg.norm(ends.mean(axis=0) - truth)


def test_all_rows_in_every_update_leave_nothing_to_chance(rows: Rows) -> None:
    train = defaults.train(batch_size=23, learning_rate=0.05)
    maps = UpdateMaps.of(rows.features, rows.target, train, [0.05], np.random.default_rng(0), 64)
    start = np.ones(4)
    for updates in (7, 1000):
        after = maps.after(updates, start[np.newaxis, np.newaxis], np.random.default_rng(0))[0, 0]
        expected = start
        for _ in range(updates):
            expected = walk(rows, train, expected, list(range(23)))
        assert after == pytest.approx(expected, rel=1e-6, abs=1e-9)


def test_a_table_too_large_for_whole_epochs_is_cut_into_blocks(rows: Rows) -> None:
    many = Rows(np.tile(rows.features, (2_000, 1)), np.tile(rows.target, 2_000))
    rates = [0.001] * 40
    maps = UpdateMaps.of(many.features, many.target, defaults.train(batch_size=1), rates, np.random.default_rng(0), 64)
    assert 1_000 < maps.updates < 46_000
    assert maps.matrices.shape[1] == 8
    states = np.ones((40, 16, 4))
    after = maps.after(10 * maps.updates, states, np.random.default_rng(0))
    assert np.abs(after).max() < 1
