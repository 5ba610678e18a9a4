"""What a file is that is no table, said in one sentence; and the text of one that may be a table."""

import gzip
import re
import zlib
from typing import Final

from pipeline.safety.errors import UserError

_BEGINNINGS: Final = (
    (rb"PK\x03\x04", "a ZIP archive or an Excel workbook", "unpack it, or save the sheet as CSV"),
    (rb"\xd0\xcf\x11\xe0", "an Excel workbook", "save the sheet as CSV"),
    (rb"%PDF", "a PDF document", "find the table as CSV"),
    (rb"BZh|\xfd7zXZ|\x28\xb5\x2f\xfd|7z\xbc\xaf|Rar!", "compressed", "unpack it, or compress it with gzip"),
    (rb"\x1f\x8b|PAR1", "compressed or a Parquet file", "save it as CSV"),
    (rb"version https://git-lfs", "a Git LFS pointer", "run `git lfs pull` to fetch the table"),
    (rb"\s*<(!doctype|html|head|body|\?xml)", "a web page", "download the file itself; on GitHub, with the button Raw"),
    (rb"\s*(\{\s*[\"}]|\[\s*[\[{\"\d-])", "JSON", "save the table as CSV"),
)
"""How files begin that people take for a table: the bytes, what they are and what to do."""

_UNICODE: Final = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
_MARK: Final = "\N{ZERO WIDTH NO-BREAK SPACE}"


def unpacked(raw: bytes, name: str) -> bytes:
    """The content of a file compressed with gzip; the bytes themselves of any other. Raises `UserError`."""
    if not raw.startswith(b"\x1f\x8b"):
        return raw
    try:
        return gzip.decompress(raw)
    except (OSError, EOFError, zlib.error) as error:
        raise UserError(f"{name} is compressed with gzip and damaged ({error}); fetch it again") from None


def text_of(raw: bytes, name: str) -> tuple[str, str]:
    """The text of a file, its lines ended by LF, and its encoding. Raises `UserError` for what is no text or no table.

    What is neither UTF-8 nor UTF-16 is taken for Windows-1252, which has all letters of Latin-1.
    """
    for beginning, what, cure in _BEGINNINGS:
        if re.match(beginning, raw.lstrip(b"\xef\xbb\xbf"), re.IGNORECASE):
            raise UserError(f"{name} is {what}, not a table: {cure}")
    text, encoding = _decoded(raw)
    if "\0" in text:
        raise UserError(f"{name} is not a text; expected a table as CSV, .csv.gz or Parquet")
    text = text.lstrip(_MARK).rstrip("\x1a\n\r\t ")
    if not text.strip():
        raise UserError(f"{name} is empty; expected a header and rows")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    for mark in ("<<<<<<< ", ">>>>>>> "):
        if (place := f"\n{text}".find(f"\n{mark}")) >= 0:
            line = text.count("\n", 0, place) + 1
            raise UserError(
                f"{name}, line {line} begins with {mark}, the mark of a merge conflict: resolve the conflict"
            )
    return f"{text}\n", encoding


def _decoded(raw: bytes) -> tuple[str, str]:
    encoding = _UNICODE.get(raw[:2], "UTF-8")
    if encoding == "UTF-8" and len(raw) > 3 and b"\0" in (raw[:1], raw[1:2]):  # UTF-16 without a mark
        encoding = "UTF-16LE" if raw[1] == 0 else "UTF-16BE"
    try:
        return raw.decode(encoding), encoding
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace"), "Windows-1252 (Latin-1)"
