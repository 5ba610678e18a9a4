"""The pages: one file each, in the order of the navigation."""

from collections.abc import Callable
from typing import Final, NamedTuple

from dashboard.views import experiments, results, train


class Page(NamedTuple):
    """A page: its title, its address and the function that shows it."""

    title: str
    path: str
    show: Callable[[], None]


PAGES: Final = (
    Page("Results", "results", results.show),
    Page("Train", "train", train.show),
    Page("Experiments", "experiments", experiments.show),
)
