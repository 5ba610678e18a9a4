"""The pages: a folder each, listed here in the order of the navigation."""

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


PAGES: Final = (
    _page("Results", "results"),
    _page("Data", "data"),
    _page("Train", "train"),
    _page("Experiments", "experiments"),
    _page("Predict", "predict"),
    _page("Loss surface", "surface"),
    _page("One step", "step"),
    _page("Backpropagation", "backpropagation"),
    _page("Seeds", "seeds"),
)
