"""Whatever the address of a page says: the page stays up, and shows what it would show without."""

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.views import PAGES
from tests.dashboard.views.conftest import ShowPage
from tests.projects import Project

ODD: tuple[str | list[str], ...] = (
    *(["3", "1e309"], ["1e309", "3"], ["x", ""], ["", "x"]),
    *(
        "",
        "x",
        "-1",
        "0",
        "3",
        "1.5",
        "1e308",
        "1e309",
        "-1e309",
        "9" * 5_000,
        "nan",
        "-inf",
        "0x10",
        "1_000",
        "²",
        "٣",
    ),
    *("true", "null", "[1,2]", "é😀", "\u202e", "\0", "<b>x</b>", "[x](http://example.org)", "$x$", "a" * 20_000),
    *("../../etc/passwd", "/etc/passwd", "--force", "refs/heads/x"),
)
KEYS = {
    "results": ("job", "x"),
    "data": ("column", "feature"),
    "train": ("job",),
    "experiments": ("experiments", "over"),
    "predict": ("start", "row"),
    "surface": tuple(
        f"surface-{name}"
        for name in (
            *(
                "data",
                "scale",
                "loss",
                "paths",
                "start",
                "seed",
                "updates",
                "rows",
                "kernel",
                "bias",
                "update",
                "model",
            ),
            *("rate", "batch", "momentum", "rate-b", "batch-b", "momentum-b", "cut", "across", "up", "other", "player"),
        )
    ),
    "step": ("step-batch", "step-rate", "step-update", "step-units", "step-exact", "step-weight"),
    "backpropagation": (
        *(
            "backpropagation-graph",
            "backpropagation-moment",
            "backpropagation-v",
            "backpropagation-x",
            "backpropagation-y",
            "backpropagation-rate",
            "backpropagation-feature",
            "backpropagation-rows",
            "backpropagation-kernel",
            "backpropagation-bias",
        ),
        *(
            "backpropagation-line-rate",
            "backpropagation-row",
            "backpropagation-seed",
            "backpropagation-trained",
            "backpropagation-updates",
            "backpropagation-hidden-rate",
        ),
    ),
    "seeds": ("seeds",),
}
MODES: tuple[tuple[str, dict[str, str | list[str]]], ...] = (
    ("surface", {"surface-model": "All features", "surface-cut": "Two weights"}),
    ("surface", {"surface-paths": "3", "surface-start": "Typed"}),
    ("backpropagation", {"backpropagation-graph": "line on a batch"}),
    ("backpropagation", {"backpropagation-graph": "hidden layer"}),
)


def is_up(app: AppTest) -> bool:
    """Whether the page was drawn to its end."""
    return not app.exception and not app.error and len(app.title) > 0


def test_every_page_is_tried_here() -> None:
    assert [page.path for page in PAGES] == list(KEYS)


def addresses(keys: tuple[str, ...], rounds: int) -> Iterator[dict[str, str | list[str]]]:
    """Addresses with an odd value for every key, another in each round."""
    for start in range(rounds):
        yield {key: ODD[(start * (len(ODD) // rounds) + 7 * place) % len(ODD)] for place, key in enumerate(keys)}


@pytest.mark.parametrize("name", KEYS)
def test_odd_values_in_the_address_leave_every_page_up(show_page: ShowPage, recorded: Project, name: str) -> None:
    for address in addresses(KEYS[name], 8):
        assert is_up(show_page(name, recorded.root, **address)), address


@pytest.mark.parametrize(("name", "mode"), MODES)
def test_odd_values_leave_the_other_faces_of_a_page_up(
    show_page: ShowPage, recorded: Project, name: str, mode: dict[str, str | list[str]]
) -> None:
    for address in addresses(KEYS[name], 4):
        assert is_up(show_page(name, recorded.root, **(address | mode))), address


@pytest.mark.parametrize(
    ("name", "key"),
    [
        *(("predict", "row"), ("predict", "start"), ("surface", "surface-seed"), ("surface", "surface-loss")),
        *(("surface", "surface-model"), ("step", "step-batch"), ("step", "step-units"), ("step", "step-update")),
        *(("backpropagation", "backpropagation-graph"), ("backpropagation", "backpropagation-moment")),
    ],
)
def test_neither_nothing_nor_a_number_without_an_end_brings_a_page_down(
    show_page: ShowPage, recorded: Project, name: str, key: str
) -> None:
    for value in ("", "1e309", "9" * 5_000, ["3", "-1e309"]):
        assert is_up(show_page(name, recorded.root, **{key: value})), value


def test_a_row_that_is_no_number_is_the_usual_row(show_page: ShowPage, recorded: Project) -> None:
    usual = show_page("predict", recorded.root).title[0].value
    for value in ("1e309", "nan", "506", "-1"):
        assert show_page("predict", recorded.root, row=value).title[0].value == usual
    assert show_page("predict", recorded.root, row="3").title[0].value != usual
