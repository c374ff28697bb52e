"""The package beside the real daemon: what it publishes is taken, and what the daemon says is heard."""
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

import arm
import odcv
import pytest
from odcv.v1 import verdict_pb2


@pytest.fixture(scope="module")
def monitor(cell, daemon):
    with odcv.Monitor(cell, binary=daemon) as monitor, arm.StillArm(monitor.config):
        yield monitor


@pytest.fixture
def listener(monitor):
    with odcv.Listener(monitor.config, gated=True) as listener:
        listener.connect()
        yield listener


STILL = [0.0] * 7
SPACES = {
    "position": {"position": arm.READY},
    "position by name": {"position": {f"panda_joint{joint}": number for joint, number in enumerate(arm.READY, 1)}},
    "delta to measured": {"delta": STILL, "reference": "measured"},
    "delta to last command": {"delta": STILL, "reference": "last_command"},
    "velocity": {"velocity": STILL},
    "effort": {"effort": STILL},
    "pose, quaternion": {"pose": [*arm.TOOL, 1, 0, 0, 0]},
    "pose, rpy": {"pose": [*arm.TOOL, 3.14159265, 0, 0], "rotation": "rpy"},
    "pose, two columns": {"pose": [*arm.TOOL, 1, 0, 0, 0, -1, 0]},
    "pose delta": {"pose_delta": STILL[:6], "rotation": "axis_angle", "reference": "measured"},
    "twist": {"twist": STILL[:6]},
    "gripper": {"gripper": [0.02, 0.02], "gripper_force": [5]},
    "row by row": {"position": arm.READY, "row": odcv.Row(1, 0, 8, 4)},
    "done": {"position": arm.READY, "terminate": True, "instruction_id": 3},
}


def test_every_action_space_is_understood_and_judged(monitor, listener):
    with odcv.Controller(monitor.config) as controller:
        before = monitor.control.status()
        for name, given in SPACES.items():
            verdict = listener.verdict_of(controller.send(**given))
            assert verdict is not None and verdict.judged == verdict_pb2.COMMANDED, name
            # A pose leaves more open than joints do, the more the later its state is; but it is understood.
            unknown = [odcv.words(one) for one in verdict.finding if one.outcome == verdict_pb2.UNKNOWN]
            assert not unknown and verdict.outcome in (verdict_pb2.PASS, verdict_pb2.VIOLATION_POSSIBLE), (name, unknown)
            time.sleep(0.02)
        for number in (controller.stop(), controller.idle()):
            assert listener.verdict_of(number).outcome == verdict_pb2.PASS
        for chunk in ({"position": [arm.READY] * 3}, {"velocity": [STILL] * 2}, {"pose": [[*arm.TOOL, 1, 0, 0, 0]] * 2}):
            verdict = listener.verdict_of(controller.send_chunk(period_s=0.05, **chunk))
            assert verdict.judged == verdict_pb2.PREDICTED and verdict.outcome != verdict_pb2.UNKNOWN, chunk
        controller.reason("I put it down", "move_reason")
        controller.heartbeat()
        time.sleep(0.1)
        after = monitor.control.status()
    assert list(after.refused) == list(before.refused) == [] and after.lost == before.lost == 0


def test_a_controller_that_starts_again_is_known_for_it(monitor, listener):
    for _ in range(3):
        with odcv.Controller(monitor.config) as controller:
            assert [listener.verdict_of(controller.send(position=arm.READY)).outcome for _ in range(2)] == [verdict_pb2.PASS] * 2


def test_what_the_driver_is_sent_is_heard_too(monitor, listener):
    with odcv.Controller(monitor.config) as controller:
        controller.send(position=arm.READY)
        kinds, deadline = set(), time.monotonic() + 5
        while not {"verdict", "heartbeat", "action", "lease"} <= kinds and time.monotonic() < deadline:
            message = listener.receive(1)
            kinds.add(message.kind)
    assert {"verdict", "heartbeat", "action", "lease"} <= kinds and listener.lost == 0


def test_an_alarm_is_heard_with_what_raised_it(monitor, listener):
    with odcv.Controller(monitor.config) as controller:
        controller.send(position=[arm.READY[0] + 0.7, *arm.READY[1:]])
        for kind, message in listener:
            if kind == "alarm" and message.id == "motion.jump":
                break
    assert message.state == verdict_pb2.RAISED and "0.7" in message.text


def test_a_lease_lets_a_driver_move(monitor):
    taken = []
    lease = odcv.Lease(monitor.configuration.endpoint("gated"), monitor.configuration.robot_id)
    with odcv.Controller(monitor.config) as controller:
        deadline = time.monotonic() + 10
        while not lease.poll(taken.append) and time.monotonic() < deadline:
            controller.send(position=arm.READY)
            time.sleep(0.005)
    assert list(taken[-1].position) == arm.READY
    lease.socket.close()


def test_an_episode_lets_numbers_start_again(monitor, listener):
    monitor.control.episode("reset", trial=1, scenario="a test")
    monitor.control.episode("start", trial=1, scenario="a test")
    with odcv.Controller(monitor.config) as controller:
        assert listener.verdict_of(controller.send(position=arm.READY)).outcome == verdict_pb2.PASS
    monitor.control.episode("end", trial=1)
    with pytest.raises(odcv.ConfigurationError, match="no phase 'begin'"):
        monitor.control.episode("begin")


def test_a_request_that_is_refused_says_why(monitor):
    with odcv.Control(endpoint=monitor.endpoints["control"], robot="another") as control:
        with pytest.raises(odcv.MonitorFailed, match="the monitor refused a request: .*panda"):
            control.episode("reset")


def test_silence_is_noticed(cell, daemon):
    with odcv.Monitor(cell, binary=daemon) as monitor, odcv.Listener(monitor.config) as listener:
        listener.connect()
        os.kill(monitor.pid, signal.SIGSTOP)
        with pytest.raises(odcv.NotConnected, match="is silent for 2 s"):
            for _ in listener:
                pass
        os.kill(monitor.pid, signal.SIGCONT)
        listener.connect()  # heard again


def test_a_monitor_that_did_not_live_to_its_end_is_told(cell, daemon, tmp_path):
    monitor = odcv.Monitor(cell, binary=daemon, evidence=tmp_path)
    os.kill(monitor.pid, signal.SIGKILL)
    with pytest.raises(odcv.MonitorFailed, match="was not there to its end: it was ended by signal 9"):
        monitor.close()
    assert not monitor.folder.exists()


def test_the_users_own_file_is_left_as_it_is(cell, daemon):
    before = {path: path.read_bytes() for path in cell.parent.rglob("*") if path.is_file()}
    with odcv.Monitor(cell, binary=daemon) as monitor:
        # What the daemon runs is the user's cell, and nothing of it but the endpoints is another one.
        assert monitor.configuration.joints == odcv.Configuration.load(cell).joints
        assert monitor.ready["configuration_sha256"] == monitor.control.status().configuration_sha256
    assert {path: path.read_bytes() for path in cell.parent.rglob("*") if path.is_file()} == before


def test_a_monitor_ends_with_its_parent(cell, daemon, tmp_path):
    said = tmp_path / "said"
    program = (f"import odcv, os\nmonitor = odcv.Monitor({str(cell)!r}, binary={daemon!r})\n"
               "print(monitor.pid, monitor.folder, flush=True)\nos.kill(os.getpid(), 9)")
    with said.open("w") as out:
        subprocess.run([sys.executable, "-c", program], stdout=out, stderr=out, timeout=60)
    pid, folder = said.read_text().split()
    process, deadline = pathlib.Path("/proc") / pid, time.monotonic() + 10

    def is_running():
        try:
            # Whoever it fell to may not reap it.
            return (process / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
        except OSError:
            return False

    while is_running() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not is_running()
    shutil.rmtree(folder)
