"""Faults of the monitor and of its host."""
import signal
import subprocess
import time

import numpy as np

from row import HOLD
from rows import SECOND, fault, lost, row_of, seen, verified
from stage import BOOT, NotRun, Stage, end_with_parent, now, sleep_until


@fault
def nothing(programs):
    """No fault: what the table is held against. When this fails, the machine is too busy for the rest."""
    row = row_of("nothing")
    with Stage(programs) as stage:
        start = now()
        time.sleep(3)
        until = now()
        lost(row, stage.status())
    row.fault("nothing for 3 s", start, until)
    driver, verdicts = seen(row, stage, until)
    row.moves_all_along(driver, until)
    row.raises_nothing(verdicts, until)
    row.ends_well(stage)
    return row


def stopped(programs, name, milliseconds):
    row = row_of(name)
    with Stage(programs) as stage:
        start, end = stage.stop_for("monitor", milliseconds)
        time.sleep(1.5)
        until = now()
        status = stage.status()
        lost(row, status)
    row.fault(f"SIGSTOP of the monitor for {milliseconds / 1000:g} s", start, end)
    driver, verdicts = seen(row, stage, until)
    row.holds_within(driver)
    row.uses_nothing_that_waited(driver, until)
    row.lets_through_only_what_passed(driver, verdicts, until, programs.deadline)
    row.moves_again(driver, until)
    row.loses_only_once(status, stage.sent())
    row.ends_well(stage)
    return row


@fault
def monitor_stopped(programs):
    """SIGSTOP of the monitor for 0.3 s, then SIGCONT."""
    return stopped(programs, "monitor_stopped", 300)


@fault
def monitor_stopped_briefly(programs):
    """SIGSTOP of the monitor for 80 ms: less than any input may be old."""
    row = row_of("monitor_stopped_briefly")
    with Stage(programs) as stage:
        start, end = stage.stop_for("monitor", 80)
        time.sleep(1.5)
        until = now()
        lost(row, stage.status())
    row.fault("SIGSTOP of the monitor for 0.08 s", start, end)
    driver, _ = seen(row, stage, until)
    row.holds_within(driver)
    row.obeys_nothing_stale(driver, until, HOLD)
    row.moves_again(driver, until)
    row.ends_well(stage)
    return row


@fault
def monitor_stopped_long(programs):
    """SIGSTOP of the monitor for 3 s, then SIGCONT."""
    return stopped(programs, "monitor_stopped_long", 3000)


@fault
def monitor_killed(programs):
    """SIGKILL of the monitor; started again 0.5 s later."""
    row = row_of("monitor_killed")
    with Stage(programs) as stage:
        start = stage.kill("monitor")
        sleep_until(start + SECOND // 2)
        end = now()
        ready = stage.start_monitor()
        time.sleep(2)
        until = now()
        lost(row, stage.status())
    row.fault("SIGKILL of the monitor, started again after 0.5 s", start, end)
    driver, _ = seen(row, stage, until)
    row.holds_within(driver)
    row.check("ready within 1000 ms of its start", f"{(ready - end) / 1e6:.0f} ms", ready - end <= SECOND)
    row.uses_nothing_that_waited(driver, until)
    row.moves_again(driver, until, 2 * SECOND)
    row.ends_well(stage)
    verified(row, stage)
    return row


def silent(row, stage, start, end):
    """systemd's watchdog is fed by the loop's own progress alone. What it had done before may still be told once."""
    count = sum(start + 150_000_000 < instant < end for instant in stage.fed)
    before = sum(start - SECOND < instant < start for instant in stage.fed)
    row.check("systemd's watchdog is not fed", f"{count} times, {before} in the second before", count == 0 and before > 0)


def stalled_loop(row, stage, done, start, end, until, programs):
    row.fault(done, start, end)
    driver, verdicts = seen(row, stage, until)
    row.holds_within(driver)
    silent(row, stage, start, end)
    row.uses_nothing_that_waited(driver, until)
    row.lets_through_only_what_passed(driver, verdicts, until, programs.deadline)
    row.moves_again(driver, until)
    row.ends_well(stage)
    return row


@fault
def loop_starved(programs):
    """A SCHED_FIFO thread of priority 99 on the loop's core for 1 s."""
    if not programs.fifo:
        raise NotRun("SCHED_FIFO is not granted here")
    row = row_of("loop_starved")
    with Stage(programs) as stage:
        start, end = stage.disturb("hog", programs.loop_core, 99, 1000)
        time.sleep(1.5)
        until = now()
        lost(row, stage.status())
    done = f"SCHED_FIFO 99 on the loop's core for 1 s (the loop has {80 if stage.readies[0]['realtime']['fifo'] else 'no FIFO'})"
    return stalled_loop(row, stage, done, start, end, until, programs)


@fault
def cores_crowded(programs):
    """Eight ordinary threads that keep every core busy for 3 s: real-time service must not notice."""
    row = row_of("cores_crowded")
    with Stage(programs) as stage:
        if not (programs.fifo and stage.readies[0]["realtime"]["fifo"]):
            raise NotRun("SCHED_FIFO is not granted here")
        busy = [subprocess.Popen(["sh", "-c", "while :; do :; done"], preexec_fn=end_with_parent) for _ in range(8)]
        start = now()
        try:
            time.sleep(3)
        finally:
            until = now()
            for process in busy:
                process.kill()
                process.wait()
        lost(row, stage.status())
    row.fault("8 busy ordinary threads on all cores for 3 s", start, until)
    driver, verdicts = seen(row, stage, until)
    row.obeys_nothing_stale(driver, until, HOLD)
    row.moves_all_along(driver, until)
    row.ends_well(stage)
    return row


@fault
def loop_stalled(programs):
    """The loop's thread alone stands still for 1 s (ptrace), as in a deadlock; the monitor's other threads go on."""
    row = row_of("loop_stalled")
    with Stage(programs) as stage:
        start, end = stage.disturb("stall", stage.thread("odcv-loop"), 1000)
        time.sleep(1.5)
        until = now()
        lost(row, stage.status())
    return stalled_loop(row, stage, "the thread odcv-loop stopped by ptrace for 1 s", start, end, until, programs)


@fault
def source_lost_in_stall(programs):
    """The loop stands still for 5 s; the controller fills its queue, dies in it, and is started again after it."""
    row = row_of("source_lost_in_stall")
    with Stage(programs, ordinary=["controller"]) as stage:
        with stage.disturbing("stall", stage.thread("odcv-loop"), 5000) as span:
            time.sleep(0.1)
            stage.signal("controller", signal.SIGUSR1)
            time.sleep(0.9)
            stage.kill("controller")
        start, end = span
        stage.start_source("controller", boot=BOOT + 1)
        time.sleep(2)
        until = now()
        lost(row, stage.status())
    done = "odcv-loop stopped by ptrace for 5 s; the controller floods its queue and dies in it"
    return stalled_loop(row, stage, done, start, end, until, programs)


@fault
def clock_stepped(programs):
    """The wall clock of monitor and driver an hour forward, then two back, then right again."""
    row = row_of("clock_stepped")
    page = programs.folder / "clock"
    np.zeros(2, "<i8").tofile(page)
    clock = np.memmap(page, "<i8", "r+")
    with Stage(programs, preload=page) as stage:
        before = int(clock[1])
        start = now()
        for step in (3600, -3600, 0):
            clock[0] = step * SECOND
            time.sleep(1)
        until = now()
        reads = int(clock[1]) - before
        lost(row, stage.status())
    row.fault("CLOCK_REALTIME of every process (LD_PRELOAD) +1 h, -1 h, back, 1 s each", start, until)
    row.monitor.append(f"the wall clock was read {reads} times in it")
    driver, verdicts = seen(row, stage, until)
    row.check("the stepped clock is in the processes", f"{before} reads before", before > 0)
    row.moves_all_along(driver, until)
    row.raises_nothing(verdicts, until)
    row.ends_well(stage)
    return row
