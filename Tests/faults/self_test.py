"""The table can fail: each expectation does on a journal made to break it, and the table does on a driver that ignores its lease."""
import copy
import types

import numpy as np

import journals
from cases import FAULTS
from row import Row

MS = 1_000_000
START, END, UNTIL = 1000 * MS, 2000 * MS, 3500 * MS


def driver(moves, takes=()):
    """A driver's journal of 3.5 s. `moves`: ms in which it may move; `takes`: (ms of taking, ms of sending) of actions."""
    notes = [(t * MS + 1, journals.CYCLE, int(any(a <= t < b for a, b in moves)), 0, 0) for t in range(3500)]
    notes += [(at * MS + 2, journals.TAKE, 1, 7, place + 1) for place, (at, _) in enumerate(takes)]
    sent = [(sent * MS, journals.SENT, 0, 7, place + 1) for place, (_, sent) in enumerate(takes)]
    return journals.Driver(np.array(notes, journals.NOTE), np.array(sent, journals.NOTE))


def verdicts(alarms=(), latency=0, decision=1, number=1):
    value = journals.COMMANDED | decision << 16
    notes = np.array([(START + 5 * MS, journals.VERDICT, value, latency, number)], journals.NOTE)
    return journals.Verdicts(notes, [{"at": at * MS, "state": "raised", "id": name, "text": ""} for at, name in alarms])


EACH = [(t, t) for t in range(3500)]
GOOD = driver([(0, 1040), (2100, 3500)], [(t, t) for t in range(1000)] + [(t, t) for t in range(2100, 3500)])

# Name, what is asked of the row, a journal that satisfies it, one that breaks it.
EXPECTATIONS = [
    ("moving before", lambda row, d: row.was_moving(d), GOOD, driver([(0, 600), (700, 3500)])),
    ("moving before, from the start", lambda row, d: row.was_moving(d), GOOD, driver([])),
    ("hold in time", lambda row, d: row.holds_within(d), GOOD, driver([(0, 1060), (2100, 3500)])),
    ("hold at all", lambda row, d: row.holds_within(d), GOOD, driver([(0, 3500)])),
    ("hold to the end", lambda row, d: row.holds_within(d), GOOD, driver([(0, 1040), (1500, 1502), (2100, 3500)])),
    ("move again", lambda row, d: row.moves_again(d, UNTIL), GOOD, driver([(0, 1040)])),
    ("move again in time", lambda row, d: row.moves_again(d, UNTIL), GOOD, driver([(0, 1040), (3100, 3500)])),
    ("go on moving", lambda row, d: row.moves_again(d, UNTIL), GOOD, driver([(0, 1040), (2100, 3400)])),
    ("nothing that waited", lambda row, d: row.uses_nothing_that_waited(d, UNTIL), GOOD, driver([(0, 3500)], [(2010, 1999)])),
    ("nothing stale", lambda row, d: row.obeys_nothing_stale(d, UNTIL, 50 * MS), GOOD, driver([(0, 3500)], [(1500, 1449)])),
    ("nothing unknown", lambda row, d: row.obeys_nothing_stale(d, UNTIL, 50 * MS), GOOD, driver([(0, 3500)], [(1500, -9999)])),
    ("all along", lambda row, d: row.moves_all_along(d, UNTIL), driver([(0, 3500)], EACH), driver([(0, 2000), (2001, 3500)], EACH)),
    ("every command", lambda row, d: row.moves_all_along(d, UNTIL), driver([(0, 3500)], EACH), driver([(0, 3500)], EACH[:3000])),
    ("an alarm", lambda row, v: row.raises(v, UNTIL, ["a"], 100 * MS), verdicts([(1050, "a")]), verdicts([(1050, "b")])),
    ("an alarm in time", lambda row, v: row.raises(v, UNTIL, ["a"], 100 * MS), verdicts([(1050, "a")]), verdicts([(1101, "a")])),
    ("no alarm", lambda row, v: row.raises_nothing(v, UNTIL), verdicts([(999, "a")]), verdicts([(1050, "a")])),
    ("verdict in time", lambda row, v: row.judges_in_time(v, UNTIL, 5 * MS), verdicts(latency=4 * MS), verdicts(latency=6 * MS)),
    ("passed in time", lambda row, v: row.lets_through_only_what_passed(driver([(0, 3500)], [(1505, 1499)]), v, UNTIL, 5 * MS),
     verdicts(), verdicts(latency=6 * MS)),
    ("passed before it stood still", lambda row, d: row.lets_through_only_what_passed(d, verdicts(latency=300 * MS), UNTIL, 5 * MS),
     driver([(0, 3500)], [(1500, 1499)]), driver([(0, 3500)], [(1800, 1499)])),
    ("passed", lambda row, v: row.lets_through_only_what_passed(driver([(0, 3500)], [(1500, 1499)]), v, UNTIL, 5 * MS),
     verdicts(decision=2), verdicts(decision=3)),
    ("counted once", lambda row, n: row.loses_only_once({"lost": n}, np.arange(START, END, MS)), 1000, 2000),
    ("counted at all", lambda row, n: row.loses_only_once({"lost": n}, np.arange(START, END, MS)), 1000, 0),
    ("counted, when there is no answer", lambda row, n: row.loses_only_once({"lost": n}, np.arange(START, END, MS)), 1000, None),
    ("the monitor's end", lambda row, s: row.ends_well(s), types.SimpleNamespace(ended={"monitor": 0}),
     types.SimpleNamespace(ended={"monitor": -11}, said=lambda name: "")),
]


def outcome(ask, journal):
    row = Row("made", start=START, end=END)
    ask(row, journal)
    return row.outcome


def run(programs):
    """How many of the things that must be found were not."""
    wrong = 0
    for name, ask, good, bad in EXPECTATIONS:
        told = outcome(ask, good), outcome(ask, bad)
        if told != ("pass", "FAIL"):
            wrong += 1
            print(f"NOT  {name}: {told[0]} where it is kept, {told[1]} where it is broken")
    if Row("made").outcome == "pass":
        wrong += 1
        print("NOT  a row without an expectation passes")
    print(f"{len(EXPECTATIONS) + 1} expectations on made journals, {wrong} that can't fail or can't pass")
    ignoring = copy.copy(programs)
    ignoring.obeys = "everything"
    for name in ("monitor-stopped", "driver-stopped"):
        row = FAULTS[name](ignoring)
        missed = [check.expected for check in row.checks if not check.holds]
        is_found = row.outcome == "FAIL" and any("hold" in expected for expected in missed)
        wrong += not is_found
        print(f"{'ok  ' if is_found else 'NOT '} a driver that ignores its lease, {name}: {row.outcome} ({'; '.join(missed)})")
    return wrong
