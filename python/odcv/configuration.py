"""What a publisher and a listener must know, read from the monitor's own files.

The daemon checks these files (`odcv-monitor check-config`); here only what is needed is looked at.
"""
from __future__ import annotations

import pathlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Union

import yaml

from .errors import ConfigurationError
from .v1 import common_pb2 as common

PathLike = Union[str, pathlib.Path]

#: Words of the cell's `clocks`, as a message says them.
CLOCKS = {
    "monotonic": common.CLOCK_MONOTONIC, "realtime": common.CLOCK_REALTIME, "ptp": common.CLOCK_PTP_TAI,
    "simulated": common.CLOCK_SIM,
}


@dataclass(frozen=True)
class Configuration:
    """One arm's monitor file, with the robot's and the cell's that it names."""

    path: pathlib.Path
    robot_id: str
    #: `action`, `state`, `scene`, `gated`, `verdict`, `control` to a ZeroMQ address.
    endpoints: Mapping[str, str]
    #: In the order in which messages carry them.
    joints: tuple[str, ...]
    #: "rad" or "m", of each joint.
    joint_units: tuple[str, ...]
    #: `action`, `state` or a sensor's id to a word of `CLOCKS`; sources that stamp nothing are not in it.
    clocks: Mapping[str, str]
    people_sensors: tuple[str, ...]
    obstacle_sensors: tuple[str, ...]
    #: Name to who sends it: "driver" or "perception".
    signals: Mapping[str, str]

    @classmethod
    def load(cls, path: PathLike) -> Configuration:
        path = pathlib.Path(path)
        monitor = _mapping(path)
        if "loops" in monitor:
            raise ConfigurationError(f"{path} names several arms; give the monitor file of one of them: it is listed under `loops`")
        robot_file = path.parent / _text(path, monitor, "robot")
        cell_file = path.parent / _text(path, monitor, "cell")
        robot, cell = _mapping(robot_file), _mapping(cell_file)
        joints = _inner(robot_file, robot, "joints")
        sensors = _inner(cell_file, cell, "people_sensors"), _inner(cell_file, cell, "obstacle_sensors")
        signals = _inner(cell_file, cell, "signals")
        return cls(
            path=path, robot_id=_text(path, monitor, "robot_id"), endpoints=_inner(path, monitor, "endpoints"),
            joints=tuple(joints),
            joint_units=tuple("m" if isinstance(one, dict) and one.get("kind") == "prismatic" else "rad" for one in joints.values()),
            clocks=_inner(cell_file, cell, "clocks"), people_sensors=tuple(sensors[0]), obstacle_sensors=tuple(sensors[1]),
            signals={name: str(one.get("from")) if isinstance(one, dict) else "" for name, one in signals.items()})

    def endpoint(self, role: str) -> str:
        """The address to connect to."""
        address = self.endpoints.get(role)
        if not isinstance(address, str):
            raise ConfigurationError(f"{self.path} has no endpoint `{role}`; see docs/configuration.md")
        if address.startswith("tcp://") and address.endswith(":0"):
            raise ConfigurationError(
                f"{self.path}: `{role}` is any free port; give `endpoint=` the address of the monitor's ready line, or write a port")
        return address


def _mapping(path: pathlib.Path) -> dict[str, Any]:
    try:
        # Every scalar stays the text that it is: a joint that is called `on` is not `true`.
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    except OSError as error:
        raise ConfigurationError(f"{path} can't be read: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} is not YAML: {error}") from error
    if not isinstance(content, dict):
        raise ConfigurationError(f"{path} holds no mapping; run `odcv-monitor check-config` on the monitor file")
    return content


def _inner(path: pathlib.Path, content: Mapping[str, Any], key: str) -> dict[str, Any]:
    inner = content.get(key)
    if not isinstance(inner, dict):
        raise ConfigurationError(f"{path} has no mapping `{key}`; run `odcv-monitor check-config` on the monitor file")
    return inner


def _text(path: pathlib.Path, content: Mapping[str, Any], key: str) -> str:
    value = content.get(key)
    if not isinstance(value, str) or not value:
        raise ConfigurationError(f"{path} has no `{key}`; is it a monitor file? See docs/configuration.md")
    return value
