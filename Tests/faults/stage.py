"""The processes of one fault: the monitor that enforces, an arm's driver, a controller, the arm's states, a camera, an onlooker."""
import contextlib
import ctypes
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

import numpy as np
import yaml

import journals

ROOT = pathlib.Path(__file__).resolve().parents[2]
ROLES = ("action", "state", "scene", "gated", "verdict", "control")
PRIORITY = 80  # SCHED_FIFO, of the loop
BOOT = 7  # of the first controller and of the arm
WATCHDOG_US = 400_000
PATIENCE = 10  # s

now = time.monotonic_ns
system = ctypes.CDLL(None)


class NotRun(Exception):
    """The fault could not be made here, or nothing was there for it to disturb."""


def end_with_parent():
    """Nothing of a fault outlives this program, however it ends."""
    system.prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def sleep_until(instant):
    time.sleep(max(0, instant - now()) / 1e9)


class Programs:
    """Where the executables are, and what all faults share."""

    def __init__(self, monitor, programs, folder, disk, obeys="lease"):
        self.monitor, self.programs, self.folder, self.disk, self.obeys = monitor, programs, folder, disk, obeys
        cores = sorted(os.sched_getaffinity(0))
        self.loop_core, self.other_core = cores[-1], cores[0]
        sys.path.insert(0, str(ROOT / "Benchmarks/python"))
        import rig

        rig.MONITOR = monitor
        for part in ("robots", "rules", "tables", "cells"):
            shutil.copytree(ROOT / "config" / part, folder / part)
        self.settings = yaml.safe_load((ROOT / "config/monitor.yaml").read_text())
        self.settings |= {"mode": "enforce", "realtime": {"mode": "auto", "core": self.loop_core, "priority": PRIORITY}}
        self.cell = yaml.safe_load((folder / self.settings["cell"]).read_text())
        self.table = folder / "motion"
        rig.motion(folder / self.settings["robot"]).astype("<f8").tofile(self.table)
        self.fifo = subprocess.run([programs / "disturb", "hog", str(self.loop_core), "1", "1"], capture_output=True).returncode == 0

    @property
    def deadline(self):
        """ns, of a verdict"""
        return int(self.cell["verdict_deadline_s"] * 1e9)

    @property
    def max_age(self):
        """ns, of states and of people"""
        return int(self.cell["inputs"]["state"]["max_age_s"] * 1e9), int(self.cell["people_sensors"]["cell-camera"]["max_age_s"] * 1e9)


class Stage:
    """`with Stage(programs) as stage`: everything runs and the driver moves; at the end everything is ended.

    without: what is not started yet. preload: the file of another wall clock. evidence: where it goes. ordinary: sources without
    SCHED_FIFO: those that flood would use up what the kernel lets such threads have of a core, and stall the driver by that.
    stamps: the cell names the controller's clock, so that the monitor sees what waited in the controller itself."""

    def __init__(self, programs, *, without=(), preload=None, evidence=None, ordinary=(), stamps=False):
        self.programs, self.without, self.preload, self.ordinary, self.stamps = programs, without, preload, ordinary, stamps
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="run-", dir=programs.folder))
        self.evidence = evidence or programs.disk / self.folder.name
        self.processes, self.ended = {}, {}
        self.fed = []  # instants at which the monitor fed systemd's watchdog
        self.readies = []
        held = [socket.create_server(("127.0.0.1", 0)) for _ in ROLES]
        self.endpoints = {role: f"tcp://127.0.0.1:{one.getsockname()[1]}" for role, one in zip(ROLES, held)}
        for one in held:
            one.close()
        self.config = programs.folder / f"{self.folder.name}.yaml"
        settings = programs.settings | {"endpoints": self.endpoints}
        if stamps:
            settings["cell"] = f"cells/{self.folder.name}.yaml"
            stamped = programs.cell | {"clocks": programs.cell["clocks"] | {"action": "monotonic"}}
            (programs.folder / settings["cell"]).write_text(yaml.safe_dump(stamped))
        self.config.write_text(yaml.safe_dump(settings))

    def __enter__(self):
        try:
            self.begin()
        except BaseException:
            self.end()
            raise
        return self

    def __exit__(self, *_):
        self.end()

    def begin(self):
        self.listen_for_watchdog()
        self.start_monitor()
        self.epoch = now() + 200_000_000
        self.start_onlooker("onlooker")
        if "arm" not in self.without:
            self.start_source("arm")
        self.start_source("camera")
        if "driver" not in self.without:
            self.start_driver()
        if "controller" not in self.without:
            self.start_source("controller")
        if not self.without:
            self.await_moving()
            time.sleep(1)

    def end(self):
        for name, process in self.processes.items():
            if name != "monitor" and process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.terminate()
        for name, process in reversed(self.processes.items()):
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.terminate()
            try:
                self.ended[name] = process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                self.ended[name] = "killed: it did not end by itself"
        self.notify.close()

    # What is started

    def spawn(self, name, command, environment=None):
        environment = dict(os.environ) | (environment or {})
        if self.preload:
            environment |= {"LD_PRELOAD": str(self.programs.programs / "clock.so"), "ODCV_FAULTS_CLOCK": str(self.preload)}
        with open(self.folder / f"{name}.said", "a") as said, open(self.folder / f"{name}.out", "a") as out:
            self.processes[name] = subprocess.Popen([str(part) for part in command], stdout=out, stderr=said, env=environment,
                                                    preexec_fn=end_with_parent)
        return self.processes[name]

    def start_monitor(self):
        """Returns the instant at which its endpoints were bound."""
        count = len(self.readies)
        self.spawn("monitor", [self.programs.monitor, "run", "--config", self.config, "--headless", "--evidence", self.evidence],
                   {"NOTIFY_SOCKET": str(self.folder / "notify"), "WATCHDOG_USEC": str(WATCHDOG_US)})
        limit = now() + PATIENCE * 10**9
        while now() < limit and self.processes["monitor"].poll() is None:
            lines = [line for line in (self.folder / "monitor.out").read_text().split("\n") if '"ready"' in line]
            if len(lines) > count:
                self.readies.append(json.loads(lines[-1]))
                return now()
            time.sleep(0.002)
        raise NotRun(f"the monitor did not start: {self.said('monitor')}")

    def rank(self, below):
        """Arguments for the core that the loop does not have, and a priority so far below it."""
        return [f"core={self.programs.other_core}", f"priority={PRIORITY - below if self.programs.fifo else 0}"]

    def start_driver(self):
        self.spawn("driver", [self.programs.programs / "driver", f"gated={self.endpoints['gated']}", f"obeys={self.programs.obeys}",
                              f"journal={self.folder / 'driver.journal'}", *self.rank(2)])

    def start_source(self, kind, name=None, boot=BOOT, **further):
        below = PRIORITY if (name or kind) in self.ordinary else 4
        to = {"controller": "action", "arm": "state", "camera": "scene"}[kind]
        self.spawn(name or kind, [self.programs.programs / "source", f"kind={kind}", f"to={self.endpoints[to]}", f"boot={boot}",
                                  f"table={self.programs.table}", f"epoch={self.epoch}",
                                  f"journal={self.folder / f'{kind}-{boot}.journal'}", f"stamps={int(self.stamps)}", *self.rank(below),
                                  *(f"{key}={value}" for key, value in further.items())])

    def start_onlooker(self, name):
        self.spawn(name, [self.programs.programs / "onlooker", f"verdict={self.endpoints['verdict']}",
                          f"journal={self.folder / f'{name}.journal'}"])

    def start_asker(self):
        self.spawn("asker", [self.programs.programs / "asker", f"control={self.endpoints['control']}"])

    def listen_for_watchdog(self):
        self.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notify.bind(str(self.folder / "notify"))

        def listen():
            while True:
                try:
                    if b"WATCHDOG=1" in self.notify.recv(4096):
                        self.fed.append(now())
                except OSError:
                    return

        self.notify.settimeout(60)
        threading.Thread(target=listen, daemon=True).start()

    # What is done to it

    def signal(self, name, number):
        """Returns the instant just before."""
        instant = now()
        self.processes[name].send_signal(number)
        return instant

    def stop_for(self, name, milliseconds):
        """Stops a process for a while: from when, until when."""
        start = self.signal(name, signal.SIGSTOP)
        sleep_until(start + milliseconds * 1_000_000)
        return start, self.signal(name, signal.SIGCONT)

    def kill(self, name):
        instant = self.signal(name, signal.SIGKILL)
        self.processes[name].wait()
        return instant

    @contextlib.contextmanager
    def disturbing(self, *arguments):
        """Runs `disturb` beside what is done meanwhile; what is entered is, after that, [from when, until when]."""
        command = [self.programs.programs / "disturb", *map(str, arguments)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=end_with_parent)
        span = []
        try:
            yield span
        except BaseException:
            process.kill()
            raise
        out, error = process.communicate()
        if process.returncode != 0:
            raise NotRun(error.strip())
        told = json.loads(out)
        span += [told["began"], told["ended"]]

    def disturb(self, *arguments):
        """Runs `disturb` to its end: from when, until when."""
        with self.disturbing(*arguments) as span:
            pass
        return span

    # What is seen

    def driver(self):
        sent = [journals.read(path) for path in self.folder.glob("controller-*.journal")]
        sent = np.concatenate(sent) if sent else np.empty(0, journals.NOTE)
        return journals.Driver(journals.read(self.folder / "driver.journal"), sent)

    def sent(self):
        """Instants of all that was sent to the monitor."""
        return np.concatenate([journals.read(path)["at"] for kind in ("controller", "arm", "camera")
                               for path in self.folder.glob(f"{kind}-*.journal")])

    def verdicts(self):
        lines = (self.folder / "onlooker.out").read_text().splitlines()
        return journals.Verdicts(journals.read(self.folder / "onlooker.journal"), [json.loads(line) for line in lines])

    def await_moving(self, patience=PATIENCE):
        """Waits until the driver has moved in each cycle of 100 ms."""
        limit = now() + int(patience * 1e9)
        while now() < limit:
            time.sleep(0.05)
            if (self.folder / "driver.journal").exists():
                driver = self.driver()
                since = now() - 100_000_000
                if driver.moved(since, now()) > 50 and driver.held(since, now()) == 0:
                    return
        alarms = ", ".join(f"{one['id']} {one['text']}" for one in self.verdicts().alarms)
        raise NotRun(f"the driver does not move; alarms: {alarms or 'none'}; {self.said('monitor')}")

    def status(self):
        done = subprocess.run([self.programs.monitor, "status", "--endpoint", self.endpoints["control"], "--json"],
                              capture_output=True, text=True, timeout=PATIENCE)
        return json.loads(done.stdout) if done.returncode == 0 else {"error": done.stderr.strip()}

    def said(self, name):
        return (self.folder / f"{name}.said").read_text().strip().replace("\n", " | ")

    def thread(self, name):
        """Id of the monitor's thread of this name."""
        for task in pathlib.Path(f"/proc/{self.processes['monitor'].pid}/task").iterdir():
            if (task / "comm").read_text().strip() == name:
                return int(task.name)
        raise NotRun(f"the monitor has no thread {name}")

    def memory(self):
        """Resident memory of the monitor, bytes."""
        fields = pathlib.Path(f"/proc/{self.processes['monitor'].pid}/statm").read_text().split()
        return int(fields[1]) * os.sysconf("SC_PAGE_SIZE")
