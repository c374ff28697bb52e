"""Obstacles of a work cell, from a seed."""
import dataclasses

import numpy as np


@dataclasses.dataclass
class Solid:
    kind: str  # box, sphere or capsule (along z)
    pose: np.ndarray  # 4x4
    size: np.ndarray = None  # edges of a box, m
    radius: float = 0.0
    length: float = 0.0  # of a capsule's axis, m

    def ends(self):
        half = 0.5 * self.length * self.pose[:3, 2]
        return self.pose[:3, 3] - half, self.pose[:3, 3] + half


def random_rotation(random):
    q = random.normal(size=4)
    w, x, y, z = q / np.linalg.norm(q)
    return np.array([
        [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
        [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
        [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)]])


def random_solid(random, kind):
    """A shape of a work cell's sizes, turned at random, at the origin."""
    pose = np.eye(4)
    pose[:3, :3] = random_rotation(random)
    if kind == "box":
        return Solid("box", pose, size=random.uniform(0.05, 0.35, 3))
    radius = random.uniform(0.03, 0.12)
    return Solid(kind, pose, radius=radius, length=random.uniform(0.1, 0.5) if kind == "capsule" else 0.0)


def kind_of(index, count):
    """60 % boxes, 20 % spheres, 20 % capsules."""
    share = (index + 0.5) / count
    return "box" if share < 0.6 else "sphere" if share < 0.8 else "capsule"


def cell(seed, count):
    """Obstacles around an arm that stands at the origin: as far away as in a cell, so that the arm is sometimes near."""
    random = np.random.default_rng(seed)
    out = []
    while len(out) < count:
        solid = random_solid(random, kind_of(len(out), count))
        angle, reach = random.uniform(-np.pi, np.pi), random.uniform(0.45, 1.2)
        solid.pose[:3, 3] = [reach * np.cos(angle), reach * np.sin(angle), random.uniform(-0.2, 1.3)]
        size = np.linalg.norm(solid.size) / 2 if solid.kind == "box" else solid.radius + solid.length / 2
        if reach - size > 0.2:  # the foot stands free
            out.append(solid)
    return out
