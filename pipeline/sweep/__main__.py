"""Sweep: train many runs that differ in a few settings, on all processors or on a cluster, and write one table."""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Final, NoReturn

import pyarrow as pa
import pyarrow.compute as pc
import tqdm

from pipeline import params
from pipeline.params import Normalize
from pipeline.record.store import Store
from pipeline.safety.errors import UserError
from pipeline.safety.stage import safe_stage
from pipeline.safety.turns import take_turn
from pipeline.sweep.chunks import cut
from pipeline.sweep.cluster import Cluster
from pipeline.sweep.grid import EXAMPLE, Grid
from pipeline.sweep.results import SWEEPS, Outcome, Results, Sweep, check_name, code_version
from pipeline.sweep.workers import Workers, cores
from pipeline.tables.names import counted
from pipeline.tables.preparation import PreparedData
from pipeline.tables.splits import check_batch_size
from pipeline.tables.store import NORMALIZED, ROOT, TableStore

SECONDS_BETWEEN_LINES: Final = 0.5


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UserError(f"{message}; python -m pipeline.sweep --help says more")


def main() -> None:
    """Read the command line; carry out the runs that have not been carried out, and write the table."""
    given = _arguments()
    settings = params.load()
    grid = Grid.of(settings.train, given.set)
    data = read_rows(Store(ROOT), settings.normalize)
    rows, inputs = data.sizes["train"], len(data.names)
    check_batch_size(max(map(int, grid.all("batch_size"))), rows)
    sweep = Sweep(grid=grid, normalize=data.settings, raw_sha256=Store(ROOT).raw_sha256(), code=code_version())
    turn = take_turn(ROOT, f"{SWEEPS}/.turn", f"a sweep of {counted(grid.count, 'run')}", datetime.now().astimezone())
    try:
        results = Results(ROOT, sweep, given.name, cut(grid, rows, inputs))
        if results.is_whole():
            print(f"this sweep of {counted(grid.count, 'run')} has been carried out: {results.place}")
            return
        began = time.perf_counter()
        _carry_out(results, data, given.scheduler, given.workers)
        table = results.merge()
        print(f"{counted(grid.count, 'run')} in {time.perf_counter() - began:.1f} s: {results.place}")
        print(_best(grid, table))
        if Store(ROOT).read_start():
            print(
                "this trains a branch, because start.json holds where one begins; the runs of a sweep begin at random"
            )
    except KeyboardInterrupt:
        print("stopped; the same command goes on with the runs that are left", file=sys.stderr)
        sys.exit(130)
    finally:
        os.close(turn)


def _arguments() -> argparse.Namespace:
    parser = _Parser(prog="python -m pipeline.sweep", description=__doc__, allow_abbrev=False)
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUES",
        help="a setting of train and its values, once for each setting: LOW..HIGH (whole numbers), LOW..HIGH:COUNT, "
        f"LOW..HIGH:log:COUNT or a,b,c; for example {EXAMPLE}",
    )
    parser.add_argument(
        "--name", help=f"what the table is called: {SWEEPS}/NAME.parquet (default: some digits, printed at the end)"
    )
    parser.add_argument("--workers", type=int, default=cores(), help="how many processes (default: all processors)")
    parser.add_argument("--scheduler", metavar="tcp://HOST:PORT", help="the scheduler of a dask cluster to run on")
    given = parser.parse_args()
    if given.workers < 1:
        raise UserError(f"--workers is {given.workers}; expected a whole number from 1")
    check_name(given.name)
    return given


def read_rows(store: TableStore, settings: Normalize) -> PreparedData:
    """Read the rows as the stage normalize has left them. Raises `UserError` unless they are made with `settings`."""
    before = store.read_scaling()
    data = store.open_normalized()
    if not isinstance(data, PreparedData):
        raise UserError("this table does not fit into memory, and a sweep needs it there; queue experiments instead")
    for made in (before, store.read_scaling()):
        if made.settings != settings or made.raw_sha256 != store.raw_sha256():
            raise UserError(f"{NORMALIZED} is not what params.yaml now asks for: run `dvc repro`, then sweep again")
    return data


def _carry_out(results: Results, data: PreparedData, scheduler: str | None, workers: int) -> None:
    """Carry out the missing chunks and keep each as soon as it is finished."""
    grid, missing = results.sweep.grid, results.missing()
    chunks = {number: [grid.settings(run) for run in runs] for number, runs in missing.items()}
    done = grid.count - sum(map(len, chunks.values()))
    with Cluster(data, scheduler) if scheduler else Workers(data, workers) as computer:
        for number, outcomes in _shown(computer.run(chunks), done, grid.count):
            results.keep(number, outcomes)


def _shown(finished: Iterator[tuple[int, list[Outcome]]], done: int, count: int) -> Iterator[tuple[int, list[Outcome]]]:
    """Pass finished chunks on, and show how many runs are done: as a bar on a terminal, otherwise line by line."""
    said = time.monotonic()
    with tqdm.tqdm(total=count, initial=done, disable=None, unit="run", leave=False, desc="sweep") as bar:
        for number, outcomes in finished:
            yield number, outcomes
            bar.update(len(outcomes))
            done += len(outcomes)
            if bar.disable and time.monotonic() - said >= SECONDS_BETWEEN_LINES:
                print(f"{done:,} of {count:,} runs", flush=True)
                said = time.monotonic()


def _best(grid: Grid, table: pa.Table) -> str:
    """Which run has the lowest validation error of those that did not diverge, and how it is recorded."""
    kept = table.filter(pc.not_equal(table["status"], "diverged"))
    if not (kept := kept.filter(pc.is_valid(kept["validation_mse"]))).num_rows:
        return "every run diverged: take smaller learning rates"
    best = kept.take(pc.sort_indices(kept, [("validation_mse", "ascending")])[:1]).to_pylist()[0]
    values = " ".join(f"-S train.{axis.setting}={best[axis.setting]}" for axis in grid.axes)
    return (
        f"the lowest validation MSE is {best['validation_mse']:g} (test {best['test_mse']:g}); to record that run:\n"
        f"dvc exp run {values}"
    )


if __name__ == "__main__":
    with safe_stage():
        main()
