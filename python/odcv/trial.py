"""One monitor for a session of tests, and the trial of each test."""
from __future__ import annotations

import pathlib
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Optional, TypeVar

from . import publisher
from .checking import CERTAIN, POSSIBLE, UNKNOWN, Counts, Result, Span, Watcher, unknown, violated
from .controller import Controller
from .errors import ConfigurationError, Error, MonitorFailed
from .listener import Listener, words
from .monitor import Monitor
from .perception import Perception
from .robot import Robot

OUTCOMES = {"possible": (CERTAIN, POSSIBLE), "certain": (CERTAIN,)}
#: For the verdict of what was sent: after that there is none.
PATIENCE_S = 5.0
#: Tries to stop the arm after a trial.
STOPS = 5
EVERYTHING = (1 << 64) - 1  # an arrival index that no run comes to

Party = TypeVar("Party", Controller, Robot, Perception, Listener)


@dataclass(frozen=True)
class Settings:
    config: pathlib.Path
    binary: str
    mode: Optional[str]
    fail_on: str
    realtime: str
    evidence: pathlib.Path
    #: Another monitor for each trial: a simulation that puts its arm elsewhere between two trials would be a jump to one that goes on.
    renew: bool = False


class Session:
    """Starts the monitor when the first trial needs it, and another one when it has died or latched: only an operator clears a latch."""

    def __init__(self, settings: Settings):
        self.settings = settings
        self.started = self.trials = self.commands = 0
        self.monitor: Optional[Monitor] = None
        self.watcher: Optional[Watcher] = None
        self._index = 0
        #: Arrival indices between which the stop after a trial was sent.
        self._stopped = (0, 0)

    def begin(self, name: str) -> Trial:
        """Raises MonitorFailed when the monitor died, or a command broke a rule, since the last trial."""
        if self.monitor is not None and not self.monitor.is_running():
            ended = self.monitor.how_it_ended()
            self._end(check=False)
            raise MonitorFailed(f"the monitor died between two trials: {ended}")
        if self.monitor is not None and (self.settings.renew or Counts.of(self.monitor.control.status()).latch != 0):
            self._between()
            self._end()
        if self.monitor is None:
            self._start()
        assert self.monitor is not None
        self.trials += 1
        control = self.monitor.control
        control.episode("reset", trial=self.trials, scenario=name)
        control.episode("start", trial=self.trials, scenario=name)
        counts = Counts.of(control.status())
        self._between(counts.index)
        return Trial(self, name, counts)

    def _start(self) -> None:
        self.started += 1
        self.monitor = Monitor(
            self.settings.config, binary=self.settings.binary, mode=self.settings.mode, realtime=self.settings.realtime,
            evidence=self.settings.evidence / f"monitor-{self.started}")
        try:
            self.monitor.control.timeout_s = PATIENCE_S
            self.watcher = Watcher(self.monitor)
            self._index = Counts.of(self.monitor.control.status()).index
        except BaseException:
            self._end(check=False)
            raise

    def take(self, counts: Counts, timeout_s: Optional[float] = None) -> Span:
        """What was heard since it was asked last, up to these counts."""
        assert self.watcher is not None
        self.watcher.await_index(counts.index, PATIENCE_S if timeout_s is None else timeout_s)
        span = self.watcher.take(self._index, counts.index)
        self._index = counts.index
        return span

    def settle(self) -> None:
        """Stops the arm after a trial: what a trial commanded last is under way until something else is commanded, and would be judged
        in the next one."""
        assert self.monitor is not None and self.watcher is not None
        control = self.monitor.control
        control.episode("reset", trial=self.trials)
        before = Counts.of(control.status()).index
        with Controller(self.monitor.config) as controller:
            # On a host that paused, the monitor throws away what waited.
            judged = any(not self.watcher.await_messages(before, Counter([controller.stop()]), PATIENCE_S / 5) for _ in range(STOPS))
        control.episode("end", trial=self.trials)
        self._stopped = (before, Counts.of(control.status()).index)
        if not judged:
            raise MonitorFailed("no verdict arrived for the stop after the trial")

    def lose(self) -> str:
        """Gives up a monitor that died; the next trial gets another one. Returns how it ended."""
        assert self.monitor is not None
        ended = self.monitor.how_it_ended()
        self.monitor.kill()
        self._end(check=False)
        return ended

    def close(self) -> None:
        """Raises MonitorFailed when the monitor did not live to its end, or a command broke a rule after the last trial."""
        if self.monitor is None:
            return
        try:
            if self.monitor.is_running():
                self._between()
        finally:
            self._end()

    def _between(self, index: Optional[int] = None) -> None:
        assert self.monitor is not None
        counts = Counts.of(self.monitor.control.status())
        span = self.take(counts if index is None else Counts(index, 0, Counter(), 0, frozenset()))
        commands = {command for command, _ in span.commands}
        first, last = self._stopped
        # Not the stop itself: the arm may well be where it should not be.
        span.bad = [bad for bad in span.bad if bad.first in commands and not (bad.action <= STOPS and first < bad.first <= last)]
        lines, _ = violated(span, OUTCOMES[self.settings.fail_on], frozenset())
        if lines:
            raise MonitorFailed("\n  ".join(["a command broke a rule outside of any test:", *lines]))

    def _end(self, check: bool = True) -> None:
        monitor, watcher = self.monitor, self.watcher
        self.monitor = self.watcher = None
        if watcher is not None:
            watcher.close()
        if monitor is not None:
            monitor.close(check)


class Trial:
    """What the fixture `odcv_monitor` gives to a test: where to publish to, and what was judged.

    Whoever publishes in another process gets `config`, a monitor file with the endpoints of this run.
    """

    def __init__(self, session: Session, name: str, counts: Counts):
        assert session.monitor is not None and session.watcher is not None
        self._since = time.monotonic()
        self._session, self._monitor, self._watcher = session, session.monitor, session.watcher
        self.name = name
        #: The monitor file of this run, for `Controller(config=...)` and the like.
        self.config = session.monitor.config
        self.endpoints = session.monitor.endpoints
        self.mode = session.monitor.mode
        self.pid = session.monitor.pid
        self.evidence = session.monitor.evidence
        configuration = session.monitor.configuration
        self._sources = ("state", *configuration.people_sensors, *configuration.obstacle_sensors)
        self._counts, self._began = counts, counts.index
        #: Sequence numbers of the actions of this process, and of those that were judged.
        self._sent: Counter[int] = Counter()
        self._seen: Counter[int] = Counter()
        self._expected: frozenset[str] = frozenset()
        self._expected_unknown: frozenset[str] = frozenset()
        self._parties: list[Any] = []
        self._is_lost = False
        self._heard, self._early = Span(), Result()
        self._violated: frozenset[str] = frozenset()
        self._unknown: frozenset[str] = frozenset()
        publisher.observers.append(self._note)

    def expect(self, violations: Sequence[str] = (), unknown: Sequence[str] = ()) -> None:
        """The rules that this trial must violate, or leave unknown. Any other still counts."""
        wrong = [rule for rule in (*violations, *unknown) if rule not in self._counts.rules]
        if wrong:
            raise ConfigurationError(f"no rule is called {', '.join(wrong)}; `odcv-monitor rules list` names them")
        self._expected |= frozenset(violations)
        self._expected_unknown |= frozenset(unknown)

    # For the test

    def controller(self, **further: Any) -> Controller:
        """A Controller, closed after the test; so are the others."""
        return self._open(Controller(self.config, **further))

    def robot(self, **further: Any) -> Robot:
        return self._open(Robot(self.config, **further))

    def perception(self, **further: Any) -> Perception:
        return self._open(Perception(self.config, **further))

    def listener(self, **further: Any) -> Listener:
        return self._open(Listener(self.config, **further))

    def status(self):  # type: ignore[no-untyped-def]
        """The monitor's Status."""
        return self._monitor.control.status()

    def wait_until_ready(self, timeout_s: float = 10.0) -> None:
        """Waits until the monitor knows, from this trial, all that it needs to judge a command, and every rule holds. Raises MonitorFailed,
        with what is missing or broken, and NotConnected when the monitor does not answer. Without a command so far, what was
        before is not this trial's: the arm may have been on its way."""
        deadline = time.monotonic() + timeout_s
        while silent := self._silent():
            if time.monotonic() >= deadline:
                raise MonitorFailed(f"after {timeout_s:g} s the monitor has heard nothing in this test of: {', '.join(silent)}")
            time.sleep(0.01)
        outcomes = OUTCOMES[self._session.settings.fail_on]
        left = self._watcher.await_calm((UNKNOWN, *outcomes), max(0.0, deadline - time.monotonic()))
        if left is not None:
            found = "\n  ".join(words(one) for one in left.findings.values()) or "nothing was heard of the arm"
            raise MonitorFailed(f"after {timeout_s:g} s the monitor can't let a command through yet:\n  {found}")
        self._collect(self._early)
        if not self._heard.messages and not self._heard.commands:
            self._heard = Span()

    def _silent(self) -> list[str]:
        """The arm and the sensors that have not been heard in this trial: the monitor still has what the one before it published."""
        passed_ns = (time.monotonic() - self._since) * 1e9
        new = {one.input for one in self.status().age if one.HasField("age_ns") and one.age_ns <= passed_ns}
        return [name for name in self._sources if name not in new]

    def _open(self, party: Party) -> Party:
        self._parties.append(party)
        return party

    # For the fixture

    def finish(self) -> Result:
        """What the trial came to, when its test has run."""
        result = self._early
        is_there = self._collect(result)
        self._judge(result, to_end=True)
        if not is_there:
            return result
        result.broken += [f"{rule} was expected to be violated, and was not" for rule in sorted(self._expected - self._violated)]
        result.broken += [
            f"{rule} was expected to be unknown, and was not" for rule in sorted(self._expected_unknown - self._unknown - self._violated)]
        result.commands = len(self._heard.commands)
        result.is_empty = not self._heard.messages and not result.commands
        if result.is_empty:
            result.incomplete.insert(
                0, "nothing was checked: no action was judged. Did the controller publish, to this monitor, as this robot?")
        self._session.commands += result.commands
        return result

    def end(self) -> Result:
        """What came after that, until everything that the test used is gone."""
        result = Result()
        for party in self._parties:
            party.close()
        if self._note in publisher.observers:
            publisher.observers.remove(self._note)
        if not self._collect(result):
            return result
        self._judge(result, to_end=False)
        try:
            self._session.settle()
        except Error as error:
            result.incomplete.append(str(error))
        return result

    def _collect(self, result: Result) -> bool:
        """Takes in what was heard since the last time, with the verdict of every action that was sent from here, and puts into `result`
        what makes it incomplete. False when the monitor is gone."""
        if self._is_lost:
            return False
        sent = self._sent - self._seen
        missing = self._watcher.await_messages(self._began, sent, PATIENCE_S if self._monitor.is_running() else 0)
        try:
            before, self._counts = self._counts, Counts.of(self._monitor.control.status())
        except Error as error:
            self._is_lost = True
            self._add(self._session.take(Counts(EVERYTHING, 0, Counter(), 0, frozenset()), timeout_s=0))
            result.incomplete.append(f"the monitor is gone: {error}\n    {self._session.lose()}")
            return False
        span = self._session.take(self._counts)
        self._seen.update(sequence for _, sequence in span.messages)
        if missing:
            # Told once.
            self._seen.update(missing)
            result.incomplete.append(f"no verdict arrived for {sum(missing.values())} of the {sum(sent.values())} actions that were sent: "
                                     f"{', '.join(map(str, sorted(missing)[:10]))}")
        refused = self._counts.refused - before.refused
        if "integrity.schema" not in self._expected_unknown | self._expected:
            result.incomplete += [f"{count} messages of {stream} were refused: {reason}" for (stream, reason), count in refused.items()]
        lost = self._counts.lost - before.lost
        if lost and "integrity.sequence" not in self._expected_unknown | self._expected:
            result.incomplete.append(f"{lost} messages were lost before the monitor saw them")
        result.incomplete += span.doubts
        self._add(span)
        return True

    def _add(self, span: Span) -> None:
        self._heard.messages += span.messages
        self._heard.commands += span.commands
        self._heard.bad += span.bad

    def _judge(self, result: Result, to_end: bool) -> None:
        """Of the whole trial, so that what lies between two commands is known as such; each rule is told once."""
        broken, violated_now = violated(self._heard, OUTCOMES[self._session.settings.fail_on], self._expected | self._violated)
        self._violated |= violated_now
        undecided, unknown_now = unknown(self._heard, self._expected_unknown | self._unknown, to_end)
        self._unknown |= unknown_now
        result.broken += broken
        result.incomplete += undecided

    def _note(self, address: str, kind: str, number: int) -> None:
        if kind == "action" and address == self.endpoints["action"]:
            self._sent[number] += 1
