"""Clearance of odcv-monitor against coal, over random configurations of the Panda in a cell.

Reads the YAML files with its own reader, places the capsules with its own forward kinematics (numpy) and asks coal for every
pair. Usage: clearance_oracle.py ODCV_MONITOR [COUNT] [CELL]
"""
import json
import pathlib
import subprocess
import sys

import coal
import numpy as np
import yaml

TOLERANCE_M = 1e-5
root = pathlib.Path(__file__).resolve().parents[2]
monitor = sys.argv[1]
count = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
cell_file = root / "config/cells" / (sys.argv[3] if len(sys.argv) > 3 else "e01.yaml")
robot = yaml.safe_load((root / "config/robots/panda-sim.yaml").read_text())
cell = yaml.safe_load(cell_file.read_text())


def rotation(rpy):
    (cr, cp, cy), (sr, sp, sy) = np.cos(rpy), np.sin(rpy)
    return (np.array([[cy, -sy, 0], [sy, cy, 0], [0, 0, 1]]) @ np.array([[cp, 0, sp], [0, 1, 0], [-sp, 0, cp]])
            @ np.array([[1, 0, 0], [0, cr, -sr], [0, sr, cr]]))


def pose(entry, where="xyz_m"):
    out = np.eye(4)
    if entry:
        out[:3, 3] = entry[where]
        out[:3, :3] = rotation(np.array(entry.get("rpy_rad", [0, 0, 0]), dtype=float))
    return out


def capsule(a, b, radius):
    """A coal capsule lies along z about its middle."""
    a, b = np.array(a, dtype=float), np.array(b, dtype=float)
    length = np.linalg.norm(b - a)
    z = (b - a) / length if length > 0 else np.array([0, 0, 1.0])
    x = np.cross([0, 1.0, 0] if abs(z[1]) < 0.9 else [1.0, 0, 0], z)
    x /= np.linalg.norm(x)
    out = np.eye(4)
    out[:3, :3] = np.column_stack([x, np.cross(z, x), z])
    out[:3, 3] = (a + b) / 2
    return coal.Capsule(radius, length), out


def solid(entry):
    (kind, shape), = entry.items()
    if kind == "box":
        return coal.Box(*map(float, shape["size_m"])), pose(shape, "center_m")
    if kind == "sphere":
        return coal.Sphere(shape["radius_m"]), pose(shape, "center_m")
    if kind == "capsule":
        return capsule(shape["from_m"], shape["to_m"], shape["radius_m"])
    raise SystemExit(f"{cell_file}: no reader for {kind}")


def transform(matrix):
    return coal.Transform3s(matrix[:3, :3].copy(), matrix[:3, 3].copy())


request = coal.DistanceRequest(True, True)
request.gjk_tolerance = 1e-9


def distance(first, second):
    result = coal.DistanceResult()
    return coal.distance(first[0], transform(first[1]), second[0], transform(second[1]), request, result)


shapes = [(name, *capsule(c["from_m"], c["to_m"], c["radius_m"]))
          for name, link in robot["links"].items() for c in link["capsules"]]
obstacles = [solid(entry) for entry in cell["obstacles"].values()]
limits = np.array([[j["lower_rad"], j["upper_rad"]] for j in robot["joints"].values()])
positions = np.random.default_rng(2).uniform(limits[:, 0], limits[:, 1], (count, len(limits)))
base = next(iter(robot["links"]))
order = list(robot["joints"])

run = subprocess.run(
    [monitor, "clearance", "--robot", str(root / "config/robots/panda-sim.yaml"), "--cell", str(cell_file)],
    input="\n".join(",".join(repr(float(x)) for x in q) for q in positions) + "\n",
    capture_output=True, text=True, check=True)
answers = [json.loads(line) for line in run.stdout.splitlines()]
assert len(answers) == count, f"{len(answers)} answers for {count} configurations"

worst = {"static": 0.0, "self": 0.0}
compared = {"static": 0, "self": 0}
for q, answer in zip(positions, answers):
    at = {}
    for name, link in robot["links"].items():
        turn = np.eye(4)
        if "joint" in link:
            turn[:3, :3] = rotation(np.array([0, 0, q[order.index(link["joint"])]]))
        at[name] = at.get(link.get("parent"), np.eye(4)) @ pose(link.get("origin")) @ turn
    placed = [(name, shape, at[name] @ local) for name, shape, local in shapes]
    truth = {
        "static": min(distance(c[1:], o) for c in placed if c[0] != base for o in obstacles),
        "self": min(distance(c[1:], d[1:]) for a, b in robot["self_pairs"]
                    for c in placed if c[0] == a for d in placed if d[0] == b),
    }
    for part, value in truth.items():
        lower = answer[part]["lower"]
        if value > 0:
            compared[part] += 1
            worst[part] = max(worst[part], abs(lower - value))
        elif lower > 1e-6:
            sys.exit(f"clearance: {part} overlaps by coal ({value}) and is clear by odcv ({lower}) at {list(q)}")
for part in worst:
    print(f"clearance {part}: {compared[part]} of {count} positive, largest difference {worst[part]:.2e} m")
assert min(compared.values()) > count / 20, "too few positive configurations to compare"
sys.exit(0 if max(worst.values()) <= TOLERANCE_M else 1)
