"""What a single cell holds: gaps and kinds, the same in Python, for the first lines, and in SQL, for all of them."""

import re
import unicodedata
from typing import Final, Literal

Kind = Literal["number", "yes_no", "date", "text"]

DTYPES: Final[dict[Kind, str]] = {"number": "float64", "yes_no": "boolean", "date": "datetime64[us]", "text": "str"}
"""Of a column of each kind; `kind_of` is the way back."""

GAPS: Final = ("", "na", "n/a", "nan", "null", "none", "?", "-", ".", "#n/a", "<na>")
"""What an empty cell is also called, in any case."""

YES_NO: Final = (("true", "false"), ("yes", "no"), ("y", "n"), ("t", "f"))

_INVISIBLE: Final = "\u00ad\u200b-\u200f\u2060\ufeff"
_DRESS: Final = ("０１２３４５６７８９．，％＋－−–", "0123456789.,%+---")  # noqa: RUF001
_PLAIN: Final = str.maketrans(*_DRESS)

NUMBER: Final = r"[-+]? ?[$€£¥]? ?[-+]?(\d[\d,.' ]*|\.\d+)([eE][-+]?\d+)? ?[%$€£¥]?"
DATE: Final = r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}([ T]\d.*)?|\d{8}T\d{6}.*|\d{1,2}[- ][A-Za-z]{3,9}[- ]\d{2,4}"


def clean(text: str) -> str:
    """A text as a person types it: composed letters, nothing invisible, single spaces and none around it."""
    seen = unicodedata.normalize("NFC", re.sub(f"[{_INVISIBLE}]", "", text))
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f]+", " ", seen).strip()


def is_gap(text: str) -> bool:
    """Whether a cell stands for a value that is not there."""
    return clean(text).lower() in GAPS


def looks_like(text: str) -> str:
    """What a cell looks like by itself: a `Kind`, or nothing for a gap."""
    cell = clean(text).translate(_PLAIN)
    if cell.lower() in GAPS:
        return ""
    if re.fullmatch(DATE, cell, re.ASCII):
        return "date"
    if re.fullmatch(NUMBER, cell, re.ASCII):
        return "number"
    return "yes_no" if any(cell.lower() in pair for pair in YES_NO) else "text"


MACROS: Final = f"""
CREATE MACRO cleaned(c) AS CASE WHEN regexp_full_match(c, '[!-~]*') THEN c ELSE trim(regexp_replace(nfc_normalize(
    regexp_replace(c, '[{_INVISIBLE}]', '', 'g')), '[\\s\\pZ\\x{{00}}-\\x{{1f}}\\x{{7f}}-\\x{{9f}}]+', ' ', 'g')) END;
CREATE MACRO filled(c) AS CASE WHEN strlen(cleaned(c)) > {max(map(len, GAPS))}
    OR NOT regexp_full_match(cleaned(c), '{"|".join(map(re.escape, GAPS))}', 'i') THEN cleaned(c) END;
CREATE MACRO plain(c) AS translate(c, '{_DRESS[0]}', '{_DRESS[1]}');
"""
"""`clean` in SQL, `filled`, which is NULL for a gap, and `plain`, which turns wide digits and signs into usual ones.

There is no IN, which DuckDB turns into a join: it is slower, and does not keep the rows in order.
"""
