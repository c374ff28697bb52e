"""ISO/TS 15066 and ISO 13855 by hand: tables and formulas written down again, against what odcv-monitor computes.

Nothing is read from config/tables: the numbers stand here in the units in which they are published (N/cm2, N/mm, mm). Tables
must agree to their printed digits, the worked examples to 1e-9, the formulas over random numbers to 1e-12 of their value.
Usage: iso_oracle.py ODCV_MONITOR [COUNT]
"""
import json
import math
import pathlib
import random
import subprocess
import sys

root = pathlib.Path(__file__).resolve().parents[2]
monitor = sys.argv[1]
count = int(sys.argv[2]) if len(sys.argv) > 2 else 2_000
table = str(root / "config/tables/iso-ts-15066.yaml")
failures = []


def ask(what, rows, *options):
    lines = "\n".join(",".join(repr(float(x)) for x in row) for row in rows) + "\n"
    run = subprocess.run(
        [monitor, "standard", what, *options], input=lines, capture_output=True, text=True, check=True)
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(answers) == len(rows), f"{what}: {len(answers)} answers for {len(rows)} lines"
    return answers


def same(what, ours, theirs, tolerance):
    if theirs is None or ours is None:
        good = ours is theirs
    else:
        good = abs(ours - theirs) <= tolerance * max(1.0, abs(theirs))
    if not good:
        failures.append(f"{what}: odcv {ours}, expected {theirs}")


# Annex A, quasi-static: region -> places of (N/cm2, N); spring N/mm, mass kg, factor for a transient contact.
BODY = {
    "skull": ([(130, 130), (110, 130)], 150, 4.4, None),
    "face": ([(110, 65)], 75, 4.4, None),
    "neck": ([(140, 150), (210, 150)], 50, 1.2, 2),
    "back": ([(160, 210), (210, 210)], 35, 40, 2),
    "chest": ([(120, 140), (170, 140)], 25, 40, 2),
    "abdomen": ([(140, 110)], 10, 40, 2),
    "pelvis": ([(210, 180)], 25, 40, 2),
    "upperArm": ([(190, 150), (220, 150)], 30, 3, 2),
    "forearm": ([(190, 160), (180, 160), (180, 160)], 40, 2, 2),
    "hand": (
        [(300, 140), (270, 140), (280, 140), (220, 140), (200, 140), (260, 140), (260, 140), (200, 140), (190, 140)],
        75, 0.6, 2),
    "thigh": ([(250, 220), (220, 220)], 50, 75, 2),
    "lowerLeg": ([(220, 130), (210, 130)], 60, 75, 2),
}
# Energies as sources quote them, J: they bind where they are less than F^2 / 2k.
QUOTED = {
    "neck": 0.84, "back": 2.5, "chest": 1.6, "abdomen": 2.4, "pelvis": 2.6, "upperArm": 1.5, "forearm": 1.3, "hand": 0.49,
    "thigh": 1.9, "lowerLeg": 0.52,
}
# Worked examples: m/s at m_R of 5 and 10 kg, to the printed digits.
SPEEDS = {
    "skull": (0.2194, 0.1920), "face": (0.1551, 0.1358), "neck": (1.3638, 1.2961), "back": (1.0649, 0.7937),
    "chest": (0.8400, 0.6261), "abdomen": (1.0436, 0.7778), "pelvis": (1.0800, 0.8050), "upperArm": (1.2649, 1.1402),
    "forearm": (1.3387, 1.2394), "hand": (1.3969, 1.3590), "thigh": (0.9089, 0.6624), "lowerLeg": (0.4903, 0.3573),
}
# (2F)^2 / 2k, to the printed digits.
COMPUTED = {
    "neck": 0.900, "back": 2.52, "chest": 1.568, "abdomen": 2.42, "pelvis": 2.592, "upperArm": 1.50, "forearm": 1.28,
    "hand": 0.523, "thigh": 1.936, "lowerLeg": 0.563,
}
# v_h, v_r, T_r, T_s, C, Z_d, Z_r -> S_h, S_r, S_s, S_p
SEPARATION = [
    ((1.6, 0.50, 0.10, 0.25, 0.20, 0.05, 0.01), (0.560, 0.050, 0.0625, 0.9325)),
    ((1.6, 1.00, 0.10, 0.30, 0.20, 0.10, 0.02), (0.640, 0.100, 0.1500, 1.2100)),
    ((1.6, 0.25, 0.02, 0.10, 0.0, 0.0, 0.0), (0.192, 0.005, 0.0125, 0.2095)),
]
NAMES = ("human", "reaction", "stopping", "total")
draw = random.Random(15066)

# Speed and separation monitoring.
for (row, expected), answer in zip(SEPARATION, ask("separation", [row for row, _ in SEPARATION])):
    for name, value in zip(NAMES, expected):
        same(f"S_p example {row} {name}", answer[name], value, 1e-9)
rows = [
    (draw.uniform(0, 2.5), draw.uniform(-1, 2), draw.uniform(0, 0.5), draw.uniform(0, 1), draw.uniform(0, 1.2),
     draw.uniform(0, 0.3), draw.uniform(0, 0.1)) for _ in range(count)]
for row, answer in zip(rows, ask("separation", rows)):
    v_h, v_r, t_r, t_s, c, z_d, z_r = row
    v_r = max(v_r, 0.0)
    terms = [v_h * (t_r + t_s), v_r * t_r, v_r * t_s / 2]
    for name, value in zip(NAMES, terms + [math.fsum(terms + [c, z_d, z_r])]):
        same(f"S_p {row} {name}", answer[name], value, 1e-12)

# Power and force limiting.
rows = [(5.0, 1e-4), (10.0, 1e-4)] + [(draw.uniform(0.5, 80), draw.uniform(2e-5, 5e-4)) for _ in range(count)]
answers = ask("contact", rows, "--table", table)
for region, (places, spring, mass, factor) in BODY.items():
    least_force = min(force for _, force in places)
    least_pressure = min(pressure for pressure, _ in places) * 1e4
    k = spring * 1e3
    for index, ((m_r, area), answer) in enumerate(zip(rows, answers)):
        got = answer[region]
        borne = least_force * (factor or 1)
        mu = 1 / (1 / mass + 1 / m_r)
        what = f"{region} at {m_r} kg, {area} m2"
        same(what + " force", got["force"], float(least_force), 0)
        same(what + " transient force", got["transient_force"], factor and float(borne), 0)
        same(what + " pressure", got["pressure"], least_pressure, 0)
        same(what + " transient pressure", got["transient_pressure"], factor and least_pressure * factor, 0)
        same(what + " energy", got["energy"], min(borne**2 / (2 * k), QUOTED.get(region, math.inf)), 1e-12)
        same(what + " speed", got["speed"], borne / math.sqrt(mu * k), 1e-12)
        pressed = least_pressure * (factor or 1) * area
        same(what + " speed by pressure", got["pressure_speed"], pressed / math.sqrt(mu * k), 1e-12)
        if index < 2 and abs(got["speed"] - SPEEDS[region][index]) > 0.5e-4 + 1e-9:
            failures.append(f"{what}: {got['speed']} m/s does not round to {SPEEDS[region][index]}")
    if region in COMPUTED:
        digits = len(str(COMPUTED[region]).split(".")[1])
        energy = (2 * least_force) ** 2 / (2 * k)
        if abs(energy - COMPUTED[region]) > 0.5 * 10**-min(digits, 3) + 1e-9:
            failures.append(f"{region}: {energy} J does not round to {COMPUTED[region]}")

# ISO 13855: S = K T + C.
rows = [(draw.uniform(0, 1), draw.choice([0.01, 0.014, 0.03, 0.04, 0.05, 0.07, 0.09]), draw.uniform(0, 1.2)) for _ in range(count)]
for (time, d, height), answer in zip(rows, ask("approach", rows, "--table", table)):
    c = max(8 * (d - 0.014), 0.0) if d <= 0.04 else 0.85 if d <= 0.07 else None
    if c is None:
        distance = None
    elif d > 0.04:
        distance = 1.6 * time + c
    else:
        distance = max(2.0 * time + c, 0.1)
        if distance > 0.5:
            distance = max(1.6 * time + c, 0.5)
    what = f"approach {time} s, {d} m"
    same(what + " C", answer["intrusion"], c, 1e-12)
    same(what + " S", answer["distance"], distance, 1e-12)
    same(f"parallel approach at {height} m", answer["parallel_intrusion"], max(1.2 - 0.4 * height, 0.85), 1e-12)

for failure in failures[:20]:
    print(f"iso: {failure}")
print(f"iso: {len(SEPARATION)} worked separations, {len(BODY)} regions, {count} random cases of each formula: {len(failures)} differ")
sys.exit(1 if failures else 0)
