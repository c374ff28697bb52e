"""A cell to test in, and an arm that stands still in it with a camera that sees nobody."""
import pathlib
import shutil
import threading
import time

import odcv

#: Of a clone; the tests of an installed package are given the configuration and the daemon by the environment.
CONFIG = pathlib.Path(__file__).resolve().parents[2] / "config"
READY = [0, -0.785, 0, -2.356, 0, 1.571, 0.785]
TOOL = [0.3070, 0, 0.4869]  # where those joints put the tool centre point, m


def copy_cell(folder):
    """A copy of the shipped pick-and-place cell; returns its monitor file."""
    for name in ("cells", "robots", "rules", "tables"):
        shutil.copytree(CONFIG / name, folder / name)
    cell = folder / "cells/e01.yaml"
    text = cell.read_text()
    # A test machine is shared: a verdict may be late without that being what is tested.
    text = text.replace("verdict_deadline_s: 0.005", "verdict_deadline_s: 0.019").replace("max_age_s: 0.1,", "max_age_s: 0.5,")
    text = text.replace("cell-camera: {max_age_s: 0.2,", "cell-camera: {max_age_s: 0.6,")
    # The arm of the tests has no masses: nothing explains its efforts.
    text = text.replace("not_measured:\n", "not_measured:\n  effort: {reason: an arm without masses, by: the tests}\n")
    cell.write_text(text)
    monitor = folder / "monitor.yaml"
    shutil.copy(CONFIG / "monitor.yaml", monitor)
    return monitor


class StillArm:
    """`with StillArm(config):` states at 100 Hz and frames of people at 25 Hz, from a thread. `contacts` and `sees` may be changed."""

    def __init__(self, config, **further):
        self.contacts, self.sees, self.joints, self.grip = [], True, READY, None
        self._robot = odcv.Robot(config, **further)
        self._camera = odcv.Perception(config, **further)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self):
        count = 0
        while not self._stopping.is_set():
            try:
                self._robot.send(self.joints, [0] * 7, tool=TOOL, contacts=self.contacts, mode=1)
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
