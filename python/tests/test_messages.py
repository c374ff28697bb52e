"""What the publishers put on the wire, and what they refuse to."""
import math
import queue
import threading
import time

import odcv
import pytest
import zmq
from odcv.v1 import common_pb2, pressure_pb2, robot_pb2, scene_pb2

JOINTS = ["shoulder", "elbow"]


class Ears:
    """Listens on an address as the monitor does: on a thread, since a ZeroMQ socket that nobody asks does not even subscribe."""

    def __init__(self, context, address):
        self.heard, self.deaf, self.gone = queue.Queue(), threading.Event(), threading.Event()
        self._socket = context.socket(zmq.SUB)
        self._socket.set(zmq.RCVHWM, 1)
        self._socket.subscribe("")
        self._socket.bind(address)
        self.address = self._socket.get_string(zmq.LAST_ENDPOINT)
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self):
        while not self.gone.is_set():
            if not self.deaf.wait(0.001) and self._socket.poll(10):
                self.heard.put(self._socket.recv_multipart())
        self._socket.close(0)

    def close(self):
        self.gone.set()
        self._thread.join()


@pytest.fixture
def monitor():
    with zmq.Context() as context:
        ears = Ears(context, "tcp://127.0.0.1:*")
        yield ears, ears.address
        ears.close()


def take(ears, kind, message):
    """The next message, which must be of this kind; layouts are passed over."""
    while True:
        topic, body = ears.heard.get(timeout=5)
        if topic.endswith(b"/layout/arm1"):
            continue
        assert topic == f"odcv/2/{kind}/arm1".encode()
        return message.FromString(body)


@pytest.fixture
def pair(monitor):
    ears, address = monitor
    with odcv.Controller(endpoint=address, robot="arm1", joints=JOINTS) as controller:
        yield controller, lambda: take(ears, "action", robot_pb2.Action), ears


def test_headers_say_who_speaks_in_which_order_and_when(pair):
    controller, action, _ = pair
    before = time.monotonic_ns()
    assert [controller.send(position=[0, 0]) for _ in range(3)] == [1, 2, 3] and controller.sent == 3
    heads = [action().header for _ in range(3)]
    assert [head.seq for head in heads] == [1, 2, 3]
    assert {(head.robot_id, head.stream_id, head.boot_id, head.clock) for head in heads} == {
        ("arm1", 1, controller.boot_id, common_pb2.CLOCK_MONOTONIC)}
    stamps = [before, *(head.t_source_ns for head in heads), time.monotonic_ns()]
    assert stamps == sorted(stamps)
    controller.send(position=[0, 0], time_ns=42)
    assert action().header.t_source_ns == 42


def test_each_start_is_another_boot(monitor):
    _, address = monitor
    boots = set()
    for _ in range(20):
        with odcv.Controller(endpoint=address, robot="arm1", joints=JOINTS) as controller:
            boots.add(controller.boot_id)
    assert len(boots) == 20 and 0 not in boots and max(boots) < 1 << 64


def test_the_layout_comes_first_and_each_second(pair, monkeypatch):
    controller, _, ears = pair
    controller.send(position=[0, 0])
    layout = robot_pb2.Layout.FromString(ears.heard.get(timeout=5)[1])
    assert list(layout.joint_name) == JOINTS
    controller.send(position=[0, 0])
    now = time.monotonic_ns()
    monkeypatch.setattr(time, "monotonic_ns", lambda: now + 1_100_000_000)
    controller.send(position=[0, 0])
    kinds = [ears.heard.get(timeout=5)[0].split(b"/")[2] for _ in range(4)]
    assert kinds == [b"action", b"action", b"layout", b"action"]


@pytest.mark.parametrize(("given", "field", "numbers"), [
    ({"position": [0.1, 0.2]}, "position", [0.1, 0.2]),
    ({"position": {"elbow": 0.2, "shoulder": 0.1}}, "position", [0.1, 0.2]),
    ({"delta": [0.1, 0.2], "reference": "measured"}, "position", [0.1, 0.2]),
    ({"velocity": (0.1, 0.2)}, "velocity", [0.1, 0.2]),
    ({"effort": iter([1, 2])}, "effort", [1, 2]),
    ({"pose": [1, 2, 3, 0, 0, 0, 1]}, "ee", [1, 2, 3, 0, 0, 0, 1]),
    ({"pose": [1, 2, 3, 1, 0, 0, 0, 1, 0]}, "ee", [1, 2, 3, 1, 0, 0, 0, 1, 0]),
    ({"pose_delta": [1, 2, 3, 0, 0, 0], "rotation": "axis_angle", "reference": "last_command"}, "ee", [1, 2, 3, 0, 0, 0]),
    ({"twist": [1, 2, 3, 0, 0, 0]}, "ee", [1, 2, 3, 0, 0, 0]),
])
def test_an_action_carries_its_own_numbers_and_no_others(pair, given, field, numbers):
    controller, action, _ = pair
    controller.send(**given)
    taken = action()
    stated = {name: list(getattr(taken, name)) for name in ("position", "velocity", "effort", "ee", "stiffness", "horizon_position")}
    assert stated == {name: [] for name in stated} | {field: numbers}
    assert taken.HasField("reference") == ("reference" in given)
    assert taken.HasField("rotation") == ("pose" in given or "pose_delta" in given)
    assert not taken.HasField("chunk_id") and not taken.HasField("terminate")


def test_gripper_idle_and_stop_state_no_motion(pair):
    controller, action, _ = pair
    controller.send(gripper=[0.02, 0.02], gripper_force=[5])
    controller.idle()
    controller.stop()
    first, second, third = action(), action(), action()
    assert (first.space, list(first.gripper_position), list(first.gripper_effort)) == (robot_pb2.GRIPPER_ONLY, [0.02, 0.02], [5])
    assert (second.space, third.space) == (robot_pb2.NONE, robot_pb2.STOP)


def test_a_chunk_is_its_rows_one_after_the_other(pair):
    controller, action, _ = pair
    controller.send_chunk(position=[[1, 2], {"elbow": 4, "shoulder": 3}, [5, 6]], period_s=0.05, first=1, execute=2, observation=7)
    taken = action()
    assert list(taken.horizon_position) == [1, 2, 3, 4, 5, 6] and not taken.position
    assert (taken.chunk_len, taken.chunk_step, taken.chunk_execute, taken.chunk_dt_ns) == (3, 1, 2, 50_000_000)
    assert (taken.chunk_id, taken.chunk_obs_seq) == (1, 7)


def test_reasoning_is_published_as_it_was_said(monitor):
    ears, address = monitor
    with odcv.Controller(endpoint=address, robot="arm1", joints=JOINTS) as controller:
        controller.reason("first the door", "plan", actions=(1, 4), model="m")
        taken = take(ears, "reasoning", pressure_pb2.Reasoning)
    assert (taken.text, taken.kind, taken.action_seq_from, taken.action_seq_to) == ("first the door", pressure_pb2.PLAN, 1, 4)


NAN, INFINITE = math.nan, math.inf
REFUSED = {
    "length": ({"position": [1]}, "`position` has 1 numbers; the arm has 2 joints: shoulder, elbow"),
    "nan": ({"position": [0, NAN]}, r"`position\[1\]` \(elbow\) is nan"),
    "infinite": ({"velocity": [INFINITE, 0]}, r"`velocity\[0\]` \(shoulder\) is inf"),
    "unknown name": ({"position": {"shoulder": 0, "elbw": 0}}, "no joint is called elbw; there is nothing for elbow. The joints are"),
    "words": ({"position": ["left", 0]}, "`position` must be a flat list of numbers"),
    "nested": ({"position": [[0, 0]]}, "`position` must be a flat list of numbers"),
    "two ways": ({"position": [0, 0], "velocity": [0, 0]}, "moves the arm in one way; this one has position, velocity"),
    "no way": ({}, "an action needs one of position, delta"),
    "no reference": ({"delta": [0, 0]}, "needs `reference`: what it is added to, one of measured, last_command, chunk_start"),
    "wrong reference": ({"delta": [0, 0], "reference": "here"}, "`reference` can't be 'here'"),
    "reference for nothing": ({"position": [0, 0], "reference": "measured"}, "`reference` is for delta"),
    "ambiguous rotation": ({"pose": [0] * 6}, "of three numbers say which form"),
    "wrong rotation": ({"pose": [0] * 7, "rotation": "rpy"}, "has 4 numbers behind x, y, z; rotation=\"rpy\" has 3"),
    "rotation for nothing": ({"twist": [0] * 6, "rotation": "rpy"}, "`rotation` is for pose"),
    "twist": ({"twist": [0] * 7}, "`twist` has 7 numbers; it must have 6"),
    "forces": ({"gripper": [0, 0, 0], "gripper_force": [1, 1]}, "give one for all of the 3 fingers, or one for each"),
    "row": ({"position": [0, 0], "row": odcv.Row(1, 3, 3)}, "row 3 of 3 rows"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_monitor_would_refuse_is_not_sent(pair, name):
    controller, action, _ = pair
    given, said = REFUSED[name]
    with pytest.raises(odcv.InvalidMessage, match=said):
        controller.send(**given)
    # No number of the stream was used up: the monitor would take it for a lost message.
    controller.send(position=[0, 0])
    assert action().header.seq == 1


@pytest.mark.parametrize(("given", "said"), [
    ({"position": [], "period_s": 0.1}, "a chunk has 1 to 64 rows; this one has 0"),
    ({"position": [[0, 0]] * 65, "period_s": 0.1}, "this one has 65"),
    ({"position": [[0, 0], [0]], "period_s": 0.1}, r"`position\[1\]` has 1 numbers"),
    ({"position": [[0, 0], [0, NAN]], "period_s": 0.1}, r"`position\[1\]\[1\]` \(elbow\) is nan"),
    ({"position": [[0, 0]], "period_s": 0}, "`period_s` is 0.0"),
    ({"position": [[0, 0]], "period_s": 0.1, "first": 1}, "row 1 of 1 rows"),
    ({"period_s": 0.1}, "a chunk needs rows of one of"),
])
def test_a_chunk_that_can_not_be_is_not_sent(pair, given, said):
    with pytest.raises(odcv.InvalidMessage, match=said):
        pair[0].send_chunk(**given)
    assert pair[0].sent == 0


def test_a_text_beyond_the_bound_is_not_sent(pair):
    with pytest.raises(odcv.InvalidMessage, match="has 8193 bytes"):
        pair[0].reason("x" * 8193)


def test_states_say_what_they_know_and_nothing_else(monitor):
    ears, address = monitor
    with odcv.Robot(endpoint=address, robot="arm1", joints=JOINTS, clock="realtime") as robot:
        robot.send([0, 1], [0, 0])
        plain = take(ears, "state", robot_pb2.State)
        assert {field.name for field, _ in plain.ListFields()} == {"header", "position", "velocity"}
        assert abs(plain.header.t_source_ns - time.time_ns()) < 60e9
        robot.send([0, 1], [0, 0], contacts=[], mode=0, grasped=False, tool=[1, 2, 3])
        told = take(ears, "state", robot_pb2.State)
        assert told.contact_complete and not told.contact and told.HasField("mode") and told.HasField("grasped")
        robot.signal("door", 1)
        robot.signal("scanner", 0)
        assert [take(ears, "signal", scene_pb2.Signal).header.seq for _ in range(2)] == [1, 1]


def test_a_person_is_somewhere_and_a_sensor_has_a_name(monitor):
    ears, address = monitor
    with odcv.Perception(endpoint=address, robot="arm1", joints=JOINTS) as perception:
        with pytest.raises(odcv.InvalidMessage, match="person 0 has no part"):
            perception.people([[]], sensor="camera")
        with pytest.raises(odcv.InvalidMessage, match="`radius_m` is 0.0"):
            perception.people([[odcv.BodyPart([0, 0, 0], [0, 0, 1], 0)]], sensor="camera")
        with pytest.raises(odcv.InvalidMessage, match="must name a people sensor"):
            perception.people([])
        perception.people([[odcv.BodyPart([0, 0, 0], [0, 0, 1], 0.1, "chest")]], sensor="camera")
        taken = take(ears, "people", scene_pb2.People)
        assert (taken.sensor_id, taken.coverage_ok, taken.track[0].part[0].region) == ("camera", True, scene_pb2.CHEST)
        perception.obstacles([odcv.Box([0, 0, 0], [1, 1, 1]), odcv.Sphere([1, 0, 0], 0.2)], sensor="lidar")
        assert [one.shape for one in take(ears, "obstacles", scene_pb2.Obstacles).obstacle] == [scene_pb2.BOX, scene_pb2.SPHERE]


def test_nobody_listens(tmp_path):
    with pytest.raises(odcv.NotConnected, match="start the monitor first"):
        odcv.Controller(endpoint=f"ipc://{tmp_path}/nobody", robot="arm1", joints=JOINTS, timeout_s=0.2)
    with pytest.raises(odcv.ConfigurationError, match="needs `config`"):
        odcv.Controller(endpoint=f"ipc://{tmp_path}/nobody", robot="arm1")
    with pytest.raises(odcv.ConfigurationError, match="can't be connected to"):
        odcv.Controller(endpoint="loopback", robot="arm1", joints=JOINTS)


def test_a_monitor_that_goes_is_noticed_and_nothing_waits_for_the_next_one(tmp_path):
    address = f"ipc://{tmp_path}/action"
    with zmq.Context() as context:
        first = Ears(context, address)
        controller = odcv.Controller(endpoint=address, robot="arm1", joints=JOINTS)
        controller.send(position=[0, 0])
        first.close()
        deadline = time.monotonic() + 10
        with pytest.raises(odcv.NotConnected, match="is gone; nothing was sent"):
            while time.monotonic() < deadline:
                controller.send(position=[0, 0])
                time.sleep(0.01)
        sent = controller.sent
        second = Ears(context, address)
        while time.monotonic() < deadline:
            try:
                controller.send(position=[0, 0])
                break
            except odcv.NotConnected:
                time.sleep(0.01)
        # Of what was sent to the first, nothing: it would be obeyed now.
        assert take(second, "action", robot_pb2.Action).header.seq == sent + 1
        controller.close()
        second.close()


def test_a_monitor_that_takes_nothing_is_noticed(pair):
    controller, _, ears = pair
    ears.deaf.set()
    with pytest.raises(odcv.NotConnected, match="takes nothing: 64 messages wait"):
        for _ in range(200_000):
            controller.send(position=[0, 0])


def test_what_was_sent_last_leaves_when_the_controller_is_closed(monitor):
    ears, address = monitor
    for count in range(1, 20):
        with odcv.Controller(endpoint=address, robot="arm1", joints=JOINTS) as controller:
            controller.send(position=[0, count])
        assert take(ears, "action", robot_pb2.Action).position[1] == count
    with pytest.raises(odcv.NotConnected, match="is closed"):
        controller.send(position=[0, 0])
