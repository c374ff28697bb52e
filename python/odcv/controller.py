"""What a controller tells the arm."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Optional

from .errors import InvalidMessage
from .numbers import MOST_ROWS, Numbers, choice, exactly, finite, number, per_joint, text
from .publisher import Publisher
from .v1 import pressure_pb2, robot_pb2 as schema

REFERENCES = {"measured": schema.MEASURED, "last_command": schema.LAST_COMMAND, "chunk_start": schema.CHUNK_START}
ROTATIONS = {"quaternion": schema.QUATERNION, "axis_angle": schema.AXIS_ANGLE, "rpy": schema.RPY_FIXED, "rot6d": schema.ROT6D}
_ROTATION_NUMBERS = {"quaternion": 4, "axis_angle": 3, "rpy": 3, "rot6d": 6}
REASONING = {
    "plan": pressure_pb2.PLAN, "subtask": pressure_pb2.SUBTASK, "subtask_reason": pressure_pb2.SUBTASK_REASON,
    "move": pressure_pb2.MOVE, "move_reason": pressure_pb2.MOVE_REASON, "objects": pressure_pb2.OBJECTS,
    "gripper": pressure_pb2.GRIPPER, "thought": pressure_pb2.THOUGHT, "other": pressure_pb2.OTHER,
}
_SPACES = {
    "position": schema.JOINT_POSITION, "delta": schema.JOINT_POSITION_DELTA, "velocity": schema.JOINT_VELOCITY,
    "effort": schema.JOINT_EFFORT, "pose": schema.EE_POSE, "pose_delta": schema.EE_POSE_DELTA, "twist": schema.EE_TWIST,
}


@dataclass(frozen=True)
class Row:
    """Where an action stands in a chunk that is sent row by row."""

    chunk: int
    #: From 0.
    step: int
    length: int
    #: How many of the rows, counted from row 0, are executed before the next chunk; all, when not given.
    execute: Optional[int] = None
    #: Sequence number of the State that the chunk was computed from.
    observation: Optional[int] = None


class Controller(Publisher):
    """Publishes a controller's actions to the monitor, which judges and forwards them to the arm's driver.

        with odcv.Controller(config="monitor.yaml") as controller:
            controller.send(position=[0, -0.785, 0, -2.356, 0, 1.571, 0.785])

    An action has one kind of numbers, in SI units:

    position    rad (m of a prismatic joint), the target of every joint
    delta       rad, added to what `reference` names: "measured", "last_command" or "chunk_start"
    velocity    rad/s, of every joint, until the next command
    effort      Nm, of every joint, beyond what holds the arm
    pose        m, then the rotation; base frame
    pose_delta  m, then the rotation; added to what `reference` names
    twist       m/s, then rad/s; base frame

    Joint numbers come in the joints' order or as {name: number}. The rotation's form is told by how many numbers it has, four for
    a quaternion (x, y, z, w) and six for the matrix's first two columns; of three say which: rotation="axis_angle" or "rpy".
    """

    _role = _source = "action"

    def send(
        self, *, position: Optional[Numbers] = None, delta: Optional[Numbers] = None, velocity: Optional[Numbers] = None,
        effort: Optional[Numbers] = None, pose: Optional[Iterable[float]] = None, pose_delta: Optional[Iterable[float]] = None,
        twist: Optional[Iterable[float]] = None, reference: Optional[str] = None, rotation: Optional[str] = None,
        gripper: Optional[Iterable[float]] = None, gripper_force: Optional[Iterable[float]] = None,
        row: Optional[Row] = None, instruction_id: Optional[int] = None, terminate: Optional[bool] = None,
        time_ns: Optional[int] = None,
    ) -> int:
        """Sends one action and returns its sequence number, by which its verdict names it (`Verdict.action_seq`).

        gripper: m of each finger; alone, the arm goes on as it was told before. gripper_force: N, for all fingers or for each.
        row: where it stands in its chunk, for who sends chunks row by row. instruction_id: of the instruction that it follows.
        terminate: the policy says that its task is done. time_ns: of the source's clock; now, when not given.
        Raises InvalidMessage (nothing was sent) and NotConnected (the monitor is gone).
        """
        given = {
            "position": position, "delta": delta, "velocity": velocity, "effort": effort, "pose": pose, "pose_delta": pose_delta,
            "twist": twist,
        }
        stated = {name: numbers for name, numbers in given.items() if numbers is not None}
        action = schema.Action()
        if not stated:
            if gripper is None and gripper_force is None:
                raise InvalidMessage(f"an action needs one of {', '.join(given)}, or gripper; `idle()` and `stop()` say that there is none")
            action.space = schema.GRIPPER_ONLY
        else:
            name, numbers = self._only(stated)
            assert numbers is not None
            self._frame(action, name, reference, rotation)
            self._field(action, name).extend(self._row(name, numbers, action))
        if row is not None:
            self._place(action, row)
        self._gripper(action, gripper, gripper_force)
        return self._send(action, instruction_id, terminate, time_ns)

    def send_chunk(
        self, *, period_s: float, position: Optional[Sequence[Numbers]] = None, delta: Optional[Sequence[Numbers]] = None,
        velocity: Optional[Sequence[Numbers]] = None, pose: Optional[Sequence[Iterable[float]]] = None,
        pose_delta: Optional[Sequence[Iterable[float]]] = None, twist: Optional[Sequence[Iterable[float]]] = None,
        first: int = 0, execute: Optional[int] = None, observation: Optional[int] = None, chunk_id: Optional[int] = None,
        reference: Optional[str] = None, rotation: Optional[str] = None, gripper: Optional[Iterable[float]] = None,
        gripper_force: Optional[Iterable[float]] = None, instruction_id: Optional[int] = None, time_ns: Optional[int] = None,
    ) -> int:
        """Sends a horizon of rows, `period_s` apart, in one message; at most 64 rows. Returns its sequence number.

        The numbers are `send`'s, a row each. first: the row that is executed first. execute: how many rows, counted from row 0, before
        the next chunk comes; all, when not given. observation: sequence number of the State that it was computed from.
        Its own verdict is PREDICTED; each row has one, COMMANDED with its `chunk_row`, when it is due.
        """
        given = {"position": position, "delta": delta, "velocity": velocity, "pose": pose, "pose_delta": pose_delta, "twist": twist}
        stated = {name: rows for name, rows in given.items() if rows is not None}
        if not stated:
            raise InvalidMessage(f"a chunk needs rows of one of {', '.join(given)}")
        name, rows = self._only(stated)
        assert rows is not None
        rows = list(rows)
        period = number("period_s", period_s)
        if not 0 < period <= 10:
            raise InvalidMessage(f"`period_s` is {period}; it is the time between two rows, in seconds, above 0")
        if not 1 <= len(rows) <= MOST_ROWS:
            raise InvalidMessage(f"a chunk has 1 to {MOST_ROWS} rows; this one has {len(rows)}: send what comes before the next one")
        action = schema.Action()
        self._frame(action, name, reference, rotation)
        widths = set()
        for place, row in enumerate(rows):
            numbers = self._row(name, row, action, f"{name}[{place}]")
            widths.add(len(numbers))
            action.horizon_position.extend(numbers)
        if len(widths) != 1:
            raise InvalidMessage(f"`{name}` has rows of {sorted(widths)} numbers; all rows have the same")
        action.chunk_dt_ns = round(period * 1e9)
        self._place(action, Row(self.sent + 1 if chunk_id is None else chunk_id, first, len(rows), execute, observation))
        self._gripper(action, gripper, gripper_force)
        return self._send(action, instruction_id, None, time_ns)

    def stop(self) -> int:
        """Tells the arm to brake along its path and to hold."""
        return self._send(schema.Action(space=schema.STOP), None, None, None)

    def idle(self, terminate: Optional[bool] = None) -> int:
        """An action without motion: the arm goes on as it was told before."""
        return self._send(schema.Action(space=schema.NONE), None, terminate, None)

    def reason(
        self, words: str, kind: str = "thought", *, actions: Optional[tuple[int, int]] = None, model: Optional[str] = None,
        complete: bool = True,
    ) -> int:
        """Publishes what the controller says while it acts; the monitor records it and looks at nothing of it.

        kind: plan, subtask, subtask_reason, move, move_reason, objects, gripper, thought or other.
        actions: first and last sequence number of the actions that it is about.
        """
        message = pressure_pb2.Reasoning(text=text("words", words), complete=complete)
        message.kind = choice("kind", kind, REASONING)  # type: ignore[assignment]
        if actions is not None:
            message.action_seq_from, message.action_seq_to = actions
        if model is not None:
            message.model = model
        return self._publish("reasoning", message)

    # Parts of an action

    @staticmethod
    def _only(stated):  # type: ignore[no-untyped-def]
        if len(stated) > 1:
            raise InvalidMessage(
                f"an action moves the arm in one way; this one has {', '.join(stated)}. "
                "What is more than was judged could move it otherwise")
        return next(iter(stated.items()))

    @staticmethod
    def _frame(action: schema.Action, name: str, reference: Optional[str], rotation: Optional[str]) -> None:
        action.space = _SPACES[name]  # type: ignore[assignment]
        if name in ("delta", "pose_delta"):
            if reference is None:
                raise InvalidMessage(f"`{name}` needs `reference`: what it is added to, one of {', '.join(REFERENCES)}")
            action.reference = choice("reference", reference, REFERENCES)  # type: ignore[assignment]
        elif reference is not None:
            raise InvalidMessage(f"`reference` is for delta and pose_delta; `{name}` stands for itself")
        if name in ("pose", "pose_delta"):
            if rotation is not None:
                action.rotation = choice("rotation", rotation, ROTATIONS)  # type: ignore[assignment]
        elif rotation is not None:
            raise InvalidMessage(f"`rotation` is for pose and pose_delta, not for `{name}`")

    @staticmethod
    def _field(action: schema.Action, name: str):  # type: ignore[no-untyped-def]
        if name in ("position", "delta"):
            return action.position
        if name == "velocity":
            return action.velocity
        return action.effort if name == "effort" else action.ee

    def _row(self, name: str, numbers: Numbers, action: schema.Action, called: Optional[str] = None) -> list[float]:
        called = called or name
        if name in ("position", "delta", "velocity", "effort"):
            return per_joint(called, numbers, self.joints)
        if name == "twist":
            return exactly(called, numbers, 6, "m/s along x, y, z, then rad/s about them")
        taken = finite(called, numbers)
        turns = len(taken) - 3
        if not action.HasField("rotation"):
            form = {4: "quaternion", 6: "rot6d"}.get(turns)
            if form is None:
                raise InvalidMessage(
                    f"`{called}` has {len(taken)} numbers: x, y, z in m and then the rotation; of three numbers say which form: "
                    "rotation=\"axis_angle\" or \"rpy\"")
            action.rotation = ROTATIONS[form]  # type: ignore[assignment]
        form = next(word for word, value in ROTATIONS.items() if value == action.rotation)
        if turns != _ROTATION_NUMBERS[form]:
            raise InvalidMessage(f"`{called}` has {turns} numbers behind x, y, z; rotation=\"{form}\" has {_ROTATION_NUMBERS[form]}")
        return taken

    @staticmethod
    def _place(action: schema.Action, row: Row) -> None:
        last = row.length if row.execute is None else row.execute
        if not 0 <= row.step < last <= row.length <= MOST_ROWS:
            raise InvalidMessage(
                f"row {row.step} of {row.length} rows, of which {last} are executed: write 0 <= step < execute <= rows <= {MOST_ROWS}")
        action.chunk_id, action.chunk_step, action.chunk_len, action.chunk_execute = row.chunk, row.step, row.length, last
        if row.observation is not None:
            action.chunk_obs_seq = row.observation

    @staticmethod
    def _gripper(action: schema.Action, positions: Optional[Iterable[float]], forces: Optional[Iterable[float]]) -> None:
        if positions is not None:
            action.gripper_position.extend(finite("gripper", positions))
        if forces is None:
            return
        action.gripper_effort.extend(finite("gripper_force", forces))
        count = len(action.gripper_position)
        if count and len(action.gripper_effort) not in (1, count):
            raise InvalidMessage(
                f"`gripper_force` has {len(action.gripper_effort)} numbers; give one for all of the {count} fingers, or one for each")

    def _send(self, action: schema.Action, instruction_id: Optional[int], terminate: Optional[bool], time_ns: Optional[int]) -> int:
        if instruction_id is not None:
            action.instruction_id = instruction_id
        if terminate is not None:
            action.terminate = terminate
        self._announce()
        return self._publish("action", action, time_ns=time_ns)
