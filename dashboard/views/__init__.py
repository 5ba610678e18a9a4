"""The pages: a folder each, listed here in the order of the navigation."""

from collections.abc import Callable
from typing import Final, NamedTuple

from dashboard.views.backpropagation import page as backpropagation
from dashboard.views.data import page as data
from dashboard.views.experiments import page as experiments
from dashboard.views.predict import page as predict
from dashboard.views.results import page as results
from dashboard.views.seeds import page as seeds
from dashboard.views.step import page as step
from dashboard.views.surface import page as surface
from dashboard.views.train import page as train


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
