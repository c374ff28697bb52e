"""scripts/bench clearance: ours beside coal, MuJoCo and vamp on the same geometry, in one process on one core.

Prints the rows of "Numbers to reach" that concern clearance. Ratios are taken round by round; absolute times only describe
the machine.
"""
import argparse
import pathlib
import platform
import shutil
import sys
import tempfile

import numpy as np
import yaml

import arm as arms
import odcv
import peers
import rounds
import scene
import vamp

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests/oracles"))
from truth_arm import TruthArm  # noqa: E402

VAMP_SIXTEEN, COAL_SAME_RUN = 2065, 33500  # ns, of one earlier run on one machine: vamp's 16 samples, one coal query


def row(what, bar, value, holds):
    print(f"  -> {what}: {value} (bar: {bar}) {'holds' if holds else 'DOES NOT HOLD'}")


def machine():
    with open("/proc/cpuinfo") as info:
        model = next((line.split(":")[1].strip() for line in info if line.startswith("model name")), platform.machine())
    return model


class Bench:
    def __init__(self, options):
        self.options = options
        self.library = odcv.Library()
        self.random = np.random.default_rng(options.seed)
        self.arm = arms.panda()
        self.obstacles = scene.cell(options.seed, options.obstacles)
        self.scene = self.library.scene(self.library.robot(self.arm), self.obstacles)
        self.coal = peers.Coal(self.arm, self.obstacles)
        self.vamp = vamp.build(self.obstacles)

    def configurations(self, count):
        limits = self.arm.limits()
        return odcv.doubles(self.random.uniform(limits[:, 0], limits[:, 1], (count, len(limits))))

    def chunks(self, size):
        return [self.configurations(size) for _ in range(self.options.rounds + 1)]

    def paths(self, count, reach):
        """Straight segments inside the limits along which every joint moves by `reach` rad, either way."""
        limits = self.arm.limits()
        start = self.random.uniform(limits[:, 0] + reach, limits[:, 1] - reach, (count, len(limits)))
        return odcv.doubles(start), odcv.doubles(start + reach * self.random.choice([-1, 1], start.shape))

    # Rows

    def agreement(self):
        q = self.configurations(1000)
        answers = np.empty((len(q), odcv.ANSWER_STRIDE))
        self.library.single(self.scene, q, answers)
        truth = self.coal.distances(q)
        for column, name in ((0, "obstacles"), (1, "itself")):
            apart = truth[:, column] > 0
            low = (truth[:, column] - answers[:, 2 * column])[apart]
            print(f"  {name}: {apart.sum()} of 1000 apart; coal less our lower bound {low.min() * 1e6:.3f} to "
                  f"{low.max() * 1e6:.3f} µm; same sign in {np.mean(apart == (answers[:, 2 * column] > 0)) * 100:.1f} %")

    def one(self):
        answers = np.empty((self.options.chunk, odcv.ANSWER_STRIDE))
        empty, empty_mujoco = peers.Coal(self.arm, [], bodies=False), peers.MuJoCo(self.arm, [], bodies=False)
        hulls, mujoco = peers.Coal(self.arm, self.obstacles, "hulls"), peers.MuJoCo(self.arm, self.obstacles)
        contestants = {
            "odcv, one configuration": lambda q: self.library.single(self.scene, q, answers),
            "coal computeDistances, same capsules": self.coal.run,
            "coal computeDistances, hulls of the meshes": hulls.run,
            "coal computeCollisions (bool), same capsules": self.coal.run_collisions,
            "MuJoCo kinematics + collision (contacts)": mujoco.run_collision,
            "MuJoCo kinematics + geomDistance, all pairs": mujoco.run_distances,
            "empty: computeDistances, no pair": empty.run,
            "empty: MuJoCo kinematics + collision": empty_mujoco.run_collision,
        }
        if self.vamp:
            contestants["vamp fkcc (bool), one configuration"] = lambda q: self.vamp.single(q)[0]
        times = rounds.interleave(contestants, self.chunks(self.options.chunk))
        rounds.table(times, "odcv, one configuration")
        print("  The empty rows are what Python's loop, the binding and forward kinematics cost; nothing is subtracted. "
              f"MuJoCo's all-pairs row has {len(mujoco.pairs)} Python calls a configuration.")
        coal = times["coal computeDistances, same capsules"]
        ratio = np.median(coal / times["odcv, one configuration"])
        row("one configuration against coal", "at least 40x", f"{ratio:.1f}x", ratio >= 40)
        return times

    def sixteen(self, coal):
        """A 16-sample path: of such a length that vamp takes 16 samples too."""
        size, reach = self.options.chunk, 0.4 / np.sqrt(len(self.arm.joints))
        answers, times = np.empty((size, odcv.ANSWER_STRIDE)), np.empty(size, np.int64)
        every = []

        def ours(pair):
            total = self.library.segment(self.scene, *pair, answers)
            self.library.segment(self.scene, *pair, answers, times)  # a second time, each on its own
            every.append(times.copy())
            return total

        class Chunk(tuple):
            def __len__(self):
                return size

        chunks = [Chunk(self.paths(size, reach)) for _ in range(self.options.rounds + 1)]
        contestants = {"odcv, 16-sample path": ours}
        if self.vamp:
            contestants["vamp validate_motion (bool), 16 samples"] = lambda pair: self.vamp.motion(*pair)[0]
        found = rounds.interleave(contestants, chunks)
        rounds.table(found, "odcv, 16-sample path")
        mine = found["odcv, 16-sample path"]
        ratio = coal / (np.median(mine) / 16)
        row("batch (the samples of a path), per configuration, against coal", "at least 70x", f"{ratio:.1f}x", ratio >= 70)
        slowest = np.percentile(np.concatenate(every[1:]), 99.9)
        if self.vamp:
            theirs = found["vamp validate_motion (bool), 16 samples"]
            free = np.mean([self.vamp.motion(*pair)[1].mean() for pair in chunks])
            print(f"  vamp stops at the first hit; {free * 100:.0f} % of these paths are free of collision for it.")
        else:
            theirs = VAMP_SIXTEEN / COAL_SAME_RUN * coal
            print(f"  vamp (derived, not measured here: {VAMP_SIXTEEN} / {COAL_SAME_RUN} of coal's query): "
                  f"{np.median(theirs):,.0f} ns")
        average = np.median(mine / theirs) if self.vamp else np.median(mine) / np.median(theirs)
        row("16-sample path against vamp, average", "at most 1.5x", f"{average:.2f}x", average <= 1.5)
        worst = slowest / np.median(theirs)
        row("16-sample path against vamp, slowest of 1000", "at most 3.5x", f"{worst:.2f}x", worst <= 3.5)

    def segments(self, one):
        size = self.options.chunk
        answers, times = np.empty((size, odcv.ANSWER_STRIDE)), np.empty(size, np.int64)
        print(f"  {'each joint moves':20s} {'median ns':>10s} {'p95':>10s} {'x one':>7s}   loss against {self.options.dense} "
              "samples, mm: median, p95, max")
        for reach, bar in ((0.0026, 0.1), (0.02, None), (0.11, 1.0), (0.3, None)):
            cost, loss, deep = [], [], []
            for _ in range(3):
                start, end = self.paths(size, reach)
                self.library.segment(self.scene, start, end, answers, times)
                cost.append(times.copy())
                least = self.least(start, end)
                loss.append((least - answers[:, [0, 2]])[least > 0])
                deep.append((least - answers[:, [0, 2]])[least <= 0])
            cost, loss, deep = np.concatenate(cost), np.concatenate(loss) * 1e3, np.concatenate(deep) * 1e3
            middle, high, most = np.percentile(loss, 50), np.percentile(loss, 95), loss.max()
            ratio = np.median(cost) / one
            print(f"  {reach * 1e3:8.1f} mrad        {np.median(cost):10,.0f} {np.percentile(cost, 95):10,.0f} {ratio:7.1f}"
                  f"   {middle:.4f}  {high:.4f}  {most:.4f}  (least {loss.min():.6f}); "
                  f"{len(deep)} overlap: max {deep.max(initial=0):.3f}, least {deep.min(initial=0):.6f}")
            if bar:
                row(f"loss at {reach} rad a joint", f"at most {bar} mm", f"p95 {high:.3f} mm, max {most:.3f} mm", most <= bar)
                row(f"cost at {reach} rad a joint", "at most 10x one configuration", f"{ratio:.1f}x", ratio <= 10)

    def least(self, start, end):
        """Least of the lower bounds at dense samples of each segment."""
        dense = np.linspace(0, 1, self.options.dense)[:, None]
        out = np.empty((len(start), 2))
        answers = np.empty((self.options.dense, odcv.ANSWER_STRIDE))
        for index, (a, b) in enumerate(zip(start, end)):
            self.library.single(self.scene, odcv.doubles(a + dense * (b - a)), answers)
            out[index] = answers[:, [0, 2]].min(axis=0)
        return out

    def verdicts(self):
        """A good controller's commands: smooth motion between random targets, one person walking past, and everything that a
        cell can declare switched on. Then chunks of the same targets."""
        count = self.options.commands
        positions, velocities, targets = self.motion(count)
        people = walk(count, self.options.person_distance)
        folder = tempfile.TemporaryDirectory()
        monitor = pathlib.Path(folder.name) / "monitor.yaml"
        for part in ("robots", "rules", "tables"):
            shutil.copytree(ROOT / "config" / part, monitor.parent / part)
        for file in (ROOT / "Benchmarks/config").iterdir():
            shutil.copy(file, monitor.parent)
        obstacles = self.clear_of(positions[::50])
        times, state_times, chunk_times = [], [], []
        for _ in range(3):
            command, state, decisions, said = self.library.verdicts(
                monitor, self.options.verdict_robot, obstacles, positions, velocities, targets, people)
            times.append(command)
            state_times.append(state)
            some = slice(0, count // 5)
            chunk, _, chunk_decisions, chunk_said = self.library.verdicts(
                monitor, self.options.verdict_robot, obstacles, positions[some], velocities[some], targets[some], people[some], rows=50)
            chunk_times.append(chunk)
        print(f"  the last command's findings but for passes: {said or 'none'}; the last chunk's: {chunk_said or 'none'}; "
              f"chunks allowed {np.mean(chunk_decisions == 0) * 100:.1f} %")
        times = np.min(times, axis=0)  # of the same step in three passes: what the step costs, not what disturbed it
        shares = {name: np.mean(decisions == code) for code, name in enumerate(("allow", "slow", "hold", "halt"))}
        for name, values in (("every command", times), *(
                (name, times[decisions == code]) for code, name in enumerate(shares) if shares[name] > 0),
                ("states", np.min(state_times, axis=0))):
            p50, p99 = np.percentile(values, [50, 99])
            print(f"  {name:16s} {len(values):7d} steps: p50 {p50 / 1e3:8.2f} µs, p99 {p99 / 1e3:8.2f}, max {values.max() / 1e3:8.2f}")
        p50, p99 = np.percentile(times, [50, 99])
        row("full verdict of one command, p50", "at most 15 µs", f"{p50 / 1e3:.1f} µs", p50 <= 15000)
        row("full verdict, p99 against p50", "at most 2x", f"{p99 / p50:.2f}x", p99 <= 2 * p50)
        chunk = np.percentile(np.min(chunk_times, axis=0), 50) / p50
        row("chunk of 50 rows against one command, p50", "at most 20x", f"{chunk:.1f}x", chunk <= 20)

    def fitted(self):
        """The shipped model: coal on its capsules, and how tight it is against the hulls of the original meshes."""
        fitted = arms.of_file(self.options.robot)
        if fitted is None:
            print(f"  {self.options.robot} has no certificate: its capsules were not fitted to the URDF's meshes")
            return
        own = self.library.scene(self.library.robot(fitted), self.obstacles)
        coal = peers.Coal(fitted, self.obstacles)
        answers = np.empty((self.options.chunk, odcv.ANSWER_STRIDE))
        name = f"odcv, one configuration, {len(fitted.capsules)} capsules"
        times = rounds.interleave({
            name: lambda q: self.library.single(own, q, answers),
            f"coal computeDistances, {len(coal.geometry.collisionPairs)} pairs": coal.run,
        }, self.chunks(self.options.chunk))
        rounds.table(times, name)
        self.tightness()

    def tightness(self):
        truth = TruthArm(self.options.robot, leave_out=self.options.leave_out)
        limits = truth.limits
        q = odcv.doubles(self.random.uniform(limits[:, 0], limits[:, 1], (self.options.tight, len(limits))))
        geometry, environment = truth.beside([(peers.se3(o.pose), peers.shape(o)) for o in self.obstacles])
        found = peers.pin.GeometryData(geometry)
        true = np.empty((len(q), 2))
        for index, row_of in enumerate(q):
            peers.pin.computeDistances(truth.model, truth.data, geometry, found, truth.configuration(row_of))
            values = [r.min_distance for r in found.distanceResults]
            true[index] = min(values[:environment]), min(values[environment:])
        own = self.library.scene(self.library.load(self.options.robot), self.obstacles)
        answers = np.empty((len(q), odcv.ANSWER_STRIDE))
        self.library.single(own, q, answers)
        stages = [("capsules", answers.copy(), (("obstacles", 4, 15), ("itself", 13, 40)))]
        ns = self.library.exact(own, q, answers, self.options.budget) / len(q)
        print(f"  exact stage: {ns:,.0f} ns a configuration, at most {self.options.budget} units of work")
        stages.append(("exact stage", answers, (("obstacles", None, 0.5), ("itself", None, 0.5))))
        for stage, bounds, bars in stages:
            for column, (name, middle_bar, high_bar) in enumerate(bars):
                apart = true[:, column] > 0
                gap = (true[:, column] - bounds[:, 2 * column])[apart] * 1e3
                middle, high = np.percentile(gap, [50, 95])
                print(f"  {stage}, {name}: {apart.sum()} apart; truth less lower bound, mm: median {middle:.3f}, p95 {high:.3f}, "
                      f"max {gap.max():.3f}, least {gap.min():.6f}; stopped in vain "
                      f"{np.mean(bounds[apart, 2 * column] <= 0) * 100:.2f} %")
                if middle_bar:
                    row(f"{stage}, {name}, median", f"at most {middle_bar} mm", f"{middle:.2f} mm", middle <= middle_bar)
                row(f"{stage}, {name}, p95", f"at most {high_bar} mm", f"{high:.2f} mm", high <= high_bar)

    def verdict_robot(self):
        """The robot that verdicts are timed with: whose tracking and stopping are declared, not assumed at import."""
        return pathlib.Path(self.options.verdict_robot or ROOT / "config/robots/panda-sim.yaml")

    def clear_of(self, positions, distance=0.15):
        """As many obstacles as elsewhere, none of them near these positions of the arm: a good controller's cell."""
        robot, out, seed = self.library.load(self.verdict_robot()), [], self.options.seed
        while len(out) < self.options.obstacles:
            seed += 1
            for obstacle in scene.cell(seed, self.options.obstacles):
                kinds, numbers = self.library.solids([obstacle] * len(positions))
                near = self.library.single_own_obstacle(self.library.scene(robot, []), positions, kinds, numbers)[:, 0].min()
                if near > distance:
                    out.append(obstacle)
        return out[:self.options.obstacles]

    def motion(self, count, period=0.02):
        """Joints that follow smooth ways between random points near a working pose, and the next period's target. Joints
        behind the arm's seven (fingers) stand still."""
        file = yaml.safe_load(self.verdict_robot().read_text())
        fingers = [0.5 * (j["lower_m"] + j["upper_m"]) for j in list(file["joints"].values())[7:]]
        middle = np.array([0, -0.4, 0, -2.0, 0, 1.8, 0.7])
        phases = self.random.uniform(0, 2 * np.pi, (3, 7))
        rates = self.random.uniform(0.2, 0.7, (3, 7))
        time = period * np.arange(count + 1)[:, None]
        q = middle + sum(0.25 * np.sin(rates[k] * time + phases[k]) for k in range(3))
        v = sum(0.25 * rates[k] * np.cos(rates[k] * time + phases[k]) for k in range(3))
        q = np.hstack([q, np.tile(fingers, (len(q), 1))])
        v = np.hstack([v, np.zeros((len(v), len(fingers)))])
        return odcv.doubles(q[:-1]), odcv.doubles(v[:-1]), odcv.doubles(q[1:])


def walk(count, distance, period=0.02):
    """Twelve capsules of a person who walks to and fro past the arm, `distance` m from its foot at the nearest."""
    shapes = [  # ends from the ground below the person's middle, radius; m
        ((0, 0, 1.10), (0, 0, 1.40), 0.16), ((0, 0, 0.95), (0, 0, 1.05), 0.17), ((0, 0, 1.58), (0, 0, 1.66), 0.11),
        ((0, 0, 1.45), (0, 0, 1.50), 0.07), ((0, 0.20, 1.40), (0, 0.25, 1.12), 0.055), ((0, -0.20, 1.40), (0, -0.25, 1.12), 0.055),
        ((0, 0.25, 1.12), (0.1, 0.25, 0.88), 0.05), ((0, -0.25, 1.12), (0.1, -0.25, 0.88), 0.05),
        ((0, 0.10, 0.90), (0, 0.10, 0.50), 0.08), ((0, -0.10, 0.90), (0, -0.10, 0.50), 0.08),
        ((0, 0.10, 0.50), (0, 0.10, 0.08), 0.06), ((0, -0.10, 0.50), (0, -0.10, 0.08), 0.06)]
    flat = np.array([[*a, *b, r] for a, b, r in shapes])
    out = np.tile(flat, (count, 1, 1))
    along = 2.0 * np.sin(0.5 * period * np.arange(count))
    for ends in (0, 3):
        out[:, :, ends] += distance
        out[:, :, ends + 1] += along[:, None]
        out[:, :, ends + 2] -= 0.8  # the arm stands on a table
    return odcv.doubles(out)


def main():
    reader = argparse.ArgumentParser(prog="scripts/bench clearance", description=__doc__)
    reader.add_argument("--rounds", type=int, default=25, help="at least 15")
    reader.add_argument("--chunk", type=int, default=400, help="configurations in a round")
    reader.add_argument("--obstacles", type=int, default=20)
    reader.add_argument("--seed", type=int, default=1)
    reader.add_argument("--dense", type=int, default=513, help="samples of a segment's truth")
    reader.add_argument("--commands", type=int, default=20000)
    reader.add_argument("--person-distance", type=float, default=2.2, help="m from the arm's foot, at the nearest")
    reader.add_argument("--robot", default=str(ROOT / "config/robots/panda.yaml"), help="the fitted model")
    reader.add_argument("--verdict-robot", help="for the verdict row, in place of the simulated arm")
    reader.add_argument("--leave-out", action="append", default=[], metavar="LINK", help="of the URDF, that the robot file lacks")
    reader.add_argument("--tight", type=int, default=10000, help="configurations for tightness")
    reader.add_argument("--budget", type=int, default=1000, help="work units of the exact stage, a configuration")
    options = reader.parse_args()
    if options.rounds < 15:
        raise SystemExit("--rounds must be at least 15: fewer say little about the spread")
    before = rounds.load()
    core = rounds.pin_to_one_core()
    bench = Bench(options)
    print(f"{machine()}, core {core}, load {before:.2f}{' (NOT QUIET: times are not to be quoted)' if before > 0.5 else ''}; "
          f"{options.rounds} rounds of {options.chunk}; clock {bench.library.clock_cost():.0f} ns a reading")
    print(f"Panda, {len(bench.arm.capsules)} capsules, {options.obstacles} obstacles, {len(bench.arm.pairs)} self pairs: "
          f"{len(bench.coal.geometry.collisionPairs)} pairs; seed {options.seed}")
    print("\nSame answers")
    bench.agreement()
    print("\nOne configuration: ns per configuration")
    times = bench.one()
    print("\nA path of 16 samples, 0.4 rad long: ns per path")
    bench.sixteen(np.median(times["coal computeDistances, same capsules"]))
    print("\nA bound over the whole joint segment")
    bench.segments(np.median(times["odcv, one configuration"]))
    print("\nFull verdict of one command: motion and stop, obstacles, a person of 12 capsules, itself, every rule")
    bench.verdicts()
    print(f"\nThe fitted model {pathlib.Path(options.robot).name} against the hulls of the original meshes")
    bench.fitted()


if __name__ == "__main__":
    main()
