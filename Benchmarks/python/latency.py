"""What others measure: libzmq's own latency test, and how late the system wakes a thread up."""
import json
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile

import numpy as np

from rig import BUILD, PRIORITY


def percentiles(values):
    if len(values) == 0:
        return None
    p50, p99, p999 = np.percentile(values, [50, 99, 99.9], method="higher")
    return {"samples": len(values), "p50_us": float(p50), "p99_us": float(p99), "p99.9_us": float(p999), "max_us": float(np.max(values))}


def zmq(transport, size, count, cores):
    """libzmq's own test, REQ and REP: it only tells an average, one way; times two it is a round trip, µs. None without it."""
    tools = BUILD / "peers/zeromq"
    if not (tools / "built").exists():
        return None
    if transport == "inproc":
        said = subprocess.run([tools / "inproc_lat", str(size), str(count)], capture_output=True, text=True, check=True).stdout
    else:
        with tempfile.TemporaryDirectory() as folder:
            endpoint = f"ipc://{folder}/lat"
            if transport == "tcp":
                with socket.create_server(("127.0.0.1", 0)) as held:
                    endpoint = f"tcp://127.0.0.1:{held.getsockname()[1]}"
            local = subprocess.Popen([tools / "local_lat", endpoint, str(size), str(count)],
                                     preexec_fn=lambda: os.sched_setaffinity(0, {cores[0]}))
            said = subprocess.run([tools / "remote_lat", endpoint, str(size), str(count)], capture_output=True, text=True,
                                  check=True, timeout=300, preexec_fn=lambda: os.sched_setaffinity(0, {cores[1]})).stdout
            local.wait(timeout=30)
    return 2 * float(said.split("average latency:")[1].split()[0])


def cyclictest(core, loops, folder):
    """How late a FIFO thread wakes up each millisecond, percentiles in µs. None without it, or without the right to FIFO."""
    tool = shutil.which("cyclictest") or BUILD / "peers/rt-tests/usr/bin/cyclictest"
    file = folder / "cyclictest.json"
    if not pathlib.Path(tool).exists():
        return None
    done = subprocess.run([tool, "-q", "-m", "-t", "1", "-a", str(core), "-p", str(PRIORITY), "-i", "1000", "-l", str(loops),
                           "-h", "20000", f"--json={file}"], capture_output=True, text=True)
    if done.returncode != 0 or not file.exists():
        return None
    thread = json.loads(file.read_text())["thread"]["0"]
    late = np.repeat(*zip(*((int(late), count) for late, count in thread["histogram"].items())))
    return percentiles(late) | {"max_us": float(thread["max"])}
