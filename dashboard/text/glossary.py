"""The terms of the pages: what each means, in one sentence, and the page where it is seen."""

import re
from dataclasses import dataclass
from typing import Final

from dashboard.text.markdown import capitalized


@dataclass(frozen=True)
class Term:
    """What a term means, the title of the page where it is seen, and by which words a text uses it."""

    meaning: str
    seen_on: str
    words: re.Pattern[str]


def _term(meaning: str, seen_on: str, words: str) -> Term:
    return Term(meaning, seen_on, re.compile(words, re.IGNORECASE))


LAMBDA_MAX: Final = "λ_max"

TERMS: Final[dict[str, Term]] = {
    "gradient": _term(
        "for each weight, the change of the loss per unit of that weight; an update moves the weight the other way.",
        "Backpropagation",
        r"\bgradients?\b(?! descent)",
    ),
    "learning rate": _term(
        "the number by which an update multiplies the gradient: the larger it is, the longer the step.",
        "A line and its loss surface",
        r"\blearning rates?\b",
    ),
    "batch": _term("the rows from which one update computes its gradient.", "One SGD step", r"\bbatch(es)?\b"),
    "epoch": _term("one pass over all training rows, batch by batch.", "One SGD step", r"\bepochs?\b"),
    "momentum": _term(
        "the share of the previous step that is added to the next one.", "A line and its loss surface", r"\bmomentum\b"
    ),
    "mean squared error (MSE)": _term(
        "the mean of the squares of the errors, so that large errors count most.",
        "One SGD step",
        r"(?<!root )\bmean squared error|\bMSE\b",
    ),
    "root mean squared error (RMSE)": _term(
        "the square root of the mean squared error: a typical error in the unit of the target.",
        "Results",
        r"\broot mean squared error|\bRMSE\b",
    ),
    "mean absolute error (MAE)": _term(
        "the mean size of the errors, in the unit of the target.", "Experiments", r"\bmean absolute error|\bMAE\b"
    ),
    "R²": _term(
        "the share of the target's variance that the model explains: 1 is perfect, and 0 is no better than predicting "
        "the mean.",
        "Results",
        r"R²",
    ),
    "residual": _term("the actual value minus the predicted one.", "Results", r"\bresiduals?\b"),
    "least squares": _term(
        "the linear model with the smallest possible mean squared error on its rows, computed directly, without SGD.",
        "Results",
        r"\bleast[- ]squares\b",
    ),
    "from least squares": _term(
        "the mean squared error on the training rows, minus the smallest that a linear model can have there.",
        "Results",
        r"\bfrom least squares\b",
    ),
    "optimum": _term(
        "the weights at which the training loss is smallest; for a linear model and the squared error, those of least "
        "squares.",
        "A line and its loss surface",
        r"\boptimum\b",
    ),
    "baseline": _term(
        "predicting the mean of the target for every row, which any useful model must beat.",
        "Results",
        r"\bbaseline\b|\bpredicting the mean\b",
    ),
    "training rows": _term(
        "the rows from which the gradients are computed, the only ones that change the weights.",
        "Data and normalization",
        r"\btraining rows\b",
    ),
    "validation rows": _term(
        "rows that never change the weights, and whose error chooses between runs.",
        "Data and normalization",
        r"\bvalidation\b",
    ),
    "test rows": _term(
        "rows that are kept aside until the end, so that their error says how good the model is on new data.",
        "Data and normalization",
        r"\btest (rows?|error|mean)\b",
    ),
    "normalized (z-score)": _term(
        "a value minus the mean of its column, divided by the standard deviation.",
        "Data and normalization",
        r"\bnormali[sz]|\bz-score",
    ),
    "curvature": _term(
        "how fast the slope of the loss grows with the distance from the optimum, in one direction.",
        "A line and its loss surface",
        r"\bcurvatures?\b",
    ),
    LAMBDA_MAX: _term(
        "the curvature in the steepest direction: the largest eigenvalue of the Hessian, the matrix of the second "
        "derivatives of the loss.",
        "A line and its loss surface",
        r"λ_max|\\lambda_\{\\max\}|λₘₐₓ",
    ),
    "condition number": _term(
        "the largest curvature divided by the smallest: with 1 the surface is a bowl, with 1,000 a narrow valley.",
        "One SGD step",
        r"\bcondition number\b",
    ),
    "full-batch limit": _term(
        "the largest learning rate at which training with all rows in every update does not diverge.",
        "One SGD step",
        r"\bfull-batch limit\b|\bstable (up to a )?learning rate\b|\bstable up to\b|\bthe limit\b",
    ),
    "minibatch limit": _term(
        "the largest learning rate at which training with batches does not diverge; it is smaller, because the "
        "curvature differs from batch to batch.",
        "Train",
        r"\bminibatch limit\b|\bwith batches of\b",
    ),
    "diverge": _term(
        "the loss grows from update to update, without end.",
        "A line and its loss surface",
        r"\bdiverge[ds]?\b|\bdiverging\b",
    ),
}
"""Every term, in the order in which a tooltip lists several."""


def explained(*terms: str) -> str:
    """Say in Markdown what these terms mean and on which page they are seen, a paragraph each."""
    chosen = ((name if name == LAMBDA_MAX else capitalized(name), TERMS[name]) for name in TERMS if name in terms)
    return "\n\n".join(f"**{name}**: {term.meaning} *Seen on the page {term.seen_on}.*" for name, term in chosen)


def explained_in(text: str, *known: str) -> str | None:
    """Say what the terms that a text uses mean, but for those `known` from above on its page; `None` without any.

    A term whose meaning the text itself says needs nothing more.
    """
    used = (name for name, term in TERMS.items() if term.words.search(text) and term.meaning.rstrip(".") not in text)
    return explained(*(name for name in used if name not in known)) or None
