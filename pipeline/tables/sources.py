"""Fetching bytes over the network: sources in order, each checked by its hash, within seconds."""

import threading
from concurrent.futures import Future
from typing import Final

import requests

from pipeline.safety import files
from pipeline.safety.errors import UserError
from pipeline.tables.datasets import Source

CONNECT_SECONDS: Final = 4
READ_SECONDS: Final = 4
TOTAL_SECONDS: Final = 12


class UnavailableError(Exception):
    """A source that did not serve what it should, with the reason in a few words."""


def fetch(url: str, sha256: str | None) -> bytes:
    """Fetch the bytes at `url` and check them. Raises `UnavailableError`, after at most `TOTAL_SECONDS`."""
    outcome = Future[bytes]()

    def work() -> None:
        try:
            outcome.set_result(_download(url, sha256))
        except Exception as reason:
            outcome.set_exception(reason)

    # A server that sends a byte now and then never times out, nor does a hanging name server: so a thread, left behind.
    threading.Thread(target=work, daemon=True).start()
    try:
        return outcome.result(TOTAL_SECONDS)
    except TimeoutError:
        raise UnavailableError(f"was slower than {TOTAL_SECONDS} seconds") from None


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
    try:
        with requests.get(url, timeout=(CONNECT_SECONDS, READ_SECONDS), stream=True) as answer:
            answer.raise_for_status()
            content = answer.content
    except requests.HTTPError:
        raise UnavailableError(f"answered with status {answer.status_code}") from None
    except requests.Timeout:
        raise UnavailableError(f"did not answer for {READ_SECONDS} seconds") from None
    except (OSError, ValueError) as error:  # what requests raises is an `OSError`, as is a wrong certificate bundle
        raise UnavailableError(f"could not be reached ({_root_cause(error)})") from None
    if sha256 not in (None, files.sha256(content)):
        raise UnavailableError("sent a file whose SHA-256 is not the pinned one")
    return content


def _root_cause(error: BaseException) -> str:
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    text = " ".join(str(reason or error).split(": ")[-1].split(" ([Errno")[0].split())
    for opening, closing in ("()", "''", '""'):  # what was cut off may have closed what is left
        if text.endswith(closing) and (text.count(opening) + text.count(closing)) % 2:
            text = text[:-1]
    return text[:160]
