"""A stage's command line: what DVC writes from params.yaml, and nothing else."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.params import Download, Normalize, Section, Train, from_command_line
from pipeline.safety.errors import UserError
from tests.defaults import defaults
from tests.projects import command_line

fractions = st.floats(min_value=0, max_value=1, exclude_min=True, exclude_max=True)
seeds = st.integers(0, 2**32 - 1)


def with_categories(values: dict[str, Any]) -> dict[str, Any]:
    """The first few features, as many as `categories` says, as categories."""
    return values | {"categories": values["features"][: values["categories"]]}


names = st.text(st.characters(exclude_categories=["C"]), min_size=1)
sections: dict[type[Section], st.SearchStrategy[dict[str, Any]]] = {
    Train: st.fixed_dictionaries(
        {
            "model": st.sampled_from(["linear", "two_hidden"]),
            "loss": st.sampled_from(["mse", "mae"]),
            "learning_rate": st.floats(min_value=0, exclude_min=True, allow_infinity=False),
            "schedule": st.sampled_from(["constant", "inverse_time", "step", "cosine"]),
            "decay_epochs": st.integers(1, 10_000),
            "momentum": st.floats(min_value=0, max_value=1, exclude_max=True),
            "nesterov": st.booleans(),
            "batch_size": st.integers(1, 1_000_000),
            "epochs": st.integers(1, 10_000),
            "seed": seeds,
            "early_stopping_patience": st.integers(0, 10_000),
            "device": st.sampled_from(["auto", "cpu"]),
        }
    ),
    Normalize: st.fixed_dictionaries(
        {
            "target": names.map(lambda name: f"{name} (target)"),
            "features": st.lists(names, min_size=1, max_size=4, unique=True),
            "categories": st.integers(0, 4),
            "missing": st.sampled_from(["refuse", "drop_rows", "mean"]),
            "split": st.sampled_from(["tfjs", "random"]),
            "test_fraction": fractions,
            "validation_fraction": fractions,
            "seed": seeds,
            "scaling": st.sampled_from(["z_score", "none"]),
            "statistics_from": st.just("train_rows"),
        }
    ).map(with_categories),
    Download: st.fixed_dictionaries(
        {"dataset": st.just("own"), "csv": names, "url": st.none() | st.just("https://example.org/a.csv?x=1&y='2'")}
    ),
}


@pytest.mark.parametrize("section", sections)
@given(data=st.data())
def test_a_stage_gets_from_its_command_line_what_params_yaml_says(section: type[Section], data: st.DataObject) -> None:
    values = data.draw(sections[section])
    assert from_command_line(section, command_line(values)) == section.model_validate(values)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nesterov"], "the command line is invalid ('nesterov' is no option); stages are run by `dvc repro`"),
        (["--no-momentum"], "no-momentum"),
        (["--epochs"], "epochs is ''"),
    ],
)
def test_words_that_dvc_never_writes_are_refused(words: list[str], message: str) -> None:
    with pytest.raises(UserError) as caught:
        from_command_line(Train, [*command_line(dict(defaults().train)), *words])
    assert message in str(caught.value)
