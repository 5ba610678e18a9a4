"""Tables and words: what was changed, runs side by side, amounts for people."""

import math

import pytest

from dashboard.record.tables import changes, compare, in_words, settings_of, weight_names
from dashboard.text.target import TargetFormat
from pipeline.record.metrics import Scores
from pipeline.record.store import ROOT
from pipeline.safety.files import sha256
from pipeline.tables.reading import parse
from tests.defaults import defaults
from tests.projects import Project
from tests.tables import canonical


def test_changes_name_only_what_differs() -> None:
    settings = defaults()
    train = settings.train.model_copy(update={"learning_rate": 0.05, "batch_size": 32})
    normalize = settings.normalize.model_copy(update={"seed": 7})
    changed = changes(settings_of(train, normalize), settings_of(settings.train, settings.normalize))
    assert changed == {"train.learning_rate": 0.05, "train.batch_size": 32, "normalize.seed": 7}
    assert in_words(changed) == "learning rate 0.05, batch size 32, split seed 7"


def test_no_change_features_and_switches_are_described_in_words() -> None:
    assert in_words({}) == "the same settings"
    changed = {"normalize.features": ("rm", "lstat"), "train.nesterov": True}
    assert in_words(changed) == "features 2 columns, nesterov on"
    assert in_words({"normalize.features": ["rm"]}) == "features 1 column"


def test_runs_are_compared_number_by_number(recorded: Project) -> None:
    metrics = recorded.store.read_metrics()
    test = Scores({**metrics.test.root, "mse": metrics.test["mse"] + 1.5, "r2": math.nan})
    other = metrics.model_copy(update={"test": test})
    table = compare(metrics, other).set_index("what")
    assert table.loc["test MSE", "difference"] == pytest.approx(1.5)
    assert table["this run"].isna().tolist() == [what == "test R²" for what in table.index]
    assert table.loc["epochs run", "difference"] == 0


def test_what_is_known_of_a_table_is_said_of_that_table_only() -> None:
    boston = parse((ROOT / "data" / "boston_housing.csv").read_bytes(), "boston")
    whole, part = (sha256(canonical(table)) for table in (boston, boston.iloc[:100]))
    price, rooms, other = (
        TargetFormat.about(digest, name) for digest, name in ((whole, "medv"), (whole, "rm"), (part, "medv"))
    )
    assert [words.amount(22.72) for words in (price, rooms, other)] == ["$22,700", "22.72", "22.72"]
    assert [words.axis("rm") for words in (price, other)] == ["rooms (rm)", "rm"]
    assert [words.censored_at for words in (price, rooms)] == [50, None]


@pytest.mark.parametrize(
    ("features", "names"),
    [
        (("a", "b"), ("a", "b", "bias")),
        (("bias", "a"), ("bias", "a", "bias (of the model)")),
        (("bias", "bias (of the model)"), ("bias", "bias (of the model)", "bias (of the model) (of the model)")),
    ],
)
def test_a_feature_called_bias_is_not_taken_for_that_of_the_model(
    features: tuple[str, ...], names: tuple[str, ...]
) -> None:
    assert weight_names(features) == names
