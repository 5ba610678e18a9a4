"""Fetching over the network, from a real server on loopback that fails in every way a server can."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.record.store import ROOT
from pipeline.safety.errors import UserError
from pipeline.tables import sources
from pipeline.tables.datasets import Source
from pipeline.tables.sources import UnavailableError, fetch, fetch_first
from tests.pipeline.serving import Server, before_impatient_client

TABLE = (ROOT / "data" / "boston_housing.csv").read_bytes()
WRONG = "0" * 64


# pooch leaves the connection of a failed download to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")


@pytest.fixture
def server() -> Iterator[Server]:
    """A server, and a client that soon gives up."""
    with before_impatient_client(TABLE, connect=0.5, read=0.5, total=2) as server:
        yield server


@pytest.mark.parametrize("path", ["/good", "/moved", "/packed", "/unsized"])
def test_the_pinned_bytes_are_returned(server: Server, path: str) -> None:
    source = server.source(path)
    assert fetch(source.url, source.sha256) == TABLE


def test_bytes_that_are_not_pinned_are_returned_as_they_are(server: Server) -> None:
    assert fetch(server.url("/other"), None) == TABLE + b"1"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/other", "sent other bytes than the pinned ones"),
        ("/missing", "status 404"),
        ("/failing", "status 500"),
        ("/circular", "redirects"),
        ("/truncated", "IncompleteRead|cut short|broken off"),
        ("/silent", "silent for 0.5 seconds"),
        ("/stalling", "silent for 0.5 seconds|timed out"),
        ("/trickling", "slower than 2 seconds"),
        ("/huge", "more than 64 MB"),
        ("/garbage", "could not be reached"),
    ],
)
def test_a_server_that_fails_is_given_up_within_seconds_for_a_reason(server: Server, path: str, reason: str) -> None:
    source = server.source(path)
    began = time.monotonic()
    with pytest.raises(UnavailableError, match=reason) as caught:
        fetch(source.url, source.sha256)
    assert "\n" not in str(caught.value)
    assert time.monotonic() - began < 10  # a guard against hanging, not a measure of speed


def test_what_has_no_end_is_cut_off_at_the_most_that_is_taken(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MAX_BYTES", 4 * 2**20)  # 64 MB need longer than this client waits, on a busy machine
    with pytest.raises(UnavailableError, match="sends more than 4 MB"):
        fetch(server.url("/endless"), None)


def test_a_port_where_nobody_listens_is_given_up_for_that_reason(server: Server) -> None:
    with pytest.raises(UnavailableError, match=r"could not be reached .*refused"):
        fetch(server.unreachable(), None)


def test_the_first_source_that_serves_its_pinned_bytes_wins(server: Server) -> None:
    tried = tuple(map(server.source, ["/missing", "/other", "/moved", "/failing"]))
    assert fetch_first(tried) == (tried[2], TABLE)
    assert server.asked == ["/missing", "/other", "/moved", "/good"]


def test_a_source_that_serves_leaves_the_later_ones_unasked(server: Server) -> None:
    fetch_first((server.source("/good"), server.source("/packed")))
    assert server.asked == ["/good"]


def test_when_every_source_fails_each_is_listed_with_its_reason(server: Server) -> None:
    tried = (server.source("/missing"), Source(server.url("/good"), WRONG), Source(server.unreachable(), WRONG))
    with pytest.raises(UserError) as caught:
        fetch_first(tried)
    listed = str(caught.value).split("; ")
    for line, source, reason in zip(listed, tried, ["404", "other bytes", "refused"], strict=True):
        assert line.startswith(source.url)
        assert reason in line


def test_no_source_at_all_is_said_too() -> None:
    with pytest.raises(UserError, match="no source is known"):
        fetch_first(())


def test_nothing_is_left_on_disk(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for path in ("/good", "/other", "/truncated"):
        source = server.source(path)
        try:
            fetch(source.url, source.sha256)
        except UnavailableError:
            continue
    assert list(tmp_path.iterdir()) == []
