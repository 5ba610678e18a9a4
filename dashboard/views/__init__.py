"""The pages: one file each, in the order of the navigation."""

from collections.abc import Callable
from typing import Final, NamedTuple

from dashboard.views import backpropagation, data, experiments, predict, results, seeds, step, surface, train


class Page(NamedTuple):
    """A page: its title, its address and the function that shows it."""

    title: str
    path: str
    show: Callable[[], None]


PAGES: Final = (
    Page("Results", "results", results.show),
    Page("Data", "data", data.show),
    Page("Train", "train", train.show),
    Page("Experiments", "experiments", experiments.show),
    Page("Predict", "predict", predict.show),
    Page("Loss surface", "surface", surface.show),
    Page("One step", "step", step.show),
    Page("Backpropagation", "backpropagation", backpropagation.show),
    Page("Seeds", "seeds", seeds.show),
)
