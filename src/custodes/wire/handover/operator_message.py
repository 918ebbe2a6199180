"""OperatorLeaMessage: words from the operator's staff to the agency's (TS 102 232-1, TRI [8])."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from custodes.wire.ber.node import UNKNOWN
from custodes.wire.handover.names import read_name, write_name


class OperatorLeaMessagePriority(Enum):
    """ERROR: the quality of what is intercepted suffers; INFORMATIONAL: not directly."""

    ERROR = "error"
    INFORMATIONAL = "informational"


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorLeaMessage:
    """``message``: 1-255 octets."""

    messagePriority: OperatorLeaMessagePriority | int
    message: bytes
    unknown: tuple[tuple[str, bytes], ...] = ()


def to_value(message: OperatorLeaMessage) -> dict[str, Any]:
    """The table value."""
    value = write_name("messagePriority", message.messagePriority) | {"message": message.message}
    if message.unknown:
        value[UNKNOWN] = list(message.unknown)
    return value


def from_value(value: dict[str, Any]) -> OperatorLeaMessage:
    """From the table value."""
    priority = read_name(OperatorLeaMessagePriority, value["messagePriority"])
    assert priority is not None  # noqa: S101 - mandatory in the table
    return OperatorLeaMessage(
        messagePriority=priority,
        message=value["message"],
        unknown=tuple(value.get(UNKNOWN, ())),
    )
