"""Many runs that a visitor wants trained together: one plan, and what varies from run to run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, FiniteFloat, ValidationError

from dashboard.live.plans import Plan
from pipeline.params import Section
from pipeline.params.schema import Seed
from pipeline.safety.errors import UserError

MAX_RUNS: Final = 400
MAX_NUMBERS: Final = 20_000_000
"""How many feature values all runs together may hold: each has rows of its own."""


class Variation(Section):
    """What one run has of its own: the seed of weights and batches, the seed of the split, and the learning rate."""

    seed: Seed
    split_seed: Seed
    learning_rate: Annotated[FiniteFloat, Field(gt=0)]


class Sweep(Section):
    """The part of a message that a plan does not have."""

    kind: Literal["sweep"]
    variations: Annotated[tuple[Variation, ...], Field(min_length=1, max_length=MAX_RUNS, strict=False)]


@dataclass(frozen=True, eq=False)
class SweepPlan:
    """Runs of the linear model: `plan` has all that they share."""

    plan: Plan
    variations: tuple[Variation, ...]

    @classmethod
    def of(cls, plan: Plan, variations: Sequence[Variation]) -> Self:
        """Check that all runs fit into memory together. Raises `UserError`."""
        most = most_runs(plan)
        if len(variations) > most:
            raise UserError(f"{len(variations)} runs are asked for; this table is so large that {most} fit at once")
        return cls(plan, tuple(variations))

    def message(self) -> dict[str, Any]:
        """Say the sweep as JSON values; `from_message` makes the same sweep of them."""
        variations = [variation.model_dump() for variation in self.variations]
        return {**self.plan.message(), "kind": "sweep", "variations": variations}

    @classmethod
    def from_message(cls, message: Mapping[str, Any]) -> Self:
        """Check everything again. Raises `UserError` with one line."""
        try:
            sweep = Sweep.model_validate({key: message.get(key) for key in ("kind", "variations")})
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            raise UserError(f"sweep: {place} is {repr(first['input'])[:40]}: {first['msg'].lower()}") from None
        return cls.of(Plan.from_message(message), sweep.variations)


def most_runs(plan: Plan) -> int:
    """How many runs on rows like these may be trained together."""
    return max(1, min(MAX_RUNS, MAX_NUMBERS // (plan.shape["rows"] * plan.shape["features"])))
