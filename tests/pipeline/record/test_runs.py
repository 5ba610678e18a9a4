"""What a run keeps of its epochs."""

import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.network.layers import Layer
from pipeline.record.runs import MAX_PATH, Epoch, collect, path_interval

LINEAR = (Layer("output", 1, 1, "linear"),)


def path(*weights: tuple[float, float]) -> NDArray[np.float32]:
    """Weights (updates, 2) of a linear model with one feature."""
    return np.array(weights, dtype=np.float32).reshape(-1, 2)


def epoch(number: int, training: float, validation: float, weights: NDArray[np.float32], first: int) -> Epoch:
    """An epoch with these losses, whose weights are those after update `first` and the updates that follow it."""
    return Epoch(number, training, validation, weights, first + np.arange(len(weights)))


def test_a_run_that_did_all_its_epochs_is_complete() -> None:
    epochs = [epoch(0, 9.0, 8.0, path((0, 0)), 0), epoch(1, 7.0, 6.0, path((1, 1), (2, 3)), 1)]
    run = collect(epochs, LINEAR, planned=1)
    assert (run.status, run.epochs_run) == ("completed", 1)
    assert run.history.to_dict("list") == {
        "epoch": [0, 1],
        "training_loss": [9.0, 7.0],
        "validation_loss": [8.0, 6.0],
    }
    assert run.epochs.tolist() == [0, 1, 1]
    assert run.updates.tolist() == [0, 1, 2]
    assert run.weights.tolist() == [[0, 0], [1, 1], [2, 3]]
    assert run.result.tolist() == [2, 3]


def test_a_run_that_ended_before_its_last_epoch_stopped_early() -> None:
    epochs = [epoch(0, 9.0, 8.0, path((0, 0)), 0), epoch(1, 7.0, 6.0, path((1, 1)), 1)]
    assert collect(epochs, LINEAR, planned=5).status == "stopped_early"


@pytest.mark.parametrize("planned", [2, 5])
def test_a_run_whose_last_epoch_has_no_weights_diverged_and_ends_with_those_before(planned: int) -> None:
    epochs = [
        epoch(0, 9.0, 8.0, path((0, 0)), 0),
        epoch(1, 7.0, 6.0, path((1, 1)), 1),
        epoch(2, np.inf, np.nan, path(), 2),
    ]
    run = collect(iter(epochs), LINEAR, planned)
    assert (run.status, run.epochs_run) == ("diverged", 2)
    assert run.result.tolist() == [1, 1]
    assert len(run.history) == 3


@pytest.mark.parametrize(
    ("updates", "epochs", "interval"), [(99_999, 10, 1), (100_000, 10, 2), (1_000_000, 1, 11), (400_000, 10_000, 5)]
)
def test_the_weights_of_a_long_run_are_kept_at_regular_intervals(updates: int, epochs: int, interval: int) -> None:
    assert path_interval(updates, epochs) == interval
    assert 1 + updates // interval + epochs * (interval > 1) <= MAX_PATH
