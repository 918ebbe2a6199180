"""One entry of iRIPayloadSequence (LI-PS-PDU IRIPayload; TS 102 232-1 clause 5.2.10)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from custodes.wire.ber.node import UNKNOWN
from custodes.wire.handover.direction import PayloadDirection, read_direction, write_direction
from custodes.wire.handover.times import TimeStampQualifier, read_qualifier, read_time, write_time
from custodes.wire.iri.rules import IRIType

TS33128_IRI = "threeGPP33128DefinedIRI"


@dataclass(frozen=True, slots=True, kw_only=True)
class IRIItem:
    """``contents``: (alternative of IRIContents, value), for TS 33.128
    ("threeGPP33128DefinedIRI", octets of an IRIPayload). ``timestamp``: ns since 1970."""

    contents: tuple[str, Any]
    type: IRIType | int | None = None
    timestamp: int | None = None
    timeStampQualifier: TimeStampQualifier | int | None = None
    sessionDirection: PayloadDirection | int | None = None
    payloadDirection: PayloadDirection | int | None = None
    unknown: tuple[tuple[str, bytes], ...] = ()


def to_value(item: IRIItem) -> dict[str, Any]:
    """The table value."""
    value: dict[str, Any] = {"iRIContents": item.contents}
    if item.type is not None:
        value["iRIType"] = item.type.value if isinstance(item.type, IRIType) else item.type
    value |= write_time(item.timestamp, item.timeStampQualifier)
    value |= write_direction("sessionDirection", item.sessionDirection)
    value |= write_direction("payloadDirection", item.payloadDirection)
    if item.unknown:
        value[UNKNOWN] = list(item.unknown)
    return value


def from_value(value: dict[str, Any]) -> IRIItem:
    """From the table value; raises DecodeError."""
    kind = value.get("iRIType")
    return IRIItem(
        contents=value["iRIContents"],
        type=IRIType(kind) if isinstance(kind, str) else kind,
        timestamp=read_time(value),
        timeStampQualifier=read_qualifier(value),
        sessionDirection=read_direction(value, "sessionDirection"),
        payloadDirection=read_direction(value, "payloadDirection"),
        unknown=tuple(value.get(UNKNOWN, ())),
    )
