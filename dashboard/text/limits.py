"""The largest stable learning rate in words: one sentence for every page."""

from typing import Final

from dashboard.text.numbers import format_number, format_setting
from pipeline.network.limits import Limits
from pipeline.params import Train

NO_LIMIT: Final = (
    "The absolute error has no limit like $2/\\lambda_{\\max}$: the gradient of a row's error is as large near the "
    "optimum as far from it. With a fixed learning rate the weights neither diverge nor converge: a small rate takes "
    "many epochs to reach the optimum, and there the weights keep jumping around it, farther with a larger rate."
)

HIDDEN_LAYERS: Final = "With hidden layers the largest stable learning rate cannot be computed in advance."


def formula(settings: Train) -> str:
    """The limit with all rows in LaTeX, with momentum and Nesterov's look-ahead where the settings have them."""
    if not settings.momentum:
        return r"$2/\lambda_{\max}$"
    momentum = format_setting(settings.momentum)
    below = rf"((1 + 2 \cdot {momentum})\,\lambda_{{\max}})" if settings.nesterov else r"\lambda_{\max}"
    return rf"$2\,(1 + {momentum})\,/\,{below}$"


def limit_on_all_rows(limit: float, settings: Train) -> str:
    """Say in Markdown up to which learning rate training is stable without the noise of batches; no full stop."""
    return (
        f"With all rows in every update, training is stable up to a learning rate of **{format_number(limit)}** "
        f"({formula(settings)})"
    )


def describe_limits(limits: Limits | None, settings: Train) -> str:
    """Say in Markdown up to which learning rate such a run is stable, or why nobody can say so in advance."""
    if limits is None:
        return NO_LIMIT if settings.is_linear else HIDDEN_LAYERS
    whole = limit_on_all_rows(limits.full_batch, settings)
    if limits.minibatch == limits.full_batch:
        return f"{whole}."
    batches = f"batches of {settings.batch_size:,}" if settings.batch_size > 1 else "batches of a single row"
    if limits.minibatch > 0.95 * limits.full_batch:
        return f"{whole}; with {batches} the limit is about the same."
    return f"{whole}; with {batches}, whose curvature varies, up to about **{format_number(limits.minibatch, 2)}**."
