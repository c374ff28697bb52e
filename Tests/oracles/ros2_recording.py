#!/usr/bin/env python3
"""Writes ROS 2 recordings with a writer that is not ours: PyPI mcap-ros2-support, which encodes CDR.

    ros2_recording.py random FILE --seed N [--count 200]
        joint states and trajectories of random lengths and values; prints each as one JSON line, in the file's order
    ros2_recording.py arm FILE [--seconds 2] [--target 0.1] [--fault NAME] [--no-units]
        an arm at 200 Hz that stands still, then one trajectory that moves its first joint; faults: nan, missing, lengths,
        duplicate, no-velocity, gap, two-topics, cut

Needs: pip install mcap-ros2-support
"""
import argparse
import json
import math
import random

from mcap.writer import CompressionType
from mcap_ros2.writer import Writer as Ros2Writer

HEADER = """std_msgs/Header header
{body}
================================================================================
MSG: std_msgs/Header
builtin_interfaces/Time stamp
string frame_id
================================================================================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
"""
STATE = HEADER.format(body="""string[] name
# the position of the joint (rad or m), its velocity (rad/s or m/s), its effort (Nm or N)
float64[] position
float64[] velocity
float64[] effort""")
TRAJECTORY = HEADER.format(body="""string[] joint_names
trajectory_msgs/JointTrajectoryPoint[] points""") + """================================================================================
MSG: trajectory_msgs/JointTrajectoryPoint
# radians for revolute joints, meters for prismatic joints
float64[] positions
float64[] velocities
float64[] accelerations
float64[] effort
builtin_interfaces/Duration time_from_start
================================================================================
MSG: builtin_interfaces/Duration
int32 sec
uint32 nanosec
"""
JOINTS = [f"panda_joint{n}" for n in range(1, 8)]
HOME = [0, -0.785, 0, -2.356, 0, 1.571, 0.785]
START = 1_700_000_000_000_000_000


def header(nanoseconds, frame="base"):
    return {"stamp": {"sec": nanoseconds // 10**9, "nanosec": nanoseconds % 10**9}, "frame_id": frame}


def duration(nanoseconds):
    return {"sec": nanoseconds // 10**9, "nanosec": nanoseconds % 10**9}


def without_units(text):
    return "\n".join(line for line in text.split("\n") if not line.startswith("#"))


class Bag:
    def __init__(self, path, units=True):
        self.file = open(path, "wb")
        self.writer = Ros2Writer(self.file, chunk_size=32768, compression=CompressionType.NONE, enable_crcs=True)
        choose = (lambda text: text) if units else without_units
        self.state_schema = self.writer.register_msgdef("sensor_msgs/msg/JointState", choose(STATE))
        self.trajectory_schema = self.writer.register_msgdef("trajectory_msgs/msg/JointTrajectory", choose(TRAJECTORY))
        self.sequence = 0

    def write(self, topic, schema, message, time):
        self.sequence += 1
        self.writer.write_message(
            topic=topic, schema=schema, message=message, log_time=time, publish_time=time, sequence=self.sequence)

    def state(self, message, time, topic="/joint_states"):
        self.write(topic, self.state_schema, message, time)

    def trajectory(self, message, time, topic="/arm/joint_trajectory"):
        self.write(topic, self.trajectory_schema, message, time)

    def close(self):
        self.writer.finish()
        self.file.close()


def write_random(arguments):
    dice = random.Random(arguments.seed)
    bag = Bag(arguments.file)
    text = lambda: "".join(dice.choice("abcdefghijklmnopqrstuvwxyz_äß") for _ in range(dice.randrange(12)))
    # Sums of powers of two: every JSON reader reads them as they are.
    numbers = lambda: [dice.randrange(-(2**20), 2**20) / 1024 for _ in range(dice.randrange(6))]
    for place in range(arguments.count):
        time = START + place * 1_000_000
        head = header(dice.randrange(2**31) * 10**9 + dice.randrange(10**9), text())
        names = [text() for _ in range(dice.randrange(5))]
        if dice.random() < 0.5:
            message = {"header": head, "name": names, "position": numbers(), "velocity": numbers(), "effort": numbers()}
            bag.state(message, time)
        else:
            points = [
                {"positions": numbers(), "velocities": numbers(), "accelerations": numbers(), "effort": numbers(),
                 "time_from_start": duration(dice.randrange(10**11))}
                for _ in range(dice.randrange(4))
            ]
            message = {"header": head, "joint_names": names, "points": points}
            bag.trajectory(message, time)
        print(json.dumps(message))
    bag.close()


def write_arm(arguments):
    bag = Bag(arguments.file, units=not arguments.no_units)
    fault = arguments.fault
    steps = int(arguments.seconds * 200)
    move = steps // 2
    for step in range(steps):
        time = START + step * 5_000_000
        if fault == "gap" and step > 3 * steps // 4:
            time += 2 * 10**9
        # Where a driver that follows the trajectory would be: a cosine from home to the target in half a second.
        share = min(max((step - move) / 100, 0), 1)
        way = arguments.target * (1 - math.cos(math.pi * share)) / 2
        speed = arguments.target * math.pi * math.sin(math.pi * share) if 0 < share < 1 else 0.0
        position = [HOME[0] + way] + HOME[1:]
        velocity = [speed] + [0.0] * 6
        names = list(JOINTS)
        bad = step == steps // 3
        if fault == "nan" and bad:
            position[3] = math.nan
        if fault == "missing" and bad:
            names, position, velocity = names[:-1], position[:-1], velocity[:-1]
        if fault == "lengths" and bad:
            position = position[:-1]
        if fault == "duplicate" and bad:
            names[1] = names[0]
        if fault == "no-velocity":
            velocity = []
        # By name, not by place: the bag has them in an order of its own, with a finger that the robot file does not have.
        order = list(range(len(names)))[::-1]
        names = ["finger"] + [names[n] for n in order]
        position = [0.02] + [position[n] for n in order if n < len(position)]
        velocity = ([0.0] + [velocity[n] for n in order]) if velocity else []
        bag.state(
            {"header": header(time), "name": names, "position": position, "velocity": velocity,
             "effort": [math.nan] * len(names)}, time)
        if fault == "two-topics":
            bag.state(
                {"header": header(time), "name": JOINTS, "position": HOME, "velocity": [0.0] * 7, "effort": []}, time,
                topic="/commanded")
        if step == move:
            bag.trajectory(
                {"header": header(0), "joint_names": JOINTS, "points": [
                    {"positions": [HOME[0] + arguments.target] + HOME[1:], "velocities": [0.0] * 7, "accelerations": [],
                     "effort": [], "time_from_start": duration(500_000_000)}]}, time)
    bag.close()
    if fault == "cut":
        data = open(arguments.file, "rb").read()
        open(arguments.file, "wb").write(data[: 3 * len(data) // 4])


def main():
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(required=True)
    some = commands.add_parser("random")
    some.add_argument("file")
    some.add_argument("--seed", type=int, required=True)
    some.add_argument("--count", type=int, default=200)
    some.set_defaults(run=write_random)
    arm = commands.add_parser("arm")
    arm.add_argument("file")
    arm.add_argument("--seconds", type=float, default=2)
    arm.add_argument("--target", type=float, default=0.1)
    arm.add_argument("--fault", default="")
    arm.add_argument("--no-units", action="store_true")
    arm.set_defaults(run=write_arm)
    arguments = parser.parse_args()
    arguments.run(arguments)


main()
