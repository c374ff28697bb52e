"""Signed distances of ODCVCore against coal, pair by pair: capsules and hulls against every solid.

A third of the pairs lies apart, a third is shifted along the normal until it is within 5 mm of touching, a third overlaps. Every
shape is convex, so coal's distance is the same quantity, by GJK where the shapes are apart and by EPA where they overlap. Both of
its tolerances are set to 1e-9; no noise of EPA above that has been seen. Two hulls that overlap have no exact answer here: coal's
must lie inside the bracket.
Usage: distance_oracle.py DISTANCE_PROBE [COUNT]
"""
import collections
import json
import subprocess
import sys

import coal
import numpy as np
from scipy.spatial import ConvexHull
from scipy.spatial.transform import Rotation

TOLERANCE_M = 1e-6
probe = sys.argv[1]
count = int(sys.argv[2]) if len(sys.argv) > 2 else 6_000
random = np.random.default_rng(5)

request = coal.DistanceRequest(True, True)
request.gjk_tolerance = request.epa_tolerance = 1e-9
request.gjk_max_iterations = request.epa_max_iterations = 512


def pose(reach):
    return random.uniform(-reach, reach, 3), Rotation.random(rng=random).as_matrix()


def capsule(reach):
    centre, turn = pose(reach)
    half = random.choice([0.0, random.uniform(0, 0.3)])
    return {"kind": "capsule", "at": centre, "turn": turn, "half": half, "radius": random.choice([0.0, random.uniform(0.01, 0.1)])}


def box(reach):
    centre, turn = pose(reach)
    return {"kind": "box", "at": centre, "turn": turn, "size": random.uniform(0.01, 0.3, 3)}


def half_space(reach):
    centre, turn = pose(reach)
    return {"kind": "half_space", "at": centre, "turn": turn}


def hull(reach):
    centre, turn = pose(reach)
    points = random.normal(size=(int(random.integers(4, 200)), 3))
    points = points / np.linalg.norm(points, axis=1)[:, None] * random.uniform(0.03, 0.25, 3)
    made = ConvexHull(points)
    outward = np.array([t if np.dot(np.cross(points[t[1]] - points[t[0]], points[t[2]] - points[t[0]]), e[:3]) > 0 else t[::-1]
                        for t, e in zip(made.simplices, made.equations)])
    return {"kind": "hull", "at": centre, "turn": turn, "points": points, "triangles": outward,
            "padding": random.choice([0.0, 1e-4])}


def for_probe(s):
    numbers = [*s["at"], *s["turn"].ravel()]
    if s["kind"] == "capsule":
        along = s["turn"][:, 2] * s["half"]
        return {"capsule": [*(s["at"] - along), *(s["at"] + along), s["radius"]]}
    if s["kind"] == "box":
        return {"box": {"pose": numbers, "half": list(s["size"])}}
    if s["kind"] == "half_space":
        return {"half_space": [*s["turn"][:, 0], float(s["turn"][:, 0] @ s["at"])]}
    return {"hull": {"pose": numbers, "vertices": s["points"].tolist(), "triangles": s["triangles"].tolist(), "padding": s["padding"]}}


def for_coal(s):
    """The shape and the radius by which it is to be widened."""
    at = coal.Transform3s(s["turn"], s["at"])
    if s["kind"] == "capsule":
        return (coal.Capsule(s["radius"], 2 * s["half"]) if s["half"] > 0 else coal.Sphere(s["radius"])), at, 0.0
    if s["kind"] == "box":
        return coal.Box(*(2 * s["size"])), at, 0.0
    if s["kind"] == "half_space":
        return coal.Halfspace(s["turn"][:, 0], float(s["turn"][:, 0] @ s["at"])), coal.Transform3s.Identity(), 0.0
    points, triangles = coal.StdVec_Vec3s(), coal.StdVec_Triangle()
    for p in s["points"]:
        points.append(p)
    for t in s["triangles"]:
        triangles.append(coal.Triangle(*map(int, t)))
    return coal.Convex(points, triangles), at, s["padding"]


def truth(first, second):
    (a, at_a, pad_a), (b, at_b, pad_b) = for_coal(first), for_coal(second)
    result = coal.DistanceResult()
    value = coal.distance(a, at_a, b, at_b, request, result)
    return value - pad_a - pad_b, np.array(result.getNearestPoint1()) - np.array(result.getNearestPoint2())


pairs, expected = [], []
while len(pairs) < count:
    first = [capsule, hull][len(pairs) % 2](0.3)
    second = [capsule, box, half_space, hull][len(pairs) // 2 % 4](0.3)
    wanted = ["apart", "touching", "overlapping"][len(pairs) // 8 % 3]
    value, between = truth(first, second)
    if wanted == "touching":
        if value < 1e-3:
            continue
        first["at"] = first["at"] + between / np.linalg.norm(between) * (random.uniform(-0.005, 0.005) - value)
        value, _ = truth(first, second)
    elif (value > 0) != (wanted == "apart"):
        continue
    pairs.append((first, second, wanted))
    expected.append(value)

lines = "\n".join(json.dumps({"first": for_probe(a), "second": for_probe(b)}) for a, b, _ in pairs) + "\n"
run = subprocess.run([probe], input=lines, capture_output=True, text=True, check=True)
answers = [json.loads(line) for line in run.stdout.splitlines()]
assert len(answers) == count, f"{len(answers)} answers for {count} pairs"

worst, number, widest, failed = (collections.defaultdict(float) for _ in range(4))
for (first, second, wanted), value, answer in zip(pairs, expected, answers):
    what = f"{first['kind']} to {second['kind']}, {wanted}"
    number[what] += 1
    # Two hulls that overlap are bracketed; everything else is exact from below.
    loose = first["kind"] == second["kind"] == "hull" and value < 0
    error = max(answer["lower"] - value, value - answer["upper"], 0 if loose else value - answer["lower"])
    if value > 0:
        error = max(error, answer["upper"] - value)
    worst[what] = max(worst[what], error)
    widest[what] = max(widest[what], answer["upper"] - answer["lower"])
    if error > TOLERANCE_M:
        failed[what] += 1
        if failed[what] == 1:
            print(f"distance {what}: coal {value!r}, odcv {answer}", file=sys.stderr)
for what in sorted(worst):
    print(f"distance {what}: {number[what]:.0f} pairs, largest difference {worst[what]:.1e} m, "
          f"widest bracket {widest[what]:.1e} m, {failed[what]:.0f} over {TOLERANCE_M} m")
sys.exit(1 if sum(failed.values()) else 0)
