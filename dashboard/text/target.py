"""The target and the columns as people write them: dollars where the unit is $1000, plain numbers elsewhere."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from dashboard.text.numbers import format_number
from pipeline.arrays import significant
from pipeline.params import value_name
from pipeline.tables.datasets import DATASETS, Column, Dataset, recognized
from pipeline.tables.encoding import Encoding


def with_unit(name: str, unit: str) -> str:
    """A quantity with its unit: `size (MB)`, `lower status (lstat), %`; the unit is left out where the name says it."""
    if set(unit.split()) <= set(name.split()):
        return name
    return f"{name}, {unit}" if name.endswith(")") or "(" in unit else f"{name} ({unit})"


def loss_of_a_row(loss: str) -> str:
    """What the loss of a single row is called: `squared error`."""
    return str(value_name("loss", loss)).removeprefix("mean ")


@dataclass(frozen=True)
class TargetFormat:
    """How to write the columns of a table whose target is `target`, and the inputs that they make.

    `dataset` is `None` for an unknown table, of which `said` is what a person says of its columns, and `encoding` is
    `None` where the inputs are columns as they are.
    """

    target: str
    dataset: Dataset | None
    encoding: Encoding | None = None
    said: tuple[Column, ...] = ()

    @classmethod
    def about(
        cls, raw_sha256: str, target: str, encoding: Encoding | None = None, said: tuple[Column, ...] = ()
    ) -> "TargetFormat":
        """Recognize a known data set by the SHA-256 of its raw table in canonical form."""
        name = recognized(raw_sha256)
        return cls(target, DATASETS[name] if name else None, encoding, said)

    @property
    def title(self) -> str:
        """What the data are called."""
        return self.dataset.title if self.dataset else "your own table"

    @property
    def noun(self) -> str:
        """The noun for one row: `row`, unless the data set has a better one."""
        return self.dataset.row if self.dataset else "row"

    @property
    def nouns(self) -> str:
        """The noun for several rows."""
        return self.dataset.row_plural if self.dataset else "rows"

    @property
    def in_dollars(self) -> bool:
        """Whether the target is an amount in $1000."""
        return self.column(self.target).unit == "$1000"

    @property
    def unit(self) -> str:
        """The target's unit for the title of an axis: ` ($1000)`, or nothing."""
        unit = self.column(self.target).unit
        return f" ({unit})" if unit else ""

    def loss_unit(self, loss: str) -> str:
        """The unit of a loss, to be put after its name: `, in ($1000)²`, ` ($1000)`, or nothing."""
        return f", in{self.unit}²" if self.unit and loss == "mse" else self.unit

    def loss_title(self, loss: str) -> str:
        """A loss with its unit for the title of an axis: `mean squared error, in ($1000)²`."""
        return f"{value_name('loss', loss)}{self.loss_unit(loss)}"

    @property
    def units_of_errors(self) -> str:
        """A sentence on the unit of the errors in a table, or nothing."""
        return f" RMSE and MAE are in {self.column(self.target).unit}." if self.unit else ""

    @property
    def censored_at(self) -> float | None:
        """Where the collectors cut the target off, if they did."""
        return self.dataset.censored_at if self.dataset and self.target == self.dataset.target else None

    @property
    def tutorial_test_mse(self) -> float | None:
        """The test error of a published run on the fixed split, in the target's unit squared, if there is one."""
        return self.dataset.tutorial_test_mse if self.dataset and self.target == self.dataset.target else None

    def column(self, name: str) -> Column:
        """The noun, meaning and unit of a column or an input; empty texts where nothing is known."""
        known = next((column for column in self._known if column.name == name), None)
        return known or self._derived.get(name) or Column(name, "", "", "")

    @property
    def has_descriptions(self) -> bool:
        """Whether the meaning or the unit of a column is known."""
        return any(column.meaning or column.unit for column in self._known)

    @property
    def _known(self) -> tuple[Column, ...]:
        return self.dataset.columns if self.dataset else self.said

    @cached_property
    def _derived(self) -> dict[str, Column]:
        """The inputs that are no numbers of the table, by their names."""
        found, of_table = {}, TargetFormat(self.target, self.dataset, said=self.said)
        for feature in self.encoding.features if self.encoding else ():
            noun, title = of_table.column(feature.name).noun, of_table.readable(feature.name)
            if feature.kind == "category":
                for name, value in zip(feature.inputs, feature.values, strict=False):
                    found[name] = Column(name, noun and f"{noun} {value}", f"{title} is {value}", "1 if so, else 0")
            elif feature.kind != "number":
                unit = "1 for yes, 0 for no" if feature.kind == "yes_no" else "days since 1970-01-01"
                found[feature.name] = Column(feature.name, "", "", unit)
            if feature.tells_gaps:
                name = feature.inputs[-1]
                missing = f"{title} is missing"
                meaning = "" if missing == name else missing
                found[name] = Column(name, noun and f"{noun} missing", meaning, "1 if so, else 0")
        return found

    def axis(self, name: str) -> str:
        """The title of an axis: what `readable` gives, with the unit, if there is one."""
        return with_unit(self.readable(name), self.column(name).unit)

    def header(self, name: str) -> str:
        """The head of a column of a table, which is also that in a file: the name itself, with its unit."""
        return with_unit(name, self.column(name).unit)

    def readable(self, name: str) -> str:
        """A column as people call it, with its name: `rooms (rm)`; the name alone where nothing else is known."""
        noun = self.column(name).noun
        return f"{noun} ({name})" if noun and noun != name else name

    def titles(self, names: Iterable[str]) -> dict[str, str]:
        """What `readable` gives for those of the columns where it is more than the name."""
        return {name: title for name in names if (title := self.readable(name)) != name}

    def description(self, name: str, unit: str | None = None) -> str:
        """A column in one line: `rooms (rm): average number of rooms in a home`, with its unit or another one."""
        column, title = self.column(name), self.readable(name)
        unit = column.unit if unit is None else unit
        meaning = f"{title}: {column.meaning}" if column.meaning else title
        return f"{meaning} ({unit})" if unit else meaning

    def amount(self, value: float, digits: int = 3) -> str:
        """An amount of the target: `$22,700` for 22.7 in $1000, `22.7` where no unit is known."""
        if not self.in_dollars:
            return format_number(value, digits + 1)
        rounded = significant(abs(value) * 1000, digits)
        size = format_number(round(rounded) if math.isfinite(rounded) else rounded, digits)
        return f"{'−' if value < 0 and size != '0' else ''}${size}"

    def change(self, value: float) -> str:
        """A difference of the target, with its sign: `+$2,500`."""
        return ("+" if value >= 0 else "−") + self.amount(abs(value))
