"""3GPP's extension of X1: header reporting (TS 33.128 V19.7.0 6.2.3.9; schema r19:v2).

Only HeaderReporting is read as a value; every other arm of X1Extensions is kept as raw XML.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from custodes.wire.x1 import names
from custodes.wire.x1.common import BOOLEAN, COUNT, EMPTY
from custodes.wire.x1.fields import Choice, Item, Sequence, arm, many, one, optional, sequence


@dataclass(frozen=True, slots=True)
class PDSRTriggerType(Choice):
    """TimerExpiry (seconds), PacketCount or ByteCount."""

    NAMESPACE = names.THREEGPP
    ARMS: ClassVar[Mapping[str, Item]] = {
        "TimerExpiry": arm(COUNT),
        "PacketCount": arm(COUNT),
        "ByteCount": arm(COUNT),
    }


@sequence
class PDSRParameters(Sequence):
    """When a summary report is due."""

    NAMESPACE: ClassVar[str] = names.THREEGPP
    PDSRTriggerType: tuple[PDSRTriggerType, ...] = many(PDSRTriggerType, 1)
    useSessionTriggers: bool | None = optional(BOOLEAN)


@dataclass(frozen=True, slots=True)
class PDHType(Choice):
    """``PDHType("PDHR", "")``: a report per packet; ``PDHType("PDSR", PDSRParameters(...))``."""

    NAMESPACE = names.THREEGPP
    ARMS: ClassVar[Mapping[str, Item]] = {"PDHR": arm(EMPTY), "PDSR": arm(PDSRParameters)}


@sequence
class HeaderReporting(Sequence):
    NAMESPACE: ClassVar[str] = names.THREEGPP
    PDHType: PDHType = one(PDHType)


@dataclass(frozen=True, slots=True)
class X1Extensions(Choice):
    """``X1Extensions("HeaderReporting", HeaderReporting(PDHType=...))``."""

    NAMESPACE = names.THREEGPP
    TAG: ClassVar[str] = "X1Extensions"
    ARMS: ClassVar[Mapping[str, Item]] = {"HeaderReporting": arm(HeaderReporting)}
