"""Fetching bytes over the network: sources in order, each checked by its hash, within seconds."""

import logging
import tempfile
import threading
from pathlib import Path
from typing import Final

import pooch
import requests

from pipeline.safety.errors import UserError
from pipeline.tables.datasets import Source

CONNECT_SECONDS: Final = 4
READ_SECONDS: Final = 4
TOTAL_SECONDS: Final = 12

pooch.get_logger().setLevel(logging.ERROR)


class UnavailableError(Exception):
    """A source that did not serve what it should, with the reason in a few words."""


def fetch(url: str, sha256: str | None) -> bytes:
    """Fetch the bytes at `url` and check them. Raises `UnavailableError`, after at most `TOTAL_SECONDS`."""
    outcome: list[bytes | UnavailableError] = []

    def work() -> None:
        try:
            outcome.append(_download(url, sha256))
        except UnavailableError as reason:
            outcome.append(reason)

    # A server that sends a byte now and then never times out, nor does a hanging name server: so a thread, left behind.
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(TOTAL_SECONDS)
    result = outcome[0] if outcome else UnavailableError(f"was slower than {TOTAL_SECONDS} seconds")
    if isinstance(result, UnavailableError):
        raise result
    return result


def fetch_first(sources: tuple[Source, ...]) -> tuple[Source, bytes]:
    """Fetch from the first source that serves its pinned bytes. Raises `UserError` listing each with its reason."""
    reasons = []
    for source in sources:
        try:
            return source, fetch(source.url, source.sha256)
        except UnavailableError as reason:
            reasons.append(f"{source.url} {reason}")
    raise UserError("; ".join(reasons) or "no source is known")


def _download(url: str, sha256: str | None) -> bytes:
    downloader = pooch.HTTPDownloader(timeout=(CONNECT_SECONDS, READ_SECONDS))
    try:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            path = pooch.retrieve(
                url, known_hash=sha256 and f"sha256:{sha256}", fname="table.csv", path=folder, downloader=downloader
            )
            return Path(path).read_bytes()
    except requests.HTTPError as error:
        status = error.response.status_code if error.response is not None else "unknown"
        raise UnavailableError(f"answered with status {status}") from None
    except requests.Timeout:
        raise UnavailableError(f"did not answer for {READ_SECONDS} seconds") from None
    except requests.RequestException as error:
        raise UnavailableError(f"could not be reached ({_root_cause(error)})") from None
    except OSError as error:
        raise UnavailableError(f"could not be saved ({error})") from None
    except ValueError as error:
        if "hash" in str(error):  # pooch: it differs
            raise UnavailableError("sent a file whose SHA-256 is not the pinned one") from None
        raise UnavailableError(f"could not be reached ({error})") from None


def _root_cause(error: BaseException) -> str:
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    return " ".join(str(reason or error).split(": ")[-1].split(" ([Errno")[0].split()).rstrip("\"')")[:160]
