"""The truth about an arm: its URDF and original meshes, placed by pinocchio, measured by coal.

Nothing here comes from odcv but the names of joints and links, the joint limits and the list of self pairs, which are read
from its robot file. Lengths in m, angles in rad.
"""
import pathlib
import warnings

import coal
import numpy as np
import pinocchio as pin
import yaml
from scipy.spatial import ConvexHull, QhullError

CONVEX = 1.0005  # a mesh whose hull has at most this share more volume is its hull
KNOWN = {  # robot name -> URDF in the PyPI package example-robot-data
    "panda": "panda_description/urdf/panda.urdf",
    "ur5": "ur_description/urdf/ur5_robot.urdf",
    "ur10": "ur_description/urdf/ur10_robot.urdf",
    "xarm7": "xarm_description/urdf/xarm7.urdf",
}


def robots_folder():
    for parent in pathlib.Path(coal.__file__).resolve().parents:
        found = parent / "share/example-robot-data/robots"
        if found.is_dir():
            return found
    raise SystemExit("example-robot-data is not installed beside coal: run Benchmarks/prepare")


def volume(vertices, triangles):
    a, b, c = (vertices[triangles[:, i]] for i in range(3))
    return abs(np.einsum("ij,ij->i", a, np.cross(b, c)).sum()) / 6


class Body:
    """One collision geometry of the URDF."""

    def __init__(self, link, geometry):
        self.link = link  # index in the robot file
        self.mesh = geometry if isinstance(geometry, coal.BVHModelBase) else None
        self.vertices = None
        if self.mesh is None:
            self.solid, self.convex = geometry, True
            if isinstance(geometry, coal.Box):
                h = geometry.halfSide
                self.vertices = np.array([[x, y, z] for x in (-h[0], h[0]) for y in (-h[1], h[1]) for z in (-h[2], h[2])])
            return
        points = np.array(geometry.vertices())
        triangles = np.array([[geometry.tri_indices(i)[k] for k in range(3)] for i in range(geometry.num_tris)])
        shape = ConvexHull(points)
        self.vertices = points[shape.vertices]
        self.corners = points[triangles]
        self.convex = shape.volume <= CONVEX * volume(points, triangles)
        self.solid = hull(self.vertices)

    def encloses(self, point):
        """Whether a point of the body's frame is inside its mesh: how often rays in three directions cross the surface."""
        a, b, c = (self.corners[:, i] for i in range(3))
        return all(crossings(point, np.array(ray), a, b - a, c - a) % 2 for ray in (
            (0.8361, 0.3719, 0.4033), (-0.2927, 0.7643, 0.5747), (0.1931, -0.5477, -0.8141)))

    def spread(self, placements):
        """This body at all of these placements at once: the hull of a translation's whole way between two of them."""
        points = np.concatenate([self.vertices @ p.rotation.T + p.translation for p in placements])
        self.vertices = points[ConvexHull(points).vertices]
        self.solid, self.mesh = hull(self.vertices), None


def crossings(point, ray, a, ab, ac):
    """Möller and Trumbore 1997, over all triangles at once."""
    normal, away = np.cross(ray, ac), point - a
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = 1 / np.einsum("ij,ij->i", ab, normal)
        u = np.einsum("ij,ij->i", away, normal) * scale
        side = np.cross(away, ab)
        v, t = side @ ray * scale, np.einsum("ij,ij->i", ac, side) * scale
        return int(((u >= 0) & (v >= 0) & (u + v <= 1) & (t > 0)).sum())


def hull(points):
    cloud = coal.StdVec_Vec3s()
    for point in points:
        cloud.append(point)
    return coal.Convex.convexHull(cloud, True, "Qt")


class TruthArm:
    def __init__(self, robot_file, urdf=None, package=None, leave_out=()):
        self.file = yaml.safe_load(pathlib.Path(robot_file).read_text())
        if urdf is None:
            name = self.file["name"].split("-")[0].split("_")[0]
            if name not in KNOWN:
                raise SystemExit(f"{robot_file}: no URDF is known for the robot {name}; name one with --urdf")
            urdf = robots_folder() / KNOWN[name]
        packages = [str(package)] if package else [str(robots_folder().parents[1]), str(robots_folder().parents[2])]
        self.model = pin.buildModelFromUrdf(str(urdf), True)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            read = pin.buildGeomFromUrdf(self.model, str(urdf), pin.GeometryType.COLLISION, packages)
        self.data = self.model.createData()
        self.joints = list(self.file["joints"])
        self.links = list(self.file["links"])
        counts = [len(link.get("capsules") or []) for link in self.file["links"].values()]
        self.capsules, self.cut = sum(counts), [count > 1 for count in counts]
        limits = self.file["joints"].values()
        self.limits = np.array([[j["lower_rad"] if "lower_rad" in j else j["lower_m"],
                                 j["upper_rad"] if "upper_rad" in j else j["upper_m"]] for j in limits])
        self.revolute = np.array([j["kind"] == "revolute" for j in limits])
        self.columns = [self.column(name, robot_file) for name in self.joints]
        self.neutral = pin.neutral(self.model)
        self.bodies = []
        self.geometry = pin.GeometryModel()
        for thing in read.geometryObjects:
            if self.model.frames[thing.parentFrame].name in leave_out:
                continue
            body = Body(self.owner(thing, robot_file), thing.geometry)
            joint, placement = thing.parentJoint, thing.placement
            if self.model.names[joint] not in self.joints and joint > 0:
                joint, placements = self.reached(thing, robot_file)
                body.spread(placements)
                placement = pin.SE3.Identity()
            self.bodies.append(body)
            self.geometry.addGeometryObject(pin.GeometryObject(thing.name, joint, placement, body.solid))
        self.obstacle = self.geometry.addGeometryObject(pin.GeometryObject("obstacle", 0, pin.SE3.Identity(), coal.Sphere(0.1)))
        self.environment = [i for i, body in enumerate(self.bodies) if body.link != 0]
        self.itself = [
            (i, j) for first, second in self.file["self_pairs"] for i, a in enumerate(self.bodies)
            for j, b in enumerate(self.bodies) if (self.links[a.link], self.links[b.link]) == (first, second)]
        for index in self.environment:
            self.geometry.addCollisionPair(pin.CollisionPair(index, self.obstacle))
        for first, second in self.itself:
            self.geometry.addCollisionPair(pin.CollisionPair(first, second))
        self.found = pin.GeometryData(self.geometry)
        for index in range(len(self.geometry.collisionPairs)):
            self.found.distanceRequests[index].gjk_tolerance = 1e-9
        self.convex = all(body.convex for body in self.bodies)

    def column(self, name, robot_file):
        joint = self.model.getJointId(name)
        if joint >= self.model.njoints:
            raise SystemExit(f"{robot_file}: its joint {name} is not in the URDF")
        if self.model.joints[joint].nq == 2:
            return (self.model.joints[joint].idx_q, True)  # cosine and sine
        return (self.model.joints[joint].idx_q, False)

    def reached(self, thing, robot_file):
        """A joint that the robot file does not have (a finger's) may be anywhere: the joint below it that the file has, and
        where it brings a geometry in that joint's frame at both of its limits."""
        fixed = thing.parentJoint
        while fixed > 0 and self.model.names[fixed] not in self.joints:
            fixed = self.model.parents[fixed]
        out = []
        for limits in (self.model.lowerPositionLimit, self.model.upperPositionLimit):
            q = pin.neutral(self.model)
            for joint in range(1, self.model.njoints):
                if self.model.names[joint] not in self.joints and self.model.joints[joint].nq == 1:
                    q[self.model.joints[joint].idx_q] = limits[self.model.joints[joint].idx_q]
            pin.forwardKinematics(self.model, self.data, q)
            out.append(self.data.oMi[fixed].inverse() * self.data.oMi[thing.parentJoint] * thing.placement)
        if not np.allclose(out[0].rotation, out[1].rotation, atol=1e-9):
            raise SystemExit(f"{robot_file}: it has no joint {self.model.names[thing.parentJoint]}, which turns {thing.name}; "
                             "only joints that slide can be left to be anywhere")
        return fixed, out

    def owner(self, thing, robot_file):
        """The link of the robot file that carries a geometry: its own, or the nearest below it that has capsules and no joint
        of the file between."""
        frame = self.model.frames[thing.parentFrame]
        while True:
            entry = self.file["links"].get(frame.name)
            if entry is not None and entry.get("capsules"):
                return self.links.index(frame.name)
            above = self.model.frames[frame.parentFrame]
            moved = frame.type == pin.FrameType.JOINT and frame.name in self.joints
            if frame.parentFrame == 0 or moved:
                raise SystemExit(f"{robot_file}: the URDF's {thing.name} is on a link without a capsule; "
                                 "import the model again, or --leave-out the link if the arm does not carry it")
            frame = above

    def configuration(self, q):
        out = self.neutral.copy()
        for value, (column, circle) in zip(q, self.columns):
            if circle:
                out[column], out[column + 1] = np.cos(value), np.sin(value)
            else:
                out[column] = value
        return out

    # Distances

    def show(self, shape):
        """Which shape the obstacle has from now on."""
        self.geometry.geometryObjects[self.obstacle].geometry = shape
        self.found = pin.GeometryData(self.geometry)
        for index in range(len(self.geometry.collisionPairs)):
            self.found.distanceRequests[index].gjk_tolerance = 1e-9

    def place(self, placement):
        self.geometry.geometryObjects[self.obstacle].placement = placement

    def beside(self, obstacles):
        """This arm's bodies with these obstacles (placements and shapes) in place of the one that moves: a pinocchio
        geometry with the pairs of every moving body and every obstacle first, then the self pairs; and how many the former
        are."""
        out = pin.GeometryModel()
        for thing in list(self.geometry.geometryObjects)[:self.obstacle]:
            out.addGeometryObject(thing)
        things = [out.addGeometryObject(pin.GeometryObject(f"obstacle{i}", 0, placement, shape))
                  for i, (placement, shape) in enumerate(obstacles)]
        for index in self.environment:
            for thing in things:
                out.addCollisionPair(pin.CollisionPair(index, thing))
        for pair in self.itself:
            out.addCollisionPair(pin.CollisionPair(*pair))
        return out, len(self.environment) * len(things)

    def has_depth(self, pair):
        """Whether odcv's depth of an overlap can be compared: a link cut into cells is as deep as its deepest cell, and
        each cell's way out may be shorter than the whole link's."""
        entry = self.geometry.collisionPairs[pair]
        mine = [self.bodies[i] for i in (entry.first, entry.second) if i != self.obstacle]
        return all(body.convex and not self.cut[body.link] for body in mine)

    def measure(self, q):
        """Every distance at the joints q: to the obstacle per body, then of each self pair."""
        pin.computeDistances(self.model, self.data, self.geometry, self.found, self.configuration(q))
        return [r.min_distance for r in self.found.distanceResults]

    def measure_obstacle(self, placement):
        """The same arm; the obstacle moved."""
        self.place(placement)
        self.found.oMg[self.obstacle] = placement
        return [pin.computeDistance(self.geometry, self.found, index).min_distance for index in range(len(self.environment))]

    def away(self, pair):
        """From the body to the obstacle: the unit vector along which the obstacle leaves the body."""
        return np.array(self.found.distanceResults[pair].normal)

    def pair_of_meshes(self, pair):
        """The same distance with the original meshes in place of their hulls; 0 or less where they meet or one is in the other."""
        entry = self.geometry.collisionPairs[pair]
        first, second = (self.original(i) for i in (entry.first, entry.second))
        if isinstance(second, coal.Halfspace):
            place = self.found.oMg[entry.first] * pin.SE3.Identity()
            plane, at = second.n, self.found.oMg[entry.second]
            normal = at.rotation @ plane
            body = self.bodies[entry.first]
            return (body.vertices @ place.rotation.T @ normal).min() + normal @ (place.translation - at.translation) - second.d
        request, result = coal.DistanceRequest(True, True), coal.DistanceResult()
        distance = coal.distance(first, transform(self.found.oMg[entry.first]), second,
                                 transform(self.found.oMg[entry.second]), request, result)
        # A mesh is a surface to coal: what lies wholly inside is apart from it.
        if distance > 0 and self.found.distanceResults[pair].min_distance < 0 and (
                self.inside(entry.first, entry.second) or self.inside(entry.second, entry.first)):
            return -distance
        return distance

    def inside(self, inner, outer):
        """Whether a point of one body is inside another's mesh; of two whose surfaces do not meet that goes for all of it."""
        body = None if outer == self.obstacle else self.bodies[outer]
        if body is None or body.mesh is None or body.convex:
            return False
        place = self.found.oMg[inner]
        point = place.translation if inner == self.obstacle else place.act(self.bodies[inner].vertices[0])
        return body.encloses(self.found.oMg[outer].actInv(point))

    def original(self, index):
        if index == self.obstacle:
            return self.geometry.geometryObjects[self.obstacle].geometry
        body = self.bodies[index]
        return body.mesh if body.mesh is not None and not body.convex else body.solid

    def exact_depth(self, pair):
        """Signed distance of two overlapping convex bodies from the facets of their difference's hull: slow, not
        iterative. None where they are apart or one of them has no corners."""
        entry = self.geometry.collisionPairs[pair]
        (a, ra), (b, rb) = self.corners(entry.first), self.corners(entry.second)
        if a is None or b is None:
            return None
        difference = (a[:, None, :] - b[None, :, :]).reshape(-1, 3)
        try:
            facets = ConvexHull(difference).equations
        except QhullError:
            return None
        depth = facets[:, 3].max()  # below zero: the origin is inside
        return depth - ra - rb if depth < 0 else None

    def corners(self, index):
        """Corners of a body in the base frame, and the radius around them."""
        place, radius = self.found.oMg[index], 0.0
        if index != self.obstacle:
            points = self.bodies[index].vertices
        else:
            shape = self.geometry.geometryObjects[index].geometry
            if isinstance(shape, coal.Box):
                points = Body(0, shape).vertices
            elif isinstance(shape, coal.Sphere):
                points, radius = np.zeros((1, 3)), shape.radius
            elif isinstance(shape, coal.Capsule):
                points, radius = np.array([[0, 0, -shape.halfLength], [0, 0, shape.halfLength]]), shape.radius
            else:
                points = None
        return (None, 0.0) if points is None else (points @ place.rotation.T + place.translation, radius)


def transform(placement):
    return coal.Transform3s(placement.rotation.copy(), placement.translation.copy())
