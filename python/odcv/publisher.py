"""One party's connection to an endpoint of the monitor: its socket, its numbering, its stamps."""
from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, Optional

import zmq

from .configuration import CLOCKS, Configuration, PathLike
from .errors import ConfigurationError, NotConnected
from .numbers import choice
from .v1 import robot_pb2 as schema

#: Messages that may wait for the monitor to take them. A longer queue would only hold what is too old to be obeyed.
QUEUE = 64
LAYOUT_PERIOD_NS = 1_000_000_000
#: For what was sent last to leave when a publisher is closed, ms.
LINGER_MS = 1000

#: Called with (address, kind, sequence number) after each message that went out; the pytest plugin counts by it.
observers: list[Callable[[str, str, int], None]] = []


class Publisher:
    """Connects to one endpoint and waits until the monitor listens there: ZeroMQ drops what is published before.

    config: the monitor's configuration file; what is given beside it wins over it.
    endpoint: the address to connect to, such as "tcp://127.0.0.1:7410" or "ipc:///run/odcv/action".
    robot: the robot id. joints: their names, in the configured order.
    clock: which clock stamps messages: "monotonic", "realtime", "ptp" or "simulated". What the cell declares, else monotonic.
    stream_id: of this publisher. A second one under another id is refused as somebody else.
    timeout_s: how long to wait for the monitor. Raises NotConnected when it is over.

    May be used by several threads. Close it, or use it in a `with` block.
    """

    _role = ""
    _source = ""

    def __init__(
        self, config: Optional[PathLike] = None, *, endpoint: Optional[str] = None, robot: Optional[str] = None,
        joints: Optional[Sequence[str]] = None, clock: Optional[str] = None, stream_id: int = 1, timeout_s: float = 5.0,
        context: Optional[zmq.Context[zmq.Socket[bytes]]] = None,
    ):
        self.configuration = Configuration.load(config) if config is not None else None
        self.endpoint = endpoint or self._configured("endpoint", lambda found: found.endpoint(self._role))
        self.robot = robot or self._configured("robot", lambda found: found.robot_id)
        self.joints: tuple[str, ...] = tuple(joints) if joints is not None else self._configured("joints", lambda found: found.joints)
        self.boot_id = secrets.randbits(63) + 1
        self._clock = clock
        if clock is not None:
            choice("clock", clock, CLOCKS)
        self._stream_id = stream_id
        self._sent: dict[str, int] = {}
        self._layout_sent: Optional[int] = None
        self._lock = threading.RLock()
        self._listening: set[bytes] = set()
        self._socket = (context or zmq.Context.instance()).socket(zmq.XPUB)
        # A queue that is full says so, instead of dropping; and none outlives the monitor, to be obeyed by the next one.
        self._socket.set(zmq.XPUB_NODROP, 1)
        self._socket.set(zmq.IMMEDIATE, 1)
        self._socket.set(zmq.SNDHWM, QUEUE)
        self._socket.set(zmq.LINGER, LINGER_MS)
        try:
            self._socket.connect(self.endpoint)
            self._await_listener(timeout_s)
        except zmq.ZMQError as error:
            self.close()
            raise ConfigurationError(f"`{self.endpoint}` can't be connected to: {error}") from error
        except NotConnected:
            self.close()
            raise

    def _configured(self, what: str, get: Callable[[Configuration], Any]) -> Any:
        if self.configuration is None:
            raise ConfigurationError(f"{type(self).__name__} needs `config` (the monitor's configuration file), or `{what}`")
        return get(self.configuration)

    # The monitor's side of the connection

    def _await_listener(self, timeout_s: float) -> None:
        deadline = time.monotonic() + timeout_s
        while not self._is_heard():
            left = deadline - time.monotonic()
            if left <= 0:
                raise NotConnected(
                    f"nobody listens at {self.endpoint} ({self._role} of {self.robot}) after {timeout_s:g} s; start the monitor "
                    "first: odcv-monitor run --config FILE, and compare the address with its ready line")
            self._socket.poll(max(1, int(left * 1000)))

    def _is_heard(self) -> bool:
        while True:
            try:
                news = self._socket.recv(zmq.DONTWAIT)
            except zmq.Again:
                break
            if news[:1] == b"\x01":
                self._listening.add(news[1:])
            else:
                self._listening.discard(news[1:])
        return bool(self._listening)

    # Messages

    def _publish(self, kind: str, message: Any, *, source: Optional[str] = None, stream: Optional[str] = None,
                 time_ns: Optional[int] = None) -> int:
        """Fills the header and sends; returns the sequence number.

        source: whose clock the cell declares: `action`, `state` or a sensor's id. stream: what is numbered, where that is not the kind.
        """
        with self._lock:
            if self._socket.closed:
                raise NotConnected(f"this {type(self).__name__} is closed")
            if not self._is_heard():
                raise NotConnected(f"the monitor at {self.endpoint} is gone; nothing was sent. Whoever drives the arm must hold it")
            number = self._sent.get(stream or kind, 0) + 1
            clock = self._clock_of(source or self._source)
            header = message.header
            header.robot_id, header.stream_id, header.seq, header.boot_id = self.robot, self._stream_id, number, self.boot_id
            header.clock, header.t_source_ns = CLOCKS[clock], stamp(clock) if time_ns is None else int(time_ns)
            try:
                self._socket.send_multipart([f"odcv/2/{kind}/{self.robot}".encode(), message.SerializeToString()], zmq.DONTWAIT)
            except zmq.Again:
                raise NotConnected(
                    f"the monitor at {self.endpoint} takes nothing: {QUEUE} messages wait; this one was not sent") from None
            self._sent[stream or kind] = number
        for observe in tuple(observers):
            observe(self.endpoint, kind, number)
        return number

    def _clock_of(self, source: str) -> str:
        if self._clock is not None:
            return self._clock
        declared = self.configuration.clocks.get(source, "monotonic") if self.configuration else "monotonic"
        return declared if declared in CLOCKS else "monotonic"

    def _announce(self) -> None:
        """The layout: at the beginning, and each second while something is sent."""
        now = time.monotonic_ns()
        if self._layout_sent is not None and now - self._layout_sent < LAYOUT_PERIOD_NS:
            return
        self._layout_sent = now
        layout = schema.Layout(joint_name=self.joints)
        if self.configuration is not None and self.joints == self.configuration.joints:
            layout.joint_unit.extend(self.configuration.joint_units)
        self._publish("layout", layout)

    def heartbeat(self) -> int:
        """A sign of life, for a source that has nothing else to say."""
        return self._publish("heartbeat", schema.Heartbeat())

    @property
    def sent(self) -> int:
        """How many messages of this publisher's own kind went out: the sequence number of the last."""
        return self._sent.get(self._role, 0)

    def close(self) -> None:
        """Lets go of the socket; what was sent still leaves."""
        with self._lock:
            self._socket.close()

    def __enter__(self):  # type: ignore[no-untyped-def]
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def stamp(clock: str) -> int:
    """ns of that clock, now. Simulated time is the caller's to give; without, it advances with the machine's."""
    if clock == "realtime":
        return time.time_ns()
    if clock == "ptp":
        return time.clock_gettime_ns(time.CLOCK_TAI)
    return time.monotonic_ns()
