"""The beginning of a sentence: names and paths in it keep their case."""

from dashboard.text.sentences import capitalized


def test_only_the_first_letter_changes() -> None:
    assert capitalized("recording of /Home/Me") == "Recording of /Home/Me"
    assert capitalized("") == ""
