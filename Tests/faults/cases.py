"""The faults: what each does, and what is expected of the driver and of the monitor."""
import os
import signal
import subprocess
import time

import numpy as np

from row import AGAIN, HOLD, Row
from stage import BOOT, NotRun, Stage, end_with_parent, now, sleep_until

SECOND = 1_000_000_000
FAULTS = {}


def fault(function):
    FAULTS[function.__name__.replace("_", "-")] = function
    return function


def row_of(name):
    return Row(name.replace("_", "-"))


def seen(row, stage, until):
    """The journals, when everything has ended; and the row's own story of them."""
    driver, verdicts = stage.driver(), stage.verdicts()
    row.was_moving(driver)
    row.saw(driver, until)
    row.says(verdicts, until)
    return driver, verdicts


def lost(row, status):
    row.monitor.append(f"status: {status.get('outcome')}, {status.get('decision')}, {status.get('lost')} lost, "
                       f"{status.get('overruns')} late, latch {status.get('latch')}")


def verified(row, stage):
    """The violation log of the run is as it was written."""
    done = subprocess.run([stage.programs.monitor, "verify", stage.evidence], capture_output=True, text=True)
    row.check("the violation log verifies", done.returncode, done.returncode == 0)


# Nothing

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


# The monitor

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


# The driver and those who listen

def driver_stopped_for(programs, name, milliseconds):
    row = row_of(name)
    with Stage(programs) as stage:
        start, end = stage.stop_for("driver", milliseconds)
        time.sleep(1.5)
        until = now()
        lost(row, stage.status())
    row.fault(f"SIGSTOP of the driver for {milliseconds / 1000:g} s", start, end)
    driver, verdicts = seen(row, stage, until)
    first = driver.at[driver.at >= end]
    moves = driver.moves[driver.at >= end]
    row.check("its first cycle afterwards holds", "no cycle" if not len(first) else f"{'moves' if moves[0] else 'holds'} at "
              f"{row.after(int(first[0]))} ms", len(first) > 0 and not moves[0])
    row.obeys_nothing_stale(driver, until, HOLD)
    row.judges_in_time(verdicts, until, programs.deadline)
    row.moves_again(driver, until)
    row.raises_nothing(verdicts, until)
    row.ends_well(stage)
    return row


@fault
def driver_stopped(programs):
    """SIGSTOP of the arm's driver for 0.25 s."""
    return driver_stopped_for(programs, "driver_stopped", 250)


@fault
def driver_stopped_long(programs):
    """SIGSTOP of the arm's driver for 2 s: queues fill up."""
    return driver_stopped_for(programs, "driver_stopped_long", 2000)


@fault
def onlooker_stopped(programs):
    """SIGSTOP for 10 s of one that has subscribed to all verdicts."""
    row = row_of("onlooker_stopped")
    with Stage(programs) as stage:
        stage.start_onlooker("second")
        time.sleep(1)
        before = stage.memory()
        start, end = stage.stop_for("second", 10_000)
        after = stage.memory()
        until = now()
        lost(row, stage.status())
    row.fault("SIGSTOP of an onlooker of the verdicts for 10 s", start, end)
    driver, verdicts = seen(row, stage, until)
    row.moves_all_along(driver, end)
    row.judges_in_time(verdicts, end, programs.deadline)
    grown = (after - before) / 1e6
    row.monitor.append(f"memory {before / 1e6:.0f} MB, then {after / 1e6:.0f} MB")
    row.check("the monitor grows by at most 64 MB", f"{grown:.0f} MB", grown <= 64)
    row.raises_nothing(verdicts, end)
    row.ends_well(stage)
    return row


@fault
def disk_full(programs):
    """The evidence is on a file system of 16 MB, which fills up."""
    row = row_of("disk_full")
    disk = programs.folder / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "odcv-faults", disk], capture_output=True).returncode != 0:
        raise NotRun("a small file system can't be mounted here; root may")
    try:
        with Stage(programs, evidence=disk / "evidence") as stage:
            limit = now() + 10 * SECOND
            start = now()
            while free(disk) > 0:
                if now() > limit:
                    raise NotRun("the disk did not fill up")
                start = now()
                time.sleep(0.002)
            time.sleep(2)
            stop, end = stage.stop_for("arm", 500)
            time.sleep(1.5)
            until = now()
            lost(row, stage.status())
        row.fault("the evidence's disk is full; 2 s later the arm's states stop for 0.5 s", start, end)
        driver, verdicts = seen(row, stage, until)
        row.raises(verdicts, until, ["evidence.disk"], 3 * SECOND)
        row.moves_all_along(driver, stop)
        hold = driver.first_hold(stop, end)
        bound = programs.max_age[0] + HOLD
        row.check(f"holds within {bound / 1e6:g} ms of the last state", "never" if hold is None else f"{(hold - stop) / 1e6:.1f} ms",
                  hold is not None and hold - stop <= bound)
        row.judges_in_time(verdicts, until, programs.deadline)
        row.moves_again(driver, until)
        row.monitor.append(f"ended with {stage.ended.get('monitor')}")
        verified(row, stage)
    finally:
        subprocess.run(["umount", "-l", disk], capture_output=True)
    return row


def free(disk):
    """Pages that are left, as a writer sees them."""
    return os.statvfs(disk).f_bavail


# The controller

def flooded(programs, row, stage, done, start, end, until):
    row.fault(done, start, end)
    driver, verdicts = seen(row, stage, until)
    oldest = min(programs.max_age) + HOLD
    row.obeys_nothing_stale(driver, until, oldest)
    row.lets_through_only_what_passed(driver, verdicts, until, programs.deadline)
    row.moves_again(driver, until)
    return driver


@fault
def flood(programs):
    """The controller sends at 20 times its rate for 2 s."""
    row = row_of("flood")
    with Stage(programs, ordinary=["controller"]) as stage:
        start = stage.signal("controller", signal.SIGUSR1)
        time.sleep(2)
        end = stage.signal("controller", signal.SIGUSR2)
        time.sleep(1.5)
        until = now()
        lost(row, stage.status())
    driver = flooded(programs, row, stage, "20 commands a millisecond from the controller for 2 s", start, end, until)
    row.monitor.append(f"{driver.took(start, end)} commands taken, {driver.held(start, end)} ms of hold")
    row.ends_well(stage)
    return row


@fault
def intruder(programs):
    """A second publisher sends 20 commands a millisecond on the controller's endpoint for 2 s."""
    row = row_of("intruder")
    with Stage(programs, ordinary=["intruder"]) as stage:
        start = now()
        stage.start_source("controller", "intruder", boot=66, stream=2, first=1_000_000, each=20)
        sleep_until(start + 2 * SECOND)
        end = stage.kill("intruder")
        time.sleep(1.5)
        until = now()
        lost(row, stage.status())
    driver = flooded(programs, row, stage, "20 commands a millisecond from a second publisher for 2 s", start, end, until)
    count = driver.of_boot(66)
    row.check("none of its commands is taken", count, count == 0)
    row.raises(stage.verdicts(), until, ["integrity.identity"], SECOND)
    row.ends_well(stage)
    return row


@fault
def controller_stopped(programs):
    """SIGSTOP of the controller for 1 s: commands stop, states go on."""
    row = row_of("controller_stopped")
    with Stage(programs) as stage:
        start, end = stage.stop_for("controller", 1000)
        time.sleep(1.5)
        until = now()
        lost(row, stage.status())
    row.fault("SIGSTOP of the controller for 1 s", start, end)
    driver, _ = seen(row, stage, until)
    count = driver.took(start + HOLD, end)
    row.check("no command in it", count, count == 0)
    row.obeys_nothing_stale(driver, until, HOLD)
    row.moves_again(driver, until)
    row.ends_well(stage)
    return row


@fault
def controller_restarted(programs):
    """SIGKILL of the controller; 0.3 s later another begins at number 1 with another boot."""
    row = row_of("controller_restarted")
    with Stage(programs) as stage:
        start = stage.kill("controller")
        sleep_until(start + 300_000_000)
        end = now()
        stage.start_source("controller", boot=BOOT + 1)
        time.sleep(2)
        until = now()
        lost(row, stage.status())
    row.fault("SIGKILL of the controller, another after 0.3 s: number 1, another boot", start, end)
    driver, _ = seen(row, stage, until)
    row.obeys_nothing_stale(driver, until, HOLD)
    count = driver.of_boot(BOOT + 1, end)
    row.check("commands of the new one are taken", count, count > 500)
    row.moves_again(driver, until)
    row.ends_well(stage)
    return row


@fault
def controller_late(programs):
    """The controller comes 1.5 s after everybody else."""
    row = row_of("controller_late")
    with Stage(programs, without=["controller"]) as stage:
        start = now()
        sleep_until(start + 1_500_000_000)
        end = now()
        stage.start_source("controller")
        time.sleep(1.5)
        until = now()
        lost(row, stage.status())
    return latecomer(row, stage, "a controller that comes 1.5 s after the others", start, end, until)


@fault
def driver_late(programs):
    """The arm's driver connects 1.5 s after everybody else."""
    row = row_of("driver_late")
    with Stage(programs, without=["driver"]) as stage:
        start = now()
        sleep_until(start + 1_500_000_000)
        end = now()
        stage.start_driver()
        time.sleep(1.5)
        until = now()
        lost(row, stage.status())
    return latecomer(row, stage, "a driver that comes 1.5 s after the others", start, end, until)


def latecomer(row, stage, done, start, end, until):
    row.fault(done, start, end)
    driver, verdicts = stage.driver(), stage.verdicts()
    row.saw(driver, until)
    row.says(verdicts, until)
    early = driver.moved(0, end)
    row.check("no motion before", f"{early} cycles", early == 0)
    row.uses_nothing_that_waited(driver, until)
    row.obeys_nothing_stale(driver, until, HOLD)
    row.moves_again(driver, until)
    row.ends_well(stage)
    return row


# What is known of the arm and of people

def went_stale(programs, row, stage, done, start, end, until, max_age, alarms, again=AGAIN):
    """The source was there at least one period before, and time is judged each 20 ms."""
    row.fault(done, start, end)
    driver, verdicts = seen(row, stage, until)
    row.holds_within(driver, max_age + HOLD)
    row.raises(verdicts, until, alarms, max_age + HOLD)
    row.lets_through_only_what_passed(driver, verdicts, until, programs.deadline)
    row.moves_again(driver, until, again)
    row.ends_well(stage)
    return row


@fault
def states_stopped(programs):
    """SIGSTOP for 1 s of what sends the arm's states."""
    row = row_of("states_stopped")
    with Stage(programs) as stage:
        start, end = stage.stop_for("arm", 1000)
        time.sleep(1.5)
        until = now()
        lost(row, stage.status())
    return went_stale(programs, row, stage, "the arm's states stop for 1 s", start, end, until, programs.max_age[0],
                      ["integrity.stale", "contact.halt", "motion.position"])


@fault
def camera_stopped(programs):
    """SIGSTOP of the camera for 1 s."""
    row = row_of("camera_stopped")
    with Stage(programs) as stage:
        start, end = stage.stop_for("camera", 1000)
        time.sleep(1.5)
        until = now()
        lost(row, stage.status())
    return went_stale(programs, row, stage, "the camera stops for 1 s", start, end, until, programs.max_age[1],
                      ["clearance.human", "integrity.stale"])


@fault
def arm_restarted(programs):
    """SIGKILL of what sends the arm's states; 0.3 s later another begins at number 1 with another boot."""
    row = row_of("arm_restarted")
    with Stage(programs) as stage:
        start = stage.kill("arm")
        sleep_until(start + 300_000_000)
        end = now()
        stage.start_source("arm", boot=BOOT + 1)
        time.sleep(2)
        until = now()
        lost(row, stage.status())
    return went_stale(programs, row, stage, "SIGKILL of the states' source, another after 0.3 s: number 1, another boot", start,
                      end, until, programs.max_age[0], ["integrity.stale", "contact.halt", "motion.position"])
