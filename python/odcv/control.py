"""Requests to a running monitor."""
from __future__ import annotations

import time
from collections.abc import Callable
from typing import Optional

import zmq
from google.protobuf.message import DecodeError

from .configuration import Configuration, PathLike
from .errors import ConfigurationError, MonitorFailed, NotConnected
from .v1 import control_pb2 as control, pressure_pb2

PHASES = {"reset": pressure_pb2.RESET, "start": pressure_pb2.START, "end": pressure_pb2.END}


class Control:
    """Asks a running monitor on its control endpoint. Use it from one thread.

    is_there: says whether an answer can still come; asked ten times in a second while one is waited for.
    """

    def __init__(
        self, config: Optional[PathLike] = None, *, endpoint: Optional[str] = None, robot: Optional[str] = None,
        timeout_s: float = 5.0, is_there: Callable[[], bool] = lambda: True,
        context: Optional[zmq.Context[zmq.Socket[bytes]]] = None,
    ):
        configuration = Configuration.load(config) if config is not None else None
        if configuration is None and (endpoint is None or robot is None):
            raise ConfigurationError("Control needs `config` (the monitor's configuration file), or `endpoint` and `robot`")
        self.endpoint = endpoint if endpoint is not None else configuration.endpoint("control")  # type: ignore[union-attr]
        self.robot = robot if robot is not None else configuration.robot_id  # type: ignore[union-attr]
        self.timeout_s = timeout_s
        self._is_there = is_there
        self._context = context or zmq.Context.instance()
        self._socket: Optional[zmq.Socket[bytes]] = None

    def request(self, request: control.Request) -> control.Ack:
        """Asks and waits. Raises MonitorFailed when it is refused, NotConnected when nobody answers."""
        if self._socket is None:
            self._socket = self._context.socket(zmq.REQ)
            self._socket.set(zmq.LINGER, 0)
            self._socket.connect(self.endpoint)
        self._socket.send(request.SerializeToString())
        deadline = time.monotonic() + self.timeout_s
        while (left := deadline - time.monotonic()) > 0 and self._is_there():
            if self._socket.poll(max(1, round(min(left, 0.1) * 1000))):
                break
        else:
            # A late answer must not be taken for the next question's.
            self.close()
            raise NotConnected(f"the monitor does not answer at {self.endpoint} within {self.timeout_s:g} s, or has ended")
        try:
            ack = control.Ack.FromString(self._socket.recv())
        except DecodeError as error:
            self.close()
            raise MonitorFailed(f"what answers at {self.endpoint} is not an odcv monitor: {error}") from error
        if not ack.ok:
            raise MonitorFailed(f"the monitor refused a request: {ack.error}")
        return ack

    def status(self) -> control.Status:
        ack = self.request(control.Request(status=control.StatusRequest()))
        if not ack.HasField("status"):
            raise MonitorFailed(f"what answers at {self.endpoint} did not tell its status; is it the monitor's control endpoint?")
        return ack.status

    def episode(self, phase: str, *, trial: int = 0, scenario: str = "") -> None:
        """Begins ("reset", then "start") or ends ("end") a trial. A reset forgets sequences and the last command, never a latch."""
        if phase not in PHASES:
            raise ConfigurationError(f"an episode has no phase {phase!r}; it is one of {', '.join(PHASES)}")
        episode = pressure_pb2.Episode(trial=trial, scenario=scenario)
        episode.phase = PHASES[phase]  # type: ignore[assignment]
        episode.header.robot_id = self.robot
        self.request(control.Request(episode=episode))

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def __enter__(self) -> Control:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
