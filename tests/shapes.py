"""Fifteen tables made by chance in the shapes of those that people bring, with what should be made of each."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.random import Generator

from pipeline.arrays import Floats


@dataclass(frozen=True)
class Shape:
    """A raw table, its target, what to do with gaps, and the decisions on those columns that need one."""

    table: pd.DataFrame
    target: str
    missing: str = "refuse"
    decisions: Mapping[str, str] = field(default_factory=dict)


def _text(values: Iterable[object]) -> "pd.Series[str]":
    return pd.Series(list(values), dtype="str")


def _pick(draw: Generator, values: Sequence[str], rows: int) -> "pd.Series[str]":
    return _text(draw.choice(values, rows))


def _effect(column: "pd.Series[Any]", draw: Generator) -> Floats:
    """A number for each value of a column, by chance."""
    sizes = {value: draw.normal() for value in sorted(column.dropna().unique())}
    return np.array([sizes.get(value, 0.0) for value in column])


def _with_gaps(column: "pd.Series[Any]", share: float, draw: Generator) -> "pd.Series[Any]":
    return column.mask(draw.random(len(column)) < share)


def _numbers(draw: Generator, rows: int, **means: float) -> pd.DataFrame:
    """Columns of numbers with these means, which are also their spreads, and which go together a little."""
    common = draw.normal(size=rows)
    columns = {name: np.round(mean * (2 + 0.5 * common + draw.normal(size=rows)), 3) for name, mean in means.items()}
    return pd.DataFrame(columns)


def _sum(table: pd.DataFrame) -> Floats:
    """The columns of numbers, each in standard deviations, added."""
    numbers = table.select_dtypes("float64")
    return np.asarray(((numbers - numbers.mean()) / numbers.std()).fillna(0).sum(axis=1), np.float64)


def _houses(draw: Generator) -> Shape:
    rows = 900
    table = _numbers(draw, rows, lot_area=9000, living_area=1500, basement=1000, garage=470)
    places = _pick(draw, [f"area {number}" for number in range(24)], rows)
    price = 180_000 + 20_000 * (_sum(table) + _effect(places, draw) + 0.5 * draw.normal(size=rows))
    frontage = _with_gaps(table["lot_area"] / 100 + draw.normal(size=rows), 0.17, draw)
    table = table.assign(
        order=np.arange(1.0, rows + 1),
        pid=_text([f"0{526301100 + 17 * row}" for row in range(rows)]),
        subclass=_pick(draw, ["020", "030", "060", "120"], rows),
        place=places,
        alley=_with_gaps(_pick(draw, ["gravel", "paved"], rows), 0.95, draw),
        utilities=_text(["all"] * rows),
        frontage=frontage,
        price=np.round(price),
    )
    left_out = dict.fromkeys(("order", "pid", "alley", "utilities"), "left out")
    return Shape(
        table, "price", "mean", {**left_out, "place": "category", "subclass": "category", "frontage": "feature"}
    )


def _towns_with_gaps(draw: Generator) -> Shape:
    table = _numbers(draw, 500, crime=3, industry=11, rooms=6, age=60, tax=400)
    price = 22 + 4 * _sum(table) + 2 * draw.normal(size=500)
    gaps = {name: _with_gaps(table[name], 0.05, draw) for name in ("crime", "industry", "age")}
    return Shape(table.assign(**gaps, price=np.round(price, 1)), "price", "mean")


def _cars(draw: Generator) -> Shape:
    table = _numbers(draw, 400, displacement=190, horsepower=100, weight=3000)
    mpg = 24 - 2 * _sum(table) + draw.normal(size=400)
    horsepower = table["horsepower"].mask(np.arange(400) % 70 == 3)
    names = _text([f"car {number % 300}" for number in range(400)])
    table = table.assign(
        horsepower=horsepower,
        cylinders=draw.choice([4.0, 6.0, 8.0], 400),
        origin=_pick(draw, ["usa", "japan", "europe"], 400),
        name=names,
        mpg=np.round(mpg, 1),
    )
    return Shape(table, "mpg", "drop_rows", {"cylinders": "feature", "origin": "category", "name": "left out"})


def _insurance(draw: Generator) -> Shape:
    table = _numbers(draw, 1300, age=20, bmi=15)
    smoker = pd.Series(draw.random(1300) < 0.2, dtype="boolean")
    charges = 13_000 + 2_000 * _sum(table) + 20_000 * smoker.astype(float) + 1_000 * draw.normal(size=1300)
    table = table.assign(
        children=draw.integers(0, 5, 1300).astype(float),
        sex=_pick(draw, ["female", "male"], 1300),
        smoker=smoker,
        region=_pick(draw, ["north", "south", "east", "west"], 1300),
        charges=charges,
    )
    decisions = {"children": "feature", "sex": "category", "smoker": "feature", "region": "category"}
    return Shape(table, "charges", decisions=decisions)


def _penguins(draw: Generator) -> Shape:
    species = _pick(draw, ["Adelie", "Chinstrap", "Gentoo"], 344)
    table = _numbers(draw, 344, bill_length=22, bill_depth=8, flipper=100)
    mass = 4200 + 300 * (_sum(table) + 2 * _effect(species, draw)) + 100 * draw.normal(size=344)
    sex = _pick(draw, ["FEMALE", "MALE"], 344).mask(np.arange(344) % 40 == 5)
    table = table.assign(species=species, sex=sex, mass=pd.Series(mass).round().mask(np.arange(344) == 3))
    return Shape(table, "mass", "drop_rows", {"species": "category", "sex": "category"})


def _players(draw: Generator) -> Shape:
    table = _numbers(draw, 322, hits=100, runs=50, walks=40, years=7)
    table = table.assign(career_hits=np.round(table["hits"] * table["years"] / 7 + draw.normal(size=322), 3))
    salary = 500 + 150 * _sum(table) + 200 * draw.normal(size=322)
    league = _pick(draw, ["A", "N"], 322)
    return Shape(table.assign(league=league, salary=_with_gaps(pd.Series(salary), 0.18, draw)), "salary", "drop_rows")


def _colleges(draw: Generator) -> Shape:
    table = _numbers(draw, 777, applications=3000, expend=9000, books=550, outstate=10_000)
    private = pd.Series(draw.random(777) < 0.7, dtype="boolean")
    rate = 65 + 5 * _sum(table) + 8 * private.astype(float) + 6 * draw.normal(size=777)
    return Shape(table.assign(private=private, rate=rate), "rate", decisions={"private": "feature"})


def _juice(draw: Generator) -> Shape:
    table = _numbers(draw, 1070, price_a=1.8, price_b=2.1)
    table = table.assign(
        difference=table["price_b"] - table["price_a"], week=draw.integers(227, 278, 1070).astype(float)
    )
    loyalty = 0.5 + 0.1 * (table["difference"] - table["difference"].mean()) + 0.1 * draw.normal(size=1070)
    week = table["week"].mask(np.arange(1070) % 100 == 7)
    bought = _pick(draw, ["CH", "MM"], 1070)
    return Shape(
        table.assign(week=week, bought=bought, loyalty=loyalty), "loyalty", "drop_rows", {"bought": "category"}
    )


def _sales_of_homes(draw: Generator) -> Shape:
    cities = _pick(draw, [f"CITY_{number}" for number in range(37)], 930)
    table = _numbers(draw, 930, beds=1.5, sqft=800, latitude=19, longitude=-60)
    price = 250_000 + 50_000 * (_sum(table) + _effect(cities, draw) + 0.5 * draw.normal(size=930))
    zips = _text([f"z958{number % 68:02}" for number in range(930)])
    table = table.assign(city=cities, zip=zips, price=price.round())
    return Shape(table, "price", decisions={"city": "category", "zip": "left out"})


def _advertising(draw: Generator) -> Shape:
    table = _numbers(draw, 200, TV=75, radio=12, newspaper=15)
    sales = 14 + 2 * _sum(table) + draw.normal(size=200)
    return Shape(
        table.assign(index=np.arange(1.0, 201), sales=sales.round(1)), "sales", decisions={"index": "left out"}
    )


def _shells(draw: Generator) -> Shape:
    table = _numbers(draw, 1500, column_2=0.25, column_3=0.2, column_4=0.07)
    sex = _pick(draw, ["M", "F", "I"], 1500)
    rings = np.round(10 + _sum(table) + _effect(sex, draw) + 1.5 * draw.normal(size=1500))
    return Shape(table.assign(column_1=sex, column_5=rings), "column_5", decisions={"column_1": "category"})


def _imports(draw: Generator) -> Shape:
    table = _numbers(draw, 200, column_2=90, column_3=50, column_4=1200)
    makers = _pick(draw, [f"maker {number}" for number in range(22)], 200)
    price = 13_000 + 4_000 * (_sum(table) + 0.5 * _effect(makers, draw) + 0.3 * draw.normal(size=200))
    losses = _with_gaps(table["column_2"] + 20 * draw.normal(size=200), 0.2, draw)
    engines = [_pick(draw, [f"{kind}{number}" for number in range(6)], 200) for kind in "abcdefg"]
    table = table.assign(
        column_1=makers, column_5=losses, **{f"column_{6 + at}": each for at, each in enumerate(engines)}
    )
    return Shape(table.assign(column_13=price.round()), "column_13", "mean", {"column_1": "left out"})


def _wines(draw: Generator) -> Shape:
    table = _numbers(draw, 1500, acidity=4, sugar=1.3, sulphates=0.3, alcohol=5)
    return Shape(table.assign(quality=np.round(5.6 + 0.4 * _sum(table) + 0.5 * draw.normal(size=1500))), "quality")


def _bikes(draw: Generator) -> Shape:
    rows = 3000
    table = _numbers(draw, rows, temperature=0.25, humidity=0.3)
    days = pd.Series(pd.Timestamp("2011-01-01") + pd.to_timedelta(np.arange(rows) // 24, unit="D"))
    casual = np.round(40 + 10 * table["temperature"] / 0.25 + 10 * draw.random(rows))
    registered = np.round(150 + 20 * _sum(table) + np.arange(rows) / 30 + 20 * draw.random(rows))
    table = table.assign(
        instant=np.arange(1.0, rows + 1),
        day=days,
        hour=np.arange(rows) % 24.0,
        casual=casual,
        registered=registered,
        count=casual + registered,
    )
    left_out = dict.fromkeys(("instant", "casual", "registered"), "left out")
    return Shape(table, "count", decisions={**left_out, "day": "feature", "hour": "feature"})


def _countries(draw: Generator) -> Shape:
    table = _numbers(draw, 27, gdp=18_000)
    names = _text([f"country {number}" for number in range(27)])
    satisfaction = 6.5 + 0.4 * _sum(table) + 0.2 * draw.normal(size=27)
    return Shape(
        table.assign(country=names, satisfaction=satisfaction), "satisfaction", decisions={"country": "left out"}
    )


_SHAPES: Final[tuple[Callable[[Generator], Shape], ...]] = (
    _houses,
    _towns_with_gaps,
    _cars,
    _insurance,
    _penguins,
    _players,
    _colleges,
    _juice,
    _sales_of_homes,
    _advertising,
    _shells,
    _imports,
    _wines,
    _bikes,
    _countries,
)


def shapes() -> dict[str, Shape]:
    """The tables by their names."""
    return {make.__name__.strip("_").replace("_", " "): make(np.random.default_rng(0)) for make in _SHAPES}
