"""Every number on the page Experiments is what numpy finds from the recorded weights of each run."""

import json
import re
import shutil
from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from tests.dashboard.views.conftest import Offered, OpenPage, axes, drawn, texts
from tests.dashboard.views.independent import NAMES, Array, Boston, LinearRun, applied, dollars, scores
from tests.dashboard.views.test_numbers_of_results import through_two_layers
from tests.projects import Project

SQUARED = "mean squared error, in ($1000)²"


@pytest.fixture(scope="module")
def compared(recorded: Project, hidden: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The recorded project with an experiment `hidden-mae`, whose commit and files are those of another project."""
    folder = tmp_path_factory.mktemp("compared")
    other, project = hidden.copy(folder / "other"), recorded.copy(folder / "project")
    other.commit()
    revision = other.git("rev-parse", "HEAD").strip()
    reference = f"refs/exps/{revision[:2]}/{revision[2:]}/hidden-mae"
    project.git("fetch", "--quiet", str(other.root), f"HEAD:{reference}")
    shutil.copytree(other.root / ".dvc" / "cache", project.root / ".dvc" / "cache", dirs_exist_ok=True)
    project.commit()
    return project


def expected(boston: Boston, predicted: Array, epochs: int) -> dict[str, float]:
    """What the table has to show of a run."""
    of = {part: scores(boston.target[rows], predicted[rows]) for part, rows in boston.rows.items()}
    return {
        "test MSE": of["test"]["mse"],
        "test RMSE": of["test"]["rmse"],
        "test MAE": of["test"]["mae"],
        "test R²": of["test"]["r2"],
        "validation MSE": of["validation"]["mse"],
        "training MSE": of["train"]["mse"],
        "from least squares": of["train"]["mse"] - boston.scores(boston.optimum("train"), "train")["mse"],
        "epochs run": epochs,
    }


def bold(page: AppTest) -> set[tuple[int, str]]:
    """The cells of the table that are marked as best: row, column."""
    frame = page.dataframe[0]
    styles = re.findall(r"([^{}]+)\{([^}]*)\}", frame.proto.arrow_data.styler.styles)
    cells = [
        cell for names, style in styles if "font-weight: 700" in style for cell in re.findall(r"row\d+_col\d+", names)
    ]
    places = [re.findall(r"\d+", cell) for cell in cells]
    return {(int(row), str(frame.value.columns[int(column)])) for row, column in places}


def check_table(table: pd.DataFrame, linear: Mapping[str, float], hidden: Mapping[str, float]) -> None:
    assert list(table["name"])[::2] == ["now", "hidden-mae"]
    for title in linear:
        np.testing.assert_allclose(table[title], [linear[title]] * 2 + [hidden[title]], rtol=2e-5)


def test_the_numbers_of_all_runs_are_those_of_numpy(
    open_page: OpenPage, compared: Project, hidden: Project, offered: Offered
) -> None:
    boston, run, other = Boston(compared.root), LinearRun(compared.root), LinearRun(hidden.root)
    linear = expected(boston, applied(run.last, boston.features), 200)
    layered = expected(boston, through_two_layers(other.last, boston.features), 20)
    page = open_page("experiments", compared.root)
    check_table(page.dataframe[0].value, linear, layered)
    check_table(offered("experiments.csv"), linear, layered)
    assert page.dataframe[0].value["changed"][2] == "model two hidden layers, loss mean absolute error, epochs 20"
    better = [0, 1] if linear["validation MSE"] < layered["validation MSE"] else [2]
    assert bold(page) == {(row, "validation MSE") for row in better}
    recorded_at = json.loads(page.dataframe[0].proto.columns)["created"]["type_config"]
    assert recorded_at["format"] == "YYYY-MM-DD HH:mm"
    stamp = pd.Timestamp(compared.git("log", "-1", "--format=%cI", "HEAD").strip())
    assert page.dataframe[0].value["created"][1] == stamp

    page.selectbox[1].select("test MSE").run()
    points = drawn(page, "test MSE for each value of the setting train.model")
    assert points["run"].tolist() == page.dataframe[0].value["name"].tolist()
    assert points["metric"].tolist() == pytest.approx([linear["test MSE"]] * 2 + [layered["test MSE"]], rel=2e-5)
    page.selectbox[1].select("validation MSE").run()
    points = drawn(page, "validation MSE for each value of the setting train.model")
    assert points["shown"].tolist()[::2] == pytest.approx(
        [linear["validation MSE"], layered["validation MSE"]], rel=2e-5
    )

    page.session_state["experiments"] = {"selection": {"rows": [0, 1, 2], "columns": [], "cells": []}}
    page.run()
    alone = page.dataframe[1].value.set_index("what")
    assert list(alone.columns)[::2] == ["now", "hidden-mae"]
    for title in linear:
        shown = [float(alone[name][title]) for name in ("now", "hidden-mae")]
        assert shown == pytest.approx([linear[title], layered[title]], rel=2e-5)
    assert "Not drawn, because its loss is on other data or another loss: hidden-mae." in texts(page)
    for part in ("validation", "training"):
        page.segmented_control(key="over").set_value(part).run()
        curves = drawn(page, f"The {part} loss of now")
        assert set(curves["run"]) == {"now", str(page.dataframe[0].value["name"][1])}
        mine = curves[curves["run"] == "now"]
        np.testing.assert_array_equal(mine[["epoch", "loss"]], run.history[["epoch", f"{part}_loss"]])


@pytest.mark.parametrize("epoch", [0, 3, 200])
def test_the_numbers_of_a_moment_are_those_of_the_weights_after_its_epoch(
    open_page: OpenPage, recorded: Project, epoch: int
) -> None:
    boston, run, page = Boston(recorded.root), LinearRun(recorded.root), open_page("experiments")
    page = page.slider[0].set_value(epoch).run()
    weights, test = run.after(epoch), boston.rows["test"]
    predicted = applied(weights, boston.features[test])
    off = scores(boston.target[test], predicted)["rmse"]
    assert f"After epoch {epoch} the root mean squared error of the test rows is {dollars(off)}." in texts(page)
    curve = drawn(page, f"Loss up to epoch {epoch}.")
    assert axes(page, "Loss up to epoch") == {"epoch", SQUARED}
    for part in ("training", "validation"):
        mine = curve.loc[curve["rows"] == part, ["epoch", "loss"]]
        np.testing.assert_array_equal(mine, run.history[["epoch", f"{part}_loss"]][: epoch + 1])
    bars = drawn(page, f"Weights after epoch {epoch}.").set_index("feature")
    np.testing.assert_allclose(bars.loc[list(NAMES), "weight"], weights[:-1])
    np.testing.assert_allclose(bars.loc[list(NAMES), "optimum"], boston.optimum("train")[:-1])
    dots = drawn(page, f"Predicted against actual after epoch {epoch}.")
    np.testing.assert_allclose(dots["predicted"], predicted, atol=1e-4)
    np.testing.assert_allclose(dots["residual"], boston.target[test] - predicted, atol=1e-4)
    assert list(dots["kind"] == "cut off at 50") == list(boston.target[test] == 50)
