"""What all charts share keeps names, colours and tables together."""

import pytest

from dashboard.charts import data


@pytest.mark.parametrize("name", ["constructor", "__proto__", "toString", "valueOf"])
def test_a_name_that_every_object_has_is_drawn_as_another_that_looks_the_same(name: str) -> None:
    shown = data.drawn_name(name)
    assert shown != name
    assert "".join(letter for letter in shown if letter.isprintable()) == name
    assert data.drawn_name(f"{name} 2") == f"{name} 2"
