"""`python -m benchmarks [--quick|--full] [row…]`: every row of the table, each in a process of its own."""

import argparse
import gc
import importlib
import logging
import subprocess
import sys
import time

import structlog

from benchmarks.figures import Measure, Size

ROWS = ("turns", "postgres", "http", "reply", "calls", "sweep", "notices", "history", "start")


def main() -> int:
    """Measure the rows that are named, or all; returns 1 when one could not be measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="row", help=", ".join(ROWS))
    parser.add_argument("--quick", action="store_const", const=Size.QUICK, dest="size", help="rough figures in a minute or two")
    parser.add_argument("--full", action="store_const", const=Size.FULL, dest="size", help="the sizes of the table")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)  # the one row is measured in this very process
    told = parser.parse_args()
    if unknown := set(told.rows) - set(ROWS):
        parser.error(f"no such row: {', '.join(sorted(unknown))}")
    size = told.size or Size.USUAL
    if told.here:
        _measure(told.rows[0], size)
        return 0
    return max(_apart(row, size) for row in told.rows or ROWS)


def _apart(row: str, size: Size) -> int:
    """A row in a process of its own: what one takes of memory is not counted against the next."""
    start = time.monotonic()
    mode = [] if size is Size.USUAL else [f"--{size}"]
    status = subprocess.run([sys.executable, "-m", "benchmarks", "--here", *mode, row], check=False).returncode
    print(f"{'':30} {row}: {time.monotonic() - start:.0f} s" + (" FAILED" if status else ""), flush=True)
    return 1 if status else 0


def _measure(row: str, size: Size) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    measure: Measure = importlib.import_module(f"benchmarks.{row}").measure
    gc.freeze()  # as in bot.__main__
    for figure in measure(size):
        print(figure.line(), flush=True)


if __name__ == "__main__":
    sys.exit(main())
