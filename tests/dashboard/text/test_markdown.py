"""A text is shown as it is, in Markdown and at the beginning of a sentence."""

import re

from dashboard.text.markdown import capitalized, escape_markdown


def test_what_would_be_markdown_is_shown_as_it_is() -> None:
    assert escape_markdown("$1 to $2, *a_b* [x](y) <b>") == r"\$1 to \$2, \*a\_b\* \[x\](y) \<b\>"


def test_an_address_becomes_no_link() -> None:
    for address in ("www.example.com", "http://x.example", "HTTPS://x.example", "me@example.com"):
        written = escape_markdown(address)
        assert written.replace("\u2060", "").replace("\\", "") == address
        assert not re.search(r"www\.|https?\\?://|\w@", written, re.IGNORECASE)


def test_only_the_first_letter_changes_at_the_beginning_of_a_sentence() -> None:
    assert capitalized("recording of /Home/Me") == "Recording of /Home/Me"
    assert capitalized("") == ""
