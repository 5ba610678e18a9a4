"""Sweeps on a real dask cluster on loopback: a scheduler and two worker processes, one of which is killed."""

import asyncio
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import distributed
import pytest

from pipeline.safety.errors import UserError
from pipeline.sweep.cluster import Cluster, identity
from pipeline.sweep.results import finished
from tests.pipeline.sweep.conftest import COMMAND
from tests.projects import Project
from tests.waiting import until

T = TypeVar("T")
QUIET = {"DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False", "DASK_DISTRIBUTED__DASHBOARD__LINK": ""}


@contextmanager
def started(project: Project, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of dask, which finds the project's own code."""
    log = (project.root / "data" / "dask.log").open("ab")
    process = subprocess.Popen(
        [sys.executable, "-m", "dask", *arguments],
        cwd=project.root,
        env={**project._environment(), **QUIET},
        stdout=log,
        stderr=log,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        log.close()


def apart(function: Callable[..., T], *arguments: Any) -> T:
    """Call a function in a thread of its own: in that of the tests a browser's loop may be running."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function, *arguments).result()


def workers_of(address: str) -> int:
    """How many workers the scheduler has; -1 where it does not answer yet."""
    try:
        return len(apart(asyncio.run, identity(distributed, address))["workers"])
    except OSError:
        return -1


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_killed_worker_of_a_cluster_costs_its_runs_time_and_no_result(project_copy: Project, swept: Path) -> None:
    address = f"tcp://127.0.0.1:{free_port()}"
    ends = ["--host", "127.0.0.1", "--no-dashboard"]
    worker = ["worker", address, "--nthreads", "1", "--no-nanny", *ends]
    chunks = project_copy.root / "data" / "sweeps"
    with started(project_copy, "scheduler", "--port", address.rpartition(":")[2], *ends):
        until(lambda: workers_of(address) == 0)
        refused = project_copy.python(*COMMAND, "--scheduler", address, status=1).stderr
        assert refused.startswith(f"error: the dask scheduler at {address} has no workers; start `dask scheduler`")
        with started(project_copy, *worker), started(project_copy, *worker) as killed:
            until(lambda: workers_of(address) == 2)
            with project_copy.started(*COMMAND, "--scheduler", address) as sweep:
                until(lambda: list(chunks.glob("*.unfinished/[0-9]*.parquet")))
                killed.kill()
                assert sweep.wait(120) == 0
    assert next(finished(project_copy.root)).read_bytes() == swept.read_bytes()


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "tcp://127.0.0.1", "x://y:1"])
def test_a_scheduler_that_does_not_answer_is_said(recorded: Project, address: str) -> None:
    with pytest.raises(UserError, match=f"^no dask scheduler answers at {address}"):
        apart(Cluster, recorded.store.read_normalized(), address)


def test_a_server_that_is_no_scheduler_is_said(recorded: Project) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(UserError, match=r"\(no answer within \d s\)"):
            apart(Cluster, recorded.store.read_normalized(), address)
