"""Time the training loop and its peers: `python -m benchmarks.training`, or `--quick` for a first look.

Prints the tables, and writes `docs/benchmarks.json`, `docs/benchmarks.png` and the tables in README; `--quick` takes
small jobs and writes nothing.
"""

import argparse
from dataclasses import replace

from benchmarks.training import picture, report, tables
from benchmarks.training.jobs import JOBS, SMALL
from benchmarks.training.measure import measure
from pipeline.record.store import ROOT

README = ROOT / "README.md"


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="take small jobs, once, and write nothing")
    if parser.parse_args().quick:
        jobs = [replace(job, rows=min(job.rows, 5_000), epochs=min(job.epochs, 20)) for job in JOBS]
        print(tables.every_timing(measure(jobs, jobs[0], rounds=1)))
        return
    found = measure(JOBS, SMALL)
    report.FILE.write_text(found.model_dump_json(indent=1) + "\n")
    picture.draw(found)
    README.write_text(tables.with_tables(README.read_text("utf-8"), found), "utf-8")
    print(tables.every_timing(found), tables.markdown(found), tables.explanations(found), sep="\n\n")
    print("\ndocs/benchmarks.json, docs/benchmarks.png and the tables in README.md are written")


if __name__ == "__main__":
    main()
