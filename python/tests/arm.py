"""A cell to test in, and an arm that stands still in it with a camera that sees nobody."""
import pathlib
import shutil
import threading
import time

import odcv

CONFIG = pathlib.Path(__file__).resolve().parents[2] / "config"
READY = [0, -0.785, 0, -2.356, 0, 1.571, 0.785]
TOOL = [0.3070, 0, 0.4869]  # where those joints put the tool centre point, m


def copy_cell(folder):
    """A copy of the shipped pick-and-place cell; returns its monitor file."""
    for name in ("cells", "robots", "rules", "tables"):
        shutil.copytree(CONFIG / name, folder / name)
    cell = folder / "cells/e01.yaml"
    text = cell.read_text()
    # A test machine is shared: what is late there is not what is tested.
    for before, after in {
        "verdict_deadline_s: 0.005": "verdict_deadline_s: 0.09", "control_period_s: 0.02": "control_period_s: 0.1",
        "state: {max_age_s: 0.1,": "state: {max_age_s: 1,", "cell-camera: {max_age_s: 0.2,": "cell-camera: {max_age_s: 2,",
        "driver: {max_age_s: 1.0}": "driver: {max_age_s: 5}",
        # An arm whose state is old may be anywhere near.
        "post: {box: {center_m: [0.54, 0, 0.13]": "post: {box: {center_m: [2, 0, 0.13]",
    }.items():
        assert before in text
        text = text.replace(before, after)
    # The arm of the tests has no masses: nothing explains its efforts.
    text = text.replace("not_measured:\n", "not_measured:\n  effort: {reason: an arm without masses, by: the tests}\n")
    cell.write_text(text)
    # It stays where it is although a test tells it to jump, and the next test may come late.
    rules = folder / "rules/site.yaml"
    text = rules.read_text()
    assert "frozen_s: 0.5" in text
    rules.write_text(text.replace("frozen_s: 0.5", "frozen_s: 60"))
    monitor = folder / "monitor.yaml"
    monitor.write_text((CONFIG / "monitor.yaml").read_text() + "lease_s: 0.3\n")
    return monitor


class StillArm:
    """`with StillArm(config):` states at 100 Hz and frames of people at 25 Hz, from a thread. `contacts` and `sees` may be changed."""

    def __init__(self, config):
        self.contacts, self.sees = [], True
        self._robot = odcv.Robot(config)
        self._camera = odcv.Perception(config)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self):
        count = 0
        while not self._stopping.is_set():
            try:
                self._robot.send(READY, [0] * 7, tool=TOOL, contacts=self.contacts, mode=1)
                if count % 4 == 0:
                    self._camera.people([], covers=self.sees)
            except odcv.NotConnected:
                pass  # the tests kill the monitor
            count += 1
            time.sleep(0.01)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stopping.set()
        self._thread.join()
        self._robot.close()
        self._camera.close()
