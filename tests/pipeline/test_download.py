"""The stage download as a process, served by a real server on loopback."""

from collections.abc import Iterator
from typing import Any

import pytest

from pipeline.record.store import ROOT
from pipeline.safety.files import sha256
from pipeline.tables.store import RAW
from tests.pipeline.serving import Server, serving
from tests.projects import Project

BUNDLED = (ROOT / "data" / "boston_housing.csv").read_bytes()
QUOTED = BUNDLED.replace(b"crim,zn", b'"CRIM","zn"').replace(b"\n", b"\r\n").replace(b",18,", b",18.0,")
OTHER = BUNDLED.replace(b"6.575", b"6.576")
OWN: dict[str, Any] = {"dataset": "own", "csv": "data/none.csv"}


@pytest.fixture
def server() -> Iterator[Server]:
    """A server of the table, written otherwise than in canonical form."""
    with serving(QUOTED) as running:
        yield running


def point_sources(project: Project, server: Server, sha: str) -> None:
    """Turn the project's pinned sources to the server's /missing and /good, known by one hash."""
    path = project.root / "pipeline" / "tables" / "datasets.py"
    code = path.read_text()
    for old, new in (
        ('f"{_RAW}/stdlib-js/datasets-harrison-boston-house-prices"', f'"{server.url("/missing")}"'),
        ('"/bfae217e1234b1584936fe1eca76f64ae9c1ecc5/data/data.csv"', '""'),
        (
            'f"{_RAW}/selva86/datasets/c943fa8851270387c44d26efb0f9c0aac1559e11/BostonHousing.csv"',
            f'"{server.url("/good")}"',
        ),
        ("dabe774132cf1f35464a048f213b1d4f39f64ad9efb1157d64d457702f72e19b", sha),
        ("ab16ba38fbbbbcc69fe930aab1293104f1442c8279c130d9eba03dd864bef675", sha),
    ):
        assert old in code
        code = code.replace(old, new)
    path.write_text(code)


def test_the_second_source_serves_when_the_first_does_not_and_the_raw_table_is_canonical(
    project_copy: Project, server: Server
) -> None:
    (project_copy.root / RAW).unlink()
    point_sources(project_copy, server, sha256(QUOTED))
    done = project_copy.stage("download")
    assert done.stdout == f"download: 506 rows, 14 columns, from {server.url('/good')}\n"
    assert server.asked == ["/missing", "/good"]
    assert (project_copy.root / RAW).read_bytes() == BUNDLED
    note = project_copy.store.read_raw_source()
    assert note is not None
    assert note.source == server.url("/good")


def test_without_a_network_the_bundled_copy_serves_and_each_reason_is_said(recorded: Project) -> None:
    done = recorded.stage("download")
    assert done.stdout == "download: 506 rows, 14 columns, from data/boston_housing.csv\n"
    first, *reasons = done.stderr.splitlines()
    assert first == "download: every source on the network failed, so data/boston_housing.csv is used"
    assert len(reasons) == 2
    assert all("could not be reached" in reason for reason in reasons)
    assert (recorded.root / RAW).read_bytes() == BUNDLED


def test_pinned_bytes_with_other_values_than_the_data_set_are_not_taken(project_copy: Project) -> None:
    with serving(OTHER) as server:
        point_sources(project_copy, server, sha256(OTHER))
        done = project_copy.stage("download")
    assert "differs in its values from boston_housing" in done.stderr
    assert (project_copy.root / RAW).read_bytes() == BUNDLED


def test_a_bundled_copy_that_was_edited_is_not_taken_for_the_data_set(project_copy: Project) -> None:
    (project_copy.root / "data" / "boston_housing.csv").write_bytes(OTHER)
    said = project_copy.stage("download", status=1).stderr
    assert "data/boston_housing.csv differs in its values from boston_housing; for a table of your own set" in said
    *_, last = said.splitlines()
    assert last.startswith("error: every source of boston_housing failed: https://")
    assert [name in last for name in ("stdlib-js", "selva86", "Traceback")] == [True, True, False]


def test_an_own_table_is_fetched_from_its_address(project_copy: Project, server: Server) -> None:
    done = project_copy.stage("download", url=server.url("/moved"), **OWN)
    assert done.stdout == f"download: 506 rows, 14 columns, from {server.url('/moved')}\n"
    assert project_copy.store.read_raw().columns[0] == "CRIM"


def test_how_an_own_table_is_written_is_said_and_the_raw_table_is_canonical(project_copy: Project) -> None:
    rows = [f"{row}1,5;Köln;{row % 9 + 1}.12.2024;ja" for row in range(1, 13)]
    written = "\n".join(["Preise", "preis;ort;tag;neu", *rows]).encode("latin-1")
    (project_copy.root / "data" / "mine.csv").write_bytes(written)
    first, second = project_copy.stage("download", dataset="own", csv="data/mine.csv").stdout.splitlines()
    assert first == "download: 12 rows, 4 columns, from data/mine.csv"
    assert second == (
        "download: data/mine.csv: separated by semicolons, in Windows-1252 (Latin-1), 1 line above the table skipped, "
        "decimal comma"
    )
    header, row, *_ = (project_copy.root / RAW).read_text(encoding="utf-8").splitlines()
    assert (header, row) == ("preis,ort,tag,neu", "11.5,Köln,2024-12-02,ja")


def test_a_table_that_is_set_but_not_used_is_said(project_copy: Project, server: Server) -> None:
    point_sources(project_copy, server, sha256(QUOTED))
    (project_copy.root / "data" / "mine.csv").write_text("a,b\n1,2\n")
    said = project_copy.stage("download", csv="data/mine.csv").stdout.splitlines()
    assert said[1:] == ["download: data/mine.csv is not used; to train on it, set download.dataset to own"]


def test_an_address_that_does_not_serve_is_reported_with_its_reason(project_copy: Project, server: Server) -> None:
    before = project_copy.results()
    url = server.url("/missing")
    said = project_copy.stage("download", status=1, url=url, **OWN).stderr
    assert said == f"error: download.url: {url} answered with status 404\n"
    assert project_copy.results() == before
