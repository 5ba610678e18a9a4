"""Started from anywhere, in a folder of any name, with or without the environment on the path."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.browser.servers import dashboard, free_port, until_served
from tests.projects import Project

ODD = '-it\'s größer: $HOME `id` "100%" #1;&'


@pytest.fixture(scope="module")
def odd(recorded: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A shallow clone in a folder with an odd name, recorded, on no branch, with edits that are not committed."""
    project = Project(tmp_path_factory.mktemp("odd") / ODD)
    recorded.git("clone", "--quiet", "--depth", "1", f"file://{recorded.root}", str(project.root))
    for folder in ("data", ".dvc/cache"):
        shutil.copytree(recorded.root / folder, project.root / folder, dirs_exist_ok=True)
    shutil.copy(recorded.root / "dvc.lock", project.root / "dvc.lock")
    project.git("checkout", "--quiet", "--detach")
    (project.root / "README.md").write_text("edited\n", encoding="utf-8")
    (project.root / "untracked").touch()
    return project


def test_a_shallow_clone_on_no_branch_with_edits_in_a_folder_with_an_odd_name_runs_and_records(odd: Project) -> None:
    odd.python("-m", "pipeline.params")
    assert odd.repro() == []
    record = (
        "import pathlib, dashboard.experiments.listing as l\n"
        "c = l.record(pathlib.Path().resolve(), {'train.epochs': 1}, 'short'); print(c.wait(100), c.problem)"
    )
    assert odd.python("-c", record).stdout == "succeeded None\n"
    assert "short" in odd.git("for-each-ref", "refs/exps/")
    assert (odd.root / "README.md").read_text(encoding="utf-8") == "edited\n"
    caches = [path for path in odd.root.parent.rglob("md5") if not path.is_relative_to(odd.root)]
    assert caches == []  # a name with quotes and # in it once led DVC to a cache elsewhere


@pytest.fixture
def equipped(recorded: Project, tmp_path: Path) -> Project:
    """A recorded project without git, in a folder with an odd name, whose `.venv` passes for set up."""
    project = recorded.copy(tmp_path / ODD.lstrip("-").replace(":", ""))
    shutil.rmtree(project.root / ".git")
    (project.root / ".venv").mkdir()
    for part in ("bin", "lib", "pyvenv.cfg"):
        (project.root / ".venv" / part).symlink_to(Path(sys.prefix) / part)
    for name in (".uv", ".ready"):
        (project.root / ".venv" / name).touch()
    return project


def test_make_runs_the_pipeline_in_a_folder_with_an_odd_name_and_without_git(equipped: Project) -> None:
    equipped.set(train__epochs="1")
    said = equipped.run("make", "repro").stdout
    assert "Running stage 'train'" in said
    assert "completed after 1 epoch," in said
    assert equipped.store.read_training().epochs_run == 1


@pytest.mark.parametrize(("end", "ending"), [(os.killpg, signal.SIGINT), (os.kill, signal.SIGTERM)])
def test_ctrl_c_and_the_end_of_make_end_the_dashboard_without_an_error(
    equipped: Project, end: Callable[[int, int], None], ending: signal.Signals
) -> None:
    port = free_port()
    code = "import os; os.execvp('make', ['make', 'dashboard'])"
    variables = {"STREAMLIT_SERVER_PORT": str(port)}
    with equipped.started("-c", code, stderr=subprocess.PIPE, session=True, variables=variables) as made:
        process = psutil.Process(made.pid)
        until_served(f"http://127.0.0.1:{port}", process)
        family = process.children(recursive=True)
        end(made.pid, ending)
        said = made.communicate(timeout=60)[1].decode()
    assert "Aborted" not in said
    assert "Error" not in said
    assert len(family) > 0
    assert psutil.wait_procs(family, timeout=60)[1] == []


def test_a_virtual_environment_that_is_a_link_is_not_emptied(recorded: Project, tmp_path: Path) -> None:
    shutil.copytree(recorded.root / "scripts", tmp_path / "project" / "scripts")
    for name in ("Makefile", "requirements-uv.txt"):
        shutil.copy(recorded.root / name, tmp_path / "project" / name)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "precious").touch()
    (tmp_path / "project" / ".venv").symlink_to(tmp_path / "elsewhere")
    said = Project(tmp_path / "project").run("make", ".venv/.uv", status=2).stderr
    assert said.startswith("error: .venv is a symbolic link")
    assert [path.name for path in (tmp_path / "elsewhere").iterdir()] == ["precious"]


def test_the_pipeline_and_the_dashboard_run_from_another_folder_and_a_taken_port_is_said(
    recorded: Project, odd: Project, tmp_path: Path
) -> None:
    elsewhere = Project(tmp_path)
    path = str(recorded.root)  # PYTHONPATH cannot hold the colon in the odd name
    assert elsewhere.python("-m", "pipeline.params", PYTHONPATH=path).stdout == "params.yaml is valid\n"
    assert elsewhere.python("-m", "pipeline.report", PYTHONPATH=path).stdout.startswith("\ncompleted after 200 epochs")
    assert "Data and pipelines are up to date." in elsewhere.dvc("--cd", str(odd.root), "repro")
    with dashboard(elsewhere, str(odd.root / "dashboard")) as shown:
        assert shown.process.cwd() == str(tmp_path)
        listening = {place.laddr.ip for place in shown.process.net_connections() if place.status == "LISTEN"}
        assert listening == {"127.0.0.1"}  # the settings in the project's folder hold
        port = shown.url.rpartition(":")[2]
        again = odd.python("-m", "streamlit", "run", "dashboard", "--server.port", port, status=1)
        assert (again.stdout + again.stderr).strip().endswith(f"Port {port} is not available")


def test_a_python_without_the_project_s_packages_says_so_in_one_line(recorded: Project, tmp_path: Path) -> None:
    bare = tmp_path / "python"
    bare.write_text(f'#!/bin/sh\nexec {sys.executable} -S "$@"\n', encoding="utf-8")
    bare.chmod(0o755)
    said = recorded.run(str(bare), "-m", "pipeline.evaluate", status=1).stderr
    assert said.startswith("error: this Python lacks the project's packages (")
    assert said.endswith("put the project's own on the path (`. .venv/bin/activate`), or use `make repro`\n")
    assert said.count("\n") == 1
