"""Each colour of the house has one meaning, and a reader can tell it from the others and from the page."""

import tomllib
from pathlib import Path

import pytest

import dashboard
from dashboard.charts import palette


def luminance(colour: str) -> float:
    """Source: Web Content Accessibility Guidelines 2.1, relative luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return sum(
        share * (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
        for share, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True)
    )


def test_each_meaning_has_its_colour() -> None:
    blue, orange, green, red, grey = "#2f80c9", "#d97a1e", "#1f9e89", "#c8553d", "#7d8894"
    assert (blue, orange, green, grey) == (palette.TRAINING, palette.VALIDATION, palette.TEST, palette.REFERENCE)
    assert {"raises it": blue, "lowers it": red} == palette.DIRECTIONS
    assert (blue, red, red) == (palette.POSITIVE, palette.NEGATIVE, palette.WARNING)
    assert palette.RUNS[0] == blue  # the recorded one


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_colour_stands_out_from_the_page(theme: str) -> None:
    """Source: Web Content Accessibility Guidelines 2.1, 1.4.11: a contrast of 3 for what a picture consists of."""
    settings = Path(dashboard.__path__[0]) / ".streamlit/config.toml"
    page = luminance(tomllib.loads(settings.read_text())["theme"][theme]["backgroundColor"])
    named = [palette.TRAINING, palette.VALIDATION, palette.TEST, palette.REFERENCE, palette.NEGATIVE]
    for colour in (*named, *palette.RUNS):
        low, high = sorted((page, luminance(colour)))
        assert (high + 0.05) / (low + 0.05) >= 3, colour
