"""The pipeline under DVC, for real: which stages run, which are skipped, and what comes back."""

import csv
import json
import re

import numpy as np
import pandas as pd
import psutil

from pipeline.network.layers import predict
from pipeline.record.metrics import Scores
from pipeline.safety.schema import six_digits
from pipeline.training.descent import descend, layers
from tests.projects import Project
from tests.waiting import until

ODD_NAMES = ("living area, m²", "Prix (€)", 'größe "netto"', "it's; $(touch pwned)", "true")


def test_a_fresh_clone_reproduces_the_committed_results_and_lock_file_to_the_byte(reproduced: Project) -> None:
    assert reproduced.git("status", "--porcelain") == ""


def test_a_comment_in_params_yaml_runs_no_stage(project_copy: Project) -> None:
    path = project_copy.root / "params.yaml"
    path.write_text(path.read_text().replace("\ntrain:", "\n# A thought about training.\ntrain:"))
    assert project_copy.repro() == []


def test_another_learning_rate_runs_training_and_evaluation_only(project_copy: Project) -> None:
    project_copy.set(train__learning_rate="0.05", train__epochs="3")
    assert project_copy.repro() == ["train", "evaluate"]


def test_undoing_a_refused_value_brings_every_former_byte_back_without_running(
    project_copy: Project, recorded: Project
) -> None:
    params = (project_copy.root / "params.yaml").read_bytes()
    project_copy.set(train__learning_rate="-1")
    assert "failed to reproduce 'train'" in project_copy.dvc("repro", status=255)
    (project_copy.root / "params.yaml").write_bytes(params)
    assert project_copy.repro() == []
    assert project_copy.results() == recorded.results()


def test_an_experiment_is_recorded_apart_and_adopting_it_runs_no_stage(
    project_copy: Project, recorded: Project
) -> None:
    changes = ["-S", "train.learning_rate=1e-6", "-S", "normalize.features=[rm,lstat]", "-S", "train.epochs=3"]
    project_copy.dvc("exp", "run", "--temp", "--name", "timid", *changes)
    assert project_copy.results() == recorded.results()

    shown = list(csv.DictReader(project_copy.dvc("exp", "show", "--csv").splitlines()))
    timid = next(row for row in shown if row["Experiment"] == "timid")
    assert (float(timid["train.learning_rate"]), timid["normalize.features"]) == (1e-6, "['rm', 'lstat']")
    assert float(timid["test.mse"]) > 100

    project_copy.set(train__learning_rate="1e-6", normalize__features="[rm, lstat]", train__epochs="3")
    assert project_copy.repro() == []
    assert project_copy.store.read_metrics().test["mse"] == float(timid["test.mse"])
    assert project_copy.store.read_training().settings.learning_rate == 1e-6


def test_queued_experiments_run_later_one_for_each_value_and_leave_the_files_as_they_are(
    project_copy: Project, recorded: Project
) -> None:
    queued = project_copy.dvc("exp", "run", "--queue", "-S", "train.learning_rate=0.01,0.02")
    assert queued.count("Queued experiment") == 2
    project_copy.set(train__seed="9")  # too late for what is queued
    project_copy.dvc("queue", "start")
    until(lambda: len(re.findall("refs/exps/[0-9a-f]{2}/", project_copy.git("for-each-ref", "refs/exps"))) == 2)
    assert project_copy.results() == recorded.results()
    shown = list(csv.DictReader(project_copy.dvc("exp", "show", "--csv").splitlines()))
    runs = {row["train.learning_rate"]: row for row in shown if row["typ"].startswith("branch")}
    assert {row["train.seed"] for row in runs.values()} == {"0"}
    assert float(runs["0.01"]["test.mse"]) == recorded.store.read_metrics().test["mse"]
    data, settings = recorded.store.read_normalized(), recorded.store.read_training().settings
    faster = settings.model_copy(update={"learning_rate": 0.02})
    *_, last = descend(data.part("train"), data.part("validation"), faster)
    predicted = predict(layers("linear", len(data.names)), last.weights[-1], data.part("test").features)
    expected = Scores.of(data.part("test").target, predicted)
    assert float(runs["0.02"]["test.mse"]) == six_digits(expected["mse"])


def test_plots_show_draws_loss_curves_predictions_and_residuals(recorded: Project) -> None:
    plots = json.loads(recorded.dvc("plots", "show", "--json"))["data"]
    history, predictions = recorded.store.read_run().history, recorded.store.read_predictions()
    drawn = {
        "Loss per epoch": ("validation_loss", history["validation_loss"]),
        "Predicted against actual": ("predicted", predictions["predicted"]),
        "Residuals": ("residual", predictions["residual"]),
    }
    for title, (column, expected) in drawn.items():
        values = [float(row[column]) for row in plots[title][0]["content"]["data"]["values"]]
        assert values[: len(expected)] == expected.tolist()


def test_a_table_of_ones_own_with_odd_column_names_needs_params_yaml_alone(project_copy: Project) -> None:
    generator = np.random.default_rng(1)
    features = generator.normal(size=(60, len(ODD_NAMES) - 1))
    target = 10 + features @ np.arange(1.0, len(ODD_NAMES))
    table = pd.DataFrame(np.column_stack([features, target]), columns=ODD_NAMES).to_csv(index=False)
    project_copy.use_own(table, ODD_NAMES[-1], ODD_NAMES[:-1], train__learning_rate="0.1")
    project_copy.python("-m", "pipeline.params")
    assert project_copy.repro() == ["download", "normalize", "train", "evaluate"]
    data = project_copy.store.read_normalized()
    assert (*data.names, data.target_name) == ODD_NAMES
    assert project_copy.store.read_metrics().test["mse"] < 1e-3
    assert not (project_copy.root / "pwned").exists()


def test_a_stage_whose_dvc_was_killed_stops_and_writes_nothing(project_copy: Project, recorded: Project) -> None:
    project_copy.set(train__model="two_hidden", train__batch_size="1", train__epochs="10000")
    orphans: list[psutil.Process] = []
    with project_copy.started("-m", "dvc", "repro") as dvc:
        while not orphans:  # until the stage has begun to import TensorFlow
            assert dvc.poll() is None
            children = psutil.Process(dvc.pid).children(recursive=True)
            stages = [child for child in children if "pipeline.train" in str(child.cmdline())]
            orphans = stages if any(child.cpu_times().user > 0.3 for child in stages) else []
    _, going_on = psutil.wait_procs(orphans, timeout=60)
    for orphan in going_on:
        orphan.kill()
    assert going_on == []
    assert not (project_copy.root / "data" / "run" / "model.keras").exists()

    (project_copy.root / "params.yaml").write_bytes((recorded.root / "params.yaml").read_bytes())
    assert project_copy.repro() == []
    assert project_copy.results() == recorded.results()


def test_an_edited_table_or_split_is_named_as_the_cause(project_copy: Project) -> None:
    table = project_copy.root / "data" / "mine.csv"
    (project_copy.root / ".git" / "info" / "exclude").write_text("/data/mine.csv\n")
    project_copy.use_own("a,b\n" + "".join(f"{i % 7},{i}\n" for i in range(60)), "b", ["a"])
    project_copy.repro()
    project_copy.git("commit", "--quiet", "--all", "--message", "own table")
    assert project_copy.stage("report").stdout.endswith("byte for byte\n")
    table.write_text(table.read_text().replace("\n3,", "\n4,"))
    project_copy.repro()
    assert "which was made with other parameters, data or code" in project_copy.stage("report").stdout
