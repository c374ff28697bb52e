"""The peers: the same bodies and obstacles in coal (through pinocchio) and MuJoCo."""
import time

import coal
import mujoco
import numpy as np
import pinocchio as pin


def se3(pose):
    return pin.SE3(pose[:3, :3].copy(), pose[:3, 3].copy())


def along_z(a, b):
    """Pose that carries z onto the way from a to b, about their middle; and the length."""
    way = b - a
    length = np.linalg.norm(way)
    z = way / length if length > 0 else np.array([0.0, 0.0, 1.0])
    x = np.cross([0.0, 1, 0] if abs(z[1]) < 0.9 else [1.0, 0, 0], z)
    x /= np.linalg.norm(x)
    out = np.eye(4)
    out[:3, :3] = np.column_stack([x, np.cross(z, x), z])
    out[:3, 3] = (a + b) / 2
    return out, length


def shape(solid):
    if solid.kind == "box":
        return coal.Box(*map(float, solid.size))
    if solid.kind == "sphere":
        return coal.Sphere(float(solid.radius))
    return coal.Capsule(float(solid.radius), float(solid.length))


def hull(points):
    cloud = coal.StdVec_Vec3s()
    for point in points:
        cloud.append(np.array(point, dtype=float))
    return coal.Convex.convexHull(cloud, True, "Qt")


class Coal:
    """pinocchio's forward kinematics and coal's distance of every pair, in one call: computeDistances.

    Gives the signed distance of every pair at gjk tolerance 1e-6; doubles; no bound on its own error.
    """

    def __init__(self, arm, obstacles, form="capsules", bodies=True):
        whole = pin.buildModelFromUrdf(str(arm.urdf))
        names = {j.name for j in arm.joints}
        locked = [i for i in range(1, whole.njoints) if whole.names[i] not in names]
        self.model = pin.buildReducedModel(whole, locked, pin.neutral(whole))
        assert [self.model.names[i] for i in range(1, self.model.njoints)] == [j.name for j in arm.joints]
        self.data = self.model.createData()
        self.geometry = pin.GeometryModel()
        of_link = {}
        for index, body in enumerate(arm.capsules if bodies else []):
            frame = self.model.frames[self.model.getFrameId(arm.links[body.link].name)]
            if form == "capsules":
                placed, length = along_z(body.a, body.b)
                solid = coal.Capsule(float(body.radius), float(length))
            else:
                if body.link in of_link:
                    continue  # one hull a body, however many capsules hold it
                placed, solid = np.eye(4), hull(arm.hulls[body.link])
            of_link.setdefault(body.link, []).append(self.geometry.addGeometryObject(
                pin.GeometryObject(f"body{index}", frame.parentJoint, frame.placement * se3(placed), solid)))
        things = [
            self.geometry.addGeometryObject(pin.GeometryObject(f"obstacle{i}", 0, se3(o.pose), shape(o)))
            for i, o in enumerate(obstacles)]
        base = arm.capsules[0].link
        self.environment = 0
        for link, bodies in of_link.items():
            if link != base:
                for body in bodies:
                    for thing in things:
                        self.geometry.addCollisionPair(pin.CollisionPair(body, thing))
                        self.environment += 1
        for first, second in arm.pairs if bodies else []:
            for a in of_link[first]:
                for b in of_link[second]:
                    self.geometry.addCollisionPair(pin.CollisionPair(a, b))
        self.found = pin.GeometryData(self.geometry)

    def run(self, q):
        """ns for all configurations, Python's loop included"""
        model, data, geometry, found, compute = self.model, self.data, self.geometry, self.found, pin.computeDistances
        start = time.perf_counter_ns()
        for row in q:
            compute(model, data, geometry, found, row)
        return time.perf_counter_ns() - start

    def run_collisions(self, q):
        model, data, geometry, found, compute = self.model, self.data, self.geometry, self.found, pin.computeCollisions
        start = time.perf_counter_ns()
        for row in q:
            compute(model, data, geometry, found, row, False)
        return time.perf_counter_ns() - start

    def distances(self, q):
        """Least distance to the obstacles and to itself, per configuration."""
        out = np.empty((len(q), 2))
        for index, row in enumerate(q):
            pin.computeDistances(self.model, self.data, self.geometry, self.found, row)
            all_of_them = [r.min_distance for r in self.found.distanceResults]
            out[index] = min(all_of_them[:self.environment], default=np.inf), min(all_of_them[self.environment:], default=np.inf)
        return out


def mjcf(arm, obstacles, bodies):
    def vector(v):
        return " ".join(f"{x:.17g}" for x in v)

    def placed(m):
        q = np.empty(4)
        mujoco.mju_mat2Quat(q, np.ascontiguousarray(m[:3, :3]).reshape(-1))
        return f'pos="{vector(m[:3, 3])}" quat="{vector(q)}"'

    def body(index):
        link = arm.links[index]
        joint = arm.joints[link.joint] if link.joint >= 0 else None
        out = f'<body name="{link.name}" {placed(link.origin)}>'
        if joint:
            out += f'<joint name="{joint.name}" type="hinge" axis="{vector(joint.axis)}"/>'
        for c in arm.capsules:
            if c.link == index and bodies:
                m, length = along_z(c.a, c.b)
                out += f'<geom type="capsule" size="{c.radius:.17g} {length / 2:.17g}" {placed(m)} contype="1" conaffinity="2"/>'
        for child, other in enumerate(arm.links):
            if other.parent == index:
                out += body(child)
        return out + "</body>"

    world = "".join(
        f'<geom name="obstacle{i}" type="{o.kind}" {placed(o.pose)} contype="2" conaffinity="1" size="'
        + vector({"box": lambda: o.size / 2, "sphere": lambda: [o.radius], "capsule": lambda: [o.radius, o.length / 2]}[o.kind]())
        + '"/>' for i, o in enumerate(obstacles))
    text = "".join(body(i) for i, link in enumerate(arm.links) if link.parent < 0)
    inertia = '<compiler inertiagrouprange="0 5" balanceinertia="true" boundmass="0.1" boundinertia="0.01"/>'
    return f"<mujoco>{inertia}<worldbody>{world}{text}</worldbody></mujoco>"


class MuJoCo:
    """mj_kinematics + mj_collision: contacts of overlapping pairs only, behind a broad phase; no distances.

    The arm's bodies are tested against obstacles; its self pairs by the same masks are left out. `distances` asks
    mj_geomDistance for every pair, a Python call each.
    """

    def __init__(self, arm, obstacles, bodies=True):
        self.model = mujoco.MjModel.from_xml_string(mjcf(arm, obstacles, bodies))
        self.data = mujoco.MjData(self.model)
        things = list(range(len(obstacles)))
        owner = {}
        for geom in range(len(obstacles), self.model.ngeom):
            owner.setdefault(mujoco.mj_id2name(self.model, mujoco.mjtObj.mjOBJ_BODY, self.model.geom_bodyid[geom]), []).append(geom)
        base = arm.links[arm.capsules[0].link].name
        self.pairs = [(g, t) for name, geoms in owner.items() if name != base for g in geoms for t in things]
        self.environment = len(self.pairs)
        self.pairs += [
            (g, h) for a, b in (arm.pairs if bodies else []) for g in owner[arm.links[a].name] for h in owner[arm.links[b].name]]
        self.joints = [self.model.joint(j.name).qposadr[0] for j in arm.joints]

    def run_collision(self, q):
        model, data, joints = self.model, self.data, self.joints
        kinematics, collision = mujoco.mj_kinematics, mujoco.mj_collision
        qpos = data.qpos
        start = time.perf_counter_ns()
        for row in q:
            qpos[joints] = row
            kinematics(model, data)
            collision(model, data)
        return time.perf_counter_ns() - start

    def run_distances(self, q):
        """mj_geomDistance of every pair, with no limit on the distance."""
        model, data, joints, pairs = self.model, self.data, self.joints, self.pairs
        kinematics, distance = mujoco.mj_kinematics, mujoco.mj_geomDistance
        qpos, none = data.qpos, None
        start = time.perf_counter_ns()
        for row in q:
            qpos[joints] = row
            kinematics(model, data)
            for a, b in pairs:
                distance(model, data, a, b, 10.0, none)
        return time.perf_counter_ns() - start

    def distances(self, q):
        out = np.empty((len(q), 2))
        for index, row in enumerate(q):
            self.data.qpos[self.joints] = row
            mujoco.mj_kinematics(self.model, self.data)
            d = [mujoco.mj_geomDistance(self.model, self.data, a, b, 10.0, None) for a, b in self.pairs]
            out[index] = min(d[:self.environment]), min(d[self.environment:])
        return out
