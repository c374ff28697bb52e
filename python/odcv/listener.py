"""What the monitor says."""
from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, NamedTuple, Optional, Union

import zmq
from google.protobuf.message import DecodeError

from .configuration import Configuration, PathLike
from .errors import ConfigurationError, NotConnected
from .v1 import robot_pb2, verdict_pb2

#: The monitor's heartbeat comes five times in a second.
SILENCE_S = 2.0

_KINDS: dict[str, Any] = {
    "verdict": verdict_pb2.Verdict, "alarm": verdict_pb2.Alarm, "heartbeat": robot_pb2.Heartbeat, "action": robot_pb2.Action,
    "lease": robot_pb2.Lease,
}
Body = Union[verdict_pb2.Verdict, verdict_pb2.Alarm, robot_pb2.Heartbeat, robot_pb2.Action, robot_pb2.Lease]


class Message(NamedTuple):
    """kind: verdict, alarm or heartbeat; action or lease from the driver's endpoint."""

    kind: str
    body: Body


class Listener:
    """Hears verdicts, alarms and heartbeats.

        with odcv.Listener(config="monitor.yaml") as listener:
            for kind, message in listener:
                ...

    config: the monitor's configuration file; `endpoint`, `gated` and `robot` win over it.
    gated: True to hear also what the arm's driver is sent, actions and leases; or that endpoint's address. A driver itself uses Lease.
    Use it from one thread. `lost` counts the verdicts and alarms that were dropped on the way.
    """

    def __init__(
        self, config: Optional[PathLike] = None, *, endpoint: Optional[str] = None, gated: Union[bool, str] = False,
        robot: Optional[str] = None, context: Optional[zmq.Context[zmq.Socket[bytes]]] = None,
    ):
        configuration = Configuration.load(config) if config is not None else None
        if configuration is None and (endpoint is None or robot is None or gated is True):
            raise ConfigurationError("Listener needs `config` (the monitor's configuration file), or `endpoint` and `robot`")
        addresses = [endpoint if endpoint is not None else configuration.endpoint("verdict")]  # type: ignore[union-attr]
        if gated:
            addresses.append(gated if isinstance(gated, str) else configuration.endpoint("gated"))  # type: ignore[union-attr]
        self.robot = robot if robot is not None else configuration.robot_id  # type: ignore[union-attr]
        self.lost = 0
        self._places: dict[str, tuple[int, int]] = {}
        self._topics = {f"odcv/2/{kind}/{self.robot}".encode(): kind for kind in _KINDS}
        self._socket = (context or zmq.Context.instance()).socket(zmq.SUB)
        # What is heard is evidence: it may wait here, but nothing of it is dropped.
        self._socket.set(zmq.RCVHWM, 0)
        self._socket.set(zmq.LINGER, 0)
        for topic in self._topics:
            self._socket.subscribe(topic)
        self._heard = time.monotonic()
        try:
            for address in addresses:
                self._socket.connect(address)
        except zmq.ZMQError as error:
            self.close()
            raise ConfigurationError(f"`{address}` can't be connected to: {error}") from error

    def receive(self, timeout_s: Optional[float] = None) -> Optional[Message]:
        """The next message; None when `timeout_s` is over. Without a timeout it waits, and raises NotConnected when the monitor,
        which has a heartbeat, is silent for two seconds."""
        deadline = time.monotonic() + (SILENCE_S if timeout_s is None else timeout_s)
        while True:
            left = max(0.0, deadline - time.monotonic())
            if not self._socket.poll(round(left * 1000)):
                if timeout_s is None and time.monotonic() - self._heard >= SILENCE_S:
                    raise NotConnected(f"the monitor of {self.robot} is silent for {SILENCE_S:g} s; is it running?")
                if timeout_s is None:
                    continue
                return None
            message = self._take(self._socket.recv_multipart(zmq.DONTWAIT))
            if message is not None:
                return message

    def connect(self, timeout_s: float = 5.0) -> None:
        """Waits for the monitor's first heartbeat: from then on nothing that it says is missed."""
        deadline = time.monotonic() + timeout_s
        while (left := deadline - time.monotonic()) > 0:
            message = self.receive(left)
            if message is not None and message.kind == "heartbeat":
                return
        raise NotConnected(f"the monitor of {self.robot} said nothing in {timeout_s:g} s; is it running, and is the address its own?")

    def verdict_of(self, action: int, timeout_s: float = 5.0) -> Optional[verdict_pb2.Verdict]:
        """The verdict of the action with this sequence number; None when none came in time. What comes before it is thrown away."""
        deadline = time.monotonic() + timeout_s
        while (left := deadline - time.monotonic()) > 0:
            message = self.receive(left)
            if message is None or not isinstance(message.body, verdict_pb2.Verdict):
                continue
            if message.body.judged in (verdict_pb2.COMMANDED, verdict_pb2.PREDICTED) and message.body.action_seq == action:
                return message.body
        return None

    def _take(self, parts: list[bytes]) -> Optional[Message]:
        kind = self._topics.get(parts[0]) if len(parts) == 2 else None
        if kind is None:
            return None  # of another robot whose id begins with this one's
        try:
            body = _KINDS[kind].FromString(parts[1])
        except DecodeError:
            self.lost += 1
            return None
        self._heard = time.monotonic()
        if kind in ("verdict", "alarm"):
            place = (body.header.boot_id, body.header.seq)
            last = self._places.get(kind)
            if last is not None and last[0] == place[0]:
                self.lost += max(0, place[1] - last[1] - 1)
            self._places[kind] = place
        return Message(kind, body)

    def __iter__(self) -> Iterator[Message]:
        while True:
            message = self.receive()
            assert message is not None
            yield message

    def close(self) -> None:
        self._socket.close()

    def __enter__(self) -> Listener:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def words(finding: verdict_pb2.Finding) -> str:
    """A finding in one line: rule, outcome, pair, margin, value and limit."""
    outcome = verdict_pb2.Outcome.Name(finding.outcome).lower().replace("_", " ")
    pair = " - ".join(name for name in (finding.subject, finding.other) if name)
    parts = [finding.rule, outcome, pair]
    unit = f" {finding.unit}" if finding.unit else ""
    if finding.HasField("margin_lower"):
        parts.append(f"margin {_interval(finding.margin_lower, finding.margin_upper)}{unit}")
    if finding.HasField("value_lower"):
        parts.append(f"value {_interval(finding.value_lower, finding.value_upper)}, limit {finding.limit:.4g}{unit}")
    if finding.failing > 1:
        parts.append(f"{finding.failing} pairs fail")
    if finding.reason:
        parts.append(finding.reason)
    return ", ".join(part for part in parts if part)


def _interval(lower: float, upper: float) -> str:
    return f"{lower:.4g}" if lower == upper else f"{lower:.4g} to {upper:.4g}"
