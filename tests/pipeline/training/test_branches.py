"""A run that goes on from a moment of another: to the last bit as its parent would have, and otherwise as asked."""

import json
from typing import Any

import numpy as np
import pytest

from pipeline.network.layers import predict
from pipeline.params import Train
from pipeline.record.runs import Epoch
from pipeline.record.start import RunKind, Start, kept_every, position, read_start, text_of, updates_between
from pipeline.safety.errors import UserError
from pipeline.tables.preparation import PreparedData
from pipeline.tables.scaling import Scaling
from pipeline.training.descent import descend, layers, start_at
from tests.defaults import train

PARENT = "a" * 64


def epochs(data: PreparedData, settings: Train, start: Start | None = None) -> list[Epoch]:
    """Train to the end."""
    return list(descend(data.part("train"), data.part("validation"), settings, start))


def branch(data: PreparedData, settings: Train, update: int, start: Start | None = None) -> Start:
    """The state of a run after an update, as it comes back from the file."""
    start = start_at(data, settings, start, update, PARENT)
    found = read_start(text_of(start).encode())
    assert found is not None
    return found


def path(run: list[Epoch]) -> Any:
    """The weights of every update, or of every epoch."""
    return np.concatenate([epoch.weights for epoch in run])


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"batch_size": 1},
        {"batch_size": 266},
        {"momentum": 0.9},
        {"momentum": 0.7, "nesterov": True, "schedule": "cosine"},
        {"loss": "mae", "schedule": "step", "decay_epochs": 3},
        {"model": "one_hidden", "batch_size": 100, "schedule": "inverse_time"},
        {"model": "two_hidden", "momentum": 0.9, "batch_size": 7},
        {"momentum": 0.9, "early_stopping_patience": 2, "learning_rate": 0.1},
    ],
    ids=str,
)
def test_an_unchanged_branch_equals_its_parent_bit_for_bit(boston: PreparedData, changes: dict[str, Any]) -> None:
    settings = train(**{"epochs": 12, "seed": 5, **changes})
    parent = epochs(boston, settings)
    updates = -(-266 // settings.batch_size)
    last = parent[-1].number * updates
    within = int(np.random.default_rng(len(str(changes))).integers(1, last))
    for update in (within,) if changes else (0, 1, updates, within):
        start = branch(boston, settings, update)
        first, *rest = epochs(boston, settings, start)
        assert first.number == update // updates
        expected = path(parent)
        if settings.model == "linear":
            np.testing.assert_array_equal(path([first, *rest]), expected[update:])
        else:
            np.testing.assert_array_equal(path(rest), path(parent[first.number + 1 :]))
        for mine, theirs in zip(rest, parent[first.number + 1 :], strict=True):
            assert mine.number == theirs.number
            assert mine.validation_loss == theirs.validation_loss
            assert mine.training_loss == pytest.approx(theirs.training_loss, rel=1e-14)


def test_a_branch_of_a_branch_is_a_branch_of_the_first(boston: PreparedData) -> None:
    settings = train(momentum=0.9, epochs=9)
    at_once = branch(boston, settings, 40)
    for between in (3, 7, 37, 38):
        later = branch(boston, settings, 40, branch(boston, settings, between))
        assert later.model_dump_json() == at_once.model_dump_json()


def test_a_branch_with_other_batches_goes_on_with_the_rows_that_are_left(boston: PreparedData) -> None:
    settings = train(epochs=4)
    start = branch(boston, settings, 10)
    assert (start.epoch, start.rows) == (1, 120)
    _, rest, *_ = epochs(boston, train(epochs=4, batch_size=100), start)
    assert len(rest.batch_losses) == 2  # of 100 and of 46 rows
    order = np.random.default_rng(0)
    rows = [order.permutation(266) for _ in range(2)][1][120:220]
    part = boston.part("train")
    errors = predict(start.layers, start.weights, part.features[rows]) - part.target[rows]
    assert rest.batch_losses[0] == pytest.approx(np.mean(errors**2), rel=1e-12)


def test_a_branch_takes_a_changed_rate_from_its_first_update_on(boston: PreparedData) -> None:
    settings = train(epochs=3, batch_size=266)
    start = branch(boston, settings, 2)
    step, half = (
        np.diff(path(epochs(boston, train(epochs=3, batch_size=266, learning_rate=rate), start)).astype(float), axis=0)
        for rate in (0.01, 0.005)
    )
    np.testing.assert_allclose(half, step / 2, atol=2e-6)


def test_a_start_moves_to_another_scaling_with_the_same_predictions(boston: PreparedData) -> None:
    raw = boston.scaling.invert(boston.features)
    for model in ("linear", "one_hidden"):
        start = branch(boston, train(model=model, momentum=0.9, epochs=2), 9)
        moved = start.scaled_as(Scaling.none(12))
        expected = predict(start.layers, start.weights, boston.features)
        np.testing.assert_allclose(predict(moved.layers, moved.weights, raw), expected, rtol=1e-9)
        after = predict(start.layers, start.weights + start.velocity, boston.features)
        moved_after = predict(moved.layers, moved.weights + moved.velocity, raw)
        np.testing.assert_allclose(moved_after, after, rtol=1e-9)
        assert start.scaled_as(boston.scaling) is start


def test_the_position_of_every_update_is_that_of_a_walk_through_the_batches() -> None:
    rows, size = 23, 5
    walked = [(epoch, used) for epoch in range(4) for used in range(0, rows, size)]
    assert [position(update, None, rows, size) for update in range(len(walked))] == walked


def test_a_start_that_does_not_fit_is_refused_with_what_to_do(boston: PreparedData) -> None:
    settings = train(epochs=4)
    start, rows = branch(boston, settings, 10), boston.split.train
    names, other = boston.names, train(model="one_hidden")
    start.fit(RunKind.of(settings, "medv", names, rows), 4, layers("linear", 12))
    for kind, epochs_asked, layout, said in (
        (RunKind.of(other, "medv", names, rows), 4, None, "its parent has the model linear, not one_hidden"),
        (RunKind.of(settings, "b", names, rows), 4, None, "the target medv, not b"),
        (RunKind.of(settings, "medv", names[::-1], rows), 4, None, "the features 12 columns, not these"),
        (RunKind.of(settings, "medv", names[:2], rows), 4, None, "the features 12 columns, not 2 columns"),
        (RunKind.of(settings, "medv", names, rows[::-1]), 4, None, "its parent was trained on other rows"),
        (RunKind.of(settings, "medv", names, rows), 1, None, "it begins after epoch 1, so train.epochs must be more"),
        (
            RunKind.of(settings, "medv", names, rows),
            4,
            layers("one_hidden", 12),
            "the model linear had other layers then",
        ),
    ):
        with pytest.raises(UserError, match=said):
            start.fit(kind, epochs_asked, layout)


def test_a_branch_of_a_branch_in_the_same_epoch_with_another_loss_measures_the_rows_of_that_loss(
    boston: PreparedData,
) -> None:
    child = branch(boston, train(loss="mae", epochs=4, learning_rate=0.1), 10)
    settings = train(epochs=4)
    grandchild = branch(boston, settings, 12, child)
    assert (child.loss_rows, grandchild.rows, grandchild.loss_rows) == (120, 200, 80)
    mine, theirs = epochs(boston, settings, grandchild), epochs(boston, settings, child)
    assert mine[1].training_loss == pytest.approx(theirs[1].training_loss, rel=1e-14)
    np.testing.assert_array_equal(path(mine), path(theirs)[2:])


def test_of_a_branch_that_diverges_in_the_epoch_it_began_in_no_update_is_left(boston: PreparedData) -> None:
    start = branch(boston, train(epochs=4), 10)
    assert updates_between(start, 1, 266, 40) == 0
    assert updates_between(start, 2, 266, 40) == 4
    assert updates_between(start, 4, 266, 40) == 4 + 2 * 7


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is not valid JSON"),
        ("[]", "does not hold a moment of a run \\(the whole is"),
        ('{"update": 3}', "does not hold a moment of a run \\(parent"),
    ],
)
def test_a_broken_start_is_refused_with_what_to_do(content: str, said: str) -> None:
    with pytest.raises(UserError, match=rf"start\.json {said}.*write \{{\}} into start\.json"):
        read_start(content.encode())
    assert read_start(text_of(None).encode()) is None


def test_a_branch_with_another_loss_neither_adds_nor_compares_losses_of_two_kinds(boston: PreparedData) -> None:
    start = branch(boston, train(loss="mae", epochs=12, learning_rate=0.1), 10)
    settings = train(epochs=12, early_stopping_patience=2)
    _, rest, *later = epochs(boston, settings, start)
    assert rest.training_loss == pytest.approx(np.average(rest.batch_losses, weights=[40, 40, 40, 26]), rel=1e-12)
    falling = [epoch.validation_loss for epoch in (rest, *later)]
    assert falling == sorted(falling, reverse=True)
    assert later[-1].number == 12  # each is lower than the one before, so nothing stops it


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"velocity": [0.0]}, "its weights do not fit its layers"),
        ({"rows": 266}, "its numbers of rows do not fit"),
        ({"loss_rows": 121}, "its numbers of rows do not fit"),
        ({"epoch": 11}, "updates and epochs do not fit"),
        ({"best_epoch": 2}, "updates and epochs do not fit"),
        ({"update": 10**30}, "update"),
        ({"scaling": {"mean": [0.0], "deviation": [1.0]}}, "features do not fit"),
    ],
    ids=str,
)
def test_a_start_whose_parts_contradict_each_other_is_refused(
    boston: PreparedData, change: dict[str, Any], said: str
) -> None:
    written = {**json.loads(text_of(branch(boston, train(epochs=4), 10))), **change}
    with pytest.raises(UserError, match=said):
        read_start(json.dumps(written).encode())


def test_a_start_with_too_large_weights_is_refused(boston: PreparedData) -> None:
    start = branch(boston, train(epochs=4), 10)
    with pytest.raises(UserError, match="whose predictions are too large to compute with; to begin with random"):
        epochs(boston, train(epochs=4), start.model_copy(update={"weights": np.full(13, 1e308)}))


@pytest.mark.parametrize(
    "content", [b"\xff\xfe{}\xe9", "{}".encode("utf-16"), b"[" * 200_000], ids=["latin", "utf-16", "deep"]
)
def test_a_start_that_is_no_json_text_is_refused(content: bytes) -> None:
    with pytest.raises(UserError, match=r"start\.json is not valid JSON"):
        read_start(content)


def test_a_run_that_diverged_cannot_be_branched_later(boston: PreparedData) -> None:
    with pytest.raises(UserError, match="diverged in epoch"):
        branch(boston, train(learning_rate=10.0, epochs=500), 3000)


def test_a_thinned_branch_that_begins_close_to_the_end_of_an_epoch_keeps_the_updates_that_pages_count_on(
    boston: PreparedData, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = train(epochs=12, seed=5, batch_size=20)  # 14 updates an epoch
    start = branch(boston, settings, 13)
    monkeypatch.setattr("pipeline.record.runs.MAX_PATH", 40)
    run = epochs(boston, settings, start)
    after = np.concatenate([epoch.after for epoch in run])
    every = kept_every(settings, start, 266)
    assert every == 6
    ends = [1 + 14 * number for number in range(12)]
    assert after.tolist() == sorted({*range(0, 156, every), *ends})
