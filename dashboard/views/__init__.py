"""The pages: a folder each, in two groups and in the order of the navigation."""

from collections.abc import Callable
from importlib import import_module
from typing import Final, NamedTuple


class Page(NamedTuple):
    """A page: its title, its address and the function that shows it."""

    title: str
    path: str
    show: Callable[[], None]


def _page(title: str, folder: str) -> Page:
    """The page in a folder of this one: its module `page` has the function `show`, its address is the folder's name."""
    return Page(title, folder, import_module(f"{__name__}.{folder}.page").show)


START: Final = _page("Start", "start")
CHAPTER: Final = (
    _page("A line and its loss surface", "surface"),
    _page("One SGD step", "step"),
    _page("Backpropagation", "backpropagation"),
    _page("Data and normalization", "data"),
    _page("Train", "train"),
    _page("Luck and seeds", "seeds"),
)
"""The lessons, each of which leads to the next."""

LAB: Final = (
    _page("Results", "results"),
    _page("Experiments", "experiments"),
    _page("Sweep", "sweep"),
    _page("Predict", "predict"),
    _page("Your table", "table"),
)
PAGES: Final = (START, *CHAPTER, *LAB)
