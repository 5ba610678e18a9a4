"""What has to agree: dvc.yaml with the imports, the paths and the schema; params.yaml with the schema."""

import ast
import hashlib
import shlex
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from dashboard.record.kept import BUNDLED
from pipeline.params import PARAMS_FILE, from_command_line, load
from pipeline.record import store
from pipeline.record.store import ROOT
from pipeline.safety.dvc_lock import LOCK, read_lock
from pipeline.safety.git import git
from pipeline.tables.store import RAW_SOURCE
from tests.projects import Project, command_line

DVC: dict[str, Any] = YAML(typ="safe").load(ROOT / "dvc.yaml")
STAGES: dict[str, dict[str, Any]] = DVC["stages"]
PARAMS: dict[str, dict[str, Any]] = YAML(typ="safe").load(PARAMS_FILE)

NOT_CACHED = (store.HISTORY, store.SAMPLE, store.METRICS)
"""Outputs that git keeps itself."""

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


@every_stage
def test_a_stage_depends_on_the_folders_it_imports_from_and_on_no_other(stage: str) -> None:
    listed = {path for path in STAGES[stage]["deps"] if path.startswith("pipeline/")}
    rooms = {"/".join(Path(path).parts[:2]) for path in needed(stage)}
    assert listed == rooms


def test_what_varies_from_run_to_run_is_neither_an_output_nor_in_git(recorded: Project) -> None:
    for path in (RAW_SOURCE, store.RUN_INFO):
        assert (recorded.root / path).exists()
        assert recorded.git("check-ignore", path).strip() == path


def test_the_committed_run_has_its_outputs_in_git() -> None:
    folder = ROOT / BUNDLED / "files" / "md5"
    bundled = {"".join(path.parts[-2:]): path.read_bytes() for path in folder.glob("*/*")}
    stages = read_lock(git(ROOT, "show", f":./{LOCK}"))  # as it would be committed now, not after a trial
    wanted = {md5 for stage in stages.values() for path, md5 in stage.outs.items() if path not in NOT_CACHED}
    assert set(bundled) == wanted, f"run `rm -r {BUNDLED}; dvc push -r committed`, and commit {BUNDLED} with {LOCK}"
    assert {hashlib.md5(content).hexdigest() for content in bundled.values()} == wanted  # noqa: S324  DVC's own


def test_every_setting_of_params_yaml_has_a_comment_above_it() -> None:
    lines = PARAMS_FILE.read_text(encoding="utf-8").splitlines()
    settings = [(before, line) for before, line in pairwise(lines) if line.startswith("  ") and line[2] not in "#-"]
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
