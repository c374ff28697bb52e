"""Checks what a caller gives before it becomes a message: the monitor refuses the rest, and what it refuses never moves the arm."""
from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Union

from .errors import InvalidMessage

#: Numbers in the joints' order (a list, a numpy array, a tensor on the host), or by joint name.
Numbers = Union[Iterable[float], Mapping[str, float]]

#: Beyond these bounds a message is refused whole: joints of an arm, rows of a chunk, bytes of a text.
MOST_ROWS = 64
MOST_TEXT_BYTES = 8192


def finite(what: str, values: Numbers, names: Sequence[str] = ()) -> list[float]:
    """`values` as floats; one that is no number, NaN or infinite is refused with its place and, if there are any, its name."""
    if isinstance(values, Mapping):
        raise InvalidMessage(f"`{what}` must be a flat list of numbers, in the order of its axes: only joints have names")
    try:
        taken = [float(value) for value in values]
    except (TypeError, ValueError) as error:
        raise InvalidMessage(f"`{what}` must be a flat list of numbers: {error}") from error
    for place, value in enumerate(taken):
        if not math.isfinite(value):
            name = f" ({names[place]})" if place < len(names) else ""
            raise InvalidMessage(f"`{what}[{place}]`{name} is {value}; check what computes it: no arm can be told this")
    return taken


def number(what: str, value: float) -> float:
    return finite(what, [value])[0]


def per_joint(what: str, values: Numbers, joints: Sequence[str]) -> list[float]:
    """One finite number for each of `joints`, in their order."""
    if isinstance(values, Mapping):
        unknown = [str(name) for name in values if name not in joints]
        missing = [name for name in joints if name not in values]
        if unknown or missing:
            faults = {"no joint is called": unknown, "there is nothing for": missing}
            wrong = [f"{word} {', '.join(names)}" for word, names in faults.items() if names]
            raise InvalidMessage(f"`{what}`: {'; '.join(wrong)}. The joints are {', '.join(joints)}")
        values = [values[name] for name in joints]
    taken = finite(what, values, joints)
    if len(taken) != len(joints):
        raise InvalidMessage(
            f"`{what}` has {len(taken)} numbers; the arm has {len(joints)} joints: {', '.join(joints)}. "
            "The gripper is not among them: give it as `gripper`")
    return taken


def exactly(what: str, values: Numbers, count: int, meaning: str) -> list[float]:
    taken = finite(what, values)
    if len(taken) != count:
        raise InvalidMessage(f"`{what}` has {len(taken)} numbers; it must have {count}: {meaning}")
    return taken


def text(what: str, value: str) -> str:
    size = len(value.encode())
    if size > MOST_TEXT_BYTES:
        raise InvalidMessage(
            f"`{what}` has {size} bytes; at most {MOST_TEXT_BYTES} are taken: send it in parts, with complete=False before the last")
    return value


def choice(what: str, value: str, choices: Mapping[str, int]) -> int:
    """The schema's number of a word."""
    try:
        return choices[value]
    except KeyError:
        raise InvalidMessage(f"`{what}` can't be {value!r}; it is one of {', '.join(choices)}") from None
