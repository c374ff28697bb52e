"""Several arms on one daemon, each commanded at 1 kHz for minutes: every command has its verdict, nothing is lost, nothing grows.

Each arm has a load generator of its own (Benchmarks/Loop), with states and people at 100 Hz, and listens to the gated endpoint and to
every verdict. Two loops share the arms; all of it runs on the cores that this process may use.

  scripts/endurance [--arms 8] [--minutes 10] [--json FILE]      needs a release build
"""
import argparse
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import numpy as np
import yaml

import rig

PAGE = os.sysconf("SC_PAGE_SIZE")

def write_fleet(folder, arms, cores):
    """A fleet of `arms` in as many loops as there are cores, over ipc."""
    for part in ("robots", "rules", "tables", "cells"):
        shutil.copytree(rig.ROOT / "config" / part, folder / part)
    settings = yaml.safe_load((rig.ROOT / "config/monitor.yaml").read_text())
    names = [f"arm-{number + 1}" for number in range(arms)]
    for name in names:
        (folder / name).mkdir()
        own = {"robot_id": name, "mode": "enforce", "lease_s": 0.1, "evidence": {"directory": str(folder / name / "evidence")},
               "metrics_file": str(folder / name / "metrics.prom"),
               "endpoints": {role: f"ipc://{folder}/{name}/{role}" for role in rig.ROLES}}
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(settings | own))
    loops = [{"monitors": [f"{name}.yaml" for name in names[place::len(cores)]]} for place in range(min(len(cores), arms))]
    # Both loops and everything else share the cores: none is pinned, the scheduler places them.
    fleet = {"version": 1, "realtime": {"mode": "auto", "priority": rig.PRIORITY}, "loops": loops}
    (folder / "fleet.yaml").write_text(yaml.safe_dump(fleet))
    return names


def look(process):
    """Resident bytes, open files and CPU seconds of a process."""
    stat = pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    resident = int(pathlib.Path(f"/proc/{process}/statm").read_text().split()[1]) * PAGE
    cpu = (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")
    return {"time": time.monotonic(), "resident": resident, "files": len(os.listdir(f"/proc/{process}/fd")), "cpu": cpu}


def metric(folder, name, arm):
    text = (folder / arm / "metrics.prom").read_text()
    return float(next(line for line in text.splitlines() if line.startswith(name + "{")).split()[-1])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--arms", type=int, default=8)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--json", help="write the figures to this file")
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="odcv-endurance-"))
    cores = sorted(os.sched_getaffinity(0))[:2]
    commands = int(options.minutes * 60_000)
    try:
        names = write_fleet(folder, options.arms, cores)
        rig.motion(folder / "robots/panda-sim.yaml").astype("<f8").tofile(folder / "motion")
        figures = measure(folder, names, commands)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(figures, indent=1) + "\n")
    for line in figures["failed"]:
        print(f"FAILED: {line}")
    sys.exit(1 if figures["failed"] else 0)


def measure(folder, names, commands):
    with open(folder / "said", "w") as said:
        monitor = subprocess.Popen([rig.MONITOR, "run", "--config", folder / "fleet.yaml", "--headless"], stdout=subprocess.PIPE,
                                   stderr=said, text=True)
    ready = json.loads(monitor.stdout.readline() or "null")
    if ready is None:
        raise SystemExit(f"endurance: the monitor did not start\n{(folder / 'said').read_text()}")
    print(f"{len(names)} arms, {commands} commands each; real time: " + rig.Rig.granted(ready["arms"][0]))
    begin = time.monotonic_ns() + 5_000_000_000
    loads = [subprocess.Popen([rig.BUILD / "loop/loop-load", *(f"{role}=ipc://{folder}/{name}/{role}" for role in rig.ROLES
                                                               if role != "control"),
                               f"robot={name}", f"table={folder / 'motion'}", f"samples={folder / name / 'samples'}",
                               f"facts={folder / name / 'facts'}", f"count={commands}", "window=0", "answers=2", "judged=1",
                               f"begin={begin}"])
             for name in names]
    looks = []
    while any(load.poll() is None for load in loads) and monitor.poll() is None:
        time.sleep(1)
        looks.append(look(monitor.pid))
        if len(looks) % 60 == 0:
            print(f"  {len(looks)} s: {looks[-1]['resident'] / 1e6:.1f} MB, {looks[-1]['files']} files", flush=True)
    time.sleep(1.5)
    overruns = {name: metric(folder, "odcv_overruns_total", name) for name in names}
    refused = {name: metric(folder, "odcv_records_refused_total", name) for name in names}
    monitor.send_signal(signal.SIGTERM)
    status = monitor.wait(60)
    failed = []
    rows = []
    for name, load in zip(names, loads):
        if load.returncode != 0:
            failed.append(f"{name}: the load ended with {load.returncode}")
            continue
        facts = json.loads((folder / name / "facts").read_text())
        samples = np.fromfile(folder / name / "samples", rig.SAMPLE)
        wait = np.sort(samples["gated"] - samples["sent"]) / 1e3
        row = {"arm": name, **{key: facts[key] for key in ("lost", "refused", "changed", "strange", "late_states")},
               "overruns": overruns[name], "unrecorded": refused[name],
               "p50_us": float(np.quantile(wait, 0.5)), "p99_us": float(np.quantile(wait, 0.99)), "max_us": float(wait[-1])}
        rows.append(row)
        print("  ".join(f"{key} {value:.0f}" if isinstance(value, float) else f"{key} {value}" for key, value in row.items()))
        # In enforce mode the arm is told to stop until the monitor knows the cell.
        unsent, untold = (np.flatnonzero(samples[key] == 0) for key in ("gated", "told"))
        for missing, what in ((unsent, "were not given to the driver"), (untold, "have no verdict that was heard")):
            if len(missing):
                failed.append(f"{name}: {len(missing)} commands {what}, of number {missing[0] + 1} to {missing[-1] + 1}")
        # A verdict that comes after its deadline is an overrun: the command is held, so what the driver is sent is not its bytes. How
        # many were held after a state that the load itself sent late is said, and excuses none.
        for key, most in (("lost", 0), ("changed", row["overruns"]), ("refused", row["overruns"]), ("strange", 10), ("unrecorded", 0)):
            if row[key] > most:
                late = f", {facts[key + '_late']} after a late state" if key + "_late" in facts else ""
                failed.append(f"{name}: {row[key]:.0f} {key}{late}; {facts['findings']}")
    if status != 0:
        failed.append(f"the monitor ended with {status}")
    # After the first tenth, in which buffers find their size.
    steady = looks[len(looks) // 10:]
    growth = steady[-1]["resident"] - steady[0]["resident"]
    # One more while metrics are written.
    part = max(len(steady) // 10, 5)
    files = [min(one["files"] for one in steady[:part]), min(one["files"] for one in steady[-part - 3:-3])]
    cores = (steady[-1]["cpu"] - steady[0]["cpu"]) / (steady[-1]["time"] - steady[0]["time"])
    print(f"memory {steady[0]['resident'] / 1e6:.1f} to {steady[-1]['resident'] / 1e6:.1f} MB, open files {files[0]} to {files[1]}, "
          f"{cores:.2f} cores")
    if growth > 2e6:
        failed.append(f"memory grew by {growth / 1e6:.1f} MB")
    if files[0] != files[1]:
        failed.append(f"open files went from {files[0]} to {files[1]}")
    return {"arms": rows, "resident": [one["resident"] for one in looks], "files": files, "cores": cores, "failed": failed}


main()
