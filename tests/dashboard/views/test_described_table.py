"""What a file beside a table says of its columns is on every axis, at once when it is written, and breaks no page."""

from pathlib import Path

import pytest

from dashboard.record.reading import Records
from dashboard.text.target import TargetFormat
from tests.dashboard.views.conftest import OpenPage, axes, texts
from tests.projects import Project

WORDS = """\
columns:
  "$size of *it*": {noun: size, meaning: the size of a thing, unit: m²}
  "price: €": {noun: price, unit: $1000}
"""


@pytest.fixture
def described(own: Project, tmp_path: Path) -> Project:
    """A project with a table of its own, and a file of words beside it."""
    project = own.copy(tmp_path / "project")
    (project.root / "data" / "mine.yaml").write_text(WORDS, encoding="utf-8")
    return project


def words_of(records: Records) -> TargetFormat:
    record = records.snapshot().record
    assert record is not None
    return record.format


def test_axes_and_amounts_are_written_as_it_says(open_page: OpenPage, described: Project) -> None:
    data = open_page("data", described.root)
    assert {"size ($size of *it*), m²"} <= axes(data, "$size of *it*")
    assert "the size of a thing" in data.dataframe[0].value["meaning"].tolist()
    assert texts(open_page("predict", described.root)).startswith("$")


def test_it_is_read_again_when_it_changes_and_a_broken_one_says_nothing(described: Project) -> None:
    records, path = Records(described.root), described.root / "data" / "mine.yaml"
    assert words_of(records).column("price: €").unit == "$1000"
    path.write_text(WORDS.replace("$1000", "€"), encoding="utf-8")
    assert words_of(records).column("price: €").unit == "€"
    path.write_text("columns: [", encoding="utf-8")
    assert words_of(records).column("price: €").unit == ""
    assert "data/mine.yaml, line 1 is not valid YAML" in described.python("-m", "pipeline.params", status=1).stderr
    path.unlink()
    assert words_of(records).column("price: €").unit == ""
    described.python("-m", "pipeline.params")
