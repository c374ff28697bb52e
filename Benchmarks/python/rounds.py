"""Contestants timed in turns, in one process on one core, and how their times compare."""
import os

import numpy as np


def pin_to_one_core():
    core = max(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})
    return core


def load():
    return os.getloadavg()[0]


def interleave(contestants, chunks):
    """Times per item, ns: one row a round, one column a contestant. Every other round goes through them backwards.

    A contestant takes a chunk and gives the ns that it took for all of it. The first round only warms up.
    """
    names = list(contestants)
    out = np.empty((len(chunks), len(names)))
    for number, chunk in enumerate(chunks):
        order = range(len(names)) if number % 2 == 0 else reversed(range(len(names)))
        for column in order:
            out[number, column] = contestants[names[column]](chunk) / len(chunk)
    return {name: out[1:, column] for column, name in enumerate(names)}


def quartiles(values):
    return np.percentile(values, [25, 50, 75])


def table(times, ours):
    """A line for each contestant: median, quartiles, and how many times ours it takes, round by round."""
    print(f"  {'':44s} {'median ns':>10s} {'quartiles':>19s} {'x ours':>8s} {'quartiles':>15s}")
    for name, values in times.items():
        low, middle, high = quartiles(values)
        a, b, c = quartiles(values / times[ours])
        print(f"  {name:44s} {middle:10,.0f} {low:9,.0f} {high:9,.0f} {b:8.2f} {a:7.2f} {c:7.2f}")
