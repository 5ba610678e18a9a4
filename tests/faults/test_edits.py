"""What is edited while a stage runs: the run is not taken for one of the edited files, and nothing is lost."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.record import store
from pipeline.tables.store import NORMALIZED, TFJS_SPLIT
from tests.faults.kills import Hold
from tests.projects import Project


def edit(project: Project, name: str, text: str, other: str) -> None:
    """Replace some text of a file, in place, as an editor does."""
    path = project.root / name
    assert text in path.read_text()
    path.write_text(path.read_text().replace(text, other))


def while_held(project: Project, who: str, moment: str, moments: Path, change: Callable[[], Any]) -> tuple[int, str]:
    """Run `dvc repro`, make a change while a stage is held at a moment, and say how DVC ended and what was said."""
    hold, said = Hold(moments, who, moment), moments.with_suffix(".said")
    with (
        said.open("wb") as output,
        project.started("-m", "dvc", "repro", stderr=output.fileno(), variables=hold.variables) as dvc,
    ):
        hold.reached(lambda: dvc.poll() is None)
        change()
        hold.let_go()
        return dvc.wait(120), said.read_text()


@pytest.mark.parametrize(
    ("stage", "name", "text", "other"),
    [
        ("normalize", "pipeline/tables/splits.py", "settings.seed", "settings.seed + 1"),
        ("normalize", TFJS_SPLIT, '"test_rows": [', '"test_rows": [1, '),
        ("train", "pipeline/training/exports.py", "_EPOCH: Final = (1980", "_EPOCH: Final = (1981"),
    ],
)
def test_a_stage_whose_module_or_input_is_edited_meanwhile_writes_nothing_and_runs_again(
    recorded: Project, project_copy: Project, tmp_path: Path, stage: str, name: str, text: str, other: str
) -> None:
    params = (project_copy.root / "params.yaml").read_bytes()
    project_copy.set(**({"normalize__seed": "1"} if stage == "normalize" else {"train__epochs": "3"}))
    status, said = while_held(
        project_copy, stage, "compute", tmp_path / "moments", lambda: edit(project_copy, name, text, other)
    )
    assert f"error: {name} was changed while this stage ran; it wrote nothing: run `dvc repro` again\n" in said
    assert status == 255
    written = [NORMALIZED] if stage == "normalize" else [store.MODEL, store.WEIGHTS]
    assert [path for path in written if (project_copy.root / path).exists()] == []

    assert f"Running stage '{stage}'" in project_copy.dvc("repro", stage)
    edit(project_copy, name, other, text)
    (project_copy.root / "params.yaml").write_bytes(params)
    assert project_copy.repro() == []
    assert project_copy.results() == recorded.results()


def test_a_run_is_recorded_with_the_values_it_began_with_though_params_yaml_is_edited_meanwhile(
    project_copy: Project, tmp_path: Path
) -> None:
    project_copy.set(train__epochs="3")
    status, said = while_held(
        project_copy, "train", "compute", tmp_path / "moments", lambda: project_copy.set(train__epochs="4")
    )
    assert status == 0, said
    first = project_copy.results()
    assert project_copy.store.read_training().settings.epochs == 3
    assert project_copy.repro() == ["train", "evaluate"]
    assert project_copy.store.read_training().settings.epochs == 4
    project_copy.set(train__epochs="3")
    assert project_copy.repro() == []
    assert project_copy.results() == first
