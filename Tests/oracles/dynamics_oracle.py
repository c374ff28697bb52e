"""Dynamics of odcv-monitor against pinocchio and MuJoCo, over random joint states of the simulated Panda.

The model is config/sim/panda.xml, which the monitor never reads: pinocchio and MuJoCo each read it for themselves. Compared
are the mass matrix, the generalised momentum M q', the derivative of the kinetic energy dT/dq (pinocchio: C(q, q')^T q' with
its Coriolis matrix of Christoffel symbols) and gravity. Usage: dynamics_oracle.py ODCV_MONITOR [COUNT]
"""
import json
import pathlib
import subprocess
import sys

import mujoco
import numpy as np
import pinocchio as pin

TOLERANCE = 1e-9  # kg m2, kg m2/s and Nm
root = pathlib.Path(__file__).resolve().parents[2]
monitor = sys.argv[1]
count = int(sys.argv[2]) if len(sys.argv) > 2 else 3_000

scene = str(root / "config/sim/panda.xml")
model = mujoco.MjModel.from_xml_path(scene)
data = mujoco.MjData(model)
other = pin.buildModelFromMJCF(scene)
other_data = other.createData()
assert list(other.names)[1:] == [f"panda_joint{i}" for i in range(1, 8)], list(other.names)

low, high = model.jnt_range.T
random = np.random.default_rng(4)
states = np.hstack([random.uniform(low, high, (count, 7)), random.uniform(-2.6, 2.6, (count, 7))])
lines = "\n".join(",".join(repr(float(x)) for x in state) for state in states) + "\n"
run = subprocess.run(
    [monitor, "dynamics", "--robot", str(root / "config/robots/panda-sim.yaml")],
    input=lines, capture_output=True, text=True, check=True)
answers = [json.loads(line) for line in run.stdout.splitlines()]
assert len(answers) == count, f"{len(answers)} answers for {count} states"

worst = dict.fromkeys(["mass", "momentum", "kinetic", "gravity"], 0.0)


def compare(what, ours, theirs):
    worst[what] = max(worst[what], float(np.abs(np.asarray(ours).ravel() - np.asarray(theirs).ravel()).max()))


full = np.zeros((7, 7))
for state, answer in zip(states, answers):
    q, v = state[:7], state[7:]
    data.qpos[:] = q
    data.qvel[:] = 0
    mujoco.mj_forward(model, data)
    gravity = data.qfrc_bias.copy()
    data.qvel[:] = v
    mujoco.mj_forward(model, data)
    mujoco.mj_fullM(model, data, full)
    compare("mass", answer["mass"], full)
    compare("momentum", answer["momentum"], full @ v)
    compare("gravity", answer["gravity"], -gravity)
    mass = pin.crba(other, other_data, q)
    mass = np.triu(mass) + np.triu(mass, 1).T
    compare("mass", answer["mass"], mass)
    coriolis = pin.computeCoriolisMatrix(other, other_data, q, v)
    compare("kinetic", answer["kinetic"], coriolis.T @ v)
    compare("gravity", answer["gravity"], -pin.computeGeneralizedGravity(other, other_data, q))
print(f"dynamics: {count} states: " + ", ".join(f"{what} {value:.1e}" for what, value in worst.items()))
sys.exit(0 if max(worst.values()) <= TOLERANCE else 1)
