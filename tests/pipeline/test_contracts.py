"""What has to agree: dvc.yaml with the imports, the paths and the schema; params.yaml with the schema."""

import ast
import shlex
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from pipeline.params import PARAMS_FILE, Params, from_command_line, load
from pipeline.record import store
from pipeline.record.store import ROOT
from tests.projects import Project, command_line

DVC: dict[str, Any] = YAML(typ="safe").load(ROOT / "dvc.yaml")
STAGES: dict[str, dict[str, Any]] = DVC["stages"]
PARAMS: dict[str, dict[str, Any]] = YAML(typ="safe").load(PARAMS_FILE)

every_stage = pytest.mark.parametrize("stage", STAGES)


def source(module: str) -> Path:
    """The file of a module, relative to the root."""
    path = Path(*module.split("."))
    return path / "__init__.py" if (ROOT / path).is_dir() else path.with_suffix(".py")


def imported(module: str) -> Iterator[str]:
    """The modules of this project that a module imports, and the packages they are in."""
    for node in ast.walk(ast.parse((ROOT / source(module)).read_text())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "only absolute imports are understood here"
            names = [f"{node.module}.{alias.name}" for alias in node.names] + [str(node.module)]
        else:
            continue
        for name in names:
            parts = name.split(".")
            parents = [".".join(parts[:end]) for end in range(1, len(parts) + 1)]
            yield from (each for each in parents if each.startswith("pipeline") and (ROOT / source(each)).exists())


def needed(stage: str) -> set[str]:
    """Every file of this project that is imported when a stage runs."""
    waiting, seen = [f"pipeline.{stage}"], {"pipeline"}
    while waiting:
        module = waiting.pop()
        seen.add(module)
        waiting += set(imported(module)) - seen
    return {str(source(module)) for module in seen}


def paths(entries: list[Any]) -> list[str]:
    """The paths of a list of outputs, some of which have options."""
    return [next(iter(entry)) if isinstance(entry, dict) else entry for entry in entries]


def written(stage: str) -> set[str]:
    """All that a stage writes under DVC."""
    return {path for kind in ("outs", "metrics", "plots") for path in paths(STAGES[stage].get(kind, []))}


@every_stage
def test_a_stage_depends_on_the_folders_it_imports_from_and_on_no_other(stage: str) -> None:
    listed = {path for path in STAGES[stage]["deps"] if path.startswith("pipeline/")}
    rooms = {"/".join(Path(path).parts[:2]) for path in needed(stage)}
    assert listed == rooms


@every_stage
def test_a_stage_never_depends_on_an_address(stage: str) -> None:
    assert not [path for path in STAGES[stage]["deps"] if "://" in path]


def test_every_dependency_is_bundled_or_written_by_an_earlier_stage() -> None:
    there = {store.TFJS_SPLIT, "${download.csv}"}
    for stage, description in STAGES.items():
        data = {path for path in description["deps"] if not path.startswith("pipeline/")}
        assert data <= there, stage
        there |= written(stage)


def test_the_outputs_are_the_paths_that_the_store_knows() -> None:
    everything = {path for stage in STAGES for path in written(stage)}
    assert everything == {
        store.RAW,
        store.NORMALIZED,
        store.SPLIT,
        store.SCALING,
        store.MODEL,
        store.WEIGHTS,
        store.TRAINING,
        store.HISTORY,
        store.PREDICTIONS,
        store.METRICS,
    }
    assert DVC["artifacts"]["house-prices"]["path"] == store.MODEL


def test_what_varies_from_run_to_run_is_neither_an_output_nor_in_git(recorded: Project) -> None:
    for path in (store.RAW_SOURCE, store.RUN_INFO):
        assert (recorded.root / path).exists()
        assert recorded.git("check-ignore", path).strip() == path


def test_what_git_tracks_is_not_cached_by_dvc_and_the_rest_is_not_tracked() -> None:
    for stage, description in STAGES.items():
        options = {
            path: settings
            for kind in ("metrics", "plots")
            for entry in description.get(kind, [])
            for path, settings in entry.items()
        }
        assert all(settings == {"cache": False} for settings in options.values()), stage
    assert {store.HISTORY, store.PREDICTIONS, store.METRICS} <= {
        path for stage in STAGES for path in written(stage) - set(STAGES[stage].get("outs", []))
    }


def test_every_plot_draws_columns_of_recorded_tables(recorded: Project) -> None:
    drawn = [
        (path, [columns] if isinstance(columns, str) else columns)
        for plot in DVC["plots"]
        for description in plot.values()
        for axis in (description["x"], description["y"])
        if isinstance(axis, dict)
        for path, columns in axis.items()
    ]
    assert {path for path, _ in drawn} == {store.HISTORY, store.PREDICTIONS}
    for path, columns in drawn:
        header = (recorded.root / path).read_text().splitlines()[0].split(",")
        assert set(columns) <= set(header)


def test_a_stage_its_module_and_its_section_share_one_name() -> None:
    for stage, description in STAGES.items():
        with_values = f" ${{{stage}}}" if stage in Params.model_fields else ""
        assert description["cmd"].removeprefix("exec ") == f"python -m pipeline.{stage}{with_values}"
    assert set(Params.model_fields) == set(PARAMS) == set(STAGES) - {"evaluate"}


def test_params_yaml_has_the_keys_of_the_schema_in_its_order() -> None:
    for name, section in load():
        assert list(PARAMS[name]) == list(type(section).model_fields)


def test_every_setting_of_params_yaml_has_a_comment_above_it() -> None:
    lines = PARAMS_FILE.read_text(encoding="utf-8").splitlines()
    settings = [(before, line) for before, line in pairwise(lines) if line.startswith("  ") and line[2] != "#"]
    assert len(settings) == sum(map(len, PARAMS.values()))
    for before, line in settings:
        assert before.startswith("  # "), line


def test_dvc_hands_a_stage_exactly_what_params_yaml_says(recorded: Project) -> None:
    said = recorded.dvc("repro", "--dry", "--force")
    commands = {words[words.index("-m") + 1]: words for words in map(shlex.split, said.splitlines()) if "-m" in words}
    path = recorded.root / "params.yaml"
    settings, written = load(path), YAML(typ="safe").load(path)
    for stage in written:
        words = commands[f"pipeline.{stage}"]
        given = words[words.index("-m") + 2 :]
        assert given == command_line(written[stage])
        assert from_command_line(type(getattr(settings, stage)), given) == getattr(settings, stage)


def test_the_committed_configuration_of_dvc_is_quiet_and_writes_lists_and_switches_as_the_stages_read_them(
    recorded: Project,
) -> None:
    settings = dict(line.split("=") for line in recorded.dvc("config", "--list", "--project").split())
    assert settings["core.analytics"] == settings["core.check_update"] == "false"
    assert (settings["parsing.bool"], settings["parsing.list"]) == ("boolean_optional", "append")
