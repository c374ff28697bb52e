#!/usr/bin/env python3
"""Writes a recording as odcv-monitor's recorder would, with PyPI mcap and protobuf: an arm at home whose joints sway a little,
with a state and a joint position command every millisecond, a frame of people every 40 and a tick every 20.

    native_recording.py FILE --config CONFIG/monitor.yaml --modules DIRECTORY [--seconds 180]

DIRECTORY holds what `protoc --python_out` makes of proto/odcv/v1. Needs: pip install mcap protobuf PyYAML
"""
import argparse
import hashlib
import math
import os
import struct
import sys

import yaml
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from mcap.writer import CompressionType, Writer

HOME = [0, -0.785, 0, -2.356, 0, 1.571, 0.785]
WALL = 1_700_000_000_000_000_000
START = 1_000_000_000


def configuration(monitor):
    """The monitor file and all that it names, as name and bytes in the order of their names."""
    folder = os.path.dirname(monitor)
    top = yaml.safe_load(open(monitor))
    names = {os.path.basename(monitor), top["robot"], top["cell"], *top["rules"]}
    if "body_limits" in top:
        names.add(top["body_limits"])
    return [(name, open(os.path.join(folder, name), "rb").read()) for name in sorted(names)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("--config", required=True)
    parser.add_argument("--modules", required=True)
    parser.add_argument("--seconds", type=float, default=180)
    arguments = parser.parse_args()
    sys.path.insert(0, arguments.modules)
    from odcv.v1 import common_pb2, record_pb2, robot_pb2, scene_pb2

    files = configuration(arguments.config)
    digest = hashlib.sha256()
    for name, data in files:
        for part in (name.encode(), data):
            digest.update(struct.pack("<Q", len(part)) + part)
    out = open(arguments.file, "wb")
    writer = Writer(out, compression=CompressionType.NONE)
    writer.start(library="native_recording.py")
    writer.add_metadata("odcv", {
        "mono_start_ns": str(START), "real_start_ns": str(WALL), "robot_id": "panda",
        "configuration_sha256": digest.hexdigest(), "boot_id": "00" * 16, "reset_nonce": "1"})
    for name, data in files:
        writer.add_attachment(0, WALL, name, "application/yaml", data)
    channels = {}

    def put(topic, message, index, nanoseconds):
        if topic not in channels:
            # Each file after those that it imports.
            files = []

            def collect(file):
                for dependency in file.dependencies:
                    collect(dependency)
                if file.name not in [f.name for f in files]:
                    files.append(file)

            collect(message.DESCRIPTOR.file)
            sets = FileDescriptorSet()
            for file in files:
                file.CopyToProto(sets.file.add())
            schema = writer.register_schema(message.DESCRIPTOR.full_name, "protobuf", sets.SerializeToString())
            channels[topic] = writer.register_channel(topic, "protobuf", schema)
        writer.add_message(
            channels[topic], WALL + nanoseconds, message.SerializeToString(), WALL + nanoseconds, index)

    def header(number, stamp):
        return common_pb2.Header(robot_id="panda", stream_id=1, seq=number, t_source_ns=stamp, clock=4, boot_id=7)

    index = 0
    for step in range(int(arguments.seconds * 1000)):
        now = step * 1_000_000
        angle = [0.02 * math.sin(2 * math.pi * 0.5 * now * 1e-9 + joint) for joint in range(7)]
        speed = [0.02 * math.pi * math.cos(2 * math.pi * 0.5 * now * 1e-9 + joint) for joint in range(7)]
        position = [home + a for home, a in zip(HOME, angle)]
        if step % 40 == 0:
            index += 1
            put("scene/odcv/2/people/panda", scene_pb2.People(
                header=header(step // 40 + 1, now), sensor_id="cell-camera", coverage_ok=True), index, now + 1)
        if step % 20 == 0:
            index += 1
            put("tick", record_pb2.Tick(mono_ns=START + now), index, now + 2)
        index += 1
        put("state/odcv/2/state/panda", robot_pb2.State(
            header=header(step + 1, now), position=position, velocity=speed, external_effort=[0] * 7, wrench=[0] * 6,
            wrench_frame="base", wrench_sign=1, contact_complete=True, mode=1), index, now + 3)
        index += 1
        put("action/odcv/2/action/panda", robot_pb2.Action(
            header=header(step + 1, now), space=1, position=[p + 0.001 * v for p, v in zip(position, speed)]), index, now + 300_000)
    writer.add_metadata("odcv.end", {"refused_inputs": "0", "last_index": str(index)})
    writer.finish()
    out.close()
    print(index)


main()
