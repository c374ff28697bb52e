"""A loop under load: the monitor or the echo in a process of its own, and the load generator of Benchmarks/Loop beside it."""
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess

import numpy as np
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "Benchmarks/.build"
MONITOR = ROOT / os.environ.get("ODCV_BIN", ".build/release") / "odcv-monitor"
ROLES = ("action", "state", "scene", "gated", "verdict", "control")
PRIORITY = 80  # SCHED_FIFO, of the loop
SAMPLE = np.dtype([("sent", "<i8"), ("gated", "<i8"), ("told", "<i8"), ("inside", "<i8")])  # struct sample of Loop/load.h
ROWS = 4000  # ms until the motion repeats


class Failed(Exception):
    """A measurement that is none."""


def told(command, robot_file, vectors):
    """A JSON line of the monitor for each of these vectors."""
    lines = "\n".join(",".join(repr(float(number)) for number in row) for row in vectors) + "\n"
    done = subprocess.run([MONITOR, command, "--robot", robot_file], input=lines, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def motion(robot_file):
    """Joints, velocities, efforts that explain them, and the tool, a row a millisecond: each joint goes 0.02 rad from home and
    back in four seconds."""
    home = np.array([0, -0.785, 0, -2.356, 0, 1.571, 0.785])
    turn = 2 * np.pi * np.arange(ROWS) / ROWS
    away = 0.02 * np.array([1, -1, 1, -1, 1, -1, 1])
    position = home + away * (0.5 - 0.5 * np.cos(turn))[:, None]
    velocity = away * (0.5 * np.sin(turn) * 2 * np.pi / (ROWS / 1000))[:, None]
    forces = told("dynamics", robot_file, np.hstack([position, velocity]))
    momentum = np.array([one["momentum"] for one in forces])
    known = np.array([one["kinetic"] for one in forces]) + np.array([one["gravity"] for one in forces])
    # As the drives report it: the mean since the state before, 10 ms ago.
    effort = (momentum - np.roll(momentum, 10, axis=0)) / 0.010 - 0.5 * (known + np.roll(known, 10, axis=0))
    tcp = yaml.safe_load(robot_file.read_text())["tcp"]
    offset = np.array([*tcp["offset_m"], 1.0])
    poses = [one["links"][tcp["link"]] for one in told("kinematics", robot_file, position)]
    tool = np.array([(np.reshape(pose, (4, 4)) @ offset)[:3] for pose in poses])
    return np.hstack([position, velocity, effort, tool])


class Rig:
    """Files, cores and processes of one run."""

    def __init__(self, folder, options):
        self.folder, self.options = folder, options
        cores = sorted(os.sched_getaffinity(0))
        self.loop_core = cores[-1]
        self.other_core = cores[0] if len(cores) > 1 else -1
        if len(cores) < 2:
            raise SystemExit("loop: needs two cores: one for the loop, one for ZeroMQ's threads and the load")
        for part in ("robots", "rules", "tables", "cells"):
            shutil.copytree(ROOT / "config" / part, folder / part)
        self.settings = yaml.safe_load((ROOT / "config/monitor.yaml").read_text())
        self.table = folder / "motion"
        motion(folder / self.settings["robot"]).astype("<f8").tofile(self.table)
        self.settings |= {"mode": "observe", "realtime": {"mode": "auto", "core": self.loop_core, "priority": PRIORITY}}
        self.verdict_bytes = 0
        self.grants = set()
        self.repeated = []

    def endpoints(self, transport):
        """What the loop binds and what the load connects to."""
        if transport == "tcp":
            held = [socket.create_server(("127.0.0.1", 0)) for _ in ROLES]
            addresses = {role: f"tcp://127.0.0.1:{one.getsockname()[1]}" for role, one in zip(ROLES, held)}
            for one in held:
                one.close()
            return addresses, addresses
        bound = {role: f"ipc://{self.folder}/{role}" for role in ROLES}
        if transport == "ipc":
            return bound, bound
        return bound, {role: f"inproc://{self.folder}/{role}" for role in ROLES}  # see Loop/preload.c

    def config(self, bound):
        file = self.folder / "monitor.yaml"
        file.write_text(yaml.safe_dump(self.settings | {"endpoints": bound}))
        return file

    def command(self, contestant, bound, window):
        """The loop's command line, and how many answers its load waits for."""
        if contestant == "odcv":
            return [MONITOR, "run", "--config", self.config(bound), "--headless", "--evidence", self.folder / "evidence"], 2
        told = self.verdict_bytes if contestant == "echo with verdict" else 0
        # libzmq learns at most once in a millisecond that a queue has become shorter: with the monitor's mark the echo is so fast
        # that it would drop answers.
        mark = 64 if window <= 1 else 4096
        places = [f"core={self.loop_core}", f"transport-core={self.other_core}", f"priority={PRIORITY}",
                  f"verdict-bytes={told}", f"gated-mark={mark}", f"single={int(contestant == 'echo, one socket')}"]
        return [BUILD / "loop/loop-echo", *(f"{role}={address}" for role, address in bound.items()), *places], 2 if told else 1

    def measure(self, transport, contestant, window):
        """Samples of one run without its warm-up. One in which messages were lost is told of and repeated, twice at most; None
        when all three were so flat out: a monitor that is never without a message takes it for a flood and drops what waits."""
        for _ in range(3):
            samples, facts = self.run(transport, contestant, window)
            wrong = {name: facts[name] for name in ("refused", "changed", "strange") if facts[name]}
            if wrong:
                raise SystemExit(f"loop: {transport}, {contestant}: {wrong}; the first that was not allowed: {facts['findings'] or 'none'}")
            if not facts["lost"]:
                if contestant == "odcv":
                    self.verdict_bytes = facts["verdict_bytes"]
                return samples
            self.repeated.append({"transport": transport, "window": window, "contestant": contestant, "lost": facts["lost"]})
            print(f"  {contestant}: {facts['lost']} of {len(samples) + self.options.warm} commands lost, one more run")
        if window <= 1:
            raise SystemExit(f"loop: {transport}, {contestant}: commands were lost in three runs; is the machine busy?")
        return None

    def run(self, transport, contestant, window):
        """Samples without the warm-up, and the load's facts."""
        bound, connected = self.endpoints(transport)
        samples, facts = self.folder / "samples", self.folder / "facts"
        facts.unlink(missing_ok=True)
        command, answers = self.command(contestant, bound, window)
        load = [*(f"{role}={address}" for role, address in connected.items() if role != "control"), f"table={self.table}",
                f"samples={samples}", f"facts={facts}", f"count={self.options.count + self.options.warm}", f"window={window}",
                f"answers={answers}", f"judged={int(contestant == 'odcv')}", f"core={self.other_core}",
                # Flat out as an ordinary thread: with nothing but FIFO threads on a core its other threads starve.
                f"priority={PRIORITY - 1 if window == 0 else 0}"]
        environment = dict(os.environ)
        if transport == "inproc":
            environment |= {"LD_PRELOAD": str(BUILD / "loop/libloop-load.so"),
                            "LOOP_LOAD": " ".join([*load, f"last={connected['action']}"])}
        limit = 60 + self.options.count / 500
        said = self.folder / "said"
        with open(said, "w") as errors:
            loop = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, env=environment, text=True)
        try:
            ready = loop.stdout.readline()
            if not ready:
                raise Failed("the loop did not start")
            self.running(loop)
            if transport != "inproc":
                subprocess.run([BUILD / "loop/loop-load", *load], check=True, timeout=limit)
                loop.send_signal(signal.SIGTERM)
            loop.communicate(timeout=limit)
            if loop.returncode != 0:
                raise Failed(f"the loop ended with {loop.returncode}")
            facts = json.loads(facts.read_text())
        except (Failed, OSError, subprocess.SubprocessError, ValueError) as error:
            loop.kill()
            raise SystemExit(f"loop: {transport}, {contestant}: {error}\n{said.read_text()}")
        finally:
            shutil.rmtree(self.folder / "evidence", ignore_errors=True)
        self.grants.add((contestant.split(",")[0].split(" ")[0], self.granted(json.loads(ready))))
        self.grants.add(("load at 1 kHz" if window == 0 else "load flat out", f"placed {facts['placed']}"))
        return np.fromfile(samples, SAMPLE)[self.options.warm:], facts

    def running(self, loop):
        """For who has something to do beside a run: the loop's process, which is ready."""

    @staticmethod
    def granted(ready):
        if "realtime" in ready:
            real = ready["realtime"]
            return f"fifo {real['fifo']}, core {real['core']}, locked {real['locked']}" + "".join(f"; {r}" for r in real["refused"])
        return f"placed {ready['placed']}, locked {ready['locked']}"
