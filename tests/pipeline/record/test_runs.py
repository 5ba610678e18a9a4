"""What a run keeps of its epochs, and what it predicts."""

import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.network.layers import Layer
from pipeline.record.runs import Epoch, Run, collect, ending
from pipeline.tables.preparation import PreparedData

LINEAR = (Layer("output", 1, 1, "linear"),)


def path(*weights: tuple[float, float]) -> NDArray[np.float32]:
    """Weights (updates, 2) of a linear model with one feature."""
    return np.array(weights, dtype=np.float32).reshape(-1, 2)


def test_a_run_that_did_all_its_epochs_is_complete() -> None:
    epochs = [Epoch(0, 9.0, 8.0, path((0, 0))), Epoch(1, 7.0, 6.0, path((1, 1), (2, 3)))]
    run = collect(epochs, LINEAR, planned=1)
    assert (run.status, run.epochs_run) == ("completed", 1)
    assert run.history.to_dict("list") == {
        "epoch": [0, 1],
        "training_loss": [9.0, 7.0],
        "validation_loss": [8.0, 6.0],
    }
    assert run.epochs.tolist() == [0, 1, 1]
    assert run.weights.tolist() == [[0, 0], [1, 1], [2, 3]]
    assert run.result.tolist() == [2, 3]


def test_a_run_that_ended_before_its_last_epoch_stopped_early() -> None:
    epochs = [Epoch(0, 9.0, 8.0, path((0, 0))), Epoch(1, 7.0, 6.0, path((1, 1)))]
    assert collect(epochs, LINEAR, planned=5).status == "stopped_early"


@pytest.mark.parametrize("planned", [2, 5])
def test_a_run_whose_last_epoch_has_no_weights_diverged_and_ends_with_those_before(planned: int) -> None:
    epochs = [Epoch(0, 9.0, 8.0, path((0, 0))), Epoch(1, 7.0, 6.0, path((1, 1))), Epoch(2, np.inf, np.nan, path())]
    run = collect(iter(epochs), LINEAR, planned)
    assert (run.status, run.epochs_run) == ("diverged", 2)
    assert run.result.tolist() == [1, 1]
    assert len(run.history) == 3


def test_predictions_name_every_row_its_part_and_its_residual(boston: PreparedData) -> None:
    weights = np.random.default_rng(0).normal(size=(1, len(boston.names) + 1)).astype(np.float32)
    layers = (Layer("output", len(boston.names), 1, "linear"),)
    ended = Run(
        "completed", collect([Epoch(0, 1, 1, path())], layers, 0).history, np.zeros(1, np.int32), weights, layers
    )
    table = ended.predictions(boston)
    assert list(table.columns) == ["row", "part", "actual", "predicted", "residual"]
    assert table["row"].tolist() == list(range(506))
    for part, rows in boston.split.parts().items():
        assert table["row"][table["part"] == part].tolist() == sorted(rows.tolist())
    expected = boston.features @ weights[0, :-1].astype(float) + float(weights[0, -1])
    np.testing.assert_allclose(table["predicted"], expected, rtol=1e-8)
    np.testing.assert_allclose(table["residual"], boston.target - expected, rtol=1e-6, atol=1e-7)


def test_the_end_of_a_run_is_said_in_words() -> None:
    assert ending("completed", 200) == "completed after 200 epochs"
    assert ending("stopped_early", 1) == "stopped early after 1 epoch"
