"""The way of a command through the loop asks nothing of the heap and counts no references: 0 after warm-up, on the real daemon.

The release daemon runs with count.c preloaded, under the benchmark's load of 1 kHz over ipc: commands, states, people, and all that
the loop does by the clock (ticks, leases, heartbeats, snapshots); and once so that rules fire, are confirmed and cleared. What libzmq
asks for itself is counted apart and must not be more than in the plain C echo on the same sockets. That the counting counts is shown
by planting an allocation and a retain.

  Tests/HotPath/hot_path.py [--count 5000]        needs a release build; scripts/hot-path makes what it needs
"""
import argparse
import os
import pathlib
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Benchmarks/python"))
import rig  # noqa: E402

OURS = ("allocations", "frees", "objects", "retains", "releases")
NAMES = (*OURS, "zmq_allocations", "zmq_frees", "messages", "frames_sent")


class Looks(threading.Thread):
    """Looks at the counters while the loop runs."""

    def __init__(self, file):
        super().__init__(daemon=True)
        self.file, self.taken, self.over = file, [], threading.Event()

    def run(self):
        while not self.over.wait(0.02):
            try:
                numbers = struct.unpack(f"{len(NAMES)}Q", self.file.read_bytes()[:8 * len(NAMES)])
            except (OSError, struct.error):
                continue
            self.taken.append(dict(zip(NAMES, numbers)))

    def between(self, first, last):
        """What was asked for between so many messages and so many."""
        inside = [look for look in self.taken if first <= look["messages"] <= last]
        if len(inside) < 2 or inside[-1]["messages"] - inside[0]["messages"] < (last - first) / 2:
            raise SystemExit("hot-path: the counters were hardly seen: is the preload in force?")
        return {name: inside[-1][name] - inside[0][name] for name in NAMES}


class Paused(rig.Rig):
    """The daemon stands still now and again: verdicts are late and inputs stale, so rules fire, are confirmed and cleared."""

    def running(self, loop):
        threading.Thread(target=self.pause, args=(loop,), daemon=True).start()

    def pause(self, loop):
        while loop.poll() is None:
            time.sleep(0.9)
            loop.send_signal(signal.SIGSTOP)
            time.sleep(0.15)
            loop.send_signal(signal.SIGCONT)


def count(folder, counter, options, contestant="odcv", mode="observe", plant="", kind=rig.Rig):
    """The counts of one run, after its warm-up and before its end."""
    inner = pathlib.Path(tempfile.mkdtemp(dir=folder))
    bench = kind(inner, options)
    bench.settings["mode"] = mode
    bench.verdict_bytes = 6500
    file = inner / "counts"
    os.environ |= {"LD_PRELOAD": str(counter), "ODCV_COUNT_FILE": str(file), "ODCV_COUNT_PLANT": plant,
                   "ODCV_COUNT_PROGRAM": "loop-echo"}
    if not plant:
        os.environ["ODCV_COUNT_TRACE"] = str(inner / "stacks")
    looks = Looks(file)
    looks.start()
    try:
        bench.run("ipc", contestant, 0)
    finally:
        del os.environ["LD_PRELOAD"]
        os.environ.pop("ODCV_COUNT_TRACE", None)
        looks.over.set()
        looks.join()
    # Commands, and a tenth as many states and frames of people.
    found = looks.between(1.2 * options.warm, 1.15 * (options.warm + options.count))
    if not plant and contestant == "odcv" and any(found[name] for name in OURS):
        tell_stacks(inner / "stacks")
    found["logged"] = int(re.search(r"(\d+) log entries", (inner / "said").read_text() + "0 log entries")[1])
    return found


def tell_stacks(file):
    """Who asked, by name: each stack of calls once. What follows the last counted message is in it too."""
    can_name = shutil.which("addr2line") is not None
    for line in file.read_text().splitlines():
        place = re.fullmatch(r"(.*odcv-monitor)\(\+(0x[0-9a-f]+)\).*", line)
        if place and can_name:
            line = subprocess.run(["addr2line", "-f", "-s", "-p", "-e", rig.MONITOR, place[2]], capture_output=True, text=True).stdout.strip()
            line = subprocess.run(["swift", "demangle", "--compact", "--simplified"], input=line, capture_output=True, text=True).stdout
        print("  " + line.strip())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=5000, help="commands after the warm-up")
    options = parser.parse_args()
    options.warm = 1500
    folder = pathlib.Path(tempfile.mkdtemp(prefix="odcv-hot-path-"))
    failed = []
    try:
        (rig.BUILD / "loop").mkdir(parents=True, exist_ok=True)
        subprocess.run([ROOT / "Benchmarks/Loop/build", ROOT, rig.BUILD / "loop"], check=True)
        counter = folder / "count.so"
        clang = pathlib.Path(os.path.realpath(shutil.which("swift"))).parent / "clang"
        subprocess.run([clang, "-O2", "-fPIC", "-shared", "-Wall", "-Wextra", "-Werror", "-o", counter, ROOT / "Tests/HotPath/count.c"],
                       check=True)
        echo = count(folder, counter, options, "echo with verdict")
        allowed = echo["zmq_allocations"] / echo["frames_sent"]
        print(f"C echo: libzmq {allowed:.3f} allocations a frame that it sends, over {echo['messages']} messages")
        for mode, kind in (("observe", rig.Rig), ("enforce", rig.Rig), ("enforce", Paused)):
            found = count(folder, counter, options, mode=mode, kind=kind)
            zmq = found["zmq_allocations"] / found["frames_sent"]
            if kind is Paused:
                mode += ", rules fire"
                if found["logged"] < 20:
                    failed.append(f"rules hardly fired: {found['logged']} violations were logged")
            print(f"{mode}: {', '.join(f'{name} {found[name]}' for name in OURS)}, libzmq {zmq:.3f} allocations a frame, "
                  f"over {found['messages']} messages, {found['logged']} violations logged")
            failed += [f"{mode}: {found[name]} {name}" for name in OURS if found[name]]
            # By frames: the loop also sends what no command asks for (leases, heartbeats, verdicts of ticks and states).
            if zmq > allowed * 1.02:
                failed.append(f"{mode}: libzmq allocates {zmq:.3f} a frame, {allowed:.3f} in the echo")
        for plant, name in (("alloc", "allocations"), ("retain", "retains")):
            found = count(folder, counter, options, plant=plant)
            print(f"planted {plant}: {found[name]} {name} seen, over {found['messages']}")
            if found[name] < found["messages"]:
                failed.append(f"a planted {plant} was not counted")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if failed:
        sys.exit("hot-path: " + "; ".join(failed))


main()
