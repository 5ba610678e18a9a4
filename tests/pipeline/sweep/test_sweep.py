"""Sweeps on this machine, for real: workers and whole sweeps are killed, and the table has the same bytes."""

import signal
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from pipeline.record.metrics import Scores
from pipeline.record.predictions import by_part, predictions_of
from pipeline.record.runs import collect
from pipeline.safety.schema import six_digits
from pipeline.sweep.results import finished, read_sweep
from pipeline.training.descent import descend, layers
from tests.pipeline.sweep.conftest import COMMAND
from tests.projects import Project
from tests.waiting import until


def chunks(project: Project) -> list[Path]:
    return list((project.root / "data" / "sweeps").glob("*.unfinished/[0-9]*.parquet"))


def workers(sweep: psutil.Process) -> list[psutil.Process]:
    found = []
    for child in sweep.children():
        with suppress(psutil.Error):  # it is gone, or about to be
            if "pipeline.sweep.worker" in child.cmdline():
                found.append(child)
    return found


def test_killed_workers_and_a_killed_sweep_cost_time_and_no_result(project_copy: Project, swept: Path) -> None:
    with project_copy.started(*COMMAND, "--workers", "2") as process:
        until(lambda: chunks(project_copy))
        process.send_signal(signal.SIGSTOP)  # it holds its turn, and cannot end before it is disturbed
        sweep = psutil.Process(process.pid)
        first, second = workers(sweep)
        busy = project_copy.python("-m", "pipeline.sweep", "--set", "train.seed=0", status=1)
        assert busy.stderr.startswith("error: busy with a sweep of 24 runs since ")
        first.kill()
        process.send_signal(signal.SIGCONT)
        until(lambda: len(workers(sweep)) == 2 and first not in workers(sweep))
        process.kill()
        orphans = [second, *workers(sweep)]
        psutil.wait_procs(orphans, timeout=60)
        assert not any(orphan.is_running() for orphan in orphans)
    before = {path.name: path.stat().st_mtime_ns for path in chunks(project_copy)}
    assert 0 < len(before) < 24
    with project_copy.started(*COMMAND, "--workers", "1", stderr=-1) as process:
        until(lambda: workers(psutil.Process(process.pid)))
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
        assert process.returncode == 130
        assert said.decode() == "stopped; the same command goes on with the runs that are left\n"
    assert {path.name: path.stat().st_mtime_ns for path in chunks(project_copy)} == before
    done = project_copy.python(*COMMAND, "--workers", "1").stdout
    assert "24 runs in" in done
    assert "to record that run:\ndvc exp run -S train.epochs=4000 -S train.learning_rate=" in done
    assert next(finished(project_copy.root)).read_bytes() == swept.read_bytes()
    assert chunks(project_copy) == []
    assert project_copy.git("status", "--porcelain") == ""


@pytest.mark.parametrize("run", [0, 8, 23])
def test_a_row_holds_what_the_stages_record_of_its_run(recorded: Project, swept: Path, run: int) -> None:
    sweep, table = read_sweep(swept)
    row, settings, data = table.to_pylist()[run], sweep.grid.settings(run), recorded.store.read_normalized()
    assert [row[axis.setting] for axis in sweep.grid.axes] == list(sweep.grid.values(run))
    layout = layers(settings.model, len(data.names))
    done = collect(descend(data.part("train"), data.part("validation"), settings), layout, settings.epochs)
    assert (row["status"], row["epochs_run"]) == (done.status, done.epochs_run)
    assert (run == 23) == (done.status == "diverged")
    history = done.history.set_index("epoch")
    history = history.iloc[:-1] if done.status == "diverged" else history
    last = history.iloc[-1].map(six_digits)
    assert [row["training_loss"], row["validation_loss"]] == last.tolist()
    trained = history["validation_loss"].iloc[1:]
    assert (row["best_epoch"], row["best_validation_loss"]) == (trained.idxmin(), six_digits(trained.min()))
    predicted = by_part(predictions_of(done.layers, done.result, data), data)
    for part, rows in data.split.parts().items():
        scores = Scores.of(data.target[rows], predicted(part))
        recorded_scores = {f"{part}_{name}": six_digits(value) for name, value in scores.root.items()}
        assert {name: row[name] for name in recorded_scores} == recorded_scores


def test_a_sweep_on_rows_that_params_yaml_no_longer_asks_for_is_refused(project_copy: Project) -> None:
    project_copy.set(normalize__seed="1")
    said = project_copy.python("-m", "pipeline.sweep", "--set", "train.seed=0..3", status=1).stderr
    assert said == (
        "error: data/normalized.parquet is not what params.yaml now asks for: run `dvc repro`, then sweep again\n"
    )
