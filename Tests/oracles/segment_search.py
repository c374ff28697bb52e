"""segment_oracle.py's search, in C++ (segment_oracle.cc): about ten times as fast, held to the one in Python before it is used."""
import ctypes
import hashlib
import pathlib
import shutil
import subprocess
import sys

import coal
import numpy as np
import pinocchio as pin

SOURCE = pathlib.Path(__file__).with_name("segment_oracle.cc")
BUILT = SOURCE.parents[2] / ".build/oracle"
KINDS = {"box": 0, "sphere": 1, "capsule": 2, "half-space": 3}
EIGEN = pathlib.Path("/usr/include/eigen3")


def compiled():
    """The compiled search; None, with a word on standard error, where it can't be compiled."""
    prefix = next((p for p in pathlib.Path(coal.__file__).resolve().parents if (p / "include/coal").is_dir()), None)
    compiler = shutil.which("clang++") or shutil.which("g++")
    if prefix is None or compiler is None or not EIGEN.is_dir():
        print("soundness: the fast search needs coal's headers, libeigen3-dev and a C++ compiler; searching in Python", file=sys.stderr)
        return None
    stamp = hashlib.sha256(SOURCE.read_bytes() + str(prefix).encode()).hexdigest()[:16]
    built = BUILT / f"segment_oracle-{stamp}.so"
    if not built.exists():
        BUILT.mkdir(parents=True, exist_ok=True)
        made = built.with_suffix(f".{id(built)}.tmp")
        # Plain x86-64 as the wheel is built: another vector width would change the layout of Eigen's types.
        done = subprocess.run(
            [compiler, "-std=c++17", "-O2", "-shared", "-fPIC", f"-I{prefix}/include", f"-I{EIGEN}", str(SOURCE), "-o", str(made),
             f"-L{prefix}/lib", "-lcoal", f"-Wl,-rpath,{prefix}/lib"], capture_output=True, text=True)
        if done.returncode:
            print(f"soundness: the fast search does not compile, searching in Python:\n{done.stderr[-2000:]}", file=sys.stderr)
            return None
        made.replace(built)
    found = ctypes.CDLL(str(built))
    found.odcv_oracle.restype = ctypes.c_void_p
    return found


def doubles(values):
    return np.ascontiguousarray(values, dtype=np.float64)


def ints(values):
    return np.ascontiguousarray(values, dtype=np.int32)


def at(array):
    return array.ctypes.data_as(ctypes.c_void_p)


def numbers(placement):
    return np.concatenate([placement.rotation.reshape(-1), placement.translation])


class Search:
    def __init__(self, segments, c):
        self.c = c
        truth, model, data = segments.truth, segments.model, segments.data
        kept = [j for j in range(1, model.njoints) if model.names[j] in truth.joints]
        if any(model.joints[j].nv != 1 or (model.parents[j] > 0 and model.parents[j] not in kept) for j in kept):
            raise ValueError("not a chain of joints with one degree of freedom")
        self.order = [truth.joints.index(model.names[j]) for j in kept]
        place = {joint: index for index, joint in enumerate(kept)}
        pin.computeJointJacobians(model, data, pin.neutral(model))
        axes = [pin.getJointJacobian(model, data, j, pin.ReferenceFrame.LOCAL)[:, model.joints[j].idx_v] for j in kept]
        self.handle = ctypes.c_void_p(c.odcv_oracle(
            len(kept), at(ints([place.get(model.parents[j], -1) for j in kept])),
            at(doubles([numbers(model.jointPlacements[j]) for j in kept])), at(doubles(axes))))
        for index, body in enumerate(truth.bodies):
            thing = truth.geometry.geometryObjects[index]
            levers = segments.reach[index]
            c.odcv_oracle_body(
                self.handle, place.get(thing.parentJoint, -1), at(doubles(numbers(thing.placement))), len(body.vertices),
                at(doubles(body.vertices)), len(levers), at(ints([place[j] for j, _ in levers] or [0])),
                at(doubles([far for _, far in levers] or [0])))
        environment = [segments.ends(pair)[0] for pair in segments.environment]
        itself = [segments.ends(pair) for pair in segments.itself]
        c.odcv_oracle_pairs(self.handle, len(environment), at(ints(environment)), len(itself), at(ints(itself or [(0, 0)])))
        self.bodies = len(truth.bodies)

    def show(self, obstacle):
        """An obstacle of soundness_oracle.py."""
        solid = getattr(obstacle, "solid", None)
        size = {"box": lambda: solid.size, "sphere": lambda: [solid.radius], "capsule": lambda: [solid.radius, solid.length],
                "half-space": lambda: [0.0]}[obstacle.kind]()
        self.c.odcv_oracle_obstacle(self.handle, KINDS[obstacle.kind], at(doubles(size)))

    def places(self, q):
        """Rotation and translation of every body, 12 numbers each."""
        out = np.empty((self.bodies, 12))
        self.c.odcv_oracle_place(self.handle, at(doubles(np.asarray(q)[self.order])), at(out))
        return out

    def least(self, start, end, placement, own, bracket, deep, most):
        out = np.empty(4)
        self.c.odcv_oracle_least(
            self.handle, at(doubles(np.asarray(start)[self.order])), at(doubles(np.asarray(end)[self.order])),
            at(doubles(numbers(placement))), int(own), ctypes.c_double(bracket), ctypes.c_double(deep), most, at(out))
        return out[0], out[1], out[2], int(out[3])
