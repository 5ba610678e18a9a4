"""Tests of `dashboard.experiments.printout`: what a command prints becomes plain lines, however it is cut."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from dashboard.experiments.printout import MAX_CHARACTERS, MAX_LINES, Printout

PRINTED = "plain\n\x1b[1;31mred\x1b[0m \x1b]0;title\x07größe 😀\r\n 10%|#  |\r 99%|## |\rdone    \nlast\r"
SHOWN = ("plain", "red größe 😀", "done    ", "last")


def printed(*pieces: bytes) -> Printout:
    printout = Printout()
    for piece in pieces:
        printout.feed(piece)
    return printout


def test_colours_and_overwritten_progress_are_left_out() -> None:
    assert printed(PRINTED.encode()).lines == SHOWN


@given(st.lists(st.integers(0, len(PRINTED.encode()))))
def test_it_does_not_matter_where_the_bytes_are_cut(cuts: list[int]) -> None:
    whole = PRINTED.encode()
    edges = [0, *sorted(cuts), len(whole)]
    assert printed(*(whole[start:end] for start, end in itertools.pairwise(edges))).lines == SHOWN


@given(st.lists(st.binary()))
def test_whatever_is_printed_the_lines_hold_text_only(pieces: list[bytes]) -> None:
    for line in printed(*pieces).lines:
        assert not any(character < " " and character != "\t" for character in line)


def test_a_line_is_shown_while_it_is_being_written() -> None:
    printout = printed(b"one\ntw")
    assert printout.lines == ("one", "tw")
    printout.feed(b"o\n")
    assert printout.lines == ("one", "two")


def test_only_the_last_lines_are_kept() -> None:
    lines = printed(*(f"{number}\n".encode() for number in range(MAX_LINES + 5))).lines
    assert (len(lines), lines[0], lines[-1]) == (MAX_LINES, "5", str(MAX_LINES + 4))


def test_a_line_without_an_end_takes_no_more_than_its_share() -> None:
    lines = printed(*(b"x" * 1000 for _ in range(50)), b"\n", b"y" * 50_000, b"\n").lines
    assert [len(line) for line in lines] == [MAX_CHARACTERS, MAX_CHARACTERS]
