"""A file is compared with what it held when it was read, without that being kept."""

import os
from pathlib import Path

from pipeline.safety.seen import Seen

LARGE = 2**24


def test_a_file_that_was_touched_or_replaced_by_the_same_is_still_what_it_was(tmp_path: Path) -> None:
    path, other = tmp_path / "a", tmp_path / "b"
    for size in (10, LARGE):
        path.write_bytes(b"1" * size)
        seen = Seen.of(path)
        assert seen == Seen.holding(path)[1]
        assert seen.is_still(path)
        other.write_bytes(b"1" * size)
        other.replace(path)
        assert seen.is_still(path)


def test_one_that_holds_something_else_or_is_gone_is_not(tmp_path: Path) -> None:
    path = tmp_path / "a"
    for size in (10, LARGE):
        path.write_bytes(b"1" * size)
        seen, time = Seen.of(path), path.stat().st_mtime_ns
        with path.open("r+b") as file:
            file.write(b"2")
        os.utime(path, ns=(time, time))
        assert not seen.is_still(path)
    path.unlink()
    assert not seen.is_still(path)
