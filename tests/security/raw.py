"""HTTP over a plain socket, so that no library corrects a request."""

import socket
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

WEBSOCKET = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "c2l4dGVlbiBieXRlcyEhIQ==",
    "Sec-WebSocket-Protocol": "streamlit",
}
STREAM = "/_stcore/stream"


class Reply(NamedTuple):
    """A reply of the server."""

    status: int
    headers: dict[str, str]
    body: str


def send(url: str, path: str, headers: Mapping[str, str] | None = None, method: str = "GET", body: str = "") -> Reply:
    """Send a request exactly as given, with `Host` only if it is in `headers`, and read the whole reply."""
    place = urlsplit(url)
    closing = {"Host": place.netloc, "Connection": "close", "Content-Length": str(len(body))}
    lines = [
        f"{method} {path} HTTP/1.1",
        *(f"{name}: {value}" for name, value in (closing | dict(headers or {})).items()),
    ]
    with socket.create_connection((place.hostname, place.port), timeout=20) as connection:
        connection.sendall("\r\n".join([*lines, "", body]).encode("latin-1"))
        received = b""
        while b"\r\n\r\n" not in received and (piece := connection.recv(65536)):
            received += piece
        head, _, rest = received.partition(b"\r\n\r\n")
        first, *others = head.decode("latin-1").split("\r\n")
        status = int(first.split()[1])
        while status != 101 and (piece := connection.recv(65536)):
            rest += piece
    named = (line.partition(": ") for line in others)
    return Reply(status, {name.lower(): value for name, _, value in named}, rest.decode("utf-8", "replace"))
