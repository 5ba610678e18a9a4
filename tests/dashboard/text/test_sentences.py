"""The beginning of a sentence: names and paths in it keep their case."""

import re

from dashboard.text.sentences import capitalized
from pipeline.record.store import ROOT


def test_only_the_first_letter_changes() -> None:
    assert capitalized("recording of /Home/Me") == "Recording of /Home/Me"
    assert capitalized("") == ""


def test_no_code_lowers_the_case_of_a_text_to_begin_a_sentence() -> None:
    sources = [path for folder in ("dashboard", "pipeline") for path in (ROOT / folder).rglob("*.py")]
    assert [path for path in sources if re.search(r"\.(capitalize|title|swapcase)\(\)", path.read_text("utf-8"))] == []
