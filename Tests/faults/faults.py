"""The fault table: faults made to a monitor that enforces, a driver that honours its lease, and a load. See scripts/faults."""
import argparse
import dataclasses
import json
import os
import pathlib
import shutil
import signal
import sys
import tempfile
import textwrap

import self_test
from cases import FAULTS
from row import Row
from stage import NotRun, Programs

PASSED, FAILED, INCOMPLETE = 0, 1, 3


def run(name, programs):
    try:
        return FAULTS[name](programs)
    except NotRun as reason:
        return Row(name, not_run=str(reason))


def text(value):
    return "-" if value is None else f"{value:g}"


def print_row(row):
    wrap = lambda line: print(textwrap.fill(line, 118, initial_indent="    ", subsequent_indent="      "))
    print(f"{row.outcome:7} {row.name}: {row.done or row.not_run}")
    if row.not_run:
        return
    wrap("driver, ms: " + ", ".join(f"{name} {text(value)}" for name, value in row.driver.items()))
    wrap("monitor: " + "; ".join(row.monitor))
    for check in row.checks:
        wrap(f"{'ok  ' if check.holds else 'NOT '} {check.expected}: {check.measured}")
    sys.stdout.flush()


def print_table(rows):
    """One line a fault; ms after it began."""
    print("\n| fault | last move | first hold | moves again | oldest action | expected | |\n|---|---|---|---|---|---|---|")
    for row in rows:
        missed = "; ".join(f"{check.expected}: {check.measured}" for check in row.checks if not check.holds) or row.not_run
        columns = [text(row.driver.get(name)) for name in ("last move", "first hold", "moves again", "oldest action")]
        print(f"| {row.name}: {row.done} | " + " | ".join(columns) + f" | {row.outcome} | {missed} |")


def load():
    """What else the machine does: runnable threads, averaged over a minute."""
    return round(os.getloadavg()[0], 1)


def main():
    parser = argparse.ArgumentParser(prog="faults", description="Makes faults, and says what the driver saw and when.")
    parser.add_argument("--only", metavar="NAME", action="append", help="this fault alone; may be given more than once")
    parser.add_argument("--list", action="store_true", help="name the faults and end")
    parser.add_argument("--json", metavar="FILE", type=pathlib.Path, help="write all that was measured")
    parser.add_argument("--self-test", action="store_true", help="show that the table can fail: on made journals, and on a driver "
                                                                 "that ignores its lease")
    parser.add_argument("--monitor", type=pathlib.Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--programs", type=pathlib.Path, required=True, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.list:
        for name, function in FAULTS.items():
            print(f"{name:24} {function.__doc__}")
        return PASSED
    unknown = [name for name in options.only or [] if name not in FAULTS]
    if unknown:
        parser.error(f"there is no fault called {unknown[0]}; see --list")
    # Journals and motion in memory: no process of the rig waits for a disk.
    memory = pathlib.Path("/dev/shm")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="odcv-faults-", dir=memory if memory.is_dir() else None))
    disk = pathlib.Path(tempfile.mkdtemp(prefix="odcv-faults-"))
    # Whoever ends this ends what it started, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(FAILED))
    before = load()
    try:
        programs = Programs(options.monitor, options.programs, folder, disk)
        if options.self_test:
            return FAILED if self_test.run(programs) else PASSED
        rows = []
        for name in options.only or FAULTS:
            rows.append(run(name, programs))
            print_row(rows[-1])
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(disk, ignore_errors=True)
    print_table(rows)
    print(f"\nload average before {before}, after {load()}, {os.cpu_count()} cores")
    if options.json:
        content = [dataclasses.asdict(row) | {"outcome": row.outcome} for row in rows]
        options.json.write_text(json.dumps({"load_before": before, "load_after": load(), "faults": content}, indent=1) + "\n")
    outcomes = {row.outcome for row in rows}
    return FAILED if "FAIL" in outcomes else INCOMPLETE if "not run" in outcomes else PASSED


if __name__ == "__main__":
    sys.exit(main())
