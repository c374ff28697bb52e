"""What an arm's driver reports, for those who have no other publisher of it: a simulator, a rig."""
from __future__ import annotations

from collections.abc import Iterable
from typing import Optional

from .errors import InvalidMessage
from .numbers import Numbers, exactly, finite, number, per_joint
from .publisher import Publisher
from .v1 import robot_pb2 as schema, scene_pb2

#: A contact of the arm: its link, the other body, and the normal force in N.
Touch = tuple[str, str, float]


class _Signalling(Publisher):
    def signal(self, name: str, value: float) -> int:
        """What a door, a scanner, a scale or a button says; above 0 it is set. It has a numbering of its own, as each sensor has."""
        if self.configuration is not None and name not in self.configuration.signals:
            known = ", ".join(self.configuration.signals) or "none"
            raise InvalidMessage(f"the cell declares no signal {name!r}; it declares {known}")
        return self._publish("signal", scene_pb2.Signal(name=name, value=number("value", value)), stream=f"signal {name}")


class Robot(_Signalling):
    """Publishes the arm's state.

        with odcv.Robot(config="monitor.yaml") as robot:
            robot.send(position, velocity, effort=effort, tool=tool, contacts=[], mode=1)
    """

    _role = _source = "state"

    def send(
        self, position: Numbers, velocity: Numbers, *, effort: Optional[Numbers] = None, external_effort: Optional[Numbers] = None,
        tool: Optional[Iterable[float]] = None, wrench: Optional[Iterable[float]] = None, contacts: Optional[Iterable[Touch]] = None,
        gripper: Optional[Iterable[float]] = None, grasped: Optional[bool] = None, mode: Optional[int] = None,
        tool_active: Optional[bool] = None, success_rate: Optional[float] = None, last_action: Optional[int] = None,
        time_ns: Optional[int] = None,
    ) -> int:
        """Sends one state and returns its sequence number.

        position, velocity: rad and rad/s of every joint. effort: Nm of its drive. external_effort: Nm that come from outside.
        tool: x, y, z of the tool centre point, m, base frame. wrench: N and Nm on the robot, at its tool.
        contacts: every contact that there is, and [] for none; leave it out when the driver can't tell.
        gripper: m of each finger. mode: the driver's own number.
        Which of them a cell needs is told in docs/publish.md; what is declared as measured and is missing makes verdicts unknown.
        """
        state = schema.State(position=per_joint("position", position, self.joints), velocity=per_joint("velocity", velocity, self.joints))
        if effort is not None:
            state.effort.extend(per_joint("effort", effort, self.joints))
        if external_effort is not None:
            state.external_effort.extend(per_joint("external_effort", external_effort, self.joints))
        if tool is not None:
            state.ee_position.extend(exactly("tool", tool, 3, "x, y, z in m"))
        if wrench is not None:
            state.wrench.extend(exactly("wrench", wrench, 6, "N along x, y, z, then Nm about them"))
            state.wrench_sign = schema.ON_ROBOT
        if contacts is not None:
            state.contact_complete = True
            for link, other, force in contacts:
                state.contact.add(link=link, other=other, force_normal_n=number("contacts", force))
        if gripper is not None:
            state.gripper_position.extend(finite("gripper", gripper))
        for name, value in {"grasped": grasped, "mode": mode, "tool_active": tool_active, "last_action_seq": last_action}.items():
            if value is not None:
                setattr(state, name, value)
        if success_rate is not None:
            state.success_rate = number("success_rate", success_rate)
        self._announce()
        return self._publish("state", state, time_ns=time_ns)
