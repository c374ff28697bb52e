"""A line of the fault table: what was done, what the driver saw and when, what the monitor said, and what was expected of both."""
import dataclasses

from journals import ms

HOLD = 50_000_000  # ns, from a fault to the driver's hold (issue: the loop and the gate)
AGAIN = 1_000_000_000  # ns, from the end of a fault until the arm may move again


@dataclasses.dataclass
class Check:
    expected: str
    measured: str
    holds: bool


@dataclasses.dataclass
class Row:
    name: str
    done: str = ""
    start: int = 0  # of the fault, ns of CLOCK_MONOTONIC
    end: int = 0
    driver: dict = dataclasses.field(default_factory=dict)  # ms after the fault began; None: never
    monitor: list = dataclasses.field(default_factory=list)
    checks: list = dataclasses.field(default_factory=list)
    not_run: str = ""

    @property
    def outcome(self):
        if self.not_run:
            return "not run"
        return "pass" if self.checks and all(check.holds for check in self.checks) else "FAIL"

    def check(self, expected, measured, holds):
        self.checks.append(Check(expected, str(measured), bool(holds)))

    def fault(self, done, start, end):
        self.done, self.start, self.end = done, start, end

    # What the driver saw. Each is a pure function of the journals, so that it can be shown to fail (self_test.py).

    def was_moving(self, driver):
        """Without motion before it a fault shows nothing."""
        held = driver.held(self.start - 500_000_000, self.start)
        moved = driver.moved(self.start - 500_000_000, self.start)
        self.check("moves in each cycle of the 0.5 s before", f"{moved} cycles, {held} holds", moved > 250 and held == 0)

    def saw(self, driver, until):
        """The driver's own story of fault and recovery."""
        hold = driver.first_hold(self.start, until)
        again = None if hold is None else driver.first_move(max(hold, self.end), until)
        self.driver = {
            "last move": None if hold is None else self.after(driver.last_move(self.start, until)),
            "first hold": self.after(hold),
            "moves again": self.after(again),
            "longest cycle": ms(driver.longest_gap(self.start, until)),
            "oldest action": ms(driver.oldest(self.start, until)),
        }

    def after(self, instant):
        return None if instant is None else ms(instant - self.start)

    def holds_within(self, driver, bound=HOLD, until=None):
        """The driver holds in time, and then until the fault is over."""
        until = self.end if until is None else until
        hold = driver.first_hold(self.start, until)
        last = driver.moved(hold, until) if hold is not None else driver.moved(self.start, until)
        self.check(f"holds within {ms(bound):g} ms", "never" if hold is None else f"{self.after(hold)} ms",
                   hold is not None and hold - self.start <= bound)
        self.check("no motion after that while it lasts", f"{last} cycles", hold is not None and last == 0)

    def moves_again(self, driver, until, bound=AGAIN):
        """After the fault the arm moves, and then stays in motion to the end."""
        again = driver.first_move(self.end, until)
        self.check(f"moves again within {ms(bound):g} ms of its end", "never" if again is None else f"{ms(again - self.end)} ms",
                   again is not None and again - self.end <= bound)
        held = driver.held(until - 300_000_000, until)
        moved = driver.moved(until - 300_000_000, until)
        self.check("in motion at the end", f"{held} holds in the last 0.3 s", held == 0 and moved > 150)

    def uses_nothing_that_waited(self, driver, until, start=None):
        """No action that was sent before the fault's end is obeyed after it."""
        count = driver.took(self.end, until, sent_before=self.end)
        self.check("nothing that waited is used", f"{count} actions", count == 0)

    def obeys_nothing_stale(self, driver, until, bound):
        """No action is obeyed so long after the controller sent it."""
        oldest = driver.oldest(self.start, until)
        self.check(f"no action older than {ms(bound):g} ms", "none taken" if oldest is None else f"{ms(oldest)} ms",
                   oldest is None or oldest <= bound)

    def moves_all_along(self, driver, until):
        held, moved = driver.held(self.start, until), driver.moved(self.start, until)
        took = driver.took(self.start, until)
        due = (until - self.start) / 1_000_000
        self.check("the driver never holds", f"{held} holds in {moved} cycles", held == 0 and moved > 0.5 * due)
        self.check("and gets every command", f"{took} of {due:.0f}", took >= 0.98 * due)

    # What the monitor said

    def says(self, verdicts, until):
        raised = verdicts.raised(self.start, until)
        first = {}
        for alarm in raised:
            first.setdefault(alarm["id"], alarm["at"])
        text = ", ".join(f"{kind} at {self.after(at):g}" for kind, at in list(first.items())[:4])
        more = f" and {len(first) - 4} more rules" if len(first) > 4 else ""
        self.monitor.append(f"alarms: {text or 'none'}{more}")

    def raises(self, verdicts, until, ids, bound):
        """One of these alarms in time."""
        first = min((alarm["at"] for alarm in verdicts.raised(self.start, until) if alarm["id"] in ids), default=None)
        self.check(f"{' or '.join(ids)} within {ms(bound):g} ms", "never" if first is None else f"{self.after(first)} ms",
                   first is not None and first - self.start <= bound)

    def raises_nothing(self, verdicts, until):
        names = sorted({alarm["id"] for alarm in verdicts.raised(self.start, until)})
        self.check("no alarm", ", ".join(names) or "none", not names)

    def judges_in_time(self, verdicts, until, bound):
        slowest = verdicts.slowest(self.start, until)
        self.check(f"every verdict within {ms(bound):g} ms", "none heard" if slowest is None else f"{ms(slowest)} ms",
                   slowest is not None and slowest <= bound)

    def lets_through_only_what_passed(self, driver, verdicts, until, deadline):
        inside = (driver.taken >= self.start) & (driver.taken < until)
        wrong, heard = verdicts.refused(driver.numbers[inside], (driver.taken - driver.sent_at)[inside], deadline)
        self.check("no command taken that was refused, or let through late",
                   f"{wrong} of {int(inside.sum())}, {heard} verdicts on them heard", wrong == 0 and heard > 0)

    def loses_only_once(self, status, sent):
        """What was thrown away is counted, and each message once. `sent`: instants of what was sent to the monitor."""
        counted = status.get("lost")
        least = int(((sent > self.start + 20_000_000) & (sent < self.end)).sum())
        most = int(((sent > self.start - 20_000_000) & (sent < self.end + 200_000_000)).sum())
        self.check("what is thrown away is counted once", f"{counted} counted, {least} to {most} sent",
                   counted is not None and least <= counted <= most)

    def ends_well(self, stage):
        result = stage.ended.get("monitor")
        self.check("the monitor ends with 0", result, result == 0)
        if result != 0:
            self.monitor.append(f"its last words: {stage.said('monitor')[-2000:]}")
