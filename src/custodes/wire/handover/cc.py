"""One entry of cCPayloadSequence (LI-PS-PDU CCPayload; TS 102 232-1 clause 6.2.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from custodes.wire.ber.node import UNKNOWN
from custodes.wire.handover.direction import PayloadDirection, read_direction, write_direction
from custodes.wire.handover.times import TimeStampQualifier, read_qualifier, read_time, write_time

TS33128_CC = "threeGPP33128DefinedCC"


@dataclass(frozen=True, slots=True, kw_only=True)
class CCItem:
    """``contents``: (alternative of CCContents, value), for TS 33.128
    ("threeGPP33128DefinedCC", octets of a CCPayload). ``timestamp``: ns since 1970."""

    contents: tuple[str, Any]
    payloadDirection: PayloadDirection | int | None = None
    timestamp: int | None = None
    timeStampQualifier: TimeStampQualifier | int | None = None
    unknown: tuple[tuple[str, bytes], ...] = ()


def to_value(item: CCItem) -> dict[str, Any]:
    """The table value."""
    value: dict[str, Any] = {"cCContents": item.contents}
    value |= write_direction("payloadDirection", item.payloadDirection)
    value |= write_time(item.timestamp, item.timeStampQualifier)
    if item.unknown:
        value[UNKNOWN] = list(item.unknown)
    return value


def from_value(value: dict[str, Any]) -> CCItem:
    """From the table value; raises DecodeError."""
    return CCItem(
        contents=value["cCContents"],
        payloadDirection=read_direction(value, "payloadDirection"),
        timestamp=read_time(value),
        timeStampQualifier=read_qualifier(value),
        unknown=tuple(value.get(UNKNOWN, ())),
    )
