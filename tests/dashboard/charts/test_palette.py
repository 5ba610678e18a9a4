"""Each colour of the house has one meaning, and a reader can tell it from the others and from the page."""

import colorsys
import tomllib
from pathlib import Path

import pytest

import dashboard
from dashboard.charts import palette

HUES = {"blue": (200, 220), "orange": (20, 40), "green": (155, 180), "red": (5, 18)}  # in degrees


def hue(colour: str) -> str:
    """The name of the hue of `#rrggbb`; grey where there is hardly any."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    angle, _, saturation = colorsys.rgb_to_hls(red, green, blue)
    if saturation < 0.15:
        return "grey"
    return next(name for name, (low, high) in HUES.items() if low <= 360 * angle <= high)


def luminance(colour: str) -> float:
    """Source: Web Content Accessibility Guidelines 2.1, relative luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return sum(
        share * (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
        for share, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True)
    )


def test_each_meaning_has_its_colour_and_its_dashes() -> None:
    colours = {meaning: value for meaning, value in vars(palette).items() if str(value).startswith("#")}
    assert {meaning: hue(colour) for meaning, colour in colours.items()} == {
        "TRAINING": "blue",
        "VALIDATION": "orange",
        "TEST": "green",
        "REFERENCE": "grey",
        "POSITIVE": "blue",
        "NEGATIVE": "red",
        "PERHAPS_NEGATIVE": "red",
        "WARNING": "red",
    }
    assert {name: hue(colour) for name, colour in palette.DIRECTIONS.items()} == {
        "raises it": "blue",
        "lowers it": "red",
    }
    solid, dashed = palette.DASHES["training"], palette.DASHES["validation"]
    assert solid[1] == 0 < dashed[1]


def test_runs_have_a_colour_each_and_the_recorded_one_the_first() -> None:
    assert len(set(palette.RUNS)) == len(palette.RUNS) == 8
    assert hue(palette.RUNS[0]) == "blue"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_colour_stands_out_from_the_page(theme: str) -> None:
    """Source: Web Content Accessibility Guidelines 2.1, 1.4.11: a contrast of 3 for what a picture consists of."""
    settings = Path(dashboard.__path__[0]) / ".streamlit/config.toml"
    page = luminance(tomllib.loads(settings.read_text())["theme"][theme]["backgroundColor"])
    named = [palette.TRAINING, palette.VALIDATION, palette.TEST, palette.REFERENCE, palette.NEGATIVE]
    for colour in (*named, *palette.RUNS):
        low, high = sorted((page, luminance(colour)))
        assert (high + 0.05) / (low + 0.05) >= 3, colour
