"""Tests of settings: values are set in the text of params.yaml; comments and other values stay."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from pipeline.params.editing import changed, flat, read, with_values
from pipeline.safety.errors import UserError
from tests.defaults import default_text

TEXT = default_text()

OTHER: dict[str, Any] = {
    "download.csv": "my data/houses.csv",
    "normalize.target": "lstat",
    "normalize.features": ("rm", "b"),
    "normalize.split": "random",
    "normalize.test_fraction": 0.5,
    "normalize.seed": 4294967295,
    "train.learning_rate": 0.05,
    "train.nesterov": True,
    "train.batch_size": 1,
}

# What a header of a CSV file can hold: text without blanks around it. Surrogates cannot be encoded.
COLUMN_NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).map(str.strip).filter(bool)


def value_in(text: str, version: str, key: str) -> Any:
    """What a reader of that version of YAML finds."""
    yaml = YAML(typ="safe", pure=True)
    yaml.version = version
    return flat(yaml.load(text))[key]


@pytest.mark.parametrize("keys", [*([key] for key in OTHER if key != "normalize.target"), OTHER], ids=str)
def test_a_changed_value_changes_its_own_line_only(keys: Iterable[str]) -> None:
    wanted = {key: OTHER[key] for key in keys}
    after = with_values(TEXT, wanted)
    differing = [new for old, new in zip(TEXT.splitlines(), after.splitlines(), strict=True) if old != new]
    assert len(differing) == len(wanted)
    assert read(after) == read(TEXT) | wanted


def test_values_that_are_there_already_keep_their_spelling() -> None:
    text = TEXT.replace("learning_rate: 0.01", "learning_rate: 1.00e-2  # slow").replace("csv: data", "csv: 'data")
    text = text.replace("boston_housing.csv\n", "boston_housing.csv'\n")
    assert with_values(text, read(text)) == text


def test_a_whole_number_and_the_same_number_with_a_point_are_two_values() -> None:
    text = TEXT.replace("learning_rate: 0.01", "learning_rate: 1")
    assert "learning_rate: 1.0\n" in with_values(text, {"train.learning_rate": 1.0})


@given(st.floats(min_value=0, exclude_min=True, allow_infinity=False))
def test_every_number_is_read_back_to_the_bit_by_old_and_new_yaml(value: float) -> None:
    after = with_values(TEXT, {"train.learning_rate": value})
    assert [value_in(after, version, "train.learning_rate") for version in ("1.1", "1.2")] == [value, value]


@given(st.lists(COLUMN_NAMES, min_size=1, max_size=4, unique=True))
def test_every_column_name_is_read_back_by_old_and_new_yaml(names: list[str]) -> None:
    wanted = {"normalize.features": names, "normalize.target": f"{names[0]}?" + "".join(names)}
    after = with_values(TEXT, wanted)
    for version in ("1.1", "1.2"):
        assert value_in(after, version, "normalize.features") == tuple(names)
        assert value_in(after, version, "normalize.target") == wanted["normalize.target"]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_list_with_a_line_per_item_keeps_its_comments(end: str) -> None:
    text = re.sub(r"  features: \[.*\]", "  features:  # mine\n  - rm\n  - 'lstat' # last\n\n  # about the split", TEXT)
    text = (text + "\n# the end\n").replace("\n", end)
    after = with_values(
        text,
        {"normalize.features": ["a b", "no"], "download.dataset": "own", "download.url": "http://x/y"}
        | {"normalize.split": "random"},
    )
    expected = text.replace("dataset: boston_housing", "dataset: own").replace("url: null", 'url: "http://x/y"')
    expected = expected.replace("split: tfjs", "split: random").replace(
        f"- rm{end}  - 'lstat'", f'- "a b"{end}  - "no"   '
    )
    assert after == expected


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_list_that_is_emptied_and_filled_again_loses_no_comment(end: str) -> None:
    text = TEXT.replace("  categories: []", "  categories:\n  - chas  # a river\n  - rad").replace("\n", end)
    emptied = with_values(text, {"normalize.categories": ()})
    assert emptied == TEXT.replace("\n", end)
    filled = with_values(emptied, {"normalize.categories": ["rad", "chas"]})
    assert filled == TEXT.replace("  categories: []", "  categories: [rad, chas]").replace("\n", end)


def test_of_a_value_that_stands_in_two_places_one_is_set() -> None:
    text = TEXT.replace("test_fraction: 0.34", "test_fraction: &share 0.34")
    text = text.replace("validation_fraction: 0.2", "validation_fraction: *share")
    for key in ("normalize.validation_fraction", "normalize.test_fraction"):
        assert read(with_values(text, {key: 0.3})) == read(text) | {key: 0.3}


@pytest.mark.parametrize(
    ("text", "wanted", "said"),
    [
        (TEXT, {"train.learning_rate": -0.1}, "train.learning_rate is -0.1; expected a number above 0"),
        (TEXT, {"train.rate": 0.1}, "has no train.rate"),
        (TEXT, {"train.seed.more": 1}, "has no train.seed.more"),
        (TEXT.replace("epochs: 200", "epochs: none"), {"train.learning_rate": 0.1}, "train.epochs is 'none'"),
        (TEXT + "  : [", {"train.learning_rate": 0.1}, "is not valid YAML"),
        ("just text", {"train.learning_rate": 0.1}, "expected the keys download, normalize, train"),
    ],
)
def test_what_would_not_be_valid_is_refused(text: str, wanted: dict[str, float], said: str) -> None:
    with pytest.raises(UserError, match=said):
        with_values(text, wanted)


def test_a_params_yaml_that_cannot_be_read_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"params.yaml cannot be read"):
        changed(tmp_path, {})
    (tmp_path / "params.yaml").write_bytes(b"\xff")
    with pytest.raises(UserError, match=r"params.yaml cannot be read"):
        changed(tmp_path, {})


def test_a_file_outside_the_project_is_refused_through_a_link_too(tmp_path: Path) -> None:
    (tmp_path / "params.yaml").write_text(TEXT, encoding="utf-8")
    (tmp_path / "link.csv").symlink_to("/etc/hostname")
    with pytest.raises(UserError, match="must be a file inside the project"):
        changed(tmp_path, {"download.csv": "link.csv"})
    before, after = changed(tmp_path, {"download.csv": "mine.csv"})
    assert after == before.replace("data/boston_housing.csv", "mine.csv")
