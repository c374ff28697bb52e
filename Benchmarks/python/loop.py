"""scripts/bench loop: odcv's real loop beside a plain C echo loop on the same sockets, libzmq's own latency test and cyclictest.

A time is that of a round trip: from just before a command is handed to ZeroMQ until both frames of its answer are there, the
gated command or the verdict. Absolute times only describe the machine; the bars compare what one run measured.
"""
import argparse
import json
import pathlib
import platform
import sys
import tempfile

import numpy as np

import latency
import own
import rounds
from rig import PRIORITY, Rig

SPARE = 3.0  # µs that the loop may take beyond the echo and the verdict itself
PACES = {"1 kHz": 0, "flat out, 1 outstanding": 1, "flat out, 16 outstanding": 16}  # the load's window


class Result:
    """What one contestant did at one pace over one transport, all rounds together; times in µs."""

    def __init__(self):
        self.failed = False  # a round had no run in which nothing was lost
        self.rounds = []  # of each round: gated, told (empty where there are no verdicts), inside, messages a second

    def take(self, samples):
        if samples is None:
            self.failed = True
            return
        last = np.maximum(samples["gated"], samples["told"]).max()
        told = samples["told"] > 0
        self.rounds.append(((samples["gated"] - samples["sent"]) / 1e3, (samples["told"] - samples["sent"])[told] / 1e3,
                            samples["inside"][told] / 1e3, len(samples) / (last - samples["sent"][0]) * 1e9))

    def pooled(self, column):
        return np.concatenate([one[column] for one in self.rounds])

    def medians(self, column):
        return np.array([np.median(one[column]) for one in self.rounds])

    @property
    def rate(self):
        return float(np.median([one[3] for one in self.rounds])) if self.rounds else 0.0


def line(name, found, rate=None):
    if found is None:
        return
    print(f"  {name:44s} {found['p50_us']:9.1f} {found['p99_us']:9.1f} {found['p99.9_us']:9.1f} {found['max_us']:10.1f} "
          f"{found['samples']:8d}" + (f" {rate:10,.0f}/s" if rate else ""))


def bar(found, what, ours, theirs, own_time, spread=None):
    """ours <= theirs + the verdict's own time + 3 µs"""
    allowed = theirs + own_time + SPARE
    holds = bool(ours <= allowed)
    beside = "" if spread is None else f"; beyond echo and verdict, by rounds: {spread.min():.1f} to {spread.max():.1f}"
    print(f"  -> {what}: {ours:.1f} µs (bar: at most {theirs:.1f} + {own_time:.1f} + {SPARE:.0f} = {allowed:.1f}{beside}) "
          f"{'holds' if holds else 'DOES NOT HOLD'}")
    found.append({"what": what, "odcv_us": ours, "echo_us": theirs, "own_us": own_time, "spare_us": SPARE, "holds": holds})


CONTESTANTS = ("odcv", "echo", "echo with verdict", "echo, one socket")


def compare(rig, transport, window, owns, warm):
    """All contestants in turns, and the verdict's own time beside them: with the pauses that the loop has, and without any."""
    owns.begin()
    warm.begin()
    results = {name: Result() for name in CONTESTANTS}
    for number in range(rig.options.rounds):
        # odcv first in the first round: it says how long a verdict is.
        for name in CONTESTANTS if number % 2 == 0 else CONTESTANTS[::-1]:
            results[name].take(rig.measure(transport, name, window))
        # A command each millisecond; or the next one when the last one's answer is there; or always one that waits.
        telling = results["echo with verdict"]
        answered = int(np.median(telling.rounds[-1][0]) * 1e3) if telling.rounds else 0
        owns.take({0: -1, 1: answered}.get(window, 0))
        if window == 1:
            warm.take(0)
    return results


def report(transport, pace, window, results, owns, warm, rows, bars):
    print(f"\n{transport}, {pace}")
    print(f"  {'round trip, µs':44s} {'p50':>9s} {'p99':>9s} {'p99.9':>9s} {'max':>10s} {'samples':>8s}")
    for name, result in results.items():
        for answer, column in (("gated command", 0), ("verdict", 1)):
            found = latency.percentiles(result.pooled(column)) if result.rounds else None
            line(f"{name}: {answer}", found, result.rate if window and column == 0 else None)
            if found:
                rows.append({"transport": transport, "pace": pace, "contestant": name, "answer": answer,
                             "per_second": result.rate if window else None} | found)
    lost = [name for name, result in results.items() if result.failed]
    if lost:
        print(f"  -> {transport}, {pace}: commands were lost by {', '.join(lost)} in three runs of a round: no comparison DOES NOT HOLD")
        bars.append({"what": f"{transport}, {pace}: no run without loss by {', '.join(lost)}", "holds": False})
        return
    judged, told = owns.medians()
    for name, answer, values in (
            ("  inside odcv, from receipt to gated and sent", "latency_ns", results["odcv"].pooled(2)),
            ("  the verdict's own time, to the decision", "own time, judged", owns.pooled(0)),
            ("  and to the bytes that are published", "own time, told", owns.pooled(1)),
            *((("  its own time without pauses, to the decision", "without pauses, judged", warm.pooled(0)),
               ("  and to the bytes that are published", "without pauses, told", warm.pooled(1))) if window == 1 else ())):
        found = latency.percentiles(values)
        line(name, found)
        rows.append({"transport": transport, "pace": pace, "contestant": "odcv", "answer": answer} | found)
    odcv, echo, telling = results["odcv"], results["echo"], results["echo with verdict"]
    if window <= 1:
        # Both send what the monitor sends; the echo that tells no verdict is the least that can be.
        bar(bars, f"{transport}, {pace}, gated command, p50", np.median(odcv.pooled(0)), np.median(telling.pooled(0)), judged,
            odcv.medians(0) - telling.medians(0) - judged)
        print(f"     beside the echo that tells no verdict: {np.median(odcv.pooled(0)) - np.median(echo.pooled(0)) - judged:.1f} µs beyond "
              "echo and verdict")
        bar(bars, f"{transport}, {pace}, verdict, p50", np.median(odcv.pooled(1)), np.median(telling.pooled(1)), told,
            odcv.medians(1) - telling.medians(1) - told)
    else:
        # What waits in a queue waits for those before it: here the time that each takes up is compared.
        bar(bars, f"{transport}, {pace}, time a command takes up", 1e6 / odcv.rate, 1e6 / telling.rate, told)


def machine():
    with open("/proc/cpuinfo") as info:
        model = next((one.split(":")[1].strip() for one in info if one.startswith("model name")), platform.machine())
    return f"{model}, Linux {platform.release()}"


def parse():
    reader = argparse.ArgumentParser(prog="scripts/bench loop", description=__doc__)
    reader.add_argument("--transport", action="append", choices=("inproc", "ipc", "tcp"), help="once or more; default: all")
    reader.add_argument("--rounds", type=int, default=5, help="contestants take turns")
    reader.add_argument("--count", type=int, default=2500, help="commands of a round, beside its warm-up")
    reader.add_argument("--warm", type=int, default=500, help="commands before those that count")
    reader.add_argument("--quick", action="store_true", help="one round of 1000: tries the instrument, shows little")
    reader.add_argument("--json", help="write all rows and bars to this file too")
    options = reader.parse_args()
    if options.quick:
        options.rounds, options.count = 1, 1000
    if min(options.rounds, options.count, options.warm) < 1:
        reader.error("--rounds, --count and --warm are at least 1")
    if options.rounds * options.count < 10000 and not options.quick:
        reader.error("--rounds times --count must be at least 10000: fewer say little of p99.9 (or --quick)")
    return options


def main():
    options = parse()
    sys.stdout.reconfigure(line_buffering=True)
    before = rounds.load()
    rows, bars = [], []
    with tempfile.TemporaryDirectory(prefix="odcv-loop-") as name:
        rig = Rig(pathlib.Path(name), options)
        cores = (rig.loop_core, rig.other_core)
        quiet = before <= 0.5
        print(f"{machine()}, load {before:.2f}{'' if quiet else ' (NOT QUIET: times are not to be quoted)'}; "
              f"{options.rounds} rounds of {options.count} commands after {options.warm}")
        print(f"core {cores[0]}: the loop, SCHED_FIFO {PRIORITY} where granted; core {cores[1]}: ZeroMQ's threads of both sides, sender "
              "and receiver (SCHED_FIFO at 1 kHz, ordinary flat out); the monitor's recorder: any core, ordinary")
        owns, warm = own.OwnTime(rig, options), own.OwnTime(rig, options)
        for transport in options.transport or ("inproc", "ipc", "tcp"):
            for pace, window in PACES.items():
                report(transport, pace, window, compare(rig, transport, window, owns, warm), owns, warm, rows, bars)
            average = latency.zmq(transport, owns.command_bytes, 2000 if options.quick else 20000, cores)
            if average is None:
                print("  libzmq's own latency test: not here (see prepare)")
            else:
                print(f"  libzmq's own latency test, {transport}, {owns.command_bytes} bytes, flat out, ordinary threads, "
                      f"{'any core' if transport == 'inproc' else 'a core for each side'}: round trip {average:.1f} µs on average (twice "
                      "the one way that it tells; it has no percentiles)")
                rows.append({"transport": transport, "contestant": "libzmq's latency test", "mean_us": average})
        print(f"\ncyclictest, SCHED_FIFO {PRIORITY}, core {cores[0]}: how late a thread wakes up, µs")
        late = latency.cyclictest(cores[0], options.rounds * options.count, rig.folder)
        if late is None:
            print("  not here, or no right to SCHED_FIFO (see prepare)")
        else:
            line("each millisecond", late)
            rows.append({"contestant": "cyclictest"} | late)
        for who, grant in sorted(rig.grants):
            print(f"granted to {who}: {grant}")
    print("\nBars: odcv at most the echo, and the verdict's own time, and 3 µs")
    for one in bars:
        print(f"  {'holds        ' if one['holds'] else 'DOES NOT HOLD'} {one['what']}")
    after = rounds.load()
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps({
            "machine": machine(), "load_before": before, "load_after": after, "quiet": quiet, "rounds": options.rounds,
            "count": options.count, "loop_core": cores[0], "other_core": cores[1],
            "granted": sorted(rig.grants), "repeated": rig.repeated, "verdict_bytes": rig.verdict_bytes, "command_bytes": owns.command_bytes,
            "rows": rows, "bars": bars}, indent=1) + "\n")
    return 0 if all(one["holds"] for one in bars) else 1


if __name__ == "__main__":
    sys.exit(main())
