"""Which rows train, validate and test."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pipeline.safety.errors import UserError
from pipeline.tables.splits import MAX_LISTED, ROWS_AT_ONCE, Split, SplitRule, draw, rule_of, split_of
from tests.tables import mixed_settings

fractions = st.floats(min_value=0.01, max_value=0.99)
seeds = st.integers(0, 2**32 - 1)
SETTINGS = mixed_settings(validation_fraction=0.2, seed=7, test_fraction=0.3)


def same(one: Split, other: Split) -> bool:
    """Whether every part has the same rows in the same order."""
    return all(np.array_equal(rows, other.parts()[name]) for name, rows in one.parts().items())


@given(st.integers(10, 500), fractions, fractions, seeds)
def test_every_row_is_in_exactly_one_part(rows: int, test: float, validation: float, seed: int) -> None:
    kept = rows - round(rows * test)
    assume(0 < kept < rows and 1 <= kept * (1 - validation) < kept)
    split = draw(rows, validation, seed, test)
    together = np.concatenate(list(split.parts().values()))
    assert sorted(together.tolist()) == list(range(rows))
    assert len(split.test) == rows - kept
    assert len(split.validation) == pytest.approx(kept * validation, abs=1.01)


@given(st.sets(st.integers(0, 99), min_size=1, max_size=90), seeds)
def test_given_test_rows_are_the_test_and_the_others_are_divided(test: set[int], seed: int) -> None:
    split = draw(100, 0.2, seed, sorted(test))
    assert split.test.tolist() == sorted(test)
    assert sorted(split.of_parts(["train", "validation"]).tolist()) == sorted(set(range(100)) - test)


@pytest.mark.parametrize("test", [0.3, [1, 2, 3]])
def test_the_same_seed_draws_the_same_rows_and_another_seed_others(test: float | list[int]) -> None:
    assert same(draw(100, 0.2, 7, test), draw(100, 0.2, 7, test))
    assert not same(draw(100, 0.2, 7, test), draw(100, 0.2, 8, test))


def test_the_validation_rows_are_drawn_from_everywhere_not_cut_off_at_the_end() -> None:
    split = draw(1000, 0.2, 0, list(range(500)))
    assert split.validation.min() < 600
    assert split.train.max() > 900
    assert not np.array_equal(split.train, np.sort(split.train))


def test_the_test_rows_do_not_depend_on_the_share_kept_for_validation() -> None:
    np.testing.assert_array_equal(draw(100, 0.2, 3, 0.3).test, draw(100, 0.5, 3, 0.3).test)


@pytest.mark.parametrize(
    ("rows", "validation", "test", "empty"),
    [(10, 0.99, 0.5, "train"), (10, 0.2, 0.01, "test"), (10, 0.2, 0.99, "train")],
)
def test_a_part_without_rows_is_refused_by_name(rows: int, validation: float, test: float, empty: str) -> None:
    with pytest.raises(
        UserError, match=f"the {empty} part of {rows} rows would be empty: change the fractions in normalize"
    ):
        split_of(rows, mixed_settings(validation_fraction=validation, test_fraction=test), ())


def test_a_large_table_is_split_by_a_rule_block_by_block_and_close_to_the_fractions() -> None:
    rows = 2 * ROWS_AT_ONCE + 1_000
    rule = split_of(rows, SETTINGS, ())
    assert isinstance(rule, SplitRule)
    split = rule.listed()
    assert sorted(np.concatenate(list(split.parts().values())).tolist()) == list(range(rows))
    assert split.sizes == rule.sizes
    for name, share in {"train": 0.56, "validation": 0.14, "test": 0.3}.items():
        assert split.sizes[name] == pytest.approx(share * rows, rel=0.02)
    places = np.concatenate([rule.places(block) for block in range(rule.blocks)])
    np.testing.assert_array_equal(places, split.places())
    assert not np.array_equal(rule.places(0), rule.places(1))
    assert not same(split, split_of(rows, SETTINGS.model_copy(update={"seed": 8}), ()).listed())


def test_the_first_rows_of_a_large_table_are_split_alike_however_many_follow() -> None:
    few, many = (split_of(rows, SETTINGS, ()).places() for rows in (MAX_LISTED + 1, 2 * ROWS_AT_ONCE))
    np.testing.assert_array_equal(few, many[: len(few)])


def test_a_rule_is_for_more_rows_than_are_listed_and_not_for_given_test_rows() -> None:
    assert rule_of(MAX_LISTED, SETTINGS) is None
    assert rule_of(MAX_LISTED + 1, SETTINGS) is not None
    assert rule_of(MAX_LISTED + 1, SETTINGS.model_copy(update={"split": "tfjs"})) is None
