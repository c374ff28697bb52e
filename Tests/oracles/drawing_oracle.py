#!/usr/bin/env python3
"""Checks what a recording of the simulated Panda draws, message by message, against programs that are not ours.

    drawing_oracle.py RECORDING CELL [--robot FILE]

- Every message decodes by the schema in the file, which is that of PyPI foxglove-schemas-protobuf, field by field, and its own class knows
  every field.
- Links, tool and capsules are where MuJoCo's forward kinematics has them at the joints that were drawn; obstacles are those of CELL.
- No topic has more than 20 messages in a second of the recording's clock, but for drawing/log and its 20 lines.

--robot is the file that capsules are read from (config/robots/panda-sim.yaml). Exit 0: as it should be; 1: the first thing that is not.
Needs: pip install foxglove-schemas-protobuf mcap-protobuf-support mujoco numpy PyYAML
"""
import argparse
import bisect
import importlib
import pathlib
import sys
from collections import defaultdict

import mujoco
import numpy as np
import yaml
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.unknown_fields import UnknownFieldSet
from mcap.reader import make_reader
from mcap_protobuf.decoder import DecoderFactory

TOLERANCE_M = 1e-9
root = pathlib.Path(__file__).resolve().parents[2]
TOPICS = {
    "drawing/cell": "SceneUpdate", "drawing/scene": "SceneUpdate", "drawing/transforms": "FrameTransforms",
    "drawing/joints": "JointStates", "drawing/tool": "PoseInFrame", "drawing/log": "Log",
}


def require(condition, text):
    if not condition:
        sys.exit(f"drawing_oracle: {text}")


def published(name):
    return getattr(importlib.import_module(f"foxglove_schemas_protobuf.{name}_pb2"), name)


def shape(descriptor, seen):
    """Fields and enumerations of a message and of all that it is made of, by full name."""
    if descriptor.full_name in seen:
        return
    seen[descriptor.full_name] = sorted(
        (f.number, f.name, f.type, f.is_repeated, f.is_packed,
         f.message_type.full_name if f.message_type else [(v.number, v.name) for v in f.enum_type.values] if f.enum_type else "")
        for f in descriptor.fields)
    for field in descriptor.fields:
        if field.message_type:
            shape(field.message_type, seen)


def check_schema(schema):
    pool = DescriptorPool()
    for file in FileDescriptorSet.FromString(schema.data).file:
        pool.Add(file)
    ours, theirs = {}, {}
    shape(pool.FindMessageTypeByName(schema.name), ours)
    shape(published(schema.name.removeprefix("foxglove.")).DESCRIPTOR, theirs)
    require(ours.keys() == theirs.keys(), f"{schema.name} is made of other messages: {ours.keys() ^ theirs.keys()}")
    for name in ours:
        require(ours[name] == theirs[name], f"{name} is {ours[name]} and should be {theirs[name]}")


def vector(message):
    return np.array([message.x, message.y, message.z])


def matrix(quaternion):
    q = np.array([quaternion.w, quaternion.x, quaternion.y, quaternion.z])
    require(abs(np.linalg.norm(q) - 1) < 1e-9, "a quaternion is not of length one")
    out = np.empty(9)
    mujoco.mju_quat2Mat(out, q)
    return out.reshape(3, 3)


class Arm:
    def __init__(self, robot):
        self.model = mujoco.MjModel.from_xml_path(str(root / "config/sim/panda.xml"))
        self.data = mujoco.MjData(self.model)
        self.links = {
            name: link.get("capsules") or [] for name, link in robot["links"].items()}
        self.tool = (robot["tcp"]["link"], np.array(robot["tcp"]["offset_m"], dtype=float))

    def place(self, joints):
        for joint in joints:
            number = mujoco.mj_name2id(self.model, mujoco.mjtObj.mjOBJ_JOINT, joint.name)
            require(number >= 0, f"{joint.name} is no joint of the simulated arm")
            require(joint.HasField("position") and joint.HasField("velocity"), f"{joint.name} has no position or speed")
            self.data.qpos[self.model.jnt_qposadr[number]] = joint.position
        mujoco.mj_kinematics(self.model, self.data)

    def body(self, name):
        number = mujoco.mj_name2id(self.model, mujoco.mjtObj.mjOBJ_BODY, name)
        if number < 0:
            return None
        return self.data.xmat[number].reshape(3, 3).copy(), self.data.xpos[number].copy()


def drawn_capsules(entity):
    """(a, b, radius) of each cylinder, and (center, radius) of each ball."""
    capsules = []
    for cylinder in entity.cylinders:
        require(cylinder.bottom_scale == 1 and cylinder.top_scale == 1, "a cylinder is a cone")
        require(cylinder.size.x == cylinder.size.y, "a cylinder is not round")
        middle, axis = vector(cylinder.pose.position), matrix(cylinder.pose.orientation)[:, 2]
        half = axis * cylinder.size.z / 2
        capsules.append((middle - half, middle + half, cylinder.size.x / 2))
    balls = [(vector(ball.pose.position), ball.size.x / 2) for ball in entity.spheres]
    return capsules, balls


def check_arm(arm, entity):
    capsules, balls = drawn_capsules(entity)
    expected = 0
    for name, parts in arm.links.items():
        body = arm.body(name)
        if body is None:
            continue
        turn, at = body
        for part in parts:
            a, b = (turn @ np.array(part[end], dtype=float) + at for end in ("from_m", "to_m"))
            radius = part["radius_m"]
            expected += 1
            ends = [c for c, r in balls if abs(r - radius) < TOLERANCE_M]
            for end in (a, b):
                require(any(np.abs(c - end).max() < TOLERANCE_M for c in ends), f"an end of a capsule of {name} is not drawn at {end}")
            if np.abs(a - b).max() < TOLERANCE_M:
                continue
            require(
                any(abs(r - radius) < TOLERANCE_M and max(np.abs(p - a).max(), np.abs(q - b).max()) < TOLERANCE_M
                    for p, q, r in capsules),
                f"a capsule of {name} is not drawn from {a} to {b}")
    require(expected >= 12, f"only {expected} capsules are on bodies that MuJoCo has")
    return expected


def check_cell(update, cell):
    entities = {entity.id: entity for entity in update.entities}
    boxes = {tuple(np.round(np.r_[vector(c.pose.position), vector(c.size)], 9)) for c in entities["obstacles"].cubes}
    for name, obstacle in cell["obstacles"].items():
        if (box := obstacle.get("box")) is not None:
            where = tuple(np.round(np.array(box["center_m"] + box["size_m"], dtype=float), 9))
            require(where in boxes, f"obstacle {name} is not drawn at {where}")
    require(len(entities["zones"].cubes) == len(cell.get("zones") or {}), "another number of zones is drawn")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("recording")
    parser.add_argument("cell")
    parser.add_argument("--robot", default=str(root / "config/robots/panda-sim.yaml"))
    options = parser.parse_args()
    arm = Arm(yaml.safe_load(open(options.robot)))
    cell = yaml.safe_load(open(options.cell))

    drawn = defaultdict(dict)
    times = defaultdict(list)
    schemas = {}
    with open(options.recording, "rb") as file:
        reader = make_reader(file, validate_crcs=True, decoder_factories=[DecoderFactory()])
        for schema, channel, message, value in reader.iter_decoded_messages(topics=list(TOPICS)):
            require(schema.name == "foxglove." + TOPICS[channel.topic], f"{channel.topic} is a {schema.name}")
            again = published(TOPICS[channel.topic]).FromString(message.data)
            require(len(UnknownFieldSet(again)) == 0, f"{channel.topic} has fields that the published message does not know")
            schemas[schema.name] = schema
            drawn[channel.topic][message.log_time] = again
            times[channel.topic].append(message.log_time)
    for schema in schemas.values():
        check_schema(schema)
    for topic in TOPICS:
        require(times[topic], f"nothing is drawn on {topic}")
        at = sorted(times[topic])
        most = max(bisect.bisect_left(at, t + 10**9) - place for place, t in enumerate(at))
        require(most <= (40 if topic == "drawing/log" else 20), f"{topic}: {most} messages in one second")

    capsules = links = 0
    for time, joints in drawn["drawing/joints"].items():
        arm.place(joints.joints)
        for transform in drawn["drawing/transforms"][time].transforms:
            require(transform.parent_frame_id == "base", f"{transform.child_frame_id} hangs on {transform.parent_frame_id}")
            if (body := arm.body(transform.child_frame_id)) is None:
                continue
            off = max(np.abs(vector(transform.translation) - body[1]).max(), np.abs(matrix(transform.rotation) - body[0]).max())
            require(off < TOLERANCE_M, f"{transform.child_frame_id} is drawn {off} away")
            links += 1
        turn, at = arm.body(arm.tool[0])
        tool = drawn["drawing/tool"][time].pose
        off = max(np.abs(vector(tool.position) - (turn @ arm.tool[1] + at)).max(), np.abs(matrix(tool.orientation) - turn).max())
        require(off < TOLERANCE_M, f"the tool is drawn {off} away")
        entities = {entity.id: entity for entity in drawn["drawing/scene"][time].entities}
        require(set(entities) == {"arm", "people", "seen", "pair"}, f"the scene has {sorted(entities)}")
        require(all(entity.frame_id == "base" for entity in entities.values()), "an entity is not in the base frame")
        capsules += check_arm(arm, entities["arm"])
    for update in drawn["drawing/cell"].values():
        check_cell(update, cell)
    require(links > 0 and capsules > 0, "no arm is drawn")
    print(f"drawing: {sum(map(len, times.values()))} messages, {links} links, {capsules} capsules")


if __name__ == "__main__":
    main()
