"""Forward kinematics of odcv-monitor against MuJoCo's, over random configurations of the simulated Panda.

The model is config/sim/panda.xml, which the monitor never reads. Usage: kinematics_oracle.py ODCV_MONITOR [COUNT]
"""
import json
import pathlib
import subprocess
import sys

import mujoco
import numpy as np

TOLERANCE_M = 1e-9
root = pathlib.Path(__file__).resolve().parents[2]
monitor = sys.argv[1]
count = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000

model = mujoco.MjModel.from_xml_path(str(root / "config/sim/panda.xml"))
data = mujoco.MjData(model)
joints = [mujoco.mj_name2id(model, mujoco.mjtObj.mjOBJ_JOINT, f"panda_joint{i}") for i in range(1, 8)]
address = [model.jnt_qposadr[j] for j in joints]
low, high = model.jnt_range[joints].T
positions = np.random.default_rng(1).uniform(low, high, (count, 7))

lines = "\n".join(",".join(repr(float(x)) for x in q) for q in positions) + "\n"
run = subprocess.run(
    [monitor, "kinematics", "--robot", str(root / "config/robots/panda-sim.yaml")],
    input=lines, capture_output=True, text=True, check=True)
answers = [json.loads(line)["links"] for line in run.stdout.splitlines()]
assert len(answers) == count, f"{len(answers)} answers for {count} configurations"

names = [n for n in answers[0] if mujoco.mj_name2id(model, mujoco.mjtObj.mjOBJ_BODY, n) >= 0]
assert len(names) >= 9, f"only {names} are bodies of the simulated arm"
bodies = [mujoco.mj_name2id(model, mujoco.mjtObj.mjOBJ_BODY, n) for n in names]
worst = worst_turn = 0.0
for q, links in zip(positions, answers):
    data.qpos[address] = q
    mujoco.mj_kinematics(model, data)
    for name, body in zip(names, bodies):
        ours = np.array(links[name]).reshape(4, 4)
        worst = max(worst, np.abs(ours[:3, 3] - data.xpos[body]).max())
        worst_turn = max(worst_turn, np.abs(ours[:3, :3] - data.xmat[body].reshape(3, 3)).max())
print(f"kinematics: {count} configurations, {len(names)} links: {worst:.2e} m, {worst_turn:.2e} in rotation")
sys.exit(0 if worst <= TOLERANCE_M and worst_turn <= TOLERANCE_M else 1)
