"""Faults of the driver, of those who listen to the monitor or ask it, and of its disk."""
import os
import subprocess
import time

from row import HOLD
from rows import SECOND, fault, lost, row_of, seen, verified
from stage import NotRun, Stage, now, sleep_until


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


def bounded(row, before, after):
    """Bytes of the monitor's memory."""
    grown = (after - before) / 1e6
    row.monitor.append(f"memory {before / 1e6:.0f} MB, then {after / 1e6:.0f} MB")
    row.check("the monitor grows by at most 64 MB", f"{grown:.0f} MB", grown <= 64)


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
    bounded(row, before, after)
    row.raises_nothing(verdicts, end)
    row.ends_well(stage)
    return row


@fault
def asker_deaf(programs):
    """One that asks for the status flat out for 3 s and takes no answer."""
    row = row_of("asker_deaf")
    with Stage(programs) as stage:
        before = stage.memory()
        start = now()
        stage.start_asker()
        sleep_until(start + 3 * SECOND)
        end = now()
        after = stage.memory()
        stage.kill("asker")
        time.sleep(0.5)
        until = now()
        lost(row, stage.status())
    row.fault("status asked for flat out for 3 s, no answer taken", start, end)
    driver, verdicts = seen(row, stage, until)
    row.moves_all_along(driver, until)
    row.judges_in_time(verdicts, until, programs.deadline)
    bounded(row, before, after)
    row.raises_nothing(verdicts, until)
    row.ends_well(stage)
    return row


@fault
def disk_full(programs):
    """The evidence is on a file system of 8 MB, which fills up."""
    row = row_of("disk_full")
    disk = programs.folder / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "odcv-faults", disk], capture_output=True).returncode != 0:
        raise NotRun("a small file system can't be mounted here; root may")
    try:
        with Stage(programs, evidence=disk / "evidence") as stage:
            limit = now() + 20 * SECOND
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
