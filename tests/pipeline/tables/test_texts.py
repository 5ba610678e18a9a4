"""Text of any encoding is read in pieces, and as if it were read whole."""

from pathlib import Path

import pytest

from pipeline.safety.errors import UserError
from pipeline.tables import texts
from pipeline.tables.scratch import Scratch
from pipeline.tables.texts import Text

LINES = ["area,town", *(f"{row},K\u00f6ln \u20ac" for row in range(40))]
TEXT = "\n".join(LINES)


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces of seven bytes, which cut letters, ends of lines and marks in two."""
    monkeypatch.setattr(texts, "_PIECE", 7)


def opened(tmp_path: Path, raw: bytes) -> Text:
    """A text of these bytes."""
    path = tmp_path / "table.csv"
    path.write_bytes(raw)
    return Text.of(path, "table.csv", Scratch())


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        (TEXT.encode(), "UTF-8"),
        (f"{TEXT}\n\n\n".encode(), "UTF-8"),
        (f"{TEXT} \t\r\n\n \x1a".encode(), "UTF-8"),
        (TEXT.replace("\n", "\r\n").encode("utf-8-sig"), "UTF-8"),
        (TEXT.replace("\n", "\r").encode("utf-16"), "UTF-16"),
        (TEXT.encode("utf-16-le"), "UTF-16LE"),
        (TEXT.encode("cp1252"), "Windows-1252 (Latin-1)"),
        (TEXT.replace("\n", "\r\n").encode("cp1252"), "Windows-1252 (Latin-1)"),
    ],
)
def test_a_text_is_decoded_across_pieces(tmp_path: Path, raw: bytes, encoding: str) -> None:
    text = opened(tmp_path, raw)
    assert [line for line in text.lines() if line] == LINES
    assert text.encoding == encoding
    assert text.head == f"{TEXT}\n"


def test_a_file_that_can_be_read_as_it_is_is_not_copied(tmp_path: Path) -> None:
    assert opened(tmp_path, f"{TEXT}\n".encode()).path == tmp_path / "table.csv"
    assert opened(tmp_path, f"{TEXT}\r\n".encode()).path != tmp_path / "table.csv"


def test_a_last_letter_that_is_cut_off_makes_it_another_encoding(tmp_path: Path) -> None:
    text = opened(tmp_path, f"{TEXT}\n\u20ac".encode()[:-1])
    assert text.encoding == "Windows-1252 (Latin-1)"
    assert list(text.lines())[-1] == "\u00e2\u201a"


@pytest.mark.parametrize("mark", ["<<<<<<< ", ">>>>>>> "])
def test_the_line_of_a_conflict_is_found_across_pieces(tmp_path: Path, mark: str) -> None:
    raw = "\n".join([*LINES[:9], f"{mark}HEAD", *LINES[9:]]).encode()
    with pytest.raises(UserError, match=rf"table\.csv, line 10 begins with {mark}, the mark of a merge conflict"):
        opened(tmp_path, raw)


def test_quotes_are_counted(tmp_path: Path) -> None:
    assert opened(tmp_path, b'"a","b"\n' + b"it's,1\n" * 50).quotes == {'"': 4, "'": 50}


def test_what_is_written_anew_goes_when_the_text_goes(tmp_path: Path) -> None:
    text = opened(tmp_path, TEXT.replace("\n", "\r\n").encode())
    path = text.path
    assert path.exists()
    del text
    assert not path.exists()
    assert not path.parent.exists()
