"""A dashboard on a project, as `streamlit run dashboard` starts it."""

import socket
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

from tests.projects import Project

SECONDS_TO_START = 60


@dataclass(frozen=True)
class Dashboard:
    """A running server and the project that it shows."""

    url: str
    project: Project
    process: psutil.Popen

    def page(self, path: str = "") -> str:
        """The address of a page."""
        return f"{self.url}/{path}"


@contextmanager
def dashboard(project: Project) -> Iterator[Dashboard]:
    """Start the project's own dashboard on a free port, and end it and all that it started."""
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        port = place.getsockname()[1]
    process = project.start("-m", "streamlit", "run", "dashboard", "--server.port", str(port))
    url = f"http://127.0.0.1:{port}"
    try:
        _await(url, process)
        yield Dashboard(url, project, process)
    finally:
        family = [*process.children(recursive=True), process] if process.is_running() else []
        for member in family:
            member.terminate()
        psutil.wait_procs(family, timeout=20)


def _await(url: str, process: psutil.Popen) -> None:
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end:
        assert process.poll() is None, "the server ended while it was starting"
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=5):  # noqa: S310  loopback, made above
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"the server was not there within {SECONDS_TO_START} seconds")
