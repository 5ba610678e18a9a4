"""The loss surface, over the two weights of a line or over all weights, with the path of SGD on it."""

from functools import partial

from dashboard.views.parts.query_params import keep_in_address
from dashboard.views.parts.shared import recorded, title_with_choice
from dashboard.views.surface.all_weights import show_all_weights
from dashboard.views.surface.one_feature import show_one_feature
from dashboard.views.surface.widgets import UPDATE, key


def show() -> None:
    """Show the page."""
    record = recorded()
    options = ["One feature", "All features"]
    help_text = (
        "A line through one feature, or the linear model of all features: the recorded run if it is linear, "
        "otherwise a linear model with its settings."
    )
    anew = partial(keep_in_address, UPDATE, None)
    chosen = title_with_choice("The loss surface", "Model", options, key("model"), help_text=help_text, on_change=anew)
    if chosen == options[0]:
        show_one_feature(record)
    else:
        show_all_weights(record)
