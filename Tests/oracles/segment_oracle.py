"""The least distance over a whole straight joint segment, refined until the bracket around it is under 10 µm.

At samples of the segment coal gives distances and normals; the least of them bounds the minimum from above. Between samples
a supporting plane bounds it from below: with the unit normal n of a sample, the body A stays beyond the obstacle B by

    min over A's corners x of n·(x + s x') − max over B's corners y of n·(y + s y') − s² (a_A + a_B) / 2

s joint-segment fractions away, x' the velocity there and a the greatest acceleration of any point of the body. Any n will do,
so nothing is owed to coal's iterations. Where that is not enough the interval is halved.
"""
import collections
import heapq

import coal
import numpy as np
import pinocchio as pin

import odcv
import scene
import segment_search

BRACKET_M = 1e-5
TOLERANCE_M = 1e-6
EDGES_MM = (-np.inf, 0, 0.1, 0.5, 1, 2, 4, 8, 16, 32, 64, np.inf)
FASTEST_M_S = 3.0
MOST_SAMPLES = 4000
HELD_TO_PYTHON = 40  # searches of each process


class Segments:
    def __init__(self, truth):
        self.truth = truth
        self.model, self.data = truth.model, truth.data
        self.reach = [self.levers(i) for i in range(len(truth.bodies))]
        self.judged = [
            pair for pair in range(len(truth.geometry.collisionPairs))
            if all(truth.bodies[i].convex for i in self.ends(pair) if i != truth.obstacle)]
        self.environment = [pair for pair in self.judged if pair < len(truth.environment)]
        self.itself = [pair for pair in self.judged if pair >= len(truth.environment)]
        self.fast = self.held_to_python = None

    def hurry(self):
        """Searches in C++ from now on, where that can be built and places every body as pinocchio does."""
        c = segment_search.compiled()
        if c is None:
            return
        fast, random = segment_search.Search(self, c), np.random.default_rng(1)
        for _ in range(20):
            q = random.uniform(self.truth.limits[:, 0], self.truth.limits[:, 1])
            self.turn(self.truth.configuration(q), np.zeros(self.model.nv))
            placed = np.array([segment_search.numbers(place) for place in list(self.truth.found.oMg)[:len(self.truth.bodies)]])
            apart = np.abs(placed - fast.places(q)).max()
            assert apart < 1e-12, f"the fast search places bodies {apart} m from where pinocchio does"
        self.fast, self.held_to_python = fast, 0

    def show(self, obstacle):
        self.truth.show(obstacle.shape)
        if self.fast:
            self.fast.show(obstacle)

    def ends(self, pair):
        entry = self.truth.geometry.collisionPairs[pair]
        return entry.first, entry.second

    def levers(self, body):
        """Per joint that moves a body, in order from the base: its column in q and the greatest distance of the body's
        corners from the joint's origin, whatever the joints between do."""
        thing = self.truth.geometry.geometryObjects[body]
        vertices = self.truth.bodies[body].vertices @ thing.placement.rotation.T + thing.placement.translation
        far, out = np.linalg.norm(vertices, axis=1).max(), []
        joint = thing.parentJoint
        while joint > 0:
            out.append((joint, far))
            far += np.linalg.norm(self.model.jointPlacements[joint].translation)
            joint = self.model.parents[joint]
        return out[::-1]

    def bounds(self, body, rates):
        """Greatest speed and acceleration of any point of a body while the joints turn at constant rates: the derivative
        about two joints is at most the lever of the outer one."""
        if body == self.truth.obstacle:
            return 0.0, 0.0
        levers = [(abs(rates[joint]), far) for joint, far in self.reach[body]]
        speed = sum(rate * far for rate, far in levers)
        bend = sum(a * b * levers[max(i, j)][1] for i, (a, _) in enumerate(levers) for j, (b, _) in enumerate(levers))
        return speed, bend

    # One sample

    def turn(self, q, rates):
        pin.forwardKinematics(self.model, self.data, q, rates)
        pin.updateGeometryPlacements(self.model, self.data, self.truth.geometry, self.truth.found)

    def side(self, body, n):
        """What a body's support along n needs: its corners' offsets, and how they change with s."""
        truth = self.truth
        place = truth.found.oMg[body]
        r, p = np.array(place.rotation), np.array(place.translation)
        vertices = truth.bodies[body].vertices
        joint = truth.geometry.geometryObjects[body].parentJoint
        twist, origin = self.data.v[joint], self.data.oMi[joint]
        turning = origin.rotation @ twist.angular
        moving = origin.rotation @ twist.linear
        across = np.array([
            n[1] * turning[2] - n[2] * turning[1], n[2] * turning[0] - n[0] * turning[2],
            n[0] * turning[1] - n[1] * turning[0]])
        both = vertices @ (r.T @ np.column_stack([n, across]))
        return both[:, 0] + n @ p, both[:, 1] + (across @ (p - origin.translation) + n @ moving)

    def support(self, n):
        """max of n·y over the obstacle."""
        truth = self.truth
        place, shape = truth.found.oMg[truth.obstacle], truth.geometry.geometryObjects[truth.obstacle].geometry
        along, middle = place.rotation.T @ n, n @ place.translation
        if isinstance(shape, coal.Box):
            return middle + np.abs(along) @ shape.halfSide
        if isinstance(shape, coal.Sphere):
            return middle + shape.radius
        if isinstance(shape, coal.Capsule):
            return middle + abs(along[2]) * shape.halfLength + shape.radius
        return middle if along[2] > 1 - 1e-12 else np.inf  # half-space below its plane

    def plane(self, pair):
        """From the present sample: offsets and changes of A's corners, of B's, for this pair's own normal."""
        first, second = self.ends(pair)
        if second == self.truth.obstacle:
            shape = self.truth.geometry.geometryObjects[second].geometry
            n = -np.array(self.truth.found.distanceResults[pair].normal)
            if isinstance(shape, coal.Halfspace):
                n = np.array(self.truth.found.oMg[second].rotation[:, 2])
            return *self.side(first, n), np.array([self.support(n)]), np.zeros(1)
        n = -np.array(self.truth.found.distanceResults[pair].normal)
        return *self.side(first, n), *self.side(second, n)

    @staticmethod
    def beyond(plane, s, bend):
        """The plane's bound over 0...s: a minimum of linear functions is concave, so it is least at an end."""
        a, da, b, db = plane
        ends = min((a.min() - b.max()), (a + s * da).min() - (b + s * db).max())
        return ends - 0.5 * bend * s * s

    # The segment

    def least(self, start, end, own=False, bracket=BRACKET_M, deep=-0.02):
        """Bracket of the least distance to the obstacle, or to itself, over the segment; where it is; how many samples that
        took. The first searches in C++ are held to those in Python.

        Two bodies that overlap by more than `deep` touch whatever lies between the samples: that is as far as it looks.
        """
        if self.fast:
            placement = self.truth.geometry.geometryObjects[self.truth.obstacle].placement
            found = self.fast.least(start, end, placement, own, bracket, deep, MOST_SAMPLES)
            if self.held_to_python < HELD_TO_PYTHON:
                self.held_to_python += 1
                slow = self.searched(start, end, self.itself if own else self.environment, bracket, deep)
                assert found[0] <= slow[1] + 1e-9 and slow[0] <= found[1] + 1e-9, f"C++ and Python disagree: {found}, {slow}"
            return found
        return self.searched(start, end, self.itself if own else self.environment, bracket, deep)

    def searched(self, start, end, pairs, bracket, deep):
        """The same in Python."""
        truth = self.truth
        first, last = truth.configuration(start), truth.configuration(end)
        chord = pin.difference(self.model, first, last)
        rates = np.zeros(self.model.njoints)
        for joint in range(1, self.model.njoints):
            if self.model.joints[joint].nv == 1:
                rates[joint] = chord[self.model.joints[joint].idx_v]
        limits = {}
        for pair in pairs:
            (v, a), (w, b) = (self.bounds(body, rates) for body in self.ends(pair))
            limits[pair] = (v + w, a + b)
        best, where, samples = np.inf, 0.0, {}

        def sample(t, step, active):
            nonlocal best, where
            self.turn(pin.integrate(self.model, first, t * chord), chord)
            values = {pair: pin.computeDistance(truth.geometry, truth.found, pair).min_distance for pair in active}
            lowest = min(best, *values.values())
            planes = {p: self.plane(p) for p, d in values.items() if d - limits[p][0] * step < lowest - bracket}
            # Where coal stopped short, the plane through its own normal proves that they are farther apart.
            values.update((p, max(values[p], self.beyond(plane, 0, 0))) for p, plane in planes.items())
            for value in values.values():
                if value < best:
                    best, where = value, t
            samples[t] = (values, planes)

        def bound(low, high, active):
            """Lower bound over an interval, and the pairs that may be below it there."""
            half, least, open_pairs = 0.5 * (high - low), np.inf, []
            for pair in active:
                speed, bend = limits[pair]
                value = np.inf
                for t, sign in ((low, 1), (high, -1)):
                    values, planes = samples[t]
                    side = values[pair] - speed * half
                    if side < best - bracket and pair in planes:
                        side = max(side, self.beyond(planes[pair], sign * half, bend))
                    value = min(value, side)
                if value < best - bracket:
                    open_pairs.append(pair)
                least = min(least, value)
            return least, low, high, open_pairs

        for t in (0.0, 0.5, 1.0):
            sample(t, 0.25, pairs)
        heap = [bound(0.0, 0.5, pairs), bound(0.5, 1.0, pairs)]
        heapq.heapify(heap)
        while heap[0][0] < best - bracket and best > deep and len(samples) < MOST_SAMPLES:
            _, low, high, active = heapq.heappop(heap)
            middle = 0.5 * (low + high)
            sample(middle, 0.25 * (high - low), active)
            for a, b in ((low, middle), (middle, high)):
                heapq.heappush(heap, bound(a, b, active))
        # Pairs that an interval left out were known to be no nearer than that.
        return min(heap[0][0], best - bracket), best, where, len(samples)

    # Choosing segments

    def tool_length(self, start, end):
        """How far the arm's last frame goes, m."""
        points = []
        for t in np.linspace(0, 1, 5):
            pin.forwardKinematics(self.model, self.data, self.truth.configuration(start + t * (end - start)))
            points.append(np.array(self.data.oMi[self.reach[-1][-1][0]].translation))
        return np.linalg.norm(np.diff(points, axis=0), axis=1).sum()

    def choose(self, random):
        """Joints at both ends: what the tool does in one second at up to 3 m/s, within the limits; of a quarter up to 1 cm, which has
        fewer samples."""
        limits, turning = self.truth.limits, self.truth.revolute
        start = random.uniform(limits[:, 0], limits[:, 1])
        way = random.normal(size=len(start)) * turning
        way *= 3 / np.abs(way).max()
        wanted = 0.01 * random.uniform() if random.uniform() < 0.25 else FASTEST_M_S * random.uniform() ** 2
        for _ in range(2):
            end = np.clip(start + way, limits[:, 0], limits[:, 1])
            length = self.tool_length(start, end)
            if length <= wanted:
                break
            way *= 0.98 * wanted / length
        return start, np.clip(start + way, limits[:, 0], limits[:, 1])

    def put(self, random, obstacle, start, end, graze):
        """The obstacle beside the segment: touching the arm's hulls somewhere on the way within 5 mm, or `graze`, so that
        the least distance of the whole segment is within 5 mm of zero."""
        truth = self.truth
        t = random.uniform()
        truth.measure(start + t * (end - start))
        body = truth.environment[random.integers(len(truth.environment))]
        middle = truth.found.oMg[body].act(truth.bodies[body].vertices.mean(axis=0))
        turn, way = scene.random_rotation(random), random.normal(size=3)
        if obstacle.kind == "half-space":
            placement = pin.SE3(turn, middle - 0.2 * turn[:, 2])
        else:
            placement = pin.SE3(turn, middle + (obstacle.reach + random.uniform(0, 0.2)) * way / np.linalg.norm(way))
        values = truth.measure_obstacle(placement)
        nearest = int(np.argmin(values))
        gap = random.uniform(-0.005, 0.005) if random.random() < 0.5 else random.uniform(0, 0.1)
        placement = pin.SE3(turn, placement.translation + (gap - values[nearest]) * truth.away(nearest))
        truth.measure_obstacle(placement)
        if not graze:
            return placement
        _, best, where, _ = self.least(start, end, bracket=5e-4, deep=-np.inf)
        values = truth.measure(start + where * (end - start))
        nearest = int(np.argmin(values[:len(truth.environment)]))
        return pin.SE3(
            turn, placement.translation + (random.uniform(-0.005, 0.005) - best) * truth.away(nearest))


def sampled(library, robot, starts, ends, kinds, numbers):
    """What a check of sixteen samples with nothing between them would say: the defect that must be caught."""
    out = np.full((len(starts), odcv.ANSWER_STRIDE), np.inf)
    for s in np.linspace(0, 1, 16):
        q = odcv.doubles(np.array(starts) + s * (np.array(ends) - np.array(starts)))
        out = np.minimum(out, library.single_own_obstacle(robot, q, odcv.ints(kinds), odcv.doubles(numbers)))
    return out


def way(index, options):
    """How a block is bounded: cut as `odcv-monitor sweep` does or as the loop does, and whether with hulls. The slower the rarer."""
    if options.cut or options.exact:
        return options.cut, options.exact
    if index % 64 == 63:
        return True, True
    return index % 16 == 4, index % 16 == 8


def judge(segments, library, robot, obstacle, random, task, options, by_samples=False):
    """One block of segments; every eighth is judged against itself too."""
    truth, (_, index, size, _) = segments.truth, task
    cut, exact = way(index, options)
    segments.show(obstacle)
    found = collections.Counter()
    starts, ends, kinds, numbers, brackets = [], [], [], [], []
    for i in range(size):
        start, end = segments.choose(random)
        placement = segments.put(random, obstacle, start, end, i % 2 == 0)
        truth.measure_obstacle(placement)
        low, high, _, samples = segments.least(start, end)
        own = segments.least(start, end, own=True) if i % 8 == 0 and segments.itself else (-np.inf, np.inf, 0, 0)
        found["oracle samples"] += samples + own[3]
        found["oracle brackets over 10 µm, but for deep contacts"] += int(high - low > BRACKET_M + 1e-12 and high > -0.02)
        kind, solid = obstacle.numbers(placement)
        starts.append(start)
        ends.append(end)
        kinds.append(kind)
        numbers.append(solid)
        brackets.append((low, high, own[0], own[1]))
    if options.plant_samples or by_samples:
        answers = sampled(library, robot, starts, ends, kinds, numbers)
    else:
        answers = library.segment_own_obstacle(
            robot, odcv.doubles(starts), odcv.doubles(ends), odcv.ints(kinds), odcv.doubles(numbers),
            cut, exact)
    brackets = np.array(brackets)
    for column, name in ((0, "environment"), (2, "self")):
        lower, upper, low, high = answers[:, column], answers[:, column + 1], brackets[:, column], brackets[:, column + 1]
        known = np.isfinite(high)
        over = known & ~(lower <= high + TOLERANCE_M)
        if not all(truth.has_depth(pair) for pair in (segments.itself if column else segments.environment)):
            over &= ~((lower <= 0) & (high < 0))  # how deep links cut into cells overlap can't be compared
        for i in np.flatnonzero(over):
            found.setdefault("violations", []).append(
                (name, lower[i] - high[i], lower[i], high[i], obstacle.kind, [list(starts[i]), list(ends[i])]))
        apart = known & (high > 0)
        name += (", cut" if cut else "") + (", with hulls" if exact else "")
        found[f"{name} histogram"] += np.histogram((high - lower)[apart] * 1e3, EDGES_MM)[0]
        found[f"{name} apart"] += int(apart.sum())
        found[f"{name} near"] += int((known & (np.abs(high) <= 0.005)).sum())
        found[f"{name} stopped in vain"] += int((apart & (lower <= 0)).sum())
        found[f"{name} upper below truth"] += int((apart & (upper < low - TOLERANCE_M)).sum())
        found[f"oracle contacts, {column and 'self' or 'environment'}"] += int((known & (high < 0)).sum())
        found[f"oracle contacts missed, {column and 'self' or 'environment'}"] += int((known & (high < 0) & (lower > 0)).sum())
    found["done"] = size
    return found
