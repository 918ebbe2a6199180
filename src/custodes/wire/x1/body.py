"""Bases of message bodies: what a message holds after its header."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from custodes.wire.x1.fields import Sequence, one, sequence
from custodes.wire.x1.operations import RequestMessageType
from custodes.wire.x1.simple import enumeration


class OK(StrEnum):
    """Acknowledged is not completed: ask until provisioningStatus is complete."""

    ACKNOWLEDGED_AND_COMPLETED = "AcknowledgedAndCompleted"
    ACKNOWLEDGED = "Acknowledged"


class OKAckAndComplete(StrEnum):
    ACKNOWLEDGED_AND_COMPLETED = "AcknowledgedAndCompleted"


class RequestBody(Sequence):
    """The class's name is the message's type in the schema; ``operation`` its short name."""

    __slots__ = ()
    operation: ClassVar[RequestMessageType]


class ResponseBody(Sequence):
    """The class's name is the message's type in the schema."""

    __slots__ = ()


@sequence
class OKBody(ResponseBody):
    """A response that says no more than that."""

    oK: OK = one(enumeration("OK", OK))


@sequence
class OKAckAndCompleteBody(ResponseBody):
    oK: OKAckAndComplete = one(enumeration("OKAckAndComplete", OKAckAndComplete))
