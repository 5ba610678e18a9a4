"""Where a walk on a surface ends, and the learning rates on either side of a limit."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dashboard.lessons.stability import around
from dashboard.lessons.stepper import Walk, walk
from dashboard.lessons.surfaces import Surface
from tests.defaults import train


def walked(rate: float, updates: int) -> Walk:
    """Walk over the line through three rows, all of them in each batch."""
    x = np.array([0.5, 1.0, 3.0])
    return walk(Surface.of(x, 2 * x + 1, "mse"), (0.3, 0.0), train(batch_size=3, learning_rate=rate), updates)


def test_a_walk_that_overflows_ends_before_it_and_says_so() -> None:
    mine = walked(10.0, 500)
    assert mine.overflowed
    assert 10 < mine.updates < 500
    for numbers in (mine.positions, mine.losses, mine.gradients, mine.batch_gradients):
        assert np.isfinite(numbers).all()
    assert len(mine.positions) == len(mine.losses) == len(mine.gradients) == mine.updates + 1
    assert not walked(0.01, 500).overflowed
    assert not walked(10.0, mine.updates).overflowed
    assert walked(10.0, mine.updates + 1).overflowed


def test_at_the_limit_itself_a_rate_is_on_neither_side_of_it() -> None:
    assert around(1.0000000000000002) == (0.9, 2)


@given(st.floats(1e-9, 1e3))
def test_numbers_of_one_digit_stand_on_either_side_of_a_limit(limit: float) -> None:
    below, above = around(limit)
    assert below < limit < above
    assert below > 0.4 * limit
    assert above < 2.001 * limit
    assert {len(f"{number:e}".rstrip("0").split("e")[0].rstrip("0")) for number in (below, above)} == {2}
