"""The machines that share a run, as TF_CONFIG names them, and whether they are worth it."""

import os
import sys
from dataclasses import dataclass
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, Field, ValidationError

from pipeline import params
from pipeline.arrays import significant
from pipeline.network.layers import Layer, size_of
from pipeline.params import Train
from pipeline.safety.errors import UserError
from pipeline.safety.files import first_fault

ANYWAY: Final = "--anyway"
EXAMPLE: Final = '{"cluster": {"worker": ["10.0.0.1:2222", "10.0.0.2:2222"]}, "task": {"type": "worker", "index": 0}}'

# Measured with two processes on loopback; docs/scaling.md says how.
SECONDS_TO_ADD_UP: Final = 1e-3
"""What a step costs to add up the gradients of all processes."""
SECONDS_A_STEP: Final = 2.5e-6
SECONDS_A_ROW: Final = 0.035e-6
"""What does not become less where rows are shared: every process draws the order of all; on one machine they read from
the same memory."""
SECONDS_A_WEIGHT: Final = 0.21e-9
"""What each process does for its share of the rows, with each weight of the model: predictions and gradients."""


class _Jobs(BaseModel, extra="forbid"):
    chief: Annotated[list[str], Field(max_length=1)] = []
    worker: list[str] = []


class _Task(BaseModel):
    type: Literal["chief", "worker"]
    index: Annotated[int, Field(ge=0)]


class _Config(BaseModel):
    cluster: _Jobs
    task: _Task


@dataclass(frozen=True)
class Cluster:
    """The `addresses` (host:port) of all processes of a run, and which of them this one is; number 0 is the chief."""

    addresses: tuple[str, ...]
    number: int

    @classmethod
    def of_environment(cls) -> Self | None:
        """Read TF_CONFIG: `None` where it names no other machine. Raises `UserError`."""
        text = os.environ.get("TF_CONFIG", "")
        if text.strip() in ("", "{}"):
            return None
        try:
            config = _Config.model_validate_json(text)
        except ValidationError as error:
            raise UserError(f"TF_CONFIG is not valid ({first_fault(error)}); expected {EXAMPLE}") from None
        jobs, task = config.cluster, config.task
        addresses, own = (*jobs.chief, *jobs.worker), getattr(jobs, task.type)
        if task.index >= len(own):
            raise UserError(
                f"TF_CONFIG says that this is {task.type} {task.index}, but names {len(own)} of this type: "
                "the first has the index 0"
            )
        for address in addresses:
            host, _, port = address.rpartition(":")
            if not host or not port.isdecimal() or not 0 < int(port) < 2**16 or addresses.count(address) > 1:
                raise UserError(f"TF_CONFIG names {address!r}; expected a host and a port of its own, {EXAMPLE}")
        cluster = cls(addresses, task.index + (len(jobs.chief) if task.type == "worker" else 0))
        return cluster if len(addresses) > 1 else None

    @property
    def size(self) -> int:
        """How many processes there are."""
        return len(self.addresses)

    @property
    def is_chief(self) -> bool:
        """Whether this process is the one that writes."""
        return self.number == 0

    @property
    def port(self) -> int:
        """Where this process listens."""
        return int(self.addresses[self.number].rpartition(":")[2])

    def name(self, number: int) -> str:
        """What a process is called in a sentence."""
        return f"{'worker' if number else 'the chief'}{f' {number}' if number else ''} at {self.addresses[number]}"

    def settings(self) -> Train:
        """The settings of the run: those on the command line, or those of params.yaml where it has none."""
        words = [word for word in sys.argv[1:] if word != ANYWAY]
        return params.from_command_line(Train, words) if words else params.load().train

    def share(self, rows: int) -> slice:
        """The part of so many rows that this process takes; the parts differ by one row at most."""
        return slice(rows * self.number // self.size, rows * (self.number + 1) // self.size)

    def check_gain(self, rows: int, layers: tuple[Layer, ...]) -> None:
        """Raise `UserError` with the estimate where steps of so many rows take longer than on one machine.

        With `--anyway` on the command line nothing is checked.
        """
        if ANYWAY in sys.argv:
            return
        shared = SECONDS_A_WEIGHT * size_of(layers)
        alone = SECONDS_A_STEP + rows * (SECONDS_A_ROW + shared)
        together = SECONDS_TO_ADD_UP + rows * (SECONDS_A_ROW + shared / self.size)
        if together >= alone:
            enough = SECONDS_TO_ADD_UP / (shared * (1 - 1 / self.size))
            times, alone_ms, together_ms, enough = (
                significant(value, 2) for value in (together / alone, alone * 1e3, together * 1e3, enough)
            )
            raise UserError(
                f"{self.size} processes would be {times:,g} times slower than one: a step of {rows:,} rows would take "
                f"about {together_ms:g} ms instead of {alone_ms:g} ms; use one (without TF_CONFIG) or batches "
                f"of {enough:,g} rows and more, or add {ANYWAY}"
            )
