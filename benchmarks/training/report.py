"""What `make bench` found, as it is kept in `docs/benchmarks.json`: times, where and when, and with which versions."""

from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from benchmarks.training.peers import Peer
from benchmarks.training.tasks import Job
from pipeline.record.store import ROOT

FILE: Final = ROOT / "docs" / "benchmarks.json"
Kind = Literal["first run", "later runs"]


class Model(BaseModel):
    """A part of the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Timing(Model):
    """The seconds that a peer took for a job, over so many rounds, each with so many epochs."""

    job: str
    peer: str
    kind: Kind
    epochs: int
    rounds: int
    median: float
    least: float
    most: float


class Machine(Model):
    """Where it was measured."""

    processor: str
    cores: int
    system: str
    python: str


class Report(Model):
    """All timings; `absent` peers with the reason; and of jobs in which a target is missed, where our time goes."""

    date: str
    machine: Machine
    versions: dict[str, str]
    absent: dict[str, str]
    timings: list[Timing]
    profiles: dict[str, dict[str, float]]

    @classmethod
    def read(cls, path: Path = FILE) -> "Report":
        """Read the file. Raises `OSError` or `ValueError` where it is not there or not whole."""
        return cls.model_validate_json(path.read_bytes())

    def timing(self, job: Job, peer: Peer, kind: Kind = "later runs") -> Timing | None:
        """What was measured, or None."""
        found = (each for each in self.timings if (each.job, each.peer, each.kind) == (job.name, peer.name, kind))
        return next(found, None)

    def per_epoch(self, job: Job, peer: Peer, kind: Kind = "later runs") -> float | None:
        """The median of the seconds for an epoch, or None."""
        timing = self.timing(job, peer, kind)
        return timing.median / timing.epochs if timing else None
