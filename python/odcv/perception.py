"""What sensors see, for those who have no other publisher of it."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Optional

from .errors import InvalidMessage
from .numbers import choice, exactly, number
from .robot import _Signalling
from .v1 import common_pb2, scene_pb2

REGIONS = {name.lower(): value for name, value in scene_pb2.BodyRegion.items() if value != scene_pb2.BODY_REGION_UNSPECIFIED}


@dataclass(frozen=True)
class BodyPart:
    """A capsule of a person, base frame: from `a` to `b` (equal for a sphere), m. `region` is one of `REGIONS`, if the sensor tells."""

    a: Iterable[float]
    b: Iterable[float]
    radius_m: float
    region: Optional[str] = None


@dataclass(frozen=True)
class Box:
    """Whole edges `size` about `center`, m, base frame; `orientation` is a quaternion x, y, z, w."""

    center: Iterable[float]
    size: Iterable[float]
    orientation: Iterable[float] = (0.0, 0.0, 0.0, 1.0)


@dataclass(frozen=True)
class Sphere:
    center: Iterable[float]
    radius_m: float


class Perception(_Signalling):
    """Publishes frames of people and obstacles. A frame is complete: whoever is not in it is not there, and it may be empty.

        with odcv.Perception(config="monitor.yaml") as perception:
            perception.people([])                  # the sensor looked, and nobody is there
    """

    _role = _source = "scene"

    def people(
        self, people: Iterable[Iterable[BodyPart]], *, sensor: Optional[str] = None, covers: bool = True, time_ns: Optional[int] = None,
    ) -> int:
        """Sends one frame: the parts of each person. Returns its sequence number.

        sensor: its id in the cell's file; may be left out where there is one. covers: it vouches for its whole field; without, it
        counts as blind.
        """
        sensor = self._sensor("people", sensor, self.configuration.people_sensors if self.configuration else None)
        frame = scene_pb2.People(sensor_id=sensor, coverage_ok=covers)
        for place, parts in enumerate(people):
            track = frame.track.add(track_id=place)
            for part in parts:
                one = track.part.add(a_m=_point("a", part.a), b_m=_point("b", part.b), radius_m=_length("radius_m", part.radius_m))
                if part.region is not None:
                    one.region = choice("region", part.region, REGIONS)  # type: ignore[assignment]
            if not track.part:
                raise InvalidMessage(f"person {place} has no part; somebody who is nowhere would pass every distance")
        return self._publish("people", frame, source=sensor, stream=f"people {sensor}", time_ns=time_ns)

    def obstacles(
        self, obstacles: Iterable[Box | Sphere], *, sensor: Optional[str] = None, covers: bool = True, time_ns: Optional[int] = None,
    ) -> int:
        """Sends one frame of what an obstacle sensor sees. Returns its sequence number."""
        sensor = self._sensor("obstacle", sensor, self.configuration.obstacle_sensors if self.configuration else None)
        frame = scene_pb2.Obstacles(sensor_id=sensor, coverage_ok=covers)
        for place, solid in enumerate(obstacles):
            one = frame.obstacle.add(id=place, position_m=_point("center", solid.center))
            if isinstance(solid, Box):
                one.shape = scene_pb2.BOX
                one.size_m.CopyFrom(_point("size", solid.size))
                one.orientation.extend(exactly("orientation", solid.orientation, 4, "a quaternion x, y, z, w"))
            else:
                one.shape = scene_pb2.SPHERE
                one.size_m.x = _length("radius_m", solid.radius_m)
        return self._publish("obstacles", frame, source=sensor, stream=f"obstacles {sensor}", time_ns=time_ns)

    @staticmethod
    def _sensor(what: str, sensor: Optional[str], known: Optional[tuple[str, ...]]) -> str:
        if sensor is None and known is not None and len(known) == 1:
            return known[0]
        if sensor is None or (known is not None and sensor not in known):
            names = "the cell's file lists them" if known is None else f"the cell declares {', '.join(known) or 'none'}"
            raise InvalidMessage(f"`sensor` must name a {what} sensor, not {sensor!r}: {names}")
        return sensor


def _point(what: str, values: Iterable[float]) -> common_pb2.Vector3:
    x, y, z = exactly(what, values, 3, "x, y, z in m")
    return common_pb2.Vector3(x=x, y=y, z=z)


def _length(what: str, value: float) -> float:
    taken = number(what, value)
    if taken <= 0:
        raise InvalidMessage(f"`{what}` is {taken}; it is a length in m, above 0")
    return taken
