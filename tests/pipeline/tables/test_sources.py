"""Fetching over the network, from a real server on loopback that fails in every way a server can."""

from collections.abc import Iterator

import pytest

from pipeline.safety.errors import UserError
from pipeline.tables import sources
from pipeline.tables.datasets import DATASETS, Source
from pipeline.tables.sources import UnavailableError, fetch, fetch_first
from tests.pipeline.conftest import BUNDLED
from tests.pipeline.serving import Server, before_impatient_client

WRONG = "0" * 64


@pytest.fixture
def server() -> Iterator[Server]:
    """A server, and a client that soon gives up."""
    with before_impatient_client(BUNDLED, connect=0.5, read=0.5, total=2) as server:
        yield server


@pytest.mark.parametrize("path", ["/good", "/moved", "/packed", "/unsized"])
def test_the_pinned_bytes_are_returned(server: Server, path: str) -> None:
    source = server.source(path)
    assert fetch(source.url, source.sha256) == BUNDLED


def test_bytes_that_are_not_pinned_are_returned_as_they_are(server: Server) -> None:
    assert fetch(server.url("/other"), None) == BUNDLED + b"1"


FAILING = {
    "/other": "sent a file whose SHA-256 is not the pinned one",
    "/captive": "sent a file whose SHA-256 is not the pinned one",
    "/missing": "answered with status 404",
    "/failing": "answered with status 500",
    "/circular": "could not be reached (Exceeded 30 redirects.)",
    "/to_a_file": "could not be reached (No connection adapters",
    "/no_gzip": "could not be reached (",
    "/truncated": "could not be reached (",
    "/silent": "did not answer for 0.5 seconds",
    "/stalling": "could not be reached (Read timed out.)",
    "/trickling": "was slower than 2 seconds",
    "/garbage": "could not be reached (",
}


def test_each_way_to_fail_has_its_reason_and_the_next_source_serves(server: Server) -> None:
    good = server.source("/good")
    for path, reason in FAILING.items():
        source = server.source(path)
        with pytest.raises(UnavailableError) as caught:
            fetch(source.url, source.sha256)
        assert str(caught.value).startswith(reason), path
        assert "\n" not in str(caught.value)
        assert fetch_first((source, good)) == (good, BUNDLED)


@pytest.mark.parametrize("url", ["http://", "http://[::1", "http://127.0.0.1:99999/", "http://nowhere.invalid/"])
def test_an_address_that_is_none_is_a_reason_like_any_other(url: str) -> None:
    with pytest.raises(UnavailableError, match="could not be reached") as caught:
        fetch(url, None)
    assert str(caught.value).count("'") % 2 == 0  # a name that is quoted is quoted to its end


def test_all_sources_of_a_data_set_together_take_less_than_30_seconds() -> None:
    assert all(len(dataset.sources) * sources.TOTAL_SECONDS < 30 for dataset in DATASETS.values())


def test_a_port_where_nobody_listens_is_given_up_for_that_reason(server: Server) -> None:
    with pytest.raises(UnavailableError, match=r"could not be reached .*refused"):
        fetch(server.unreachable(), None)


def test_the_first_source_that_serves_its_pinned_bytes_wins(server: Server) -> None:
    tried = tuple(map(server.source, ["/missing", "/other", "/moved", "/failing"]))
    assert fetch_first(tried) == (tried[2], BUNDLED)
    assert server.asked == ["/missing", "/other", "/moved", "/good"]


def test_when_every_source_fails_each_is_listed_with_its_reason(server: Server) -> None:
    tried = (server.source("/missing"), Source(server.url("/good"), WRONG), Source(server.unreachable(), WRONG))
    with pytest.raises(UserError) as caught:
        fetch_first(tried)
    listed = str(caught.value).split("; ")
    for line, source, reason in zip(listed, tried, ["404", "not the pinned one", "refused"], strict=True):
        assert line.startswith(source.url)
        assert reason in line


def test_a_certificate_bundle_that_is_not_there_is_a_reason_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/no/such/bundle")
    with pytest.raises(UnavailableError, match="could not be reached"):
        fetch("https://127.0.0.1:9/x", None)
