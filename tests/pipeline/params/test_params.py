"""The settings: what params.yaml and a stage's command line may say, and what is said of anything else."""

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from pipeline.params import load, validate
from pipeline.params.__main__ import check
from pipeline.record.store import ROOT
from pipeline.safety.errors import UserError
from tests.defaults import default_text

TEXT = default_text()
VALUES: dict[str, dict[str, Any]] = YAML(typ="safe").load(TEXT)


def changed(key: str, value: object) -> dict[str, dict[str, Any]]:
    """The values of params.yaml but for one."""
    section, setting = key.split(".")
    return {**VALUES, section: {**VALUES[section], setting: value}}


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("train.learning_rate", 0, "a number above 0"),
        ("train.learning_rate", float("nan"), "a number above 0"),
        ("train.learning_rate", "0.01", "a number above 0; remove the quotes"),
        ("train.learning_rate", None, "a number above 0; there is no value after the colon"),
        ("train.learning_rate", {"x": 1}, "a number above 0"),
        ("train.momentum", 1, "a number from 0 and below 1"),
        ("train.batch_size", 0, "a whole number from 1 to 1000000"),
        ("train.batch_size", 2.5, "a whole number from 1 .*; write it without a decimal point"),
        ("train.batch_size", True, "a whole number from 1"),
        ("train.epochs", 10_001, "a whole number from 1 to 10000"),
        ("train.seed", 2**32, "a whole number from 0 to 4294967295"),
        ("train.model", "cubic", "one of linear, one_hidden, two_hidden"),
        ("train.nesterov", 1, "true or false"),
        ("normalize.test_fraction", 1, "a number above 0 and below 1"),
        ("normalize.scaling", None, "one of z_score, none"),
        ("normalize.features", [], "a list of one or more column names"),
        ("normalize.features", "rm", "a list of one or more column names"),
        ("normalize.categories", "rad", r"a list of column names, or \[\] for none"),
        ("normalize.missing", "median", "one of refuse, drop_rows, mean"),
        ("normalize.target", "", "a text of one line"),
        ("normalize.target", 5.5, "a text of one line"),
        ("download.url", "ftp://example.org/a.csv", r"an http\(s\) address or null"),
        ("download.url", "https://example.org/a b.csv", r"an http\(s\) address or null"),
    ],
)
def test_a_refused_value_is_reported_with_its_key_and_what_is_allowed(key: str, value: object, expected: str) -> None:
    with pytest.raises(UserError, match=f"^params.yaml: {key} is {re.escape(repr(value))}; expected {expected}"):
        validate(changed(key, value))


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("normalize.features", ["rm", "medv"], "normalize.features holds the target 'medv'"),
        ("normalize.features", ["rm", "lstat", "rm"], "normalize.features names 'rm' more than once"),
        ("normalize.categories", ["rad", "rad"], "normalize.categories names 'rad' more than once"),
        ("normalize.categories", ["rad", "b"], "normalize.categories names 'b', which features does not: add it there"),
        ("download.url", "https://example.org/a.csv", "download.url is .* set dataset to own, or url to null"),
    ],
)
def test_values_that_do_not_fit_together_are_reported_with_what_to_do(key: str, value: object, message: str) -> None:
    with pytest.raises(UserError, match=f"^params.yaml: {message}"):
        validate(changed(key, value))


def test_an_unknown_key_is_reported_with_the_one_that_was_meant() -> None:
    with pytest.raises(
        UserError, match=r"train\.learning_rat is not a known key; did you mean learning_rate\? Known: model"
    ):
        validate(changed("train.learning_rat", 0.1))
    with pytest.raises(UserError, match=r"train\.xyz is not a known key; remove it"):
        validate(changed("train.xyz", 0.1))
    with pytest.raises(UserError, match=r"trian is not a known key; did you mean train\?"):
        validate({**VALUES, "trian": {}})


def test_a_missing_key_is_reported_with_what_is_expected() -> None:
    train = {key: value for key, value in VALUES["train"].items() if key != "epochs"}
    with pytest.raises(UserError, match=r"train\.epochs is missing; expected a whole number from 1"):
        validate({**VALUES, "train": train})
    with pytest.raises(UserError, match="normalize is missing; expected the keys target, features"):
        validate({key: value for key, value in VALUES.items() if key != "normalize"})


def test_of_several_faults_the_first_is_reported_and_the_others_are_counted() -> None:
    values = changed("train.learning_rate", 0)
    values["train"]["epochs"] = 0
    with pytest.raises(UserError, match=r"train\.learning_rate is 0; .* \(and 1 more fault\)$"):
        validate(values)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (TEXT.replace("batch_size: 40", "batch_size: [40"), r"params\.yaml, line \d+ is not valid YAML: "),
        ("a: 1\nb: 2\n  c: 3\n", r"params\.yaml, line 3 is not valid YAML: mapping values are not allowed here"),
        (TEXT.replace("epochs: 200", "epochs: 200\n  epochs: 300"), "duplicate key"),
        ("a: &many [1]\nb: [*many, *many]\n", r"params\.yaml has an anchor \(&\) on a list or a section; remove it"),
        ("", r"params\.yaml: the file is None; expected the keys download, normalize, train"),
        (TEXT.replace("target: medv", "target: &a [*a]"), "has an anchor"),
        ("[" * 60_000, "is not valid YAML: maximum recursion depth"),
        (TEXT.replace("epochs: 200", f"epochs: {'9' * 5_000}"), "is not valid YAML"),
        (TEXT.replace("epochs: 200", f"epochs: 0x{'f' * 50_000}"), "epochs is a number of thousands of digits"),
        (TEXT.replace("target: medv", "target: !!binary aGk="), "target is b'hi'; expected a text"),
        (TEXT.replace("0.01", "!!python/object/apply:os.system ['touch x']"), "could not determine a constructor"),
        (TEXT.replace("target: medv", '"target\\nx": medv'), "target x is not a known key"),
        (TEXT.replace("target: medv", "5: medv"), r"normalize\.target is missing; expected a text"),
        (TEXT.replace("csv: data/", 'csv: "a\\0b"  # '), r"csv is 'a\\x00b'; expected a text of one line"),
    ],
    ids=lambda text: text[:40] + text[-20:],
)
def test_bad_yaml_is_reported_in_one_line_that_any_terminal_shows(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "params.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=message) as caught:
        load(path)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) <= 2_100


def test_a_file_that_is_missing_or_is_no_text_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "params.yaml"
    with pytest.raises(UserError, match=r"params\.yaml cannot be read .* `git checkout params\.yaml`"):
        load(path)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UserError, match=r"params\.yaml is not valid YAML: 'utf-8' .* `git checkout params\.yaml`"):
        load(path)


def test_small_numbers_may_be_written_as_powers_of_ten(tmp_path: Path) -> None:
    path = tmp_path / "params.yaml"
    for written in ("1e-6", "1.0e-6", "1E-6", "0.000001"):
        path.write_text(TEXT.replace("learning_rate: 0.01", f"learning_rate: {written}"), encoding="utf-8")
        assert load(path).train.learning_rate == 1e-6


@pytest.mark.parametrize(
    ("dataset", "message"),
    [
        ("iris", "download.dataset is 'iris'; expected one of boston_housing, own"),
        ("own", "normalize.split is tfjs, but download.dataset own has no fixed split: set split to random"),
    ],
)
def test_a_data_set_that_is_unknown_or_has_no_fixed_split_is_refused(dataset: str, message: str) -> None:
    with pytest.raises(UserError, match=f"^{re.escape(message)}$"):
        check(validate(changed("download.dataset", dataset)), ROOT)


def test_a_column_may_be_named_as_a_year(tmp_path: Path) -> None:
    years = TEXT.replace("target: medv", "target: 2019").replace(
        "features: [crim, zn, indus, chas, nox, rm, age, dis, rad, tax, ptratio, lstat]", "features: [2017, '2018']"
    )
    (tmp_path / "params.yaml").write_text(years.replace("categories: []", "categories: [2017]"), encoding="utf-8")
    normalize = load(tmp_path / "params.yaml").normalize
    assert (normalize.target, normalize.features, normalize.categories) == ("2019", ("2017", "2018"), ("2017",))
