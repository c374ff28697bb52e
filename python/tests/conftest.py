import os
import pathlib
import shutil

import arm
import pytest

pytest_plugins = ["pytester"]

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def daemon():
    """The daemon: ODCV_MONITOR, else what is built here, else what is on the PATH."""
    for candidate in (os.environ.get("ODCV_MONITOR"), REPOSITORY / ".build/debug/odcv-monitor", REPOSITORY / ".build/release/odcv-monitor",
                      "odcv-monitor"):
        found = shutil.which(candidate) if candidate else None
        if found:
            return found
    raise pytest.UsageError("there is no odcv-monitor: build it, or set ODCV_MONITOR")


@pytest.fixture(scope="session")
def cell(tmp_path_factory):
    """A monitor file of the tests' cell."""
    return arm.copy_cell(tmp_path_factory.mktemp("cell"))


@pytest.fixture
def run(pytester, cell, daemon, monkeypatch):
    """Runs the text of a test file in a pytest of its own, with the fixture's options; `ini` wins, `further` are arguments."""
    monkeypatch.setenv("PYTHONPATH", str(pathlib.Path(__file__).parent))

    def run(text, *further, ini="", conftest=""):
        pytester.makeini(f"[pytest]\nodcv_config = {cell}\nodcv_binary = {daemon}\n{ini}\n")
        pytester.makeconftest(CONFTEST + conftest)
        pytester.makepyfile(test_it=HEADER + text)
        return pytester.runpytest_subprocess("-p", "no:cacheprovider", *further, timeout=120)

    return run


HEADER = """
import os, signal, time
import odcv
import pytest
from arm import READY, StillArm

JUMP = [READY[0] + 0.7, *READY[1:]]

def stop(pid):
    os.kill(pid, signal.SIGSTOP)
    # Its threads stop one after the other.
    while any(open(f"/proc/{pid}/task/{task}/stat").read().rpartition(")")[2].split()[0] != "T" for task in os.listdir(f"/proc/{pid}/task")):
        time.sleep(0.001)
"""

CONFTEST = """
import arm
import pytest

@pytest.fixture
def still(odcv_monitor):
    with arm.StillArm(odcv_monitor.config) as still:
        odcv_monitor.wait_until_ready()
        yield still
"""
