"""Markdown shows a text as it is."""

from dashboard.text.markdown import escape_markdown


def test_what_would_be_markdown_is_shown_as_it_is() -> None:
    assert escape_markdown("$1 to $2, *a_b* [x](y) <b>") == r"\$1 to \$2, \*a\_b\* \[x\](y) \<b\>"
