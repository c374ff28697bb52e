"""Faults of the controller, of the arm's states and of the camera."""
import signal
import time

from row import AGAIN, HOLD
from rows import SECOND, fault, lost, row_of, seen
from stage import BOOT, Stage, now, sleep_until


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
def controller_twice(programs):
    """A second controller with the same stream and another boot sends at 1 kHz beside the first for 2 s."""
    row = row_of("controller_twice")
    with Stage(programs) as stage:
        start = now()
        stage.start_source("controller", "twin", boot=66, first=1_000_000)
        sleep_until(start + 2 * SECOND)
        end = stage.kill("twin")
        time.sleep(1.5)
        until = now()
        lost(row, stage.status())
    # It can't be told from the same controller started again; the first is then an old boot, whose commands are replays.
    row.fault("a second controller of the same stream, another boot, for 2 s", start, end)
    driver, verdicts = seen(row, stage, until)
    second = driver.taken[driver.boots == 66]
    since = int(second[0]) if len(second) else start
    both = driver.of_boot(BOOT, since + 1_000_000)
    row.check("never two are obeyed", f"{len(second)} commands of the second, {both} of the first after that", both == 0)
    row.raises(verdicts, until, ["integrity.sequence", "integrity.identity"], SECOND)
    row.obeys_nothing_stale(driver, until, HOLD)
    hold = driver.first_hold(end, until)
    row.check(f"holds within {HOLD / 1e6:g} ms of the second's end", "never" if hold is None else f"{(hold - end) / 1e6:.1f} ms",
              hold is not None and hold - end <= HOLD)
    row.ends_well(stage)
    return row


@fault
def controller_stopped(programs):
    """SIGSTOP of the controller for 1 s: commands stop, states go on. One that it had stamped and not sent is a second old then, which
    only a stamp tells: the cell names the controller's clock."""
    row = row_of("controller_stopped")
    with Stage(programs, stamps=True) as stage:
        start, end = stage.stop_for("controller", 1000)
        time.sleep(1.5)
        until = now()
        lost(row, stage.status())
    row.fault("SIGSTOP of the controller for 1 s; the cell names its clock", start, end)
    driver, verdicts = seen(row, stage, until)
    count = driver.took(start + HOLD, end)
    row.check("no command in it", count, count == 0)
    row.obeys_nothing_stale(driver, until, HOLD)
    row.lets_through_only_what_passed(driver, verdicts, until, programs.deadline)
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
