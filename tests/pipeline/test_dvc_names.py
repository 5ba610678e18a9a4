"""Names that DVC keeps for itself: a setting may be called `size` or `nfiles`, because it travels in the command."""

import sys
from pathlib import Path

from tests.pipeline.test_contracts import PARAMS, STAGES
from tests.projects import Project

PIPELINE = """
stages:
  listed:
    cmd: cp params.yaml listed.txt
    params: [train]
    outs: [listed.txt]
  ours:
    cmd: exec {python} -c "from sys import argv; print(argv[1:])" ${{train}} > ours.txt
    outs: [ours.txt]
"""


def test_of_such_names_in_params_dvc_brings_back_an_old_result_and_ours_are_run_again(tmp_path: Path) -> None:
    """DVC leaves them out when it looks a result up. Where the first assertion fails, it no longer does."""
    project = Project(tmp_path)
    (tmp_path / ".dvc").mkdir()
    (tmp_path / ".dvc" / "config").write_text("[core]\n    no_scm = true\n    analytics = false\n")
    (tmp_path / "dvc.yaml").write_text(PIPELINE.format(python=sys.executable))
    ran = []
    for value in (1, 2):
        (tmp_path / "params.yaml").write_text(f"train:\n  size: {value}\n  nfiles: {value}\n")
        ran.append(project.repro())
    assert ran == [["listed", "ours"], ["ours"]]
    assert (tmp_path / "listed.txt").read_text() == "train:\n  size: 1\n  nfiles: 1\n"
    assert (tmp_path / "ours.txt").read_text() == "['--size', '2', '--nfiles', '2']\n"


def test_every_setting_travels_in_the_command_of_its_stage_and_none_in_its_params() -> None:
    assert not [name for name, stage in STAGES.items() if "params" in stage]
    assert all(f"${{{section}}}" in STAGES[section]["cmd"].split() for section in PARAMS)
