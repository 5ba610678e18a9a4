"""Clusters of processes on this machine."""

import json
import socket
from collections.abc import Sequence
from contextlib import ExitStack


def addresses(count: int) -> list[str]:
    """Addresses at which nobody listens."""
    with ExitStack() as stack:
        found = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [f"127.0.0.1:{each.getsockname()[1]}" for each in found]


def config(names: Sequence[str], index: int) -> str:
    """What TF_CONFIG holds for one of the workers at these addresses."""
    return json.dumps({"cluster": {"worker": list(names)}, "task": {"type": "worker", "index": index}})
