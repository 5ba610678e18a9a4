"""Drafts: whole or gone, and swept when whoever wrote them was killed."""

from pathlib import Path

import pytest

from pipeline.safety.atomic import draft


def test_a_draft_that_is_not_moved_in_is_removed(tmp_path: Path) -> None:
    def give_up() -> None:
        with draft(tmp_path / "result.csv", b"new") as place:
            assert place.read_bytes() == b"new"
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        give_up()
    assert list(tmp_path.iterdir()) == []


def test_the_draft_of_a_killed_process_is_swept_by_the_next_and_nothing_else_is(tmp_path: Path) -> None:
    path = tmp_path / "result.csv"
    others = [".result.csv.backup", ".result.csv.2024", ".result.csv.swp", "result.csv.2024.draft"]
    for name in (*others, ".result.csv.2024.draft"):
        (tmp_path / name).touch()
    with draft(path, b"whole") as place:
        place.replace(path)
    assert path.read_bytes() == b"whole"
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted([*others, "result.csv"])
