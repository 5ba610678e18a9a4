"""The page Train without a browser: what the settings say before a run, and what it refuses."""

import re
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.record.snapshot import Record
from dashboard.views.parts.ended_runs import name_of
from pipeline.network.layers import predict
from pipeline.params import Train
from pipeline.training.descent import descend, layers
from tests.dashboard.views.conftest import OpenPage, drawn, press, texts
from tests.projects import Project
from tests.waiting import until


@pytest.fixture
def page(open_page: OpenPage) -> AppTest:
    return open_page("train")


def train(page: AppTest) -> AppTest:
    """Press Train, do not wait for the end, and look again, as the page does by itself, until the run has ended."""
    page = press(press(page, "Train"), "Skip to the end")
    until(lambda: any(button.label == "Record" for button in page.run().button) or "Failed" in texts(page))
    return page.run()  # the run may have ended while the page was drawn


def test_every_setting_but_the_device_has_a_widget(page: AppTest) -> None:
    shown = [*page.segmented_control, *page.select_slider, *page.slider, *page.toggle, *page.number_input]
    assert {field.title for name, field in Train.model_fields.items() if name != "device"} <= {w.label for w in shown}
    bounds = {field.label: (field.min, field.max) for field in page.number_input}
    assert (bounds["Epochs"], bounds["Batch size"]) == ((1, 10_000), (1, 266))


@pytest.mark.parametrize(("rate", "said"), [(1e-4, "Slow."), (0.01, "Good."), (0.15, "Noisy."), (0.2, "Diverges.")])
def test_what_will_happen_is_said_before_pressing(page: AppTest, rate: float, said: str) -> None:
    assert said in texts(page.select_slider[0].set_value(rate).run())


def test_hidden_layers_are_forecast_by_runs_of_five_seeds(page: AppTest, recorded: Project) -> None:
    page = page.segmented_control[0].set_value("one_hidden").run()
    page = page.number_input[1].set_value(3).run()
    page = press(page, "Try 5 seeds")
    until(lambda: "runs with the seeds 0 to 4" in texts(page.run()))
    data, settings = recorded.store.read_normalized(), recorded.store.read_training().settings
    train, losses = data.part("train"), []
    for seed in range(5):
        tried = settings.model_copy(update={"model": "one_hidden", "epochs": 3, "seed": seed})
        weights = list(descend(train, data.part("validation"), tried))[-1].weights[-1]
        predicted = predict(layers("one_hidden", len(data.names)), weights, train.features)
        losses.append(float(np.mean((predicted - train.target) ** 2)))
    assert f"between {min(losses):.4g} and {max(losses):.4g}" in texts(page)


def test_without_features_the_page_says_what_is_expected(page: AppTest) -> None:
    page = page.multiselect[0].set_value([]).run()
    assert not page.exception
    assert "features" in texts(page)
    assert "a list of one or more column names" in texts(page)


def test_the_absolute_error_has_no_limit(page: AppTest) -> None:
    loss = next(control for control in page.segmented_control if control.label == "Loss")
    assert "The absolute error has no limit" in texts(loss.set_value("mae").run())


def test_the_recorded_settings_give_the_recorded_run(page: AppTest, recorded: Project) -> None:
    page = train(page)
    assert not page.exception
    assert "bit for bit" in texts(page)
    assert "This run: the same settings." in texts(page)
    shown = next(frame.value for frame in page.dataframe if "this run" in frame.value)
    metrics = recorded.store.read_metrics()
    assert shown.set_index("what").loc["test MSE", "this run"] == f"{metrics.test['mse']:,.5g}"
    assert set(shown["difference"]) == {"0"}


def test_the_loss_of_every_update_stands_beside_the_epochs_and_keras_prints_its_running_average(
    page: AppTest, recorded: Project
) -> None:
    data, settings = recorded.store.read_normalized(), recorded.store.read_training().settings
    epochs = list(descend(data.part("train"), data.part("validation"), settings))
    page = train(page)
    dots = drawn(page, "Loss per epoch", "batches")
    assert list(dots["epoch"].head(8)) == pytest.approx([update / 7 for update in range(8)])
    every = np.concatenate([epoch.batch_losses for epoch in epochs])
    assert every.min() > 1
    np.testing.assert_allclose(dots["loss"], every)
    page = next(slider for slider in page.slider if slider.label == "Epoch").set_value(3).run()
    losses, sizes = epochs[3].batch_losses, np.array([40] * 6 + [26])
    inside = drawn(page, "The losses of the 7 batches of epoch 3", "rows")
    np.testing.assert_allclose(inside["loss"], losses)
    np.testing.assert_allclose(inside["average"], np.cumsum(losses * sizes) / np.cumsum(sizes))
    assert f"that is **{epochs[3].training_loss:.4g}**, the training loss of epoch 3" in texts(page)
    rows, weights = data.part("train"), epochs[3].weights[-1].astype(float)
    errors = rows.features @ weights[:-1] + weights[-1] - rows.target
    assert f"the loss of all training rows is **{np.mean(errors**2):.4g}**" in texts(page)


def set_numbers(page: AppTest, **numbers: int) -> AppTest:
    for label, number in numbers.items():
        page = (
            next(field for field in page.number_input if field.label == label.replace("_", " ")).set_value(number).run()
        )
    return page


def test_of_very_many_updates_some_are_dots_taken_from_every_place_in_the_epoch(page: AppTest) -> None:
    page = train(set_numbers(page.select_slider[0].set_value(1e-3).run(), Batch_size=1, Epochs=40))
    assert "(one batch in 9 is drawn)" in texts(page)
    dots = drawn(page, "Loss per epoch", "batches")
    assert len(dots) == -(-40 * 266 // 9)
    places = (dots["epoch"] * 266).round().astype(int)
    assert set(places % 266) == set(range(266))


def test_where_the_weights_hardly_change_both_losses_of_an_epoch_are_said_to_be_the_same(page: AppTest) -> None:
    page = train(set_numbers(page.select_slider[0].set_value(1e-6).run(), Batch_size=133, Epochs=2))
    assert ", the same to four digits." in texts(page)
    assert "the two differ" not in texts(page)


def test_the_last_run_is_still_there_after_a_visit_to_another_page(page: AppTest) -> None:
    page = train(page.select_slider[0].set_value(0.05).run())
    address = page.query_params["job"]
    del page.query_params["job"]  # a link of the navigation leaves it out
    page = page.run()
    assert page.query_params["job"] == address
    assert next(field for field in page.text_input if field.label == "Name").value == "lr-0.05"
    assert "This run: learning rate 0.05." in texts(page)


def test_a_run_that_is_no_longer_kept_is_said_to_be_gone(open_page: OpenPage) -> None:
    page = open_page("train", job="0" * 32)
    assert "The run in this address is no longer kept." in texts(page)
    assert "job" not in page.query_params


def test_without_git_recording_is_refused_in_a_sentence(open_page: OpenPage, recorded: Project, tmp_path: Path) -> None:
    project = recorded.copy(tmp_path / "project")
    (project.root / ".git").rename(tmp_path / "git")
    page = train(open_page("train", project.root))
    assert "experiments need a git repository" in texts(page).lower()
    assert next(button for button in page.button if button.label == "Record").disabled


def test_of_the_runs_of_a_visit_any_can_be_shown_and_the_lowest_validation_error_is_marked(
    page: AppTest, open_page: OpenPage, recorded: Project
) -> None:
    page = train(page)
    first = page.query_params["job"]
    page = train(page.select_slider[0].set_value(0.05).run())
    assert page.query_params["job"] != first
    table = next(frame.value for frame in page.dataframe if "validation MSE" in frame.value)
    assert table["settings"].tolist() == ["the same settings", "learning rate 0.05"]
    data, settings = recorded.store.read_normalized(), recorded.store.read_training().settings
    held_back, errors = data.part("validation"), []
    for rate in (0.01, 0.05):
        epochs = descend(data.part("train"), held_back, settings.model_copy(update={"learning_rate": rate}))
        weights = list(epochs)[-1].weights[-1].astype(float)
        errors.append(np.mean((held_back.features @ weights[:-1] + weights[-1] - held_back.target) ** 2))
    assert table["validation MSE"].tolist() == pytest.approx(errors, rel=1e-5)
    assert [bool(mark) for mark in table[""]] == [error == min(errors) for error in errors]
    page = next(field for field in page.segmented_control if field.label == "Show run").set_value(1).run()
    assert page.query_params["job"] == first
    assert page.select_slider[0].value == 0.01
    assert "This run: the same settings." in texts(page)
    again = open_page("train", job=page.query_params["job"], runs=page.query_params["runs"])
    assert next(frame.value for frame in again.dataframe if "validation MSE" in frame.value).equals(table)


def test_a_run_that_an_address_names_comes_with_its_settings_but_not_to_another_table(
    page: AppTest, open_page: OpenPage, own: Project
) -> None:
    page = train(page.select_slider[0].set_value(0.02).run())
    again = open_page("train", job=page.query_params["job"])
    assert again.select_slider[0].value == 0.02
    assert "This run: learning rate 0.02." in texts(again)
    other = open_page("train", own.root, runs=page.query_params["job"])
    assert not [
        frame for frame in other.dataframe if "validation MSE" in frame.value
    ]  # of another table: no comparison


def from_update(page: AppTest, update: int) -> AppTest:
    return next(slider for slider in page.slider if slider.label == "From update").set_value(update).run()


def test_a_run_is_branched_at_an_update_and_its_address_says_so(
    page: AppTest, open_page: OpenPage, record: Record
) -> None:
    page = from_update(page, 300)
    assert "In epoch 43, after 240 of its 266 rows." in texts(page)
    page = press(page, "Other settings")
    assert page.query_params["branch"] == f"{name_of(record)}:300"
    assert "update 300 of the recorded run" in choice(page)
    page = train(page.select_slider[0].set_value(0.005).run())
    assert "This run: learning rate 0.005, from update 300 of the recorded run." in texts(page)
    assert next(field for field in page.text_input if field.label == "Name").value == "lr-0.005_from-300"
    first = page.query_params["job"]
    again = open_page("train", branch=f"{first}:700")
    assert re.search(r"update 700 of run [0-9a-f]{7}", choice(again))
    again = train(again)
    assert "from update 700 of run " in texts(again)
    assert not again.exception
    back = next(box for box in again.selectbox if box.label == "Begin with").set_value("").run()
    assert "branch" not in back.query_params


def choice(page: AppTest) -> str:
    """Where the next run begins, as the page says it."""
    box = next(box for box in page.selectbox if box.label == "Begin with")
    return str(box.options[box.index or 0])


def test_a_branch_changes_neither_the_model_nor_its_number_of_epochs_to_fewer(
    open_page: OpenPage, record: Record
) -> None:
    page = open_page("train", branch=f"{name_of(record)}:300")
    hidden = page.segmented_control[0].set_value("one_hidden").run()
    assert "this branch cannot go on: its parent has the model linear, not one_hidden; choose" in texts(hidden).lower()
    page = set_numbers(open_page("train", branch=f"{name_of(record)}:300"), Epochs=42)
    assert "it begins after epoch 42, so train.epochs must be more than that" in texts(page)


@pytest.mark.parametrize("address", ["{}:1401", "{}:0", "{}:-1", "{}:x", "nobody:3", "{}", "{}:²"])
def test_an_address_that_names_no_update_is_said_to_be_gone(open_page: OpenPage, record: Record, address: str) -> None:
    page = open_page("train", branch=address.format(name_of(record)))
    assert not page.exception
    assert "The run that this address goes on from has no such update, or is no longer kept." in texts(page)
    assert "branch" not in page.query_params


def test_the_first_run_of_a_visit_can_be_followed_and_later_ones_go_at_full_speed(page: AppTest) -> None:
    def speed(page: AppTest) -> str:
        return str(next(box for box in page.selectbox if box.label == "Speed").value)

    assert speed(page) == "6 s a run"
    page = press(page, "Train")
    until(lambda: not next(button for button in page.run().button if button.label == "Skip to the end").disabled)
    page = press(page, "Skip to the end")
    until(lambda: speed(page.run()) == "Full speed")  # on a busy machine the run may have ended before the press
    until(lambda: any(button.label == "Record" for button in page.run().button))
    assert speed(page.run()) == "Full speed"
