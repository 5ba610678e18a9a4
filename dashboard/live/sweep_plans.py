"""A sweep, which is many runs: one plan, and what varies from run to run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, Self

from pydantic import Field, FiniteFloat

from dashboard.live.plans import Plan
from pipeline.params import Section
from pipeline.params.schema import Seed
from pipeline.safety.errors import UserError

MAX_RUNS: Final = 400
MAX_SECONDS: Final = 60.0
"""How long a sweep may take, by the estimate of `seconds_per_run`."""


class Variation(Section):
    """What varies from run to run: the seed of weights and batches, the seed of the split, and the learning rate."""

    seed: Seed
    split_seed: Seed
    learning_rate: Annotated[FiniteFloat, Field(gt=0)]


@dataclass(frozen=True, eq=False)
class SweepPlan:
    """Runs to train one after another; `plan` holds what they share."""

    plan: Plan
    variations: tuple[Variation, ...]

    @classmethod
    def of(cls, plan: Plan, variations: Sequence[Variation]) -> Self:
        """Check that the sweep is not too long. Raises `UserError`."""
        most = max_runs(plan)
        if len(variations) > most:
            raise UserError(f"{len(variations)} runs are too many: with these settings a sweep has at most {most}")
        return cls(plan, tuple(variations))

    def message(self) -> dict[str, Any]:
        """The sweep as JSON values; `from_message` makes the same sweep from them."""
        return {**self.plan.message(), "variations": [variation.model_dump() for variation in self.variations]}

    @classmethod
    def from_message(cls, message: Mapping[str, Any]) -> Self:
        """Prepare the rows again. Raises `UserError` with one line."""
        return cls.of(Plan.from_message(message), [Variation(**each) for each in message["variations"]])


def max_runs(plan: Plan) -> int:
    """The largest number of such runs in a sweep: as many as are estimated to take a minute, and at least one."""
    return max(1, min(MAX_RUNS, int(MAX_SECONDS / seconds_per_run(plan))))


def seconds_per_run(plan: Plan) -> float:
    """Estimate how long one run takes on a laptop's processor, from times measured for an epoch, an update and a row.

    Every model with hidden layers counts as one with two layers of 50 units.
    """
    settings, rows, features = plan.train, plan.shape["rows"], plan.shape["features"]
    updates = plan.updates_per_epoch
    weights = features + 1 if settings.model == "linear" else 50 * (features + 52)
    return settings.epochs * (25e-6 + updates * 1e-6 + rows * (2e-8 + weights * 4e-10))
