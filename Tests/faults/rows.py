"""What every fault does when its processes have ended."""
import subprocess

from row import Row

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
