"""The tables of `make bench`, in Markdown, as README shows them."""

from collections.abc import Sequence
from typing import Final

from benchmarks.training.jobs import (
    FIRST_RUN,
    LARGE,
    LARGE_BATCHES,
    ONE_HIDDEN,
    SEEDS,
    SINGLE_ROWS,
    SMALL,
    TARGETS,
    TWO_HIDDEN,
)
from benchmarks.training.measure import ROUNDS
from benchmarks.training.peers import OURS, PEERS, Peer
from benchmarks.training.report import Kind, Report
from benchmarks.training.tasks import Job
from dashboard.text.numbers import NONE, format_number

FIRST: Final = "<!-- what `make bench` found; it writes these lines -->"
LAST: Final = "<!-- up to here -->"
FIRST_RUNS: Final = ", first run"
PICTURE: Final = (
    "![The time of an epoch against the number of rows, for this project and its peers](docs/benchmarks.png)"
)


def seconds(value: float | None) -> str:
    """Write a time with three digits: `2.84 ms`, `10.3 s`, `1 min 31 s`."""
    if value is None:
        return NONE
    if value >= 100:
        minutes, rest = divmod(round(value), 60)
        return f"{minutes} min {rest} s"
    return f"{format_number(value)} s" if value >= 1 else f"{format_number(value * 1_000)} ms"


def times(value: float) -> str:
    """Write a factor: `0.624`, `3.4`, `2,310`."""
    return format_number(value)


def markdown(report: Report) -> str:
    """All that README quotes: the picture, the times, the targets, what the peers do differently, and the machine."""
    parts = [PICTURE, _small(report), _large(report), _targets(report), _notes(report), _place(report)]
    return "\n\n".join(part for part in parts if part)


def in_readme(text: str) -> str:
    """The part of README that `make bench` writes."""
    return text.partition(FIRST)[2].partition(LAST)[0].strip()


def with_tables(text: str, report: Report) -> str:
    """Put the tables of a report into README in place of those there."""
    before, _, rest = text.partition(FIRST)
    return f"{before}{FIRST}\n\n{markdown(report)}\n\n{LAST}{rest.partition(LAST)[2]}"


def every_timing(report: Report) -> str:
    """Every timing with its rounds, for a terminal."""
    rows = [
        [each.job, each.peer, each.kind, *map(seconds, (each.median, each.least, each.most)), str(each.rounds)]
        for each in report.timings
    ]
    return _table(["job", "", "", "median", "least", "most", "rounds"], rows)


def explanations(report: Report) -> str:
    """Of every job in which a target is missed: where the time of the training loop goes."""
    missed = {row[0].removesuffix(FIRST_RUNS) for row in _rows(report) if row[-1] == "no"}
    if not missed:
        return "every target is met"
    lines = ["a target is missed in these jobs; a later run spends its time on"]
    for name, profile in report.profiles.items():
        if name in missed:
            shares = ", ".join(f"{part} {share:.0%}" for part, share in profile.items() if share >= 0.005)
            lines.append(f"- {name}: {shares}")
    return "\n".join(lines)


def _place(report: Report) -> str:
    machine = report.machine
    versions = ", ".join(f"{package} {version}" for package, version in sorted(report.versions.items()))
    return (
        f"Medians of up to {ROUNDS} rounds in turns, measured on {report.date}, "
        f"on {machine.cores} cores of {machine.processor} ({machine.system}), with Python {machine.python}, {versions}."
    )


def _small(report: Report) -> str:
    """The Boston data: a first run, later runs, and the models with hidden layers."""
    columns: list[tuple[Job, Kind]] = [
        (SMALL, "first run"),
        (SMALL, "later runs"),
        (ONE_HIDDEN, "later runs"),
        (TWO_HIDDEN, "later runs"),
    ]
    rows = []
    for peer in _present(report):
        found = [report.timing(job, peer, kind) for job, kind in columns]
        rows.append([_name(peer), *(seconds(timing.median if timing else None) for timing in found)])
    head = ["200 epochs on the Boston data, batch 40", "linear, first run", "linear", "one hidden", "two hidden"]
    return _table(head, rows)


def _large(report: Report) -> str:
    """An epoch over many rows."""
    columns = (SINGLE_ROWS, LARGE, LARGE_BATCHES)
    rows = [[_name(peer), *(seconds(report.per_epoch(job, peer)) for job in columns)] for peer in _present(report)]
    head = ["an epoch of the linear model over 500,000 rows", *(f"batch {job.batch_size:,}" for job in columns)]
    return _table(head, rows)


def _targets(report: Report) -> str:
    return _table(["job", "", "measured", "target", "met"], _rows(report))


def _rows(report: Report) -> list[list[str]]:
    """What was to be reached: the job, compared with what, what was measured, what was wanted, whether it is met."""
    rows = []
    for target in TARGETS:
        if found := target.measured(report):
            first = FIRST_RUNS if target.kind == "first run" else ""
            rows.append(
                [
                    target.job.name + first,
                    f"times as fast as {target.peer.name}",
                    times(found),
                    times(target.times),
                    _yes(found >= target.times),
                ]
            )
    if limit := FIRST_RUN.measured(report):
        met = _yes(limit <= FIRST_RUN.seconds)
        rows.append([f"{SMALL.name}{FIRST_RUNS}", "at most", seconds(limit), seconds(FIRST_RUN.seconds), met])
    runs, one = report.timing(SEEDS, OURS), report.timing(SMALL, OURS)
    if runs and one:
        cost = runs.median / one.median
        rows.append([SEEDS.name, "at most so many single runs", times(cost), str(SEEDS.runs), _yes(cost <= SEEDS.runs)])
    return rows


def _notes(report: Report) -> str:
    lines = [f"- {_name(peer)}: {peer.differs}." for peer in _present(report) if peer.differs]
    lines += [f"- {name} was not there: {reason}." for name, reason in report.absent.items()]
    return "\n".join(lines)


def _present(report: Report) -> list[Peer]:
    return [peer for peer in PEERS if any(timing.peer == peer.name for timing in report.timings)]


def _name(peer: Peer) -> str:
    return f"**{peer.name}**" if peer is OURS else peer.name


def _yes(met: bool) -> str:
    return "yes" if met else "no"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
