"""The data sets that are known by name: where they are pinned, and what each column means."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Source:
    """An address that served the right bytes once, and the SHA-256 by which it is known again."""

    url: str
    sha256: str


@dataclass(frozen=True)
class Column:
    """A column: its name, what it measures and in which unit."""

    name: str
    meaning: str
    unit: str


@dataclass(frozen=True)
class Dataset:
    """A table of numbers with pinned sources; `sha256` is that of its canonical form."""

    title: str
    columns: tuple[Column, ...]
    rows: int
    sha256: str
    sources: tuple[Source, ...]
    censored_at: float | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The column names, in order."""
        return tuple(column.name for column in self.columns)


_RAW: Final = "https://raw.githubusercontent.com"

DATASETS: Final[dict[str, Dataset]] = {
    "boston_housing": Dataset(
        title="Boston housing (Harrison and Rubinfeld, 1978)",
        rows=506,
        sha256="24ec814c9b6c5bb1cae0f6d203636413195ade13a34b62920787599f63eefd7e",
        censored_at=50.0,
        sources=(
            Source(
                f"{_RAW}/stdlib-js/datasets-harrison-boston-house-prices"
                "/bfae217e1234b1584936fe1eca76f64ae9c1ecc5/data/data.csv",
                "dabe774132cf1f35464a048f213b1d4f39f64ad9efb1157d64d457702f72e19b",
            ),
            Source(
                f"{_RAW}/selva86/datasets/c943fa8851270387c44d26efb0f9c0aac1559e11/BostonHousing.csv",
                "ab16ba38fbbbbcc69fe930aab1293104f1442c8279c130d9eba03dd864bef675",
            ),
        ),
        columns=(
            Column("crim", "crime rate of the town", "crimes per resident"),
            Column("zn", "residential land zoned for large lots (over 25,000 square feet)", "%"),
            Column("indus", "land of the town used by business other than retail", "%"),
            Column("chas", "bounds the Charles River", "1 if so, else 0"),
            Column("nox", "nitric oxides in the air", "parts per 10 million"),
            Column("rm", "average number of rooms in a home", "rooms"),
            Column("age", "owner-occupied homes built before 1940", "%"),
            Column("dis", "weighted distance to five employment centres", "distance index"),
            Column("rad", "access to radial highways", "index"),
            Column("tax", "property tax", "$ per $10,000"),
            Column("ptratio", "pupils per teacher in the town", "pupils"),
            Column("b", "1000 (Bk - 0.63)^2, Bk the share of Black residents: a racist construction", "index"),
            Column("lstat", "residents counted as of lower status", "%"),
            Column("medv", "median price of an owner-occupied home", "$1000"),
        ),
    ),
}
