"""Golden vectors for the rotation forms of actions, from SciPy: writes or checks Tests/oracles/rotations.json.

Each row: a quaternion x, y, z, w; the same rotation as axis times angle, as roll, pitch and yaw about fixed axes, as the matrix's
first two columns; and the rotation vector that takes the row before it there, base frame.
"""
import json
import sys

import numpy as np
from scipy.spatial.transform import Rotation


def rows():
    random = np.random.default_rng(20260117)
    quaternions = random.normal(size=(150, 4))
    # Small turns, half turns, and turns about one axis.
    vectors = [1e-9 * v for v in random.normal(size=(10, 3))] + [1e-4 * v for v in random.normal(size=(10, 3))]
    for v in random.normal(size=(20, 3)):
        vectors.append(v / np.linalg.norm(v) * (np.pi - 1e-6))
    for axis in np.eye(3):
        vectors += [axis * angle for angle in (-3, -np.pi / 2, -1e-3, 1e-3, np.pi / 2, 3)]
    rotations = [Rotation.from_quat(q / np.linalg.norm(q)) for q in quaternions]
    rotations += [Rotation.from_rotvec(v) for v in vectors]
    before = Rotation.identity()
    found = []
    for rotation in rotations:
        matrix = rotation.as_matrix()
        found.append({
            "quaternion": rotation.as_quat().tolist(),
            "axis_angle": rotation.as_rotvec().tolist(),
            "rpy_fixed": rotation.as_euler("xyz").tolist(),
            "rot6d": [*matrix[:, 0].tolist(), *matrix[:, 1].tolist()],
            "matrix": matrix.T.ravel().tolist(),
            "from_before": (rotation * before.inv()).as_rotvec().tolist(),
        })
        before = rotation
    return found


def main():
    check = sys.argv[1] == "--check"
    path = sys.argv[-1]
    fresh = rows()
    if not check:
        with open(path, "w") as file:
            file.write("[\n" + ",\n".join(json.dumps(row) for row in fresh) + "\n]\n")
        return 0
    with open(path) as file:
        stored = json.load(file)
    worst = max(
        np.max(np.abs(np.array(a[key]) - np.array(b[key]))) for a, b in zip(stored, fresh, strict=True) for key in a)
    print(f"{len(stored)} rotations, largest difference to SciPy's {worst:.1e}")
    return 0 if worst < 1e-9 else 1


if __name__ == "__main__":
    sys.exit(main())
