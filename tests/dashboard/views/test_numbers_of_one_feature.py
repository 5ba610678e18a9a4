"""Loss surface of one feature: its numbers are those of SGD written out in numpy on the table of download times."""

import numpy as np
import pandas as pd
import pytest

from tests.dashboard.views.conftest import Offered, OpenPage, lacking
from tests.dashboard.views.independent import Array, hessian, with_ones, written
from tests.projects import Project


def slopes(errors: Array, loss: str) -> Array:
    """The derivative of each row's loss by its prediction."""
    return 2 * errors if loss == "Squared error" else np.sign(errors)


def mean_loss(errors: Array, loss: str) -> float:
    """The mean over the rows."""
    return float((errors**2 if loss == "Squared error" else np.abs(errors)).mean())


@pytest.mark.parametrize("loss", ["Squared error", "Absolute error"])
@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_the_path_the_losses_and_the_limit_are_those_of_sgd_by_hand(
    open_page: OpenPage, offered: Offered, recorded: Project, loss: str, momentum: float
) -> None:
    table = pd.read_csv(recorded.root / "data" / "download_times.csv")
    train, test = (table[table["split"] == name] for name in ("train", "test"))
    raw, y = train["size_mb"].to_numpy(float), train["time_sec"].to_numpy(float)
    design = with_ones(((raw - raw.mean()) / raw.std())[:, np.newaxis])
    beyond = with_ones(((test["size_mb"].to_numpy(float) - raw.mean()) / raw.std())[:, np.newaxis])
    rate, size, updates, seed = 0.05, 8, 50, 4
    app = open_page(
        "surface",
        recorded.root,
        surface__loss=loss,
        surface__scale="Normalized",
        surface__rate=str(rate),
        surface__batch=str(size),
        surface__momentum=str(momentum),
        surface__updates=str(updates),
        surface__seed=str(seed),
        surface__every="true",
    )
    generator = np.random.default_rng(seed)
    start = np.random.default_rng(np.random.SeedSequence(seed).spawn(1)[0]).uniform(-(3**0.5), 3**0.5)
    weights, velocity = np.array([start, 0.0]), np.zeros(2)
    path, batch_gradients = [weights], list[Array]()  # the page keeps the weights in single precision, as Keras does
    while len(batch_gradients) < updates:
        order = generator.permutation(20)
        for rows in (order[:8], order[8:16], order[16:]):
            gradient = slopes(design[rows] @ weights - y[rows], loss) @ design[rows] / len(rows)
            velocity = momentum * velocity - rate * gradient
            weights = weights + velocity
            path, batch_gradients = [*path, weights], [*batch_gradients, gradient]
    path, batch_gradients = path[: updates + 1], batch_gradients[:updates]
    losses = [mean_loss(design @ at - y, loss) for at in path]
    gradients = np.array([slopes(design @ at - y, loss) @ design / 20 for at in path])
    table = offered("updates.csv")
    assert table["update"].tolist() == list(range(updates + 1))
    assert table[["kernel", "bias"]].to_numpy() == pytest.approx(np.array(path), rel=1e-5, abs=1e-6)
    assert table["loss, all rows"].to_numpy() == pytest.approx(losses, rel=1e-5, abs=1e-6)
    found = table[["gradient of all rows, kernel", "gradient of all rows, bias"]].to_numpy()
    assert found == pytest.approx(gradients, abs=1e-5)
    found = table[["batch gradient, kernel", "batch gradient, bias"]].to_numpy()[:-1]
    assert found == pytest.approx(np.array(batch_gradients), abs=1e-5)
    (sums,) = (str(text.value) for text in app.markdown if "ends after" in text.value)
    numbers = [float(word.strip(".,;")) for word in sums.split() if word.strip(".,;").replace(".", "").isdigit()]
    last = path[-1]
    test_loss = mean_loss(beyond @ last - test["time_sec"].to_numpy(float), loss)
    assert numbers == pytest.approx([updates, *last, losses[-1], 20, test_loss], rel=1e-5)
    if loss == "Absolute error":
        assert not lacking(app, "The absolute error has no limit like $2/")
        return
    limit = 1 * (1 + momentum)  # the curvature of a normalized feature is 2, and so is that of the bias
    assert not lacking(app, f"0.05 is {rate / limit:.0%} of the limit", f"= {written(limit)}. On all rows at once: A ")
    raw_values = np.linalg.eigvalsh(hessian(raw[:, np.newaxis]))
    shapes = app.dataframe[0].value.T
    assert list(shapes["normalized"])[:3] == ["1", "1", "× 0.9"]
    assert list(shapes["raw"])[:4] == [
        written(raw_values[1] / raw_values[0]),
        written(2 / raw_values[1]),
        f"× {written(1 - rate * raw_values[1])}",
        f"× {written(1 - rate * raw_values[0], 4)}",
    ]
