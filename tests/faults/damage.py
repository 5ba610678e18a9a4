"""Damaged files: cut short, with flipped bits, garbage, or not files at all."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

Damage = Callable[[Path], None]


def truncations(content: bytes, lengths: int = 20) -> Iterator[bytes]:
    """The content cut to `lengths` lengths, evenly spread from none to all but one byte."""
    count = min(lengths, len(content))
    for index in range(count):
        yield content[: index * (len(content) - 1) // max(count - 1, 1)]


def flips(content: bytes, count: int, seed: int = 0) -> Iterator[bytes]:
    """The content with one bit flipped, at `count` places drawn by seed."""
    draw = random.Random(seed)  # noqa: S311
    for _ in range(count):
        place = draw.randrange(len(content))
        yield content[:place] + bytes([content[place] ^ (1 << draw.randrange(8))]) + content[place + 1 :]


def garbage(seed: int = 0) -> Iterator[bytes]:
    """Content that is no valid file of any kind used here."""
    draw = random.Random(seed)  # noqa: S311
    yield from (
        b"",
        b"\0" * 1_000,
        b"PAR1",
        b"PK\x03\x04",
        b"{",
        b"[" * 50_000,
        b"null",
        b"\xff\xfe\x00",
        b'{"a": NaN}',
    )
    yield draw.randbytes(1_000)


def no_files() -> dict[str, Damage]:
    """What can replace a file without being one: a folder, a link to nothing, a link to itself."""
    return {"a folder": _folder, "a dead link": _dead_link, "a link to itself": _loop}


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _dead_link(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.with_name("nowhere"))


def _loop(path: Path) -> None:
    path.unlink()
    path.symlink_to(path)
