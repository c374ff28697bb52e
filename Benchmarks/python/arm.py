"""An arm as plain numbers, read from a URDF by this file's own reader: links, joints, one fitted capsule a body.

Links without a collision mesh are kept as frames. Lengths in m, angles in rad.
"""
import dataclasses
import pathlib
import struct
import xml.etree.ElementTree as ET

import numpy as np
import yaml
from scipy.optimize import minimize
from scipy.spatial import ConvexHull


@dataclasses.dataclass
class Link:
    name: str
    parent: int  # -1: the base
    origin: np.ndarray  # 4x4, into the parent
    joint: int  # -1: fixed


@dataclasses.dataclass
class Joint:
    name: str
    axis: np.ndarray
    lower: float
    upper: float


@dataclasses.dataclass
class Capsule:
    link: int
    a: np.ndarray
    b: np.ndarray
    radius: float


@dataclasses.dataclass
class Arm:
    links: list
    joints: list
    capsules: list
    pairs: list  # pairs of links
    hulls: dict  # link -> vertices of its mesh's hull
    urdf: pathlib.Path = None
    package: pathlib.Path = None

    def link(self, name):
        return next(i for i, link in enumerate(self.links) if link.name == name)

    def limits(self):
        return np.array([[j.lower, j.upper] for j in self.joints])

    def transforms(self, q):
        """Base-to-link transforms."""
        out = []
        for link in self.links:
            pose = (out[link.parent] if link.parent >= 0 else np.eye(4)) @ link.origin
            if link.joint >= 0:
                turn = np.eye(4)
                turn[:3, :3] = rotation(self.joints[link.joint].axis, q[link.joint])
                pose = pose @ turn
            out.append(pose)
        return out


def rotation(axis, angle):
    x, y, z = axis
    k = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + np.sin(angle) * k + (1 - np.cos(angle)) * (k @ k)


def from_rpy(rpy):
    (r, p, y) = rpy
    return rotation((0, 0, 1), y) @ rotation((0, 1, 0), p) @ rotation((1, 0, 0), r)


def numbers(text, default):
    return np.array([float(v) for v in text.split()]) if text else np.array(default, dtype=float)


def pose(element):
    out = np.eye(4)
    if element is not None:
        out[:3, :3] = from_rpy(numbers(element.get("rpy"), (0, 0, 0)))
        out[:3, 3] = numbers(element.get("xyz"), (0, 0, 0))
    return out


def stl_vertices(path):
    """Vertices of a binary STL file."""
    data = path.read_bytes()
    count = struct.unpack_from("<I", data, 80)[0]
    if len(data) != 84 + 50 * count:
        raise SystemExit(f"{path}: not a binary STL file")
    rows = np.frombuffer(data, dtype=np.dtype([("n", "<3f4"), ("v", "<9f4"), ("a", "<u2")]), count=count, offset=84)
    return np.unique(rows["v"].reshape(-1, 3).astype(float), axis=0)


def segment_distance(points, a, b):
    d = b - a
    t = np.clip((points - a) @ d / max(d @ d, 1e-18), 0, 1)
    return np.linalg.norm(points - a - t[:, None] * d, axis=1)


def fit(points):
    """The capsule of nearly least volume around points: ends and radius."""
    middle = points.mean(axis=0)
    axis = np.linalg.svd(points - middle, full_matrices=False)[2][0]
    along = (points - middle) @ axis
    best = None
    for share in (0.9, 0.6, 0.3):
        start = np.concatenate([middle + share * along.min() * axis, middle + share * along.max() * axis])

        def volume(x):
            r = segment_distance(points, x[:3], x[3:]).max()
            return np.pi * r * r * (np.linalg.norm(x[3:] - x[:3]) + 4 / 3 * r)

        found = minimize(volume, start, method="Nelder-Mead", options={"maxiter": 2000, "xatol": 1e-5, "fatol": 1e-9})
        if best is None or found.fun < best.fun:
            best = found
    a, b = best.x[:3], best.x[3:]
    return a, b, segment_distance(points, a, b).max() + 1e-6


def robots_folder():
    """Where the PyPI package example-robot-data keeps its robots."""
    import coal  # brings its prefix

    for parent in pathlib.Path(coal.__file__).resolve().parents:
        found = parent / "share/example-robot-data/robots"
        if found.is_dir():
            return found
    raise SystemExit("example-robot-data is not installed beside coal: run scripts/bench, which installs it")


def panda():
    """The Panda with its hand, fingers left out, one capsule for each of nine bodies, twelve self pairs."""
    package = robots_folder().parent.parent
    urdf = robots_folder() / "panda_description/urdf/panda.urdf"
    names = [f"panda_link{i}" for i in range(8)] + ["panda_hand"]
    arm = read(urdf, package, names)
    arm.pairs = [(arm.link(a), arm.link(b)) for a in names[:3] for b in names[5:]]
    return arm


def of_file(robot_file):
    """The same arm with the capsules and self pairs of a robot file, fingers left out; None when they were not fitted to
    the URDF's meshes."""
    file = yaml.safe_load(pathlib.Path(robot_file).read_text())
    if "certificate" not in file:
        return None
    arm = panda()
    names = {link.name: index for index, link in enumerate(arm.links)}
    arm.capsules = [
        Capsule(names[name], np.array(c["from_m"], dtype=float), np.array(c["to_m"], dtype=float), c["radius_m"])
        for name, link in file["links"].items() if name in names for c in link.get("capsules", [])]
    carrying = {c.link for c in arm.capsules}
    arm.pairs = [(names[a], names[b]) for a, b in file["self_pairs"]
                 if names.get(a) in carrying and names.get(b) in carrying]
    return arm


def read(urdf, package, bodies):
    root = ET.parse(urdf).getroot()
    elements = {e.get("name"): e for e in root.findall("link")}
    of_child = {j.find("child").get("link"): j for j in root.findall("joint")}
    top = next(name for name in elements if name not in of_child)
    children = {}
    for child, joint in of_child.items():
        children.setdefault(joint.find("parent").get("link"), []).append(child)
    arm = Arm([], [], [], [], {}, urdf, package)

    def wanted(name):
        return name in bodies or any(wanted(child) for child in children.get(name, []))

    def add(name, parent):
        if not wanted(name):
            return
        joint = of_child.get(name)
        index = len(arm.links)
        moved = -1
        if joint is not None and joint.get("type") in ("revolute", "continuous"):
            limit = joint.find("limit")
            moved = len(arm.joints)
            axis = numbers(joint.find("axis").get("xyz"), (1, 0, 0))
            arm.joints.append(
                Joint(joint.get("name"), axis / np.linalg.norm(axis), float(limit.get("lower")), float(limit.get("upper"))))
        arm.links.append(Link(name, parent, pose(joint.find("origin")) if joint is not None else np.eye(4), moved))
        collision = elements[name].find("collision")
        if name in bodies and collision is not None:
            mesh = collision.find("geometry/mesh")
            points = stl_vertices(package / mesh.get("filename").removeprefix("package://"))
            placed = pose(collision.find("origin"))
            points = points @ placed[:3, :3].T + placed[:3, 3]
            arm.hulls[index] = points[ConvexHull(points).vertices]
            arm.capsules.append(Capsule(index, *fit(arm.hulls[index])))
        for child in children.get(name, []):
            add(child, index)

    add(top, -1)
    return arm
