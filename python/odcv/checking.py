"""What the verdicts of a trial come to: hears every one of them while the trial runs, and misses none unnoticed."""
from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Optional

from .listener import Listener, words
from .monitor import Monitor
from .v1 import control_pb2, verdict_pb2

CERTAIN, POSSIBLE, UNKNOWN = verdict_pb2.VIOLATION_CERTAIN, verdict_pb2.VIOLATION_POSSIBLE, verdict_pb2.UNKNOWN
#: Of the monitor's own alarms, those that say that its record or its rules can't be relied on.
OWN_ALARMS = ("evidence.", "coverage.self-test")


@dataclass
class Bad:
    """Verdicts, one after the other, in which the same rules did not pass: of a command one, of measured motion maybe many."""

    first: int
    last: int
    judged: int
    action: int
    row: Optional[int]
    decision: int
    findings: dict[str, verdict_pb2.Finding]
    count: int = 1

    def of(self, outcomes: Iterable[int]) -> list[verdict_pb2.Finding]:
        return [finding for finding in self.findings.values() if finding.outcome in outcomes]

    @property
    def is_without_state(self) -> bool:
        """The arm itself is not heard of: what else is unknown then is so for want of it."""
        return any(finding.outcome == UNKNOWN and finding.subject == "stream state" for finding in self.findings.values())

    def where(self) -> str:
        decision = verdict_pb2.DecisionKind.Name(self.decision).lower()
        if self.judged == verdict_pb2.MEASURED_MOTION:
            inputs = f"{self.first}" + (f" to {self.last}" if self.last > self.first else "")
            return f"measured motion, input {inputs}, decision {decision}"
        if self.judged == verdict_pb2.NOTED:
            return f"a message without motion, input {self.first}, decision {decision}"
        row = f", row {self.row}" if self.row is not None else ""
        predicted = " (predicted: it was not due yet)" if self.judged == verdict_pb2.PREDICTED else ""
        return f"action {self.action}{row}, input {self.first}, decision {decision}{predicted}"


@dataclass
class Span:
    """What was heard of the inputs between two indices."""

    #: Arrival index and sequence number of each action and chunk that was judged as a command, or ahead.
    messages: list[tuple[int, int]] = field(default_factory=list)
    #: Arrival index of each judged command, and of a chunk's due row which it is.
    commands: list[tuple[int, Optional[int]]] = field(default_factory=list)
    bad: list[Bad] = field(default_factory=list)
    #: What says that not everything was heard, or that the monitor can't be relied on.
    doubts: list[str] = field(default_factory=list)

    def violations(self, outcomes: Iterable[int]) -> list[tuple[Bad, verdict_pb2.Finding]]:
        """Of commands and of measured motion. Of a chunk, the rows are judged when they are due; what its last prediction says counts
        only while the row that it is about has not come."""
        found = []
        for bad in self.bad:
            if bad.judged == verdict_pb2.PREDICTED and self._is_settled(bad):
                continue
            found += [(bad, finding) for finding in bad.of(outcomes)]
        return found

    def _is_settled(self, prediction: Bad) -> bool:
        if any(index > prediction.first for index, _ in self.messages):
            return True
        return any(index > prediction.first and row is not None and row >= (prediction.row or 0) for index, row in self.commands)

    def unknowns(self, to_end: bool) -> list[tuple[Bad, verdict_pb2.Finding]]:
        """Of every command; of everything else between the first command and the last; and, with `to_end`, of what comes then for as long
        as the arm reports. Before the first command the sources come up."""
        judged = [index for index, _ in self.commands] + [index for index, _ in self.messages]
        first, last = (min(judged), max(judged)) if judged else (0, 0)
        found = []
        for bad in self.bad:
            is_within = bad.last > first and (bad.first < last or (to_end and last > 0 and not bad.is_without_state))
            if is_within or bad.judged in (verdict_pb2.COMMANDED, verdict_pb2.PREDICTED):
                found += [(bad, finding) for finding in bad.of([UNKNOWN, verdict_pb2.OUTCOME_UNSPECIFIED])]
        return found


class Watcher:
    """Hears a monitor's verdicts on a thread of its own, from its first heartbeat on."""

    def __init__(self, monitor: Monitor):
        self._listener = Listener(monitor.config)
        self._listener.connect()
        self._changed = threading.Condition()
        self._messages: list[tuple[int, int]] = []
        self._commands: list[tuple[int, Optional[int]]] = []
        self._bad: list[Bad] = []
        self._doubts: list[str] = []
        self._newest = 0
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="odcv-watcher", daemon=True)
        self._thread.start()

    def await_index(self, index: int, timeout_s: float = 5.0) -> bool:
        """Waits until the verdict of this input, and so of all before it, is heard."""
        with self._changed:
            return self._changed.wait_for(lambda: self._newest >= index, timeout_s)

    def await_messages(self, after: int, sequences: Counter[int], timeout_s: float) -> Counter[int]:
        """Waits for the verdicts of these actions; the result is those that had none in time."""
        def missing() -> Counter[int]:
            return sequences - Counter(sequence for index, sequence in self._messages if index > after)

        with self._changed:
            self._changed.wait_for(lambda: not missing(), timeout_s)
            return missing()

    def await_calm(self, outcomes: Iterable[int], timeout_s: float) -> Optional[Bad]:
        """Waits until nothing has one of these outcomes any more; the result is what still has."""
        deadline = time.monotonic() + timeout_s
        wanted = tuple(outcomes)
        with self._changed:
            while True:
                seen = self._newest
                # A round of all that is published: one message alone may pass between two that do not.
                self._changed.wait_for(lambda: self._newest >= seen + 10, max(0.0, deadline - time.monotonic()))
                left = [bad for bad in self._bad if bad.last > seen and bad.of(wanted)]
                if self._newest >= seen + 10 and not left:
                    return None
                if time.monotonic() >= deadline:
                    return left[-1] if left else Bad(0, 0, 0, 0, None, 0, {})

    def take(self, after: int, until: int) -> Span:
        """What was heard of the inputs after index `after` up to `until`; it is forgotten here. A lasting violation that began
        before is part of it."""
        with self._changed:
            span = Span(
                [one for one in self._messages if after < one[0] <= until], [one for one in self._commands if after < one[0] <= until],
                [one for one in self._bad if one.last > after and one.first <= until], self._doubts)
            self._messages = [one for one in self._messages if one[0] > until]
            self._commands = [one for one in self._commands if one[0] > until]
            self._bad = [one for one in self._bad if one.last > until]
            self._doubts = []
        if self._newest < until:
            span.doubts.append(f"the verdicts of the last {until - self._newest} inputs did not arrive")
        if not self._thread.is_alive():
            span.doubts.append("the thread that hears the verdicts has ended")
        return span

    def close(self) -> None:
        self._stopping = True
        self._thread.join()
        self._listener.close()

    def _run(self) -> None:
        lost = 0
        try:
            while not self._stopping:
                message = self._listener.receive(0.05)
                with self._changed:
                    if self._listener.lost != lost:
                        self._doubts.append(f"{self._listener.lost - lost} verdicts or alarms were lost before input {self._newest}")
                        lost = self._listener.lost
                    if message is not None:
                        self._hear(message.body)
                    self._changed.notify_all()
        except Exception as error:  # whatever it is, nobody may take silence for a pass
            with self._changed:
                self._doubts.append(f"hearing the verdicts failed: {type(error).__name__}: {error}")
                self._changed.notify_all()

    def _hear(self, body: object) -> None:
        if isinstance(body, verdict_pb2.Alarm):
            if body.state == verdict_pb2.RAISED and body.id.startswith(OWN_ALARMS):
                self._doubts.append(f"the monitor's own alarm {body.id}: {body.text}")
        elif isinstance(body, verdict_pb2.Verdict):
            self._judge(body)

    def _judge(self, verdict: verdict_pb2.Verdict) -> None:
        index, judged = verdict.index, verdict.judged
        self._newest = max(self._newest, index)
        is_row = verdict.HasField("chunk_row") and judged == verdict_pb2.COMMANDED
        if judged == verdict_pb2.PREDICTED or (judged == verdict_pb2.COMMANDED and not is_row):
            self._messages.append((index, verdict.action_seq))
        if judged == verdict_pb2.COMMANDED:
            self._commands.append((index, verdict.chunk_row if is_row else None))
        if verdict.outcome in (verdict_pb2.PASS, verdict_pb2.NOT_APPLICABLE):
            return
        findings = {
            one.rule: one for one in verdict.finding if one.outcome not in (verdict_pb2.PASS, verdict_pb2.NOT_APPLICABLE)}
        if not findings:
            findings["verdict"] = verdict_pb2.Finding(rule="verdict", outcome=UNKNOWN, reason="it says neither pass nor what did not")
        bad = Bad(index, index, judged, verdict.action_seq, verdict.chunk_row if verdict.HasField("chunk_row") else None,
                  verdict.decision, findings)
        if not self._bad or not self._prolong(self._bad[-1], bad):
            self._bad.append(bad)

    @staticmethod
    def _prolong(last: Bad, bad: Bad) -> bool:
        """Adds a verdict to the one before it when it says the same, so that a violation that lasts takes no room."""
        if bad.judged != verdict_pb2.MEASURED_MOTION or last.judged != bad.judged or bad.first != last.last + 1:
            return False
        if bad.decision != last.decision or outcomes(last) != outcomes(bad):
            return False
        last.last, last.count = bad.last, last.count + 1
        for rule, finding in bad.findings.items():
            if finding.margin_lower < last.findings[rule].margin_lower:
                last.findings[rule] = finding
        return True


def outcomes(bad: Bad) -> dict[str, int]:
    return {rule: finding.outcome for rule, finding in bad.findings.items()}


@dataclass(frozen=True)
class Counts:
    """What a monitor counts beside its verdicts."""

    index: int
    lost: int
    refused: Counter[tuple[str, str]]
    latch: int
    rules: frozenset[str]

    @classmethod
    def of(cls, status: control_pb2.Status) -> Counts:
        return cls(
            status.inputs, status.lost, Counter({(one.stream, one.reason): one.count for one in status.refused}), status.latch,
            frozenset(one.rule for one in status.rule))


@dataclass
class Result:
    """What a trial came to. Neither: every command was judged on complete data, and every rule held."""

    #: Violations that nobody expected, and expected ones that did not come.
    broken: list[str] = field(default_factory=list)
    #: Why what was seen is not enough to say that every rule held.
    incomplete: list[str] = field(default_factory=list)
    commands: int = 0
    #: No action was judged: what was broken, the arm broke by itself.
    is_empty: bool = False


def violated(span: Span, outcomes: Iterable[int], expected: frozenset[str]) -> tuple[list[str], frozenset[str]]:
    """The violations that are not expected, each rule by its worst, in words; and the rules that were violated."""
    worst: dict[str, tuple[Bad, verdict_pb2.Finding, int]] = {}
    for bad, finding in span.violations(outcomes):
        known = worst.get(finding.rule)
        if known is None or (finding.outcome, finding.margin_lower) < (known[1].outcome, known[1].margin_lower):
            worst[finding.rule] = (bad, finding, bad.count + (known[2] if known else 0))
        else:
            worst[finding.rule] = (known[0], known[1], known[2] + bad.count)
    lines = [
        f"{words(finding)}\n    by {bad.where()}" + (f"; {count} verdicts say so" if count > 1 else "")
        for rule, (bad, finding, count) in worst.items() if rule not in expected]
    return lines, frozenset(worst)


def unknown(span: Span, expected: frozenset[str], to_end: bool) -> tuple[list[str], frozenset[str]]:
    """What was unknown and not expected to be, each rule once, in words; and the rules that were unknown."""
    first: dict[str, tuple[Bad, verdict_pb2.Finding, int]] = {}
    for bad, finding in span.unknowns(to_end):
        known = first.get(finding.rule)
        first[finding.rule] = (bad, finding, bad.count) if known is None else (known[0], known[1], known[2] + bad.count)
    lines = [
        f"{words(finding)}\n    at {bad.where()}" + (f"; {count} verdicts say so" if count > 1 else "")
        for rule, (bad, finding, count) in first.items() if rule not in expected]
    return lines, frozenset(first)
