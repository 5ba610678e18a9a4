"""Start a dashboard for a project with `streamlit run dashboard`."""

import socket
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

from tests.projects import Project
from tests.waiting import PATIENCE


@dataclass(frozen=True)
class Dashboard:
    """A running server and the project that it shows."""

    url: str
    project: Project
    process: psutil.Process

    def page(self, path: str = "") -> str:
        """The address of a page."""
        return f"{self.url}/{path}"


@contextmanager
def dashboard(
    project: Project, app: str = "dashboard", variables: Mapping[str, str] | None = None
) -> Iterator[Dashboard]:
    """Start the project's dashboard, or an app in another folder, on a free port; end it after the block.

    `variables` are added to its environment. It multiplies in one thread, as the tests do, which share the processors.
    """
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = ("-m", "streamlit", "run", app, "--server.port", str(port))
    one_thread = {"OPENBLAS_NUM_THREADS": "1"}
    with project.started(*command, variables={**one_thread, **(variables or {})}) as started:
        process = psutil.Process(started.pid)
        until_served(url, process)
        yield Dashboard(url, project, process)
        family = process.children(recursive=True) if process.is_running() else []
    psutil.wait_procs(family, timeout=20)


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        return int(place.getsockname()[1])


def until_served(url: str, process: psutil.Process) -> None:
    """Return when the dashboard that a process serves, or starts, answers."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert process.status() != psutil.STATUS_ZOMBIE, "the server ended while it was starting"
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=5):  # noqa: S310  loopback, made above
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"the server did not start within {PATIENCE:g} seconds")
