"""How much is lost by fitted capsules, and by their hulls after the exact stage, against the hulls of the original meshes: random
configurations in several cells of 20 obstacles, truth by pinocchio and coal.

    tightness_oracle.py [--robot FILE] [--scenes 5] [--configurations 1000]

Ends with 1 where a bar does not hold: for the Panda in the worst of the scenes, for other arms over all of them.
"""
import argparse
import pathlib
import sys

import numpy as np
import pinocchio as pin

root = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(root / "Benchmarks/python"))
import odcv  # noqa: E402
import scene  # noqa: E402
from peers import se3, shape  # noqa: E402
from truth_arm import TruthArm  # noqa: E402

OBSTACLES = 20
BUDGET = 1000  # units of work of the exact stage, a configuration
# mm, median and 95th percentile; None where nothing is demanded.
PANDA = {"environment": (4, 15), "self": (13, 40), "environment, refined": (None, 0.5), "self, refined": (None, 0.5)}
OTHERS = {"environment": (6, None)}


def measure(truth, library, robot, seed, count):
    """One scene: truth less lower bound, mm, by what was asked; where truth is apart."""
    random = np.random.default_rng([seed, 20])
    obstacles = scene.cell(seed, OBSTACLES)
    q = odcv.doubles(random.uniform(truth.limits[:, 0], truth.limits[:, 1], (count, len(truth.limits))))
    geometry, environment = truth.beside([(se3(o.pose), shape(o)) for o in obstacles])
    found, true = pin.GeometryData(geometry), np.empty((count, 2))
    for index, position in enumerate(q):
        pin.computeDistances(truth.model, truth.data, geometry, found, truth.configuration(position))
        values = [r.min_distance for r in found.distanceResults]
        true[index] = min(values[:environment]), min(values[environment:], default=np.nan)
    own, answers, out = library.scene(robot, obstacles), np.empty((count, odcv.ANSWER_STRIDE)), {}
    for stage in ("", ", refined"):
        if stage:
            library.exact(own, q, answers, BUDGET)
        else:
            library.single(own, q, answers)
        for column, name in enumerate(("environment", "self")):
            apart = true[:, column] > 0
            out[name + stage] = (true[:, column] - answers[:, 2 * column])[apart] * 1e3
    return out


def main():
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--robot", type=pathlib.Path, default=root / "config/robots/panda.yaml")
    reader.add_argument("--scenes", type=int, default=5)
    reader.add_argument("--configurations", type=int, default=1000)
    options = reader.parse_args()
    truth, library = TruthArm(options.robot), odcv.Library()
    robot = library.load(options.robot)
    scenes = [measure(truth, library, robot, seed, options.configurations) for seed in range(1, options.scenes + 1)]
    is_panda, holds = truth.file["name"] == "panda", True
    print(f"{options.robot.name}: {truth.capsules} capsules, {options.scenes} scenes of {OBSTACLES} obstacles, "
          f"{options.configurations} configurations each")
    for name in scenes[0]:
        each = np.array([np.percentile(found[name], [50, 95]) for found in scenes if len(found[name])])
        if not len(each):
            continue
        together = np.percentile(np.concatenate([found[name] for found in scenes]), [50, 95])
        worst = each.max(axis=0)
        print(f"  {name}: median {together[0]:.3f}, p95 {together[1]:.3f} mm; worst scene {worst[0]:.3f}, {worst[1]:.3f}")
        judged = worst if is_panda else together
        for value, bar, what in zip(judged, (PANDA if is_panda else OTHERS).get(name, (None, None)), ("median", "p95")):
            if bar is not None and not value <= bar:
                print(f"  DOES NOT HOLD: {name}, {what} {value:.3f} mm, at most {bar}")
                holds = False
    sys.exit(0 if holds else 1)


if __name__ == "__main__":
    main()
