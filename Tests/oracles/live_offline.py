#!/usr/bin/env python3
"""Holds every verdict that a daemon publishes against the one that `check` comes to from its recording.

    live_offline.py --modules DIRECTORY [--minutes 2] [--monitor .build/release/odcv-monitor] [--keep DIR]

DIRECTORY holds what `protoc --python_out` makes of proto/odcv/v1. Of each verdict the collector keeps number and SHA-256 alone, so that
an hour needs no room for 30 GB of them. Ends with 0 when all came and all are the same, 1 when not, 4 when the rig fails.
"""
import argparse
import hashlib
import json
import math
import multiprocessing
import os
import pathlib
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time

import yaml
import zmq

TOP = pathlib.Path(__file__).resolve().parents[2]
PERIOD = 2000
HOME = [0, -0.785, 0, -2.356, 0, 1.571, 0.785]
# Where verdicts' canonical bytes have their number: behind the magic, the version and the configuration's digest.
INDEX = 38
ENTRY = struct.Struct("<Q32s")


def configure(folder):
    """The shipped cell with free ports, a sensor of obstacles, and no efforts."""
    shutil.copytree(TOP / "config", folder / "config")
    monitor = folder / "config/monitor.yaml"
    monitor.write_text(re.sub(r"(tcp://127\.0\.0\.1):\d+", r"\1:0", monitor.read_text()))
    cell = folder / "config/cells/e01.yaml"
    lidar = "obstacle_sensors: {cart-lidar: {max_age_s: 0.2, latency_s: 0.02, position_error_m: 0.02, greatest_speed_m_s: 0.5}}"
    text = cell.read_text().replace("obstacle_sensors: {}", lidar)
    text = text.replace("clocks: {state: simulated, cell-camera: simulated}",
                        "clocks: {state: simulated, cell-camera: simulated, cart-lidar: simulated}")
    # The arm here reports contacts, external torques and a wrench, and no efforts of its drives.
    text = text.replace("not_measured:\n", "not_measured:\n  effort: {reason: the arm of this run reports none, by: live_offline.py}\n")
    cell.write_text(text)
    return monitor


def sent_live(modules, ready, seconds, tools):
    """The arm, the controller, the camera and the lidar, in real time: a state and a command each millisecond."""
    sys.path.insert(0, modules)
    from odcv.v1 import robot_pb2, scene_pb2
    context = zmq.Context()
    sockets = {}
    for role in ("action", "state", "scene"):
        sockets[role] = context.socket(zmq.XPUB)
        sockets[role].sndhwm = 0
        sockets[role].connect(ready[role])
    for one in sockets.values():
        # A publisher drops what it sends before its peer has subscribed.
        if not one.poll(5000):
            sys.exit("live-offline: the monitor does not listen")
    numbers = {}

    def put(role, kind, message, now):
        message.header.robot_id = "panda"
        message.header.stream_id = 1
        numbers[kind] = numbers.get(kind, 0) + 1
        message.header.seq = numbers[kind]
        message.header.t_source_ns, message.header.clock, message.header.boot_id = now, 4, 7
        sockets[role].send_multipart([f"odcv/2/{kind}/panda".encode(), message.SerializeToString()])

    begin = time.monotonic_ns()
    step = late = 0
    while step < seconds * 1000:
        due = begin + step * 1_000_000
        left = due - time.monotonic_ns()
        if left > 0:
            time.sleep(left * 1e-9)
        elif left < -5_000_000:
            late += 1
        t = step / 1000
        position, after = posture(step), posture(step + 1)
        velocity = [(b - a) * 1000 for a, b in zip(position, after)]
        if step % 40 == 0:
            people = scene_pb2.People(sensor_id="cell-camera", coverage_ok=True)
            track = people.track.add(track_id=1, confidence=1)
            part = track.part.add(region=scene_pb2.CHEST, radius_m=0.1)
            # Walks up to the arm and away again.
            x = 1.9 + 0.9 * math.cos(2 * math.pi * t / 20)
            part.a_m.x, part.a_m.y, part.a_m.z = x, 1.5, 0.2
            part.b_m.x, part.b_m.y, part.b_m.z = x, 1.5, 0.5
            put("scene", "people", people, step * 1_000_000)
        if step % 50 == 0:
            obstacles = scene_pb2.Obstacles(sensor_id="cart-lidar", coverage_ok=True)
            cart = obstacles.obstacle.add(id=1, shape=scene_pb2.BOX, orientation=[0, 0, 0, 1])
            cart.position_m.x, cart.position_m.y, cart.position_m.z = 1.6 + 0.3 * math.cos(2 * math.pi * t / 13), -0.8, 0.2
            cart.size_m.x, cart.size_m.y, cart.size_m.z = 0.4, 0.4, 0.8
            put("scene", "obstacles", obstacles, step * 1_000_000)
        if step % 200 == 0:
            put("action", "heartbeat", robot_pb2.Heartbeat(), step * 1_000_000)
        put("state", "state", robot_pb2.State(
            position=position, velocity=velocity, external_effort=[0] * 7, ee_position=tools[step % PERIOD], wrench=[0] * 6,
            wrench_frame="base", wrench_sign=1, contact_complete=True, mode=1), step * 1_000_000)
        target = after
        if step % 1000 < 40:
            # Too fast, too far, and once in a while no number at all.
            target[step // 1000 % 7] += 0.02 * (step % 1000)
            if step % 7000 == 20:
                target[0] = math.nan
        put("action", "action", robot_pb2.Action(space=1, position=target), step * 1_000_000 + 300_000)
        step += 1
    time.sleep(1)
    print(json.dumps({"sent": numbers, "late_steps": late, "seconds": (time.monotonic_ns() - begin) * 1e-9}), flush=True)
    context.destroy(linger=1000)


def tool_positions(monitor, robot, joints):
    """Where the robot file puts the tool centre point, for each of these joint vectors, m."""
    lines = "\n".join(",".join(map(repr, row)) for row in joints) + "\n"
    done = subprocess.run([monitor, "kinematics", "--robot", robot], input=lines, capture_output=True, text=True, check=True)
    tcp = yaml.safe_load(robot.read_text())["tcp"]
    offset = [*tcp["offset_m"], 1.0]
    poses = [json.loads(line)["links"][tcp["link"]] for line in done.stdout.splitlines()]
    return [[sum(pose[4 * axis + place] * offset[place] for place in range(4)) for axis in range(3)] for pose in poses]


def posture(step):
    """Joints at a step of 1 ms, rad: each sways by 0.02 rad, once in PERIOD steps."""
    return [home + 0.02 * math.sin(2 * math.pi * (step % PERIOD) / PERIOD + joint) for joint, home in enumerate(HOME)]


def collect(modules, endpoint, file, subscribed, ended):
    """Writes number and digest of every verdict that comes, in the order in which they come."""
    sys.path.insert(0, modules)
    from odcv.v1 import verdict_pb2
    socket = zmq.Context().socket(zmq.SUB)
    socket.rcvhwm = 0
    socket.subscribe(b"odcv/2/verdict/")
    socket.connect(endpoint)
    subscribed.set()
    with open(file, "wb") as out:
        while True:
            if not socket.poll(500):
                if ended.is_set():
                    return
                continue
            core = verdict_pb2.Verdict.FromString(socket.recv_multipart()[1]).core
            out.write(ENTRY.pack(struct.unpack_from("<Q", core, INDEX)[0], hashlib.sha256(core).digest()))


def live(folder, options):
    """Recording and collected verdicts of a run."""
    with open(folder / "said", "w") as said:
        monitor = subprocess.Popen(
            [options.monitor, "run", "--config", configure(folder), "--headless", "--evidence", folder / "evidence"],
            stdout=subprocess.PIPE, stderr=said, text=True)
    line = monitor.stdout.readline()
    if not line:
        sys.exit(f"live-offline: the monitor did not start\n{(folder / 'said').read_text()}")
    ready = json.loads(line)
    addresses = ready["endpoints"]
    subscribed, ended = multiprocessing.Event(), multiprocessing.Event()
    file = folder / "verdicts"
    collector = multiprocessing.Process(target=collect, args=(options.modules, addresses["verdict"], file, subscribed, ended))
    collector.start()
    subscribed.wait()
    tools = tool_positions(options.monitor, folder / "config/robots/panda-sim.yaml", [posture(step) for step in range(PERIOD)])
    sender = multiprocessing.Process(target=sent_live, args=(options.modules, addresses, options.minutes * 60, tools))
    sender.start()
    sender.join()
    # The monitor ends before its listener: its last verdicts are collected too.
    monitor.send_signal(signal.SIGTERM)
    status = monitor.wait(120)
    ended.set()
    collector.join(600)
    if status != 0 or sender.exitcode != 0 or collector.exitcode != 0:
        print(f"live-offline: monitor {status}, sender {sender.exitcode}, collector {collector.exitcode}\n"
              + (folder / "said").read_text(), file=sys.stderr)
        sys.exit(4)
    recordings = list((folder / "evidence").glob("run-*/recording*.mcap"))
    if len(recordings) != 1:
        sys.exit(f"live-offline: {len(recordings)} recordings")
    return recordings[0], file


def judged(monitor, recording):
    """The result, s it took and MB of memory."""
    began = time.monotonic()
    process = subprocess.Popen([monitor, "check", recording, "--json", "-"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    output, error = process.stdout.read(), process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1, 3):
        sys.exit(f"live-offline: check ended with {process.returncode}: {error}")
    return json.loads(output)["recordings"][0], time.monotonic() - began, used.ru_maxrss / 1024


def offline(monitor, recording, folder):
    """Number and canonical bytes of each verdict of a check."""
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    said = folder / "offline.json"
    process = subprocess.Popen([monitor, "check", recording, "--verdicts", pipe, "--digest", "--json", said], stdout=subprocess.DEVNULL)
    with open(pipe, "rb", 1 << 20) as stream:
        while size := stream.read(4):
            core = stream.read(struct.unpack("<I", size)[0])
            yield struct.unpack_from("<Q", core, INDEX)[0], core
    process.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--modules", required=True)
    parser.add_argument("--minutes", type=float, default=2)
    parser.add_argument("--monitor", default=TOP / ".build/release/odcv-monitor")
    parser.add_argument("--keep", help="leave recording and verdicts in this folder, which must not exist yet")
    options = parser.parse_args()
    folder = pathlib.Path(options.keep or tempfile.mkdtemp(prefix="odcv-live-offline-"))
    folder.mkdir(exist_ok=not options.keep)
    try:
        recording, file = live(folder, options)
        sys.exit(compare(folder, options, recording, file))
    finally:
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)


def compare(folder, options, recording, file):
    result, took, memory = judged(options.monitor, recording)
    both = [hashlib.sha256(), hashlib.sha256()]
    whole = hashlib.blake2b(digest_size=32)
    early = count = lost = differing = 0
    first = None
    with open(file, "rb") as stream:
        def told():
            entry = stream.read(ENTRY.size)
            return ENTRY.unpack(entry) if entry else None

        live_verdict = told()
        for index, core in offline(options.monitor, recording, folder):
            whole.update(core)
            digest = hashlib.sha256(core).digest()
            if live_verdict is None or live_verdict[0] > index:
                # Ticks before anybody could have subscribed, or one that did not come.
                if count == 0:
                    early += 1
                else:
                    lost += 1
                continue
            count += 1
            both[0].update(live_verdict[1])
            both[1].update(digest)
            if live_verdict != (index, digest):
                differing += 1
                first = first or index
            live_verdict = told()
        surplus = 0
        while live_verdict is not None:
            surplus += 1
            live_verdict = told()
    seconds = result["seconds"]
    print(f"{count} live verdicts, {count / seconds:.0f} a second; {early} inputs before the listener was there; "
          f"{lost} did not come, {surplus} are of no input, {differing} differ" + (f", the first of input {first}" if first else ""))
    print(f"commands {result['commands']}, held {result['commands_held']}, certain {result['violation_certain']}, "
          f"possible {result['violation_possible']}, unknown {result['unknown']}; gaps: {result['gaps'] or 'none'}")
    print(f"sha256 live    {both[0].hexdigest()}\nsha256 offline {both[1].hexdigest()}")
    print(f"check of {seconds:.1f} s ({recording.stat().st_size / 1e6:.0f} MB): {took:.2f} s, {seconds / took:.1f} times real time, "
          f"{took / result['inputs'] * 1e6:.2f} us an input, memory {memory:.0f} MB")
    told = json.loads((folder / "offline.json").read_text())["recordings"][0]
    if whole.hexdigest() != told["verdict_blake2b"] or told["rules"] != result["rules"]:
        print("FAILED: the check's own digest is not that of the bytes that it writes, or it finds something else when it writes them")
        return 1
    if count == 0 or lost or surplus or differing or result["gaps"] or early > 200:
        print("FAILED: live and offline are not the same, or not complete")
        return 1
    return 0


if __name__ == "__main__":
    main()
