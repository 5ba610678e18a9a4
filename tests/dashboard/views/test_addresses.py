"""Whatever the address of a page says: the page stays up, and shows what it would show without."""

from collections.abc import Iterator

import pytest

from dashboard.views import PAGES
from tests.dashboard.views.conftest import OpenPage, is_up

Address = dict[str, str | list[str]]

EMPTY_OR_ENDLESS: tuple[str | list[str], ...] = ("", "1e309", "9" * 5_000, ["3", "-1e309"])
"""What Streamlit fails at in an address; anything else it sets back to the default."""

SHORT = "x -1 0 3 1.5 1e308 -1e309 nan -inf 0x10 1_000 ² ٣ true null [1,2] é😀 \u202e \0 <b>x</b> $x$ --force"

ODD: tuple[str | list[str], ...] = (
    *(*EMPTY_OR_ENDLESS, *SHORT.split(" ")),
    *(["3", "1e309"], ["1e309", "3"], ["x", ""], ["", "x"]),
    *("[x](http://example.org)", "a" * 20_000, "../../etc/passwd", "/etc/passwd", "refs/heads/x"),
)

KEYS = {
    "start": "job x",
    "surface": "data scale loss paths start seed updates rows kernel bias update model rate batch momentum "
    "rate-b batch-b momentum-b cut across up other player",
    "step": "batch rate update units exact weight part row",
    "backpropagation": "graph moment v x y rate feature rows kernel bias "
    "line-rate row seed trained updates hidden-rate network",
    "data": "column feature",
    "train": "job runs",
    "seeds": "seeds",
    "results": "job x",
    "experiments": "experiments over",
    "sweep": "sweep-part",
    "predict": "start row",
    "table": "table target features",
}
"""What the address of each page may hold; the keys of a lesson begin with its name, as in `step-rate`."""

FACES: tuple[tuple[str, Address], ...] = (
    *((name, {}) for name in KEYS),
    ("surface", {"surface-model": "All features", "surface-cut": "Two weights"}),
    ("surface", {"surface-paths": "3", "surface-start": "Typed"}),
    ("backpropagation", {"backpropagation-graph": "line on a batch"}),
    ("backpropagation", {"backpropagation-graph": "hidden layer"}),
)


def addresses(name: str) -> Iterator[Address]:
    """Addresses of a page with an odd value for every key: the same one, then another for each in each round."""
    keys = [f"{name}-{key}" if name in ("surface", "step", "backpropagation") else key for key in KEYS[name].split()]
    yield from (dict.fromkeys(keys, value) for value in EMPTY_OR_ENDLESS)
    for first in range(0, len(ODD), 8):
        yield {key: ODD[(first + 7 * place) % len(ODD)] for place, key in enumerate(keys)}


def test_every_page_is_tried_here() -> None:
    assert [page.path for page in PAGES] == list(KEYS)


@pytest.mark.parametrize(("name", "face"), FACES)
def test_odd_values_in_the_address_leave_every_page_up(open_page: OpenPage, name: str, face: Address) -> None:
    for address in addresses(name):
        assert is_up(open_page(name, **(address | face))), address


def test_a_row_that_is_no_number_is_the_usual_row(open_page: OpenPage) -> None:
    usual = open_page("predict").title[0].value
    for value in ("1e309", "nan", "506", "-1"):
        assert open_page("predict", row=value).title[0].value == usual
    assert open_page("predict", row="3").title[0].value != usual


@pytest.mark.parametrize(("text", "rate"), [("1e-05", 1e-5), ("0.0002", 2e-4), ("0.06", 0.06)])
def test_a_learning_rate_stands_in_the_address_as_plain_text(open_page: OpenPage, text: str, rate: float) -> None:
    app = open_page("surface", surface__rate=text)
    assert app.select_slider(key="surface-rate").value == rate
    assert app.query_params["surface-rate"] in (text, [text])
