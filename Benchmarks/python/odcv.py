"""The monitor's own calls: the dynamic library of this package, through ctypes and numpy arrays."""
import ctypes
import pathlib

import numpy as np

LIBRARY = pathlib.Path(__file__).resolve().parents[1] / ".build/release/libodcvbench.so"
SOLID_STRIDE = 15
ANSWER_STRIDE = 4
BOX, CAPSULE, HALF_SPACE = 0, 1, 2


def doubles(values):
    return np.ascontiguousarray(values, dtype=np.float64)


def ints(values):
    return np.ascontiguousarray(values, dtype=np.int32)


def at(array):
    return array.ctypes.data_as(ctypes.c_void_p)  # keeps the array alive


def solid_numbers(obstacle):
    """Kind and numbers of an obstacle as the library takes it."""
    out = np.zeros(SOLID_STRIDE)
    if obstacle.kind == "box":
        out[:9] = obstacle.pose[:3, :3].reshape(-1)
        out[9:12] = obstacle.pose[:3, 3]
        out[12:15] = obstacle.size / 2
        return BOX, out
    a, b = obstacle.ends()
    out[:3], out[3:6], out[6] = a, b, obstacle.radius
    return CAPSULE, out


class Library:
    def __init__(self):
        self.c = ctypes.CDLL(str(LIBRARY))
        self.c.odcv_single.restype = ctypes.c_int64
        self.c.odcv_exact.restype = ctypes.c_int64
        self.c.odcv_segment.restype = ctypes.c_int64
        self.c.odcv_clock.restype = ctypes.c_int64

    def clock_cost(self, count=1_000_000):
        """ns of one reading of the clock"""
        return self.c.odcv_clock(count) / count

    def load(self, path):
        reason = ctypes.create_string_buffer(1024)
        robot = self.c.odcv_robot_load(str(path).encode(), reason, 1024)
        if robot < 0:
            raise SystemExit(reason.value.decode())
        return robot

    def robot(self, arm):
        origins = doubles([np.concatenate([l.origin[:3, :3].reshape(-1), l.origin[:3, 3]]) for l in arm.links])
        return self.c.odcv_robot_arrays(
            len(arm.links), at(ints([l.parent for l in arm.links])), at(origins), at(ints([l.joint for l in arm.links])),
            len(arm.joints), at(doubles([[*j.axis, j.lower, j.upper] for j in arm.joints])),
            len(arm.capsules), at(ints([c.link for c in arm.capsules])),
            at(doubles([[*c.a, *c.b, c.radius] for c in arm.capsules])), len(arm.pairs), at(ints(arm.pairs)))

    def shrink(self, robot, capsule, by):
        self.c.odcv_robot_shrink(robot, capsule, ctypes.c_double(by))

    def scene(self, robot, obstacles):
        kinds, numbers = self.solids(obstacles)
        return self.c.odcv_scene(robot, len(obstacles), at(kinds), at(numbers))

    @staticmethod
    def solids(obstacles):
        pairs = [solid_numbers(o) for o in obstacles]
        return ints([k for k, _ in pairs]), doubles([n for _, n in pairs])

    def single(self, scene, q, answers):
        """ns for all configurations, one query after the other"""
        return self.c.odcv_single(scene, len(q), at(q), at(answers))

    def single_each(self, scene, q, answers, times):
        self.c.odcv_single_each(scene, len(q), at(q), at(answers), at(times))

    def single_own_obstacle(self, scene, q, kinds, numbers, budget=0):
        """Configuration i beside obstacle i alone: lower and upper to it, lower and upper to itself."""
        answers = np.empty((len(q), ANSWER_STRIDE))
        self.c.odcv_single_own_obstacle(scene, len(q), at(q), at(kinds), at(numbers), budget, at(answers))
        return answers

    def exact(self, scene, q, answers, budget):
        """ns for all configurations, each refined with hulls by at most `budget` work units"""
        return self.c.odcv_exact(scene, len(q), at(q), budget, at(answers))

    def segment(self, scene, start, end, answers, times=None):
        """ns for all segments; with `times` also of each, the clock's own cost in it"""
        return self.c.odcv_segment(scene, len(start), at(start), at(end), at(answers), None if times is None else at(times))

    def segment_own_obstacle(self, scene, start, end, kinds, numbers, cut=False, exact=False):
        """Segment i beside obstacle i alone: lower and upper to it, lower and upper to itself."""
        answers = np.empty((len(start), ANSWER_STRIDE))
        self.c.odcv_segment_own_obstacle(
            scene, len(start), at(start), at(end), at(kinds), at(numbers), int(cut),
            int(exact), at(answers))
        return answers

    def verdicts(self, monitor_file, robot_file, obstacles, positions, velocities, targets, people, rows=1):
        """Times of each command's (or chunk's, of so many rows) step and of each state's, ns, the decisions, and what the last
        verdict found."""
        kinds, numbers = self.solids(obstacles)
        count = len(positions)
        times, state_times, decisions = np.empty(count, np.int64), np.empty(count, np.int64), np.empty(count, np.int32)
        reason = ctypes.create_string_buffer(1024)
        done = self.c.odcv_verdicts(
            str(monitor_file).encode(), str(robot_file).encode() if robot_file else None, len(obstacles), at(kinds),
            at(numbers), count, at(positions), at(velocities), at(targets), rows, people.shape[1],
            at(people), at(times),
            at(state_times), at(decisions), reason, 1024)
        if done < 0:
            raise SystemExit(reason.value.decode())
        return times, state_times, decisions, reason.value.decode()
