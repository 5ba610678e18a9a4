"""The pages on one step, on backpropagation and on seeds, tried as a learner would."""

import json
import runpy
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.lessons.step import Course
from dashboard.lessons.step_code import code_of_a_step
from dashboard.record.snapshot import Record
from dashboard.views import CHAPTER, LAB
from dashboard.views.step.navigation import PARTS
from pipeline.record.store import Store
from tests.dashboard.views.conftest import OpenPage, component, drawn, press, texts
from tests.projects import Project
from tests.records import record
from tests.waiting import PATIENCE


def address(app: AppTest, key: str) -> str:
    """What the page's address says of a key."""
    value = app.query_params[key]
    return value if isinstance(value, str) else value[0]


def weights(app: AppTest) -> pd.DataFrame:
    """Every weight before and after the update of the page One step."""
    return with_column(app, "before")


def with_column(app: AppTest, name: str) -> pd.DataFrame:
    """The first table of the page that has this column."""
    table: pd.DataFrame = next(table.value for table in app.dataframe if name in table.value)
    return table


def after_the_sweep(app: AppTest) -> AppTest:
    """Look again and again until no sweep is under way."""
    deadline = time.monotonic() + PATIENCE
    while any(" runs" in str(bar.proto.text) for bar in app.get("progress")):
        assert time.monotonic() < deadline
        time.sleep(0.1)
        app.run()
    return app


@pytest.mark.parametrize("state", ["linear", "hidden", "diverged", "own"])
@pytest.mark.parametrize("chosen", ["Line on a batch", "Hidden layer"])
def test_every_graph_is_drawn_of_every_table(
    open_page: OpenPage, states: dict[str, Path], chosen: str, state: str
) -> None:
    app = open_page("backpropagation", states[state], backpropagation__graph=chosen)
    assert not app.exception
    assert component(app)["frames"][-1]["direction"] == "backward"


def test_the_next_batch_begins_where_the_last_one_ended(open_page: OpenPage) -> None:
    app = open_page("step")
    assert "Epoch 1, batch 1 of 7" in texts(app)
    before = weights(app)
    app = press(app, "Next batch")
    assert "Epoch 1, batch 2 of 7" in texts(app)
    assert weights(app)["before"].tolist() == pytest.approx(before["after"].tolist(), rel=1e-6)
    assert address(app, "step-update") == "2"
    assert "Epoch 2, batch 2 of 7" in texts(press(app, "Next epoch"))
    assert "Epoch 1, batch 1 of 7" in texts(press(press(app, "Back one epoch"), "Previous batch"))


def test_next_goes_through_the_parts_of_a_step_and_on_to_the_next_one(open_page: OpenPage) -> None:
    app = open_page("step", step__update="7")
    walked = []
    for _ in range(6):
        walked.append((app.session_state["step-update"], app.session_state["step-part"]))
        app = press(app, "Next")
    assert walked == [*((7, part) for part in PARTS), (8, PARTS[0])]
    for _ in range(2):
        app = press(app, "Back")
    assert (app.session_state["step-update"], app.session_state["step-part"]) == (7, PARTS[-1])
    assert next(button for button in open_page("step").button if button.label == "Back").disabled
    shared = press(open_page("step", step__part=PARTS[2]), "Next")
    assert (shared.session_state["step-update"], shared.session_state["step-part"]) == (1, PARTS[3])


@pytest.mark.parametrize("changes", [{}, {"loss": "mae"}, {"momentum": 0.9}, {"momentum": 0.9, "nesterov": True}])
def test_the_code_of_a_step_gives_the_numbers_of_the_second_update(
    record: Record, changes: dict[str, Any], tmp_path: Path
) -> None:
    train = record.data.part("train")
    settings = record.training.settings.model_copy(update=changes)
    course = Course.walk(train, settings, 2)
    first, step = course.step(1), course.step(2)
    names = {
        "np": np,
        "features": train.features,
        "target": train.target,
        "order": np.random.default_rng(settings.seed).permutation(len(train.target)),
        "start": settings.batch_size,
        "learning_rate": settings.learning_rate,
        "kernel": first.after[:-1],
        "bias": first.after[-1],
        "kernel_velocity": first.new_velocity[:-1],
        "bias_velocity": first.new_velocity[-1],
    }
    program = tmp_path / "step.py"
    program.write_text("\n".join(code_of_a_step(settings)))
    names = runpy.run_path(str(program), names)
    assert names["rows"].tolist() == step.rows.tolist()
    assert names["loss"] == pytest.approx(step.loss)
    assert [*names["kernel_gradient"], names["bias_gradient"]] == pytest.approx(step.gradient)
    assert [*names["kernel"], names["bias"]] == pytest.approx(step.after)


def test_a_step_is_shared_by_its_address(open_page: OpenPage) -> None:
    app = open_page("step", step__update="1400", step__exact="true", step__row="2")
    assert app.toggle(key="step-exact").value
    assert "%.17g" in app.dataframe[0].proto.columns
    assert app.number_input(key="step-row").value == 2
    assert "Epoch 200, batch 7 of 7" in texts(app)
    assert "on 26 of 266 training rows" in texts(app)
    assert next(button for button in app.button if button.label == "Next batch").disabled


def test_rows_and_weights_are_those_of_the_settings_that_are_tried(open_page: OpenPage, recorded: Project) -> None:
    data, raw = recorded.store.read_normalized(), recorded.store.read_raw()
    changes = {"batch_size": 3, "learning_rate": 0.02}
    settings = recorded.store.read_training().settings.model_copy(update=changes)
    step = Course.walk(data.part("train"), settings, 1).step(1)
    app = open_page("step", step__units="Original units", step__batch="3", step__rate="0.02")
    drawn_rows, results = with_column(app, "rm"), with_column(app, "error")
    assert drawn_rows["row"].tolist() == results["row"].tolist() == data.split.train[step.rows].tolist()
    assert drawn_rows["rm"].tolist() == raw["rm"][drawn_rows["row"]].tolist()
    np.testing.assert_allclose(results["error"], step.errors, rtol=1e-6)
    np.testing.assert_allclose(weights(app)["after"], step.after, rtol=1e-6)


def test_another_learning_rate_is_another_course_from_the_same_start(open_page: OpenPage) -> None:
    app = open_page("step", step__rate="0.2", step__update="60")
    assert "This is not the recorded run" in texts(app)
    assert "The loss grew" in texts(app)
    app.number_input(key="step-rate").set_value(0.01).run()
    assert "This is not the recorded run" not in texts(app)


def test_of_numbers_too_large_to_compare_it_is_not_said_that_they_helped(open_page: OpenPage) -> None:
    app = open_page("step", step__rate="0.2", step__update="1400")
    assert not app.exception
    assert "This run has diverged" in texts(app)
    assert "The loss fell" not in texts(app)


def test_a_course_that_is_shorter_takes_the_reader_along(open_page: OpenPage) -> None:
    app = open_page("step", step__update="1300")
    app.number_input(key="step-batch").set_value(266).run()
    assert not app.exception
    assert "update 200 of 200" in texts(app)


def test_the_step_says_why_a_fifth_diverges_and_a_tenth_does_not(open_page: OpenPage) -> None:
    app = open_page("step", step__rate="0.2")
    table, scales = (shown.value for shown in app.dataframe[-2:])
    table = table.set_index("learning rate")
    factors = {"0.1": "× −0.182", "0.169 (the limit)": "× −1", "0.2 (this one)": "× −1.36"}
    assert table["one step, steepest direction"].to_dict() == factors
    fates = ["jumps across the optimum and converges", "neither converges nor diverges", "diverges"]
    assert table["on all rows"].tolist() == fates
    assert scales.loc["raw", "one step at 0.2, steepest direction"] == "× −78,500"


def test_neither_the_absolute_error_nor_hidden_layers_have_a_limit(
    open_page: OpenPage, states: dict[str, Path]
) -> None:
    assert "has no limit like" in texts(open_page("step", states["hidden"]))  # of the linear model on absolute errors
    assert "With hidden layers the largest stable learning rate cannot" in texts(open_page("seeds", states["hidden"]))


def test_an_update_moves_v_by_a_fifth_and_undo_takes_it_back(open_page: OpenPage) -> None:
    app = open_page("backpropagation")
    assert "0 − 0.01 × (−20) = **0.2**" in texts(app)
    app = press(app, "Update once")
    assert app.number_input(key="backpropagation-v").value == 0.2
    assert address(app, "backpropagation-v") == "0.2"
    assert component(app)["frames"][-1]["rule"].endswith("= −18.4")
    assert press(app, "Undo").number_input(key="backpropagation-v").value == 0


def test_a_rate_that_is_too_large_runs_into_a_wall_and_not_into_an_error(open_page: OpenPage) -> None:
    app = open_page("backpropagation", backpropagation__rate="5")
    assert "the distance grows" in texts(app)
    for _ in range(3):
        app = press(app, "Update 10 times")
    assert not app.exception
    assert "would become too large" in texts(app)
    assert press(app, "Undo").number_input(key="backpropagation-v").value == 0


def test_the_moment_and_the_numbers_are_shared_by_the_address(open_page: OpenPage) -> None:
    app = open_page("backpropagation", backpropagation__moment="5", backpropagation__v="1.5", backpropagation__y="7")
    assert component(app)["step"] == 5
    assert component(app)["frames"][0]["rule"] == "v = 1.5, x = 2, y = 7"
    assert address(app, "backpropagation-moment") == "5"
    assert component(open_page("backpropagation", backpropagation__moment="99"))["step"] == 7
    assert component(open_page("backpropagation", backpropagation__moment="-1"))["step"] == 0


def test_updates_of_the_hidden_layer_are_counted_and_shared(open_page: OpenPage) -> None:
    hidden = {"backpropagation__graph": "Hidden layer", "backpropagation__row": "5"}
    app = open_page("backpropagation", **hidden)
    assert "x holds the 12 normalized features of house 5; y is its median price (medv), $1000: 28.7" in texts(app)
    assert "measurement and gradient agree for all 701 weights: they differ by at most 0.00000" in texts(app)
    before = component(app)["frames"][-1]["rule"]
    app = press(app, "Update 10 times")
    assert address(app, "backpropagation-updates") == "10"
    rule = component(app)["frames"][-1]["rule"]
    assert rule != before
    again = open_page("backpropagation", **hidden, backpropagation__updates="10")
    assert component(again)["frames"][-1]["rule"] == rule
    assert address(press(app, "Undo"), "backpropagation-updates") == "9"


@pytest.mark.parametrize("state", ["hidden", "own"])
def test_seeds_of_other_models_and_tables_are_trained_too(
    open_page: OpenPage, states: dict[str, Path], state: str
) -> None:
    app = after_the_sweep(press(open_page("seeds", states[state], seeds="2"), "Train 4 runs"))
    assert not app.exception
    assert ("luck alone moves" if state == "hidden" else "the luck of the test rows too") in texts(app)
    assert "tutorial" not in texts(app)
    recorded = Store(states[state]).read_metrics().test["mse"]
    assert app.dataframe[0].value["test_mse"][0] == pytest.approx(recorded, rel=1e-6, abs=1e-8)


def test_a_target_with_the_name_of_another_column_keeps_a_column_of_its_own(
    open_page: OpenPage, own: Project, tmp_path: Path
) -> None:
    target = "error"
    project = own.copy(tmp_path / "project")
    (project.root / "data" / "mine.csv").write_text(
        f"size,{target}\n" + "".join(f"{i},{3 * i + i * 7 % 13}\n" for i in range(60))
    )
    project.set(normalize__target=target, normalize__features="[size]", train__epochs="1")
    record(project)
    rows = with_column(open_page("step", project.root), "error")
    np.testing.assert_allclose(rows["predicted"] - rows[f"{target} (target)"], rows["error"], rtol=1e-5, atol=1e-5)
    assert rows[f"{target} (target)"].isin(project.store.read_raw()[target]).all()


def notes_on_columns(app: AppTest) -> dict[str, str]:
    """What is said to whoever points at the headers of the tables of rows."""
    columns = {name: column for table in app.dataframe[:4] for name, column in json.loads(table.proto.columns).items()}
    return {name: column["help"] for name, column in columns.items() if column.get("help")}


@pytest.mark.parametrize(("units", "unit"), [("Normalized", "in standard deviations"), ("Original units", "%")])
def test_every_column_of_the_rows_says_what_it_holds_and_its_unit(open_page: OpenPage, units: str, unit: str) -> None:
    notes = notes_on_columns(open_page("step", step__units=units))
    note = notes["lstat"].replace("\\", "")
    assert note.startswith("lower status (lstat): residents counted as of lower status (")
    assert unit in note
    assert {"predicted", "error", "squared error", "rm"} < notes.keys()


def test_ten_updates_leave_ten_marks_on_the_bowl_and_are_undone_at_once(open_page: OpenPage) -> None:
    app = press(open_page("backpropagation", backpropagation__rate="0.2"), "Update 10 times")
    way = drawn(app, "The loss over v").query("part == 'way'")["v"]
    assert len(way) == 11
    assert all(before * after < 0 for before, after in pairwise(way - 2.5))
    app = press(press(press(app, "Update once"), "Undo"), "Undo")
    assert drawn(app, "The loss over v").query("part == 'way'").empty
    assert app.number_input(key="backpropagation-v").value == 0


def test_where_the_slope_stays_the_same_the_page_says_so(open_page: OpenPage) -> None:
    said = texts(open_page("backpropagation", backpropagation__x="0"))
    assert "would also change the loss by 0: the slope stays the same" in said
    assert "measurement and gradient agree" in said


def test_opening_an_address_trains_nothing(open_page: OpenPage) -> None:
    app = open_page("seeds", seeds="3", spread="1", rates="1")
    assert not app.get("progress")
    assert [button.disabled for button in app.button if button.label.startswith("Train")] == [False, False]
    assert not any(button.label == "Stop" for button in app.button)


def test_the_first_page_says_how_far_off_the_random_start_and_the_trained_model_are(
    open_page: OpenPage, record: Record
) -> None:
    app = open_page("start")
    assert [link.proto.page for link in app.get("page_link")] == [CHAPTER[0].path, LAB[0].path]
    test, run = record.data.part("test"), record.run
    errors = [
        np.sqrt(np.mean((test.features @ weights[:-1] + weights[-1] - test.target) ** 2))
        for weights in (run.weights[0], run.result)
    ]
    before, after = (f"${1000 * float(f'{error:.3g}'):,.0f}" for error in errors)
    assert f"At the random start the model is off by {before}, in the end by {after}" in texts(app).replace("\\", "")
    assert "1,400 times" in texts(app)
    dots = drawn(app, "at the random start")
    squares = (dots["predicted"] - dots["actual"]) ** 2
    found = np.sqrt(squares.groupby(dots["when"], sort=False).mean()).tolist()
    assert found == pytest.approx(errors, rel=1e-6)
