"""Kinematics, limits and shapes of imported models against pinocchio and a reading of the original meshes with numpy.

Imports every URDF below with `odcv-monitor model import`, reads it with pinocchio, and compares where every link is over random
configurations; proves each model again with `model verify`; and checks with numpy that every vertex of every collision mesh lies in
a capsule of its link. Then planted defects: a model with a thinner capsule, a moved joint or another mesh must be refused.
Usage: model_oracle.py ODCV_MONITOR [COUNT] [ROBOT...]

The URDFs are those of the PyPI package example-robot-data; pybullet_data's iiwa is added where ODCV_PYBULLET_DATA names its folder.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import numpy as np
import pinocchio
import yaml

TOLERANCE_M = 1e-9
monitor = sys.argv[1]
count = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
only = sys.argv[3:]


def data():
    """The robots' folder of example-robot-data, in the environment that this runs in."""
    for site in sys.path:
        folder = pathlib.Path(site) / "cmeel.prefix/share/example-robot-data/robots"
        if folder.is_dir():
            return folder
    sys.exit("model: example-robot-data is not installed; run scripts/install --test")


robots = data()
descriptions = {
    "panda": (robots / "panda_description/urdf/panda.urdf", robots / "panda_description/srdf/panda.srdf"),
    "ur5": (robots / "ur_description/urdf/ur5_robot.urdf", robots / "ur_description/srdf/ur5.srdf"),
    "ur10": (robots / "ur_description/urdf/ur10_robot.urdf", None),
    "xarm7": (robots / "xarm_description/urdf/xarm7.urdf", robots / "xarm_description/srdf/xarm7.srdf"),
}
if "ODCV_PYBULLET_DATA" in os.environ:
    descriptions["iiwa"] = (pathlib.Path(os.environ["ODCV_PYBULLET_DATA"]) / "kuka_iiwa/model.urdf", None)


def run(*arguments, **options):
    return subprocess.run([monitor, *map(str, arguments)], capture_output=True, text=True, **options)


def rotation(rpy):
    (cr, cp, cy), (sr, sp, sy) = np.cos(rpy), np.sin(rpy)
    return (np.array([[cy, -sy, 0], [sy, cy, 0], [0, 0, 1]]) @ np.array([[cp, 0, sp], [0, 1, 0], [-sp, 0, cp]])
            @ np.array([[1, 0, 0], [0, cr, -sr], [0, sr, cr]]))


def placed(model, data, name):
    index = model.getFrameId(name)
    return data.oMf[index].homogeneous


def kinematics(name, urdf, file, robot):
    """Every link of the model, against pinocchio's frame of the same name, in the model's base frame."""
    model = pinocchio.buildModelFromUrdf(str(urdf))
    state = model.createData()
    joints = list(robot["joints"])
    limits = np.array([[j["lower_rad"], j["upper_rad"]] for j in robot["joints"].values()])
    for joint, (lower, upper) in zip(joints, limits):
        place = model.joints[model.getJointId(joint)].idx_q
        assert abs(model.lowerPositionLimit[place] - lower) < 1e-12, f"{name} {joint}: lower limit"
        assert abs(model.upperPositionLimit[place] - upper) < 1e-12, f"{name} {joint}: upper limit"
    positions = np.random.default_rng(3).uniform(limits[:, 0], limits[:, 1], (count, len(joints)))
    answer = run("kinematics", "--robot", file, check=True,
                 input="\n".join(",".join(repr(float(x)) for x in q) for q in positions) + "\n")
    answers = [json.loads(line)["links"] for line in answer.stdout.splitlines()]
    assert len(answers) == count
    links = list(robot["links"])
    # pinocchio moves the fingers, the model holds them: their links are compared at the joint's lower end, where it is.
    worst = 0.0
    for q, ours in zip(positions, answers):
        full = pinocchio.neutral(model)
        for index in range(1, model.njoints):
            place = model.joints[index].idx_q
            full[place] = q[joints.index(model.names[index])] if model.names[index] in joints else model.lowerPositionLimit[place]
        pinocchio.framesForwardKinematics(model, state, full)
        base = np.linalg.inv(placed(model, state, links[0]))
        for link in links:
            worst = max(worst, np.abs(base @ placed(model, state, link) - np.array(ours[link]).reshape(4, 4)).max())
    print(f"model {name}: {count} configurations, {len(links)} links, {len(joints)} joints: {worst:.2e} m against pinocchio")
    assert worst <= TOLERANCE_M, f"{name}: kinematics differ by {worst}"


def vertices(path):
    raw = path.read_bytes()
    triangles = int.from_bytes(raw[80:84], "little")
    assert len(raw) == 84 + 50 * triangles, f"{path} is no binary STL"
    record = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])
    return np.frombuffer(raw[84:], record)["corners"].astype(float).reshape(-1, 3)


def shapes(name, urdf, robot):
    """Every vertex of every mesh lies in a capsule of its link."""
    checked = 0
    for link, elements in robot["certificate"].items():
        capsules = robot["links"][link]["capsules"]
        for element in elements:
            path = re.sub(r"^package://example-robot-data/robots", str(robots), element["mesh"].split(" swept ")[0])
            path = pathlib.Path(path) if path.startswith("/") else urdf.parent / path
            if not path.is_file():
                continue  # a primitive
            points = vertices(path) * np.array(element["scale"]) @ rotation(np.array(element["rpy_rad"], float)).T
            points = points + np.array(element["xyz_m"])
            depth = np.full(len(points), np.inf)
            for c in capsules:
                a, b = np.array(c["from_m"], float), np.array(c["to_m"], float)
                axis = b - a
                t = np.clip((points - a) @ axis / max(axis @ axis, 1e-300), 0, 1)
                depth = np.minimum(depth, np.linalg.norm(points - a - t[:, None] * axis, axis=1) - c["radius_m"])
            assert depth.max() <= 0, f"{name} {link}: a vertex of {path.name} lies {depth.max()} m outside"
            checked += len(points)
    assert checked > 1000, f"{name}: only {checked} vertices compared"
    print(f"model {name}: {checked} corners of its meshes lie in its capsules")


def planted(name, urdf, file, text):
    """Each changed model must be refused."""
    robot = yaml.safe_load(text)
    link = max(robot["links"], key=lambda l: len(robot["links"][l]["capsules"]))
    radius = str(robot["links"][link]["capsules"][0]["radius_m"])
    at = text.index("from_m", text.index(f"  {link}:\n    ", text.index("\nlinks:")))
    place = text.index("radius_m: ", at) + len("radius_m: ")
    changes = {
        "a thinner capsule": text[:place] + repr(float(radius) - 0.002) + text[text.index(",", place):],
        "a moved joint": re.sub(r"(origin: \{xyz_m: \[[^,]*, [^,]*, )([-0-9.e]+)", lambda m: m[1] + repr(float(m[2]) + 0.001), text, count=1),
        "another mesh": re.sub(r"sha256: \"[0-9a-f]{4}", 'sha256: "0000', text, count=1),
    }
    for what, changed in changes.items():
        assert changed != text, what
        other = file.with_name(f"{name}-changed.yaml")
        other.write_text(changed)
        verify = run("model", "verify", other, "--urdf", urdf)
        assert verify.returncode in (1, 2) and (verify.stdout + verify.stderr).strip(), f"{name}: {what} was accepted"
    print(f"model {name}: refused with {', '.join(changes)}")


with tempfile.TemporaryDirectory() as folder:
    for name, (urdf, srdf) in descriptions.items():
        if only and name not in only:
            continue
        file = pathlib.Path(folder) / f"{name}.yaml"
        made = run("model", "import", "--urdf", urdf, *(["--srdf", srdf] if srdf else []), "--out", file, "--json")
        assert made.returncode == 0, f"{name}: {made.stderr}"
        report = json.loads(made.stdout)
        gaps = [link["gap_mm"] for link in report["links"]]
        print(f"model {name}: {sum(link['capsules'] for link in report['links'])} capsules, gaps {gaps} mm")
        verify = run("model", "verify", file, "--urdf", urdf)
        assert verify.returncode == 0, f"{name}: {verify.stdout}{verify.stderr}"
        text = file.read_text()
        robot = yaml.safe_load(text)
        kinematics(name, urdf, file, robot)
        shapes(name, urdf, robot)
        planted(name, urdf, file, text)
