"""An HTTP server on loopback that serves some bytes correctly, and fails in every way in which a server can."""

import gc
import gzip
import hashlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from pipeline.tables import sources
from pipeline.tables.datasets import Source


class Server(ThreadingHTTPServer):
    """Serves `content` at /good, and something else at the other paths of `_Answer`."""

    daemon_threads = False

    def __init__(self, content: bytes) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.content = content
        self.asked: list[str] = []
        self.closing = threading.Event()
        self.connections: list[Any] = []

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer in a thread, and keep the connection."""
        self.connections.append(request)
        super().process_request(request, client_address)

    def drop_all(self) -> None:
        """End every answer that is under way."""
        self.closing.set()
        for connection in self.connections:
            with suppress(OSError):  # most have ended by themselves
                connection.shutdown(socket.SHUT_RDWR)

    def url(self, path: str) -> str:
        """The address of a path."""
        return f"http://127.0.0.1:{self.server_port}{path}"

    def source(self, path: str) -> Source:
        """A source at a path, pinned to `content`."""
        return Source(self.url(path), hashlib.sha256(self.content).hexdigest())

    def unreachable(self) -> str:
        """The address of a port where nobody listens."""
        with ThreadingHTTPServer(("127.0.0.1", 0), _Answer) as gone:
            port = gone.server_port
        return f"http://127.0.0.1:{port}/good"


@contextmanager
def serving(content: bytes) -> Iterator[Server]:
    """Serve until the end of the block; then drop every request that still hangs."""
    with Server(content) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            server.drop_all()
            thread.join()


@contextmanager
def before_impatient_client(content: bytes, connect: float, read: float, total: float) -> Iterator[Server]:
    """Serve a client with a limit of some seconds; afterwards nothing of either is left."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("NO_PROXY", "no_proxy"):
            patch.setenv(name, "127.0.0.1")
        for name, seconds in (("CONNECT_SECONDS", connect), ("READ_SECONDS", read), ("TOTAL_SECONDS", total)):
            patch.setattr(sources, name, seconds)
        before = set(threading.enumerate())
        with serving(content) as server:
            yield server
        for thread in set(threading.enumerate()) - before:
            thread.join()
        gc.collect()


class _Answer(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        """Answer as the path says: at once, slowly, or never."""
        self.server.asked.append(self.path)
        name, content = self.path.strip("/").partition("?")[0], self.server.content
        answers: dict[str, tuple[int, bytes, dict[str, str | None]]] = {
            "good": (200, content, {}),
            "other": (200, content + b"1", {}),
            "missing": (404, b"no such file", {}),
            "failing": (500, b"a fault of ours", {}),
            "moved": (302, b"", {"Location": "/good"}),
            "circular": (302, b"", {"Location": "/circular"}),
            "to_a_file": (302, b"", {"Location": "file:///etc/passwd"}),
            "captive": (302, b"", {"Location": "/login"}),
            "login": (200, b"<!DOCTYPE html>\n<html>Sign in, please</html>\n", {"Content-Type": "text/html"}),
            "no_gzip": (200, content, {"Content-Encoding": "gzip"}),
            "packed": (200, gzip.compress(content), {"Content-Encoding": "gzip"}),
            "unsized": (200, content, {"Content-Length": None}),
            "truncated": (200, content[:-9], {"Content-Length": str(len(content))}),
            "stalling": (200, content[:-9], {"Content-Length": str(len(content))}),
            "trickling": (200, b"", {"Content-Length": "1000000"}),
        }
        try:
            if name in answers:
                self._send(*answers[name])
            if name in ("stalling", "silent"):
                self.server.closing.wait(30)
            while name == "trickling" and not self.server.closing.wait(0.05):
                self.wfile.write(b"1")
            if name == "garbage":
                self.wfile.write(b"\x00\x01 this is no HTTP\n\n")
        except ConnectionError:  # the client closed the connection
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Print no log."""

    def _send(self, status: int, body: bytes, headers: dict[str, str | None]) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            if value is not None:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()
