"""The arm driver's side of odcv's `gated` endpoint. Needs pyzmq, and the schema's modules from
`protoc -I proto --python_out=. proto/odcv/v1/*.proto`.

    lease = Lease("tcp://127.0.0.1:7413", "panda")
    each control cycle:
        if lease.poll(take): follow_what_was_taken()
        else: brake_and_forget_it()

`take` gets each Action that the arm may obey, in the order in which they were sent. The arm may move while leases come in
time; it then needs an action, since what it did before a hold is over. It never moves by an action that was sent more than
one lease before it is taken, wherever it waited; by anything that comes with, or in the same poll after, the end of a lease;
by anything of another robot, or that can't be read. Call it from one thread, at least every 20 ms. It never blocks.
"""
import time

import zmq
from google.protobuf.message import DecodeError
from odcv.v1 import common_pb2 as common, robot_pb2 as schema

LONGEST_NS = 1_000_000_000  # a lease that claims to be longer is refused
SETTLING_NS = 200_000_000  # after a start, a new boot of the monitor or a silence, leases only teach how fast they come
SILENCE_NS = 1_000_000_000  # no lease for this long
DRIFT = 1000  # the driver's and the monitor's clock drift apart by less than one part in this
MESSAGES = 256  # taken in one poll; when more are waiting, the arm holds


class Lease:
    def __init__(self, endpoint, robot, context=None):
        self.robot, self.topics = robot, [f"odcv/2/{kind}/{robot}".encode() for kind in ("action", "lease")]
        self.boot = self.sequence = self.heard = self.settled = self.deadline = self.fastest = 0  # ns, this host's clock
        self.late = self.refused = 0  # for the driver's log: ns the last lease was late, messages of no use
        self.lapsed = self.moving = False
        self.socket = (context or zmq.Context.instance()).socket(zmq.SUB)
        for topic in self.topics:
            self.socket.subscribe(topic)
        self.socket.connect(endpoint)

    def poll(self, take):
        """Takes what has come. Returns whether the arm may move as `take` was told; otherwise it brakes and forgets it."""
        for _ in range(MESSAGES):
            try:
                parts = self.socket.recv_multipart(zmq.DONTWAIT)
            except zmq.Again:
                return self.settle(True, time.monotonic_ns())
            # The clock is read for each message: this thread may have stood still since the last.
            action = self.hear(parts, time.monotonic_ns())
            if action is not None:
                take(action)
        return self.settle(False, time.monotonic_ns())

    def hear(self, parts, now):
        """Hears one message, taken from its socket at `now`. Returns the Action for `take`, if it is one."""
        self.lapsed |= now >= self.deadline
        try:
            kind = self.topics.index(parts[0]) if len(parts) == 2 else None
            if kind == 0:
                action = schema.Action.FromString(parts[1])
                if action.space == schema.ACTION_SPACE_UNSPECIFIED:
                    raise DecodeError("an action of no space")
                if not self.lapsed:
                    if action.space not in (schema.GRIPPER_ONLY, schema.NONE):
                        self.moving = action.space != schema.STOP
                    return action
            elif kind == 1 and self.renew(schema.Lease.FromString(parts[1]), now):
                return None
        except ValueError:
            pass  # of another robot
        except DecodeError:
            self.lapsed |= kind == 0  # an action that can't be read holds
        self.refused += 1

    def renew(self, lease, now):
        header, sent = lease.header, lease.header.t_source_ns
        restarted, silence, took = header.boot_id != self.boot, now - self.heard, now - sent
        if not (header.robot_id == self.robot and header.seq and header.boot_id and 0 < lease.duration_ns <= LONGEST_NS
                and header.HasField("t_source_ns") and 0 <= sent < 1 << 62 and header.clock == common.CLOCK_MONOTONIC
                and (restarted or header.seq > self.sequence)):
            return False
        if restarted or silence > SILENCE_NS:
            self.settled, self.deadline = now + SETTLING_NS, 0
        self.fastest = took if restarted else min(took, self.fastest + silence // DRIFT)
        self.boot, self.sequence, self.heard, self.late = header.boot_id, header.seq, now, took - self.fastest
        if now >= self.settled:
            self.deadline = now + lease.duration_ns - self.late
        return True

    def settle(self, is_drained, now):
        """Ends a poll, in which all that waited was taken or not. Returns whether the arm may move."""
        self.moving = self.moving and not self.lapsed and is_drained and now < self.deadline
        self.lapsed = False
        return self.moving
