"""Which runs a sweep has: settings of `train` and their values, as `train.learning_rate=0.001..0.1:log:16` says."""

import contextlib
import math
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Final, Self

import numpy as np
from pydantic import ValidationError

from pipeline.arrays import significant
from pipeline.params import Train
from pipeline.params.messages import explain
from pipeline.safety.errors import UserError
from pipeline.safety.schema import Facts

MAX_RUNS: Final = 100_000
"""The most runs of a sweep."""

DIGITS: Final = 6
"""The significant digits of a value between the ends of a range: the last ones differ between processors."""

EXAMPLE: Final = "train.learning_rate=0.001..0.1:log:16"

Value = bool | int | float | str


class Axis(Facts):
    """A setting of `train`, the values that it takes, and whether these are spaced on a logarithmic scale."""

    setting: str
    values: tuple[Value, ...]
    log: bool = False


class Grid(Facts):
    """All combinations of the values of some settings; what else a run is made with, `base` says."""

    base: Train
    axes: tuple[Axis, ...]

    @classmethod
    def of(cls, base: Train, texts: Iterable[str]) -> Self:
        """Read what varies, a text such as `train.seed=0..99` for each setting.

        Raises `UserError` for what is no setting of `train` or no value of it, and for no runs or more than `MAX_RUNS`.
        """
        wanted: dict[str, _Range] = {}
        for text in texts:
            key, equals, spec = text.partition("=")
            setting = _setting(key.strip(), bool(equals))
            if setting in wanted:
                raise UserError(f"{key} is set twice: give all its values at once, as in train.model=linear,one_hidden")
            wanted[setting] = _Range(base, setting, spec.strip())
        if not wanted:
            raise UserError(f"nothing varies: say which settings take which values, as in --set {EXAMPLE}")
        check_count(math.prod(each.count for each in wanted.values()))
        axes = tuple(each.axis() for each in wanted.values())
        first = {axis.setting: axis.values[0] for axis in axes}  # the same sweep, whatever params.yaml has there
        return cls(base=base.model_copy(update=first), axes=axes)

    @property
    def count(self) -> int:
        """How many runs there are."""
        return math.prod(self._shape)

    def values(self, run: int) -> tuple[Value, ...]:
        """The values of the axes in a run; from run to run the last axis varies first."""
        places = np.unravel_index(run, self._shape)
        return tuple(axis.values[int(place)] for axis, place in zip(self.axes, places, strict=True))

    def settings(self, run: int) -> Train:
        """The settings of a run."""
        names = (axis.setting for axis in self.axes)
        return self.base.model_copy(update=dict(zip(names, self.values(run), strict=True)))

    def all(self, setting: str) -> tuple[Value, ...]:
        """The values that a setting has in some run: one, unless it varies."""
        varied = {axis.setting: axis.values for axis in self.axes}
        return varied.get(setting, (getattr(self.base, setting),))

    @cached_property
    def programs(self) -> list[int]:
        """Which of the compiled programs each run needs: the same number for the same `Train.template`."""
        deciding = []
        for axis in self.axes:
            templates = [self.base.model_copy(update={axis.setting: value}).template for value in axis.values]
            known = {template.model_dump_json(): None for template in templates}
            number = {template: at for at, template in enumerate(known)}
            deciding.append(np.array([number[template.model_dump_json()] for template in templates]))
        mesh = np.meshgrid(*deciding, indexing="ij")
        _, programs = np.unique(np.stack([each.ravel() for each in mesh], axis=1), axis=0, return_inverse=True)
        return [int(program) for program in programs.ravel()]

    @property
    def _shape(self) -> tuple[int, ...]:
        return tuple(len(axis.values) for axis in self.axes)


def check_count(count: int) -> None:
    """Raise `UserError` unless a sweep may have so many runs."""
    if not 1 <= count <= MAX_RUNS:
        raise UserError(f"that makes {count:,} runs; a sweep has from 1 to {MAX_RUNS:,}: take fewer values")


def _setting(key: str, has_values: bool) -> str:
    """The setting of `train` that a text names."""
    part, _, setting = key.rpartition(".")
    if part in ("normalize", "download"):
        raise UserError(
            f"{key} cannot vary in a sweep, whose runs share their rows; queue experiments instead: "
            f"dvc exp run --queue -S '{key}=...'"
        )
    if setting not in Train.model_fields or part != "train":
        known = ", ".join(f"train.{name}" for name in Train.model_fields)
        raise UserError(f"{key!r} is no setting that can vary; expected one of {known}")
    if not has_values:
        raise UserError(f"{key} has no values; give them after an equals sign, as in {EXAMPLE}")
    return setting


class _Range:
    """The values that a text such as `0.001..0.1:log:16` names for a setting; how many there are is known first."""

    def __init__(self, base: Train, setting: str, spec: str) -> None:
        self._base, self._setting, self._spec = base, setting, spec
        self._whole = Train.model_fields[setting].annotation is int
        self.log = False
        ends, *more = spec.split(":")
        first, dots, last = ends.partition("..")
        self._values: Callable[[], Sequence[Value]] = lambda: spec.split(",")
        self.count = spec.count(",") + 1
        if not dots:
            return
        low, high = self._number("begins", first), self._number("ends", last)
        if high < low:
            raise self._refusal(f"is empty, because {first} is above {last}; begin with the smaller one")
        if not more and self._whole:
            start, end = self._whole_number("begins", first), self._whole_number("ends", last)
            self.count, self._values = end - start + 1, lambda: range(start, end + 1)
            return
        self.log = more[:1] == ["log"]
        count = more[1:] if self.log else more
        if len(count) != 1 or not count[0].strip().isdecimal() or len(count[0]) > 18:
            raise self._refusal("does not say how many values; write LOW..HIGH:COUNT or LOW..HIGH:log:COUNT")
        self.count = int(count[0])
        if self.count < 2:
            raise self._refusal("is to have fewer than 2 values; for a single one write it alone")
        if self.log and low <= 0:
            raise self._refusal("has an end that is not above 0, which no logarithmic scale has")
        self._values = lambda: self._spaced(low, high)

    def axis(self) -> Axis:
        """The values, each of them checked. Raises `UserError`."""
        found = [self._checked(value) for value in self._values()]
        return Axis(setting=self._setting, values=tuple(dict.fromkeys(found)), log=self.log)

    def _checked(self, value: Value) -> Value:
        values = {**self._base.model_dump(), self._setting: _plain(value)}
        try:
            found: Value = getattr(Train.model_validate(values, strict=False), self._setting)
        except ValidationError as error:
            raise UserError(f"train.{explain(error, Train, quoted=False)}") from None
        return found

    def _spaced(self, low: float, high: float) -> list[Value]:
        space = np.geomspace if self.log else np.linspace
        between = [significant(value, DIGITS) for value in space(low, high, self.count)[1:-1]]
        values = [low, *between, high]
        return list(dict.fromkeys(round(value) for value in values)) if self._whole else list(values)

    def _number(self, verb: str, text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise self._unfit(verb, text, "finite")
        return number

    def _whole_number(self, verb: str, text: str) -> int:
        try:
            return int(text)
        except ValueError:
            raise self._unfit(verb, text, "whole") from None

    def _unfit(self, verb: str, text: str, kind: str) -> UserError:
        return self._refusal(f"{verb} at {text.strip()[:40] or 'nothing'}; expected a {kind} number")

    def _refusal(self, problem: str) -> UserError:
        return UserError(f"train.{self._setting}={self._spec[:80]} {problem}")


def _plain(value: Value) -> Value:
    """A number that is written as text."""
    if isinstance(value, str):
        for kind in (int, float):
            with contextlib.suppress(ValueError):
                return kind(value)
        return value.strip()
    return value
