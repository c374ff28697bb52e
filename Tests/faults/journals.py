"""What the processes of a run saw, read from their journals (journal.h), and what follows from it.

Instants are ns of CLOCK_MONOTONIC, the same for every process; what is told to a person is in ms.
"""
import dataclasses

import numpy as np

NOTE = np.dtype([("at", "<i8"), ("kind", "<u4"), ("value", "<u4"), ("a", "<u8"), ("b", "<u8")])
CYCLE, TAKE, SENT, STATE, VERDICT = 1, 2, 3, 4, 5
STOP = 10  # an Action's space
COMMANDED, ALLOW, SLOW = 1, 1, 2  # of a Verdict


def ms(nanoseconds):
    return None if nanoseconds is None else round(nanoseconds / 1e6, 1)


def read(path):
    notes = np.fromfile(path, NOTE)
    return notes[: int(np.argmax(notes["at"] == 0)) if (notes["at"] == 0).any() else len(notes)]


@dataclasses.dataclass
class Driver:
    """The driver's journal beside those of the controllers whose actions it took."""

    notes: np.ndarray
    sent: np.ndarray  # of every controller

    def __post_init__(self):
        cycles = self.notes[self.notes["kind"] == CYCLE]
        self.at, self.moves = cycles["at"], cycles["value"] == 1
        takes = self.notes[(self.notes["kind"] == TAKE) & (self.notes["value"] != STOP)]
        when = {(int(boot), int(number)): int(at) for at, boot, number in zip(self.sent["at"], self.sent["a"], self.sent["b"])}
        self.taken = takes["at"]
        self.boots, self.numbers = takes["a"], takes["b"]
        # An action that nobody is known to have sent counts as sent before everything.
        self.sent_at = np.array([when.get((int(a), int(b)), 0) for a, b in zip(takes["a"], takes["b"])], dtype=np.int64)

    def between(self, start, end):
        return (self.at >= start) & (self.at < end)

    def last_move(self, start, end):
        """The last cycle in which it might move, before the first hold of this time; None when it did not move in it."""
        hold = self.first_hold(start, end)
        moving = self.at[self.between(start, end if hold is None else hold) & self.moves]
        return int(moving[-1]) if len(moving) else None

    def first_hold(self, start, end):
        holding = self.at[self.between(start, end) & ~self.moves]
        return int(holding[0]) if len(holding) else None

    def first_move(self, start, end=2**62):
        moving = self.at[self.between(start, end) & self.moves]
        return int(moving[0]) if len(moving) else None

    def moved(self, start, end):
        """How many cycles it might move in."""
        return int((self.between(start, end) & self.moves).sum())

    def held(self, start, end):
        return int((self.between(start, end) & ~self.moves).sum())

    def longest_gap(self, start, end):
        """ns between two of its cycles: how late the driver itself was."""
        at = self.at[self.between(start, end)]
        return int(np.diff(at).max()) if len(at) > 1 else end - start

    def took(self, start, end, sent_before=2**62):
        """How many actions it took in this time, of those that were sent before an instant."""
        return int(((self.taken >= start) & (self.taken < end) & (self.sent_at < sent_before)).sum())

    def oldest(self, start, end):
        """The greatest age of an action that it took in this time, ns since the controller sent it; None when it took none."""
        inside = (self.taken >= start) & (self.taken < end)
        return int((self.taken - self.sent_at)[inside].max()) if inside.any() else None

    def of_boot(self, boot, start=0, end=2**62):
        return int(((self.boots == boot) & (self.taken >= start) & (self.taken < end)).sum())


@dataclasses.dataclass
class Verdicts:
    """What an onlooker of the monitor heard."""

    notes: np.ndarray
    alarms: list  # of {"at", "state", "id", "text"}

    def __post_init__(self):
        notes = self.notes[self.notes["kind"] == VERDICT]
        self.at = notes["at"]
        self.judged, self.decision = notes["value"] & 0xFF, notes["value"] >> 16
        self.latency, self.number = notes["a"].astype(np.int64), notes["b"]

    def count(self, start, end):
        return int(((self.at >= start) & (self.at < end)).sum())

    def slowest(self, start, end):
        """ns, of the verdicts of this time."""
        inside = (self.at >= start) & (self.at < end)
        return int(self.latency[inside].max()) if inside.any() else None

    def raised(self, start, end):
        return [alarm for alarm in self.alarms if alarm["state"] == "raised" and start <= alarm["at"] < end]

    def refused(self, numbers, ages, deadline):
        """How many of these actions were not to be let through, or were let through late; and of how many a verdict was heard.
        `ages`: ns from the controller to the driver. What is there before its deadline was let through in time, also where its
        verdict says that the monitor stood still after that."""
        own = self.judged == COMMANDED
        # A verdict on a state or a tick names the last action too: the first that names it is its own.
        names, places = np.unique(self.number[own], return_index=True)
        decision, latency = self.decision[own][places], self.latency[own][places]
        wrong = np.isin(numbers, names[(decision != ALLOW) & (decision != SLOW)])
        wrong |= np.isin(numbers, names[latency > deadline]) & (ages > deadline)
        return int(wrong.sum()), int(np.isin(numbers, names).sum())
