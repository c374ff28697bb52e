"""Kills the violation log's writer with SIGKILL at random points, again and again on one log, and looks whether every
violation that it confirmed is there.

    log_kills.py WRITER MONITOR KILLS SEED

WRITER: the EvidenceCrashWriter of the tests, which runs the daemon's own recorder. One process of four is killed while it
starts, opens the log and changes the log's key, the others within 60 ms after the log is open. Reading is done here, without odcv's code;
at the end `odcv-monitor verify` must find nothing, with the log's first key and with what a witness followed on the way.
"""
import os
import random
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "oracles"))
import log_records  # noqa: E402


def fail(reason):
    print(f"log-kills: {reason}", file=sys.stderr)
    sys.exit(1)


def main():
    writer, monitor, kills, seed = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    random.seed(seed)
    with tempfile.TemporaryDirectory(prefix="odcv-kills-") as work:
        root, key, state = f"{work}/evidence", f"{work}/key", f"{work}/witness"
        first = subprocess.run(
            [monitor, "keygen", "example.com/arm1", "--kind", "log", "--out", key], check=True, capture_output=True, text=True
        ).stdout.strip()
        confirmed, restarts, torn, looks = {}, [], 0, 0
        for number in range(kills + 1):
            is_last = number == kills
            begun = time.monotonic()
            child = subprocess.Popen(
                [writer, root, str(number * 1_000_000 + 1), "20" if is_last else "0", "0", key], stdout=subprocess.PIPE, text=True)
            is_early = random.random() < 0.25
            if not is_last and is_early:
                threading.Timer(random.uniform(0, 1.1 * (restarts[-1] if restarts else 0.1)), child.kill).start()
            for line in child.stdout:
                words = line.split()
                if words[0] == "open":
                    restarts.append(time.monotonic() - begun)
                    if not is_last and not is_early:
                        threading.Timer(random.uniform(0, 0.06), child.kill).start()
                elif words[0] == "confirmed":
                    confirmed[int(words[1])] = int(words[2])
                elif words[0] == "loss":
                    torn += 1
                    if "unfinished" not in line:
                        fail(f"kill {number}: a kill is taken for tampering: {line}")
                elif words[0] in ("error", "state"):
                    fail(f"kill {number}: {line}")
            child.wait()
            if number % 20 == 19 and restarts:
                looks += 1
                witness = subprocess.run(
                    [monitor, "witness", root, "--state", state, "--log-key", first], capture_output=True, text=True)
                if witness.returncode != 0:
                    fail(f"kill {number}: the witness refused an honest log: {witness.stderr}")
        there = {}
        for record in log_records.records(f"{root}/violations"):
            there[record.sequence] = record
        lost = [
            index for index, sequence in confirmed.items()
            if sequence not in there or there[sequence].index != index
            or there[sequence].payload != f"violation of input {index}".encode()
        ]
        if lost:
            fail(f"{len(lost)} confirmed violations are not in the log, the first of input {lost[0]}")
        verified = subprocess.run(
            [monitor, "verify", root, "--log-key", first, *(["--witness", state] if looks else [])], capture_output=True, text=True)
        if verified.returncode != 0:
            fail(f"the log does not verify:\n{verified.stdout}")
        restarts.sort()
        if restarts[-1] > 1:
            fail(
                f"a restart took {restarts[-1]:.2f} s, {sum(time > 1 for time in restarts)} of {len(restarts)} took more than 1 s,"
                f" the median one {restarts[len(restarts) // 2]:.2f} s")
        print(
            f"log-kills: {kills} kills, {len(restarts)} of them after the log was open; {len(confirmed)} confirmed violations, all"
            f" there; {torn} cut tails, all reported; {looks} looks of the witness, all accepted; restart p50"
            f" {restarts[len(restarts) // 2] * 1000:.0f} ms, max {restarts[-1] * 1000:.0f} ms; {verified.stdout.splitlines()[0]}")


if __name__ == "__main__":
    main()
