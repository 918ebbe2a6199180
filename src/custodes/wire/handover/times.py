"""MicroSecondTimeStamp, GeneralizedTime and TimeStampQualifier of LI-PS-PDU (clause 5.2.6)."""

from __future__ import annotations

from enum import Enum
from typing import Any

from custodes.base.errors import DecodeError, EncodeError
from custodes.wire.iri.times import to_ns


class TimeStampQualifier(Enum):
    """What was timed; the value is the name in LI-PS-PDU."""

    UNKNOWN = "unknown"
    INTERCEPTION = "timeOfInterception"
    MEDIATION = "timeOfMediation"
    AGGREGATION = "timeOfAggregation"


END_SECONDS = 1 << 32
"""The year 2106, where the 32 bits of an X2/X3 timestamp and of a pcap record end. The module's 64
bits would reach times that no calendar has, and whoever writes the evidence would fail on them."""


def microseconds(ns: int) -> dict[str, int]:
    """MicroSecondTimeStamp of nanoseconds since 1970; what is below a microsecond is cut off."""
    seconds, rest = divmod(ns, 1_000_000_000)
    if not 0 <= seconds < END_SECONDS:
        raise EncodeError("a time before 1970 or after 2106")
    return {"seconds": seconds, "microSeconds": rest // 1000}


def read_time(value: dict[str, Any]) -> int | None:
    """Nanoseconds since 1970 of a structure with microSecondTimeStamp or timeStamp, or None."""
    stamp = value.get("microSecondTimeStamp")
    if stamp is not None:
        if not (0 <= stamp["microSeconds"] < 1_000_000 and 0 <= stamp["seconds"] < END_SECONDS):
            raise DecodeError("a MicroSecondTimeStamp is out of range")
        return int(stamp["seconds"]) * 1_000_000_000 + int(stamp["microSeconds"]) * 1000
    text = value.get("timeStamp")
    if text is None:
        return None
    ns = to_ns(text)
    if not 0 <= ns < END_SECONDS * 1_000_000_000:
        raise DecodeError("a timeStamp is out of range")
    return ns


def write_time(ns: int | None, qualifier: TimeStampQualifier | int | None) -> dict[str, Any]:
    """The components microSecondTimeStamp and timeStampQualifier; never the older timeStamp."""
    if ns is None and qualifier is not None:
        raise EncodeError("a timeStampQualifier without a time")
    value: dict[str, Any] = {}
    if ns is not None:
        value["microSecondTimeStamp"] = microseconds(ns)
    if qualifier is not None:
        name = qualifier.value if isinstance(qualifier, TimeStampQualifier) else qualifier
        value["timeStampQualifier"] = name
    return value


def read_qualifier(value: dict[str, Any]) -> TimeStampQualifier | int | None:
    """A qualifier of a later module stays a number."""
    name = value.get("timeStampQualifier")
    return TimeStampQualifier(name) if isinstance(name, str) else name
