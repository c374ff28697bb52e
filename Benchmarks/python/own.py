"""What a command's verdict takes by itself, on the loop's core: decode and judge, and encode, without sockets and loop."""
import ctypes
import os
import subprocess

import numpy as np

import odcv
from rig import PRIORITY, ROLES


class OwnTime:
    """Replays the load's messages through the daemon's decoder and core (Sources/ODCVBench/OwnTime.swift).

    Apart from the loop, so that what the loop adds (polling, ledger, record ring, statistics) is not taken for the verdict's.
    """

    def __init__(self, rig, options):
        self.rig, self.options = rig, options
        self.c = ctypes.CDLL(str(odcv.LIBRARY))
        self.count = options.count + options.warm
        path = rig.folder / "stream"
        subprocess.run([odcv.LIBRARY.parents[1] / "loop/loop-load", f"stream={path}", f"table={rig.table}", f"count={self.count}"],
                       check=True)
        self.stream = path.read_bytes()
        self.config = rig.config({role: "tcp://127.0.0.1:0" for role in ROLES}).rename(rig.folder / "own.yaml")
        self.begin()
        self.command_bytes = self.sizes()

    def begin(self):
        """Forgets what was."""
        self.times = []  # of each round, ns: (to the decision, to the bytes that are published)

    def sizes(self):
        """Bytes of the last command, topic and body."""
        at, size = 0, 0
        while at < len(self.stream):
            topic = int.from_bytes(self.stream[at + 9:at + 11], "little")
            body = int.from_bytes(self.stream[at + 11:at + 15], "little")
            if self.stream[at + 8] == 0:
                size = topic + body
            at += 15 + topic + body
        return size

    def take(self, pause):
        """One more round, on the loop's core and with its priority. `pause`: ns before each command; negative: one each millisecond."""
        judged, told = np.zeros(self.count, np.int64), np.zeros(self.count, np.int64)
        reason = ctypes.create_string_buffer(4096)
        cores = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {self.rig.loop_core})
        fifo = self.fifo(os.SCHED_FIFO, PRIORITY)
        try:
            count = self.c.odcv_own_time(str(self.config).encode(), self.stream, ctypes.c_int64(len(self.stream)), ctypes.c_int64(pause),
                                         odcv.at(judged), odcv.at(told), self.count, reason, len(reason))
        finally:
            if fifo:
                self.fifo(os.SCHED_OTHER, 0)
            os.sched_setaffinity(0, cores)
        if count != self.count:
            raise SystemExit(f"loop: the verdict's own time: {reason.value.decode() or f'{count} of {self.count} commands'}")
        self.times.append((judged[self.options.warm:], told[self.options.warm:]))

    @staticmethod
    def fifo(policy, priority):
        try:
            os.sched_setscheduler(0, policy, os.sched_param(priority))
        except PermissionError:
            return False
        return True

    def pooled(self, place):
        return np.concatenate([one[place] for one in self.times]) / 1e3

    def medians(self):
        """µs, to the decision and to the bytes"""
        return [float(np.median(self.pooled(place))) for place in (0, 1)]
