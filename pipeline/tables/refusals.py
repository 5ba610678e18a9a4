"""What a file is that is no table, said in one sentence."""

import re
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

CONFLICT: Final = ("<<<<<<< ", ">>>>>>> ")
"""The marks with which git begins a line where two versions of a file are in conflict."""


def check_beginning(raw: bytes, name: str) -> None:
    """Raise `UserError` where a file begins as one does that is no table."""
    for beginning, what, cure in _BEGINNINGS:
        if re.match(beginning, raw.lstrip(b"\xef\xbb\xbf"), re.IGNORECASE):
            raise UserError(f"{name} is {what}, not a table: {cure}")
