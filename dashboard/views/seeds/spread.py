"""The same settings with many seeds: how far apart the errors are that luck alone makes."""

from functools import partial
from typing import Final

import pandas as pd
import streamlit as st

from dashboard.charts import seeds
from dashboard.live.plans import Plan, SweepPlan, Variation, max_runs
from dashboard.record.snapshot import Record
from dashboard.text.glossary import explained, explained_in
from dashboard.text.markdown import capitalized
from dashboard.text.numbers import format_number
from dashboard.views.parts.jobs import sweep
from dashboard.views.parts.query_params import in_address
from dashboard.views.parts.shared import table_for_download
from pipeline.params import later_seed

_MAX_SEEDS: Final = 200


def spread(record: Record, plan: Plan) -> None:
    """Train two runs for each of many seeds: on the recorded rows, and with the seed of the split varied too."""
    held_back = "validation and for the test" if plan.normalize.split == "random" else "validation"
    text = (
        "A seed decides where the weights begin, the **random initialization**, and in which order the rows come. With "
        f"another seed for the split, different rows are held back for {held_back}, so the run trains on different "
        "rows. Two runs are therefore trained for each seed: one on the recorded training rows, one on the training "
        "rows of another split. There is no reason to prefer one seed to another, so these differences are luck."
    )
    st.markdown(text, help=explained_in(text))
    most = min(_MAX_SEEDS, max_runs(plan) // 2)
    if most < 2:
        st.info("With these settings one run takes so long that several would take many minutes.")
        return
    seeds = int(st.slider("Seeds", 2, most, min(100, most), **in_address("seeds")) if most > 2 else most)
    runs = SweepPlan(plan, _variations(plan, seeds))
    sweep("spread", runs, f"Train {2 * seeds} runs", partial(_result, record, plan))


def _variations(plan: Plan, seeds: int) -> list[Variation]:
    """The recorded seeds first, then the ones that follow: first with the recorded split, then with another each."""
    first, split, rate = plan.train.seed, plan.normalize.seed, plan.train.learning_rate
    own = [later_seed(first, step) for step in range(seeds)]
    splits = [split] * seeds + [later_seed(split, step + 1) for step in range(seeds)]
    return [Variation(seed, of_split, rate) for seed, of_split in zip(own * 2, splits, strict=True)]


def _result(record: Record, plan: Plan, outcomes: pd.DataFrame, seconds: float) -> None:
    words = record.format
    recorded = outcomes["split_seed"] == plan.normalize.seed
    groups = [part.set_index("seed")["test_mse"] for part in (outcomes[recorded], outcomes[~recorded])]
    refused = int(recorded.sum()) - int((~recorded).sum())
    if len(groups[1]) < 2:
        st.warning(
            "With nearly every other split a feature is the same in all training rows, so there is nothing to compare. "
            "Take such features out of normalize.features, and record again."
        )
        return
    if any(len(group.dropna()) < 2 for group in groups):
        st.warning("At this learning rate the runs diverge, so there is nothing to compare. Lower it and record again.")
        return
    marks = {seeds.RECORDED: float(record.metrics.test["mse"])}
    if (published := published_test_mse(record, plan)) is not None:
        marks[seeds.TUTORIAL] = published
    title = f"test {words.loss_title('mse')}"
    st.vega_lite_chart(
        seeds.spread(groups[0], groups[1], marks, title),
        alt="Test errors of all runs, a strip of dots for each group, from "
        f"{format_number(min(group.min() for group in groups), 4)} to "
        f"{format_number(max(group.max() for group in groups), 4)}. Marked: "
        f"{', '.join(f'{name} at {format_number(error, 4)}' for name, error in marks.items()) or 'nothing'}.",
    )
    _cards(groups, marks, plan.normalize.split == "random")
    diverged = int(outcomes["test_mse"].isna().sum())
    st.caption(
        f"{len(outcomes)} runs in {seconds:.1f} s. The bands show one standard deviation."
        + (f" {diverged} diverged and are left out." if diverged else "")
        + (f" {refused} more had a split in whose training rows a feature is always the same." if refused else "")
    )
    with st.expander("Exact numbers"):
        st.dataframe(outcomes, hide_index=True, alt="Every run with its seeds and errors.")
        table_for_download("seeds.csv", outcomes)


def published_test_mse(record: Record, plan: Plan) -> float | None:
    """The test error that the tutorial published, where the recorded run has its model, loss, rows and features."""
    words, table = record.format, record.format.dataset
    settings = (plan.train.model, plan.train.loss, plan.normalize.split, plan.normalize.scaling)
    if table is None or settings != ("linear", "mse", "tfjs", "z_score"):
        return None
    return words.tutorial_test_mse if set(plan.normalize.features) == {*table.usual_features} else None


def _cards(groups: list[pd.Series], marks: dict[str, float], redrawn: bool) -> None:
    columns = st.columns(2)
    for column, name, group in zip(columns, (seeds.SAME_ROWS, seeds.OTHER_ROWS), groups, strict=True):
        column.metric(
            capitalized(name),
            f"{format_number(group.mean(), 4)} ± {format_number(group.std(ddof=1))}",
            border=True,
            help="Mean and standard deviation of the test mean squared error, over seeds of the weights and batches"
            + (". " if name == seeds.SAME_ROWS else " and of the split. ")
            + explained("mean squared error (MSE)"),
        )
    same, other = (f"{format_number(group.min(), 4)} to {format_number(group.max(), 4)}" for group in groups)
    if redrawn:
        text = (
            f"On the same test rows the mean squared error goes from {same}. With another split it goes from "
            f"{other}, but there each run is tested on rows of its own, so this is the luck of the test rows too."
        )
    else:
        text = f"With other training rows, luck alone moves the test mean squared error from {other}."
    if seeds.TUTORIAL in marks:
        book = marks[seeds.TUTORIAL]
        away = (book - groups[1].mean()) / groups[1].std(ddof=1)
        better = int((groups[1] < book).sum())
        text += (
            f" The TensorFlow.js tutorial on these data published a test mean squared error of {book:g}, of a linear "
            f"model that began at random weights of its own. That is {format_number(abs(away), 2)} standard deviations "
            f"{'above' if away > 0 else 'below'} the mean of the {len(groups[1])} runs with other training rows, of "
            f"which {better or 'none'} {'has' if better < 2 else 'have'} a smaller error."
        )
    text += f" The recorded run has {format_number(marks[seeds.RECORDED], 4)}."
    st.markdown(
        f"{text} Differences of about a standard deviation are luck, not skill; luck alone rarely makes two or more."
    )
