"""A driver without an arm, on odcv_lease.py; see driver.md."""
import sys
import time

from odcv_lease import Lease


def answer(lease):
    for line in sys.stdin:
        word, *rest = line.split()
        if word == "new":
            lease = Lease("inproc://nobody", "panda")
        elif word == "settle":
            print("go" if lease.settle(rest[1] == "1", int(rest[0])) else "hold")
        else:
            parts = [bytes.fromhex(part) for part in (rest[1:] + [""])[:2]]
            print("leave" if lease.hear(parts, int(rest[0])) is None else "take")


def run(lease):
    moved = None
    for _ in range(100000):
        may_move = lease.poll(lambda action: print("take", action.SerializeToString().hex(), time.monotonic_ns()))
        if may_move != moved:
            print("go" if may_move else "hold", time.monotonic_ns())
        moved = may_move
        sys.stdout.flush()
        time.sleep(0.002)


if len(sys.argv) > 1:
    run(Lease(sys.argv[1], "panda"))
else:
    answer(Lease("inproc://nobody", "panda"))
