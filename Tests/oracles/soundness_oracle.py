"""Is any clearance that odcv tells larger than the truth? Random configurations against pinocchio and coal on the original
meshes; with --segments whole joint segments against an oracle that refines until its own bound is under 10 µm.

Half of the configurations have an obstacle within 5 mm of touching the arm; every second block is refined with hulls. Segments are
bounded as the loop does, and some of them as `odcv-monitor sweep` does and with hulls. Before it counts, the run must find
what is planted: capsules 1 mm too thin, and for segments a check of samples with nothing between them.

Exit 1 on any violation (or an upper bound below the truth), 0 when there is none, 3 when it was interrupted and had found none so
far, 4 when it is blind to what is planted.
"""
import argparse
import collections
import concurrent.futures
import concurrent.futures.process
import multiprocessing
import pathlib
import signal
import sys
import time

import coal
import numpy as np
import pinocchio as pin

root = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(root / "Benchmarks/python"))
import odcv  # noqa: E402
import scene  # noqa: E402
import segment_oracle  # noqa: E402
import segment_search  # noqa: E402
from truth_arm import TruthArm  # noqa: E402

TOLERANCE_M = 1e-6  # coal's own error: its gjk tolerance is set to 1e-9
NEAR_M = 0.005
PLANTED_M = 0.001
PROBES, PROBE = 8, 250  # blocks in which the planted must be found, and their size
EDGES_MM = (-np.inf, 0, 0.1, 0.5, 1, 2, 4, 8, 16, 32, 64, np.inf)
KINDS = ("box", "sphere", "capsule", "half-space")


class Obstacle:
    """One shape, in coal and as odcv's numbers."""

    def __init__(self, random):
        self.kind = random.choice(KINDS, p=(0.5, 0.15, 0.25, 0.1))
        self.reach = 0.0
        if self.kind == "half-space":
            self.shape = coal.Halfspace(np.array([0, 0, 1.0]), 0.0)
            return
        self.solid = scene.random_solid(random, self.kind)
        if self.kind == "box":
            self.shape, self.reach = coal.Box(*map(float, self.solid.size)), np.linalg.norm(self.solid.size) / 2
        elif self.kind == "sphere":
            self.shape, self.reach = coal.Sphere(self.solid.radius), self.solid.radius
        else:
            self.shape = coal.Capsule(self.solid.radius, self.solid.length)
            self.reach = self.solid.radius + self.solid.length / 2

    def numbers(self, placement):
        if self.kind == "half-space":
            out = np.zeros(odcv.SOLID_STRIDE)
            out[:3] = placement.rotation[:, 2]
            out[3] = out[:3] @ placement.translation
            return odcv.HALF_SPACE, out
        self.solid.pose = placement.homogeneous
        return odcv.solid_numbers(self.solid)


def direction(random):
    v = random.normal(size=3)
    return v / np.linalg.norm(v)


class Sampler:
    """Configurations, each with its obstacle's placement and its true distances."""

    def __init__(self, truth, options):
        self.truth = truth
        self.options = options
        self.overlapping = None  # joints at which the arm meets itself
        self.middles = [body.vertices.mean(axis=0) for body in truth.bodies]

    def joints(self, random):
        return random.uniform(self.truth.limits[:, 0], self.truth.limits[:, 1])

    def configuration(self, random, obstacle, near):
        """Joints, placement, distance to the obstacle, distance to itself."""
        truth, bodies = self.truth, len(self.truth.environment)
        q = self.joints(random)
        values = truth.measure(q)
        itself = min(values[bodies:], default=np.inf)
        if near and truth.itself and random.random() < self.options.self_share:
            q, itself = self.bring_together(q, itself)
        if itself <= 0:
            self.overlapping = q
        chosen = truth.environment[random.integers(bodies)]
        middle = truth.found.oMg[chosen].act(self.middles[chosen])
        way = direction(random)
        if obstacle.kind == "half-space":
            turn = scene.random_rotation(random)
            placement = pin.SE3(turn, middle - random.uniform(0.05, 0.4) * turn[:, 2])
        else:
            placement = pin.SE3(scene.random_rotation(random), middle + (obstacle.reach + random.uniform(0, 0.3)) * way)
        values = truth.measure_obstacle(placement)
        if near:
            nearest = int(np.argmin(values))
            placement = pin.SE3(
                placement.rotation,
                placement.translation + (random.uniform(-NEAR_M, NEAR_M) - values[nearest]) * truth.away(nearest))
            values = truth.measure_obstacle(placement)
        return q, placement, min(values), itself

    def bring_together(self, q, itself):
        """Joints near q at which the arm is within 5 mm of meeting itself, by bisection; q where that fails."""
        bodies = len(self.truth.environment)
        if self.overlapping is None or itself <= 0:
            return q, itself
        apart, together = q, self.overlapping
        for _ in range(12):
            middle = (apart + together) / 2
            value = min(self.truth.measure(middle)[bodies:])
            if abs(value) <= NEAR_M:
                return middle, value
            if value > 0:
                apart = middle
            else:
                together = middle
        self.truth.measure(q)
        return q, itself


def confirm(truth, q, placement, lower, pairs):
    """The least true distance of some pairs, where coal's first answer was below `lower`: with the meshes where they are
    not convex, from the facets of their difference where bodies overlap. +inf where odcv says that they overlap too and the
    depths can't be compared."""
    truth.place(placement)
    values = truth.measure(q)
    least = np.inf
    for pair in pairs:
        value = values[pair]
        if value >= lower - TOLERANCE_M:
            continue
        entry = truth.geometry.collisionPairs[pair]
        if not all(truth.bodies[i].convex for i in (entry.first, entry.second) if i != truth.obstacle):
            value = truth.pair_of_meshes(pair)
        if value <= 0 and lower <= 0 and not truth.has_depth(pair):
            continue
        if value < 0 and truth.has_depth(pair):
            exact = truth.exact_depth(pair)
            value = value if exact is None else exact
        least = min(least, value)
    return least


def nearest_mesh(truth, values, pairs):
    """The least distance of some pairs with the original meshes; a hull is never farther than its mesh."""
    least = np.inf
    for pair in sorted(pairs, key=lambda pair: values[pair]):
        if values[pair] >= least:
            break
        least = min(least, truth.pair_of_meshes(pair))
    return least


def count(found, name, lower, upper, truth):
    """Adds one block's answers to the histogram."""
    apart = truth > 0
    gap = (truth - lower)[apart] * 1e3
    found[f"{name} histogram"] += np.histogram(gap, EDGES_MM)[0]
    found[f"{name} apart"] += int(apart.sum())
    found[f"{name} near"] += int((np.abs(truth) <= NEAR_M).sum())
    found[f"{name} stopped in vain"] += int((apart & (lower <= 0)).sum())
    found[f"{name} upper below truth"] += int((apart & (upper < truth - TOLERANCE_M)).sum())


def judge(truth, sampler, library, robot, task):
    """One block of configurations, every second one refined with hulls."""
    seed, index, size, meshes = task
    budget = sampler.options.budget if index % 2 else 0
    random = np.random.default_rng([seed, index])
    obstacle = Obstacle(random)
    truth.show(obstacle.shape)
    samples = [sampler.configuration(random, obstacle, i % 2 == 0) for i in range(size)]
    q = odcv.doubles([s[0] for s in samples])
    kinds, numbers = zip(*(obstacle.numbers(s[1]) for s in samples))
    answers = library.single_own_obstacle(
        robot, q, odcv.ints(kinds), odcv.doubles(numbers), budget)
    distances = np.array([s[2:] for s in samples])
    bodies = len(truth.environment)
    parts = {"environment": range(bodies), "self": range(bodies, bodies + len(truth.itself))}
    if meshes:
        for i, (joints, placement, _, _) in enumerate(samples):
            truth.place(placement)
            values = truth.measure(joints)
            distances[i] = [nearest_mesh(truth, values, pairs) for pairs in parts.values()]
    found = collections.Counter()
    for column, (name, pairs) in enumerate(parts.items()):
        lower, upper = answers[:, 2 * column], answers[:, 2 * column + 1]
        for i in np.flatnonzero(~(lower <= distances[:, column] + TOLERANCE_M)):
            true = confirm(truth, *samples[i][:2], lower[i], pairs)
            if not lower[i] <= true + TOLERANCE_M:
                found.setdefault("violations", []).append((name, lower[i] - true, lower[i], true, obstacle.kind, list(q[i])))
        count(found, f"{name}, refined" if budget else name, lower, upper, distances[:, column])
    found["done"] = size
    return found


worker = {}


def start(options):
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the run itself says what was done
    coal_arm = TruthArm(options.robot, options.urdf, options.package_path, options.leave_out)
    library = odcv.Library()
    robot = library.load(options.robot)
    if options.plant is not None:
        library.shrink(robot, options.plant, options.plant_mm / 1e3)
    thin = library.load(options.robot)
    for capsule in range(coal_arm.capsules):
        library.shrink(thin, capsule, PLANTED_M)
    worker.update(truth=coal_arm, sampler=Sampler(coal_arm, options), library=library,
                  segments=segment_oracle.Segments(coal_arm) if options.segments else None,
                  robot=library.scene(robot, []), thin=library.scene(thin, []), options=options)
    if options.segments and not options.slow:
        worker["segments"].hurry()


def work(task, robot="robot", sampled=False):
    if worker["options"].segments:
        random = np.random.default_rng([task[0], task[1]])
        return segment_oracle.judge(
            worker["segments"], worker["library"], worker[robot], Obstacle(random), random, task,
            worker["options"], sampled)
    return judge(worker["truth"], worker["sampler"], worker["library"], worker[robot], task)


def sees(task):
    """Whether a block finds what is planted in it: capsules too thin, and segments judged by their samples alone."""
    thin = bool(work(task, "thin").get("violations"))
    return thin, not worker["options"].segments or bool(work(task, sampled=True).get("violations"))


def merge(total, found):
    for key, value in found.items():
        total[key] = total[key] + value if key in total else value


def report(total, seconds, options):
    if not total["done"]:
        print("interrupted before the first block was done")
        return 5
    violations = total.get("violations", [])
    what = "segments" if options.segments else "configurations"
    print(f"{total['done']:,} {what} of {options.robot.name}, seed {options.seed}: {total['done'] / seconds:,.0f} a second "
          f"in {options.jobs} processes, {seconds:.0f} s")
    names = sorted(key.removesuffix(" apart") for key in total if key.endswith(" apart"))
    for name in names:
        apart = total.get(f"{name} apart", 0)
        if not apart:
            continue
        shares = total[f"{name} histogram"] / apart
        print(f"{name}: {apart:,} apart, {total[f'{name} near']:,} within {NEAR_M * 1e3:.0f} mm of touching, "
              f"{total[f'{name} stopped in vain']:,} apart but not certainly so, "
              f"{total[f'{name} upper below truth']:,} upper bounds below the truth")
        # Below zero: nearer than the hull of a mesh that is not its hull, judged by the mesh.
        print("  truth less lower bound, mm: " + ", ".join(
            f"{EDGES_MM[i]:g}-{EDGES_MM[i + 1]:g}: {share * 100:.2f} %" for i, share in enumerate(shares) if share > 0))
    for key in sorted(k for k in total if k.startswith("oracle")):
        print(f"{key}: {total[key]:,.6g}")
    print(f"violations (lower bound over the truth): {len(violations)}")
    for name, by, lower, true, kind, q in sorted(violations, key=lambda v: -v[1])[:10]:
        print(f"  {name}, {kind}: lower {lower:.9f} m, truth {true:.9f} m, over by {by * 1e3:.6f} mm, joints {q}")
    return 1 if violations or any(total.get(f"{name} upper below truth") for name in names) else 0


def interrupt(*_):
    raise KeyboardInterrupt


def main():
    reader = argparse.ArgumentParser(prog="scripts/soundness", description=__doc__)
    reader.add_argument("--configurations", type=int, default=100_000)
    reader.add_argument("--segments", type=int, default=0, help="check this many whole joint segments instead")
    reader.add_argument("--seed", type=int, default=1)
    reader.add_argument("--jobs", type=int, default=2)
    reader.add_argument("--robot", type=pathlib.Path, default=root / "config/robots/panda.yaml")
    reader.add_argument("--urdf", type=pathlib.Path, help="default: the robot's in the PyPI package example-robot-data")
    reader.add_argument("--package-path", type=pathlib.Path, help="where package:// begins")
    reader.add_argument("--leave-out", action="append", default=[], metavar="LINK", help="a link of the URDF that the robot file lacks")
    reader.add_argument("--meshes", type=int, default=100_000, help="configurations judged by non-convex meshes themselves")
    reader.add_argument("--self-share", type=float, default=0.125, help="of the near ones, brought near to meeting themselves")
    reader.add_argument("--block", type=int, default=500)
    reader.add_argument("--budget", type=int, default=1000, help="units of work of a refined configuration, at most; 0 refines none")
    reader.add_argument("--slow", action="store_true", help="search segments in Python alone")
    reader.add_argument("--cut", action="store_true", help="all segments as odcv-monitor sweep bounds them, none as the loop does")
    reader.add_argument("--exact", action="store_true", help="all segments with hulls too")
    reader.add_argument("--plant", type=int, metavar="CAPSULE", help="shrink this capsule: violations must be found")
    reader.add_argument("--plant-mm", type=float, default=1.0)
    reader.add_argument("--plant-samples", action="store_true", help="judge segments by 16 samples alone: must be caught")
    options = reader.parse_args()
    total = options.segments or options.configurations
    truth = TruthArm(options.robot, options.urdf, options.package_path, options.leave_out)
    odcv.Library().load(options.robot)  # here, so that its error is told once
    if options.plant is not None and not 0 <= options.plant < truth.capsules:
        raise SystemExit(f"--plant {options.plant}: {options.robot} has capsules 0 to {truth.capsules - 1}")
    rough = [truth.links[b.link] for b in truth.bodies if not b.convex]
    if options.segments and not segment_oracle.Segments(truth).judged:
        raise SystemExit(f"{options.robot}: no mesh of this arm is its hull, so no segment can be judged")
    print(f"truth: {len(truth.bodies)} bodies; meshes that are not their hulls: {', '.join(rough) or 'none'}", flush=True)
    if options.segments and not options.slow:
        segment_search.compiled()  # compiled here, so that not every process does
    tasks = [(options.seed, i, min(options.block, total - at), bool(rough) and at < options.meshes)
             for i, at in enumerate(range(0, total, options.block))]
    begun, found, left = time.monotonic(), collections.Counter(), None
    signal.signal(signal.SIGTERM, interrupt)
    pool = concurrent.futures.ProcessPoolExecutor(
        options.jobs, multiprocessing.get_context("spawn"), start, (options,))
    try:
        if options.plant is None and not options.plant_samples:
            probes = [(options.seed + 1, i, PROBE, False) for i in range(PROBES)]
            seen = np.any(list(pool.map(sees, probes)), axis=0)
            if not seen.all():
                print("BLIND: planted defects were not found: "
                      + ", ".join(n for n, ok in zip(("capsules 1 mm too thin", "samples with nothing between them"), seen) if not ok))
                pool.shutdown(cancel_futures=True)
                sys.exit(4)
            print("planted defects are found: capsules 1 mm too thin"
                  + (", samples with nothing between them" if options.segments else ""), flush=True)
        begun = time.monotonic()
        # A few blocks ahead and no more, so that an interruption has little to wait for.
        waiting = collections.deque()
        for number, task in enumerate(tasks):
            waiting.append(pool.submit(work, task))
            if len(waiting) > 2 * options.jobs:
                merge(found, waiting.popleft().result())
            if sys.stderr.isatty() and number % 20 == 0:
                print(f"\r{found['done']:,} of {total:,}", end="", file=sys.stderr)
        while waiting:
            merge(found, waiting.popleft().result())
    except KeyboardInterrupt:
        left = "interrupted"
    except concurrent.futures.process.BrokenProcessPool:
        left = "BROKEN: a process died"
    pool.shutdown(wait=False, cancel_futures=True)
    if left:
        print(f"{left}: {found['done']:,} of {total:,} were done; what they say:")
    status = report(found, time.monotonic() - begun, options)
    sys.exit(status or (0 if not left else 3 if left == "interrupted" else 4))


if __name__ == "__main__":
    main()
