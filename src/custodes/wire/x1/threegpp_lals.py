"""Location services in 3GPP's X1Extensions (TS 33.128 V19.7.0 7.3.3; schema r19:v2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

from custodes.wire.x1 import names
from custodes.wire.x1.common import COUNT, EMPTY, IPV4_ADDRESS, IPV6_ADDRESS
from custodes.wire.x1.fields import (
    Choice,
    Item,
    Sequence,
    SimpleContent,
    arm,
    one,
    optional,
    sequence,
)
from custodes.wire.x1.simple import enumeration


class PositioningServiceType(StrEnum):
    IMMEDIATE = "Immediate"
    PERIODIC = "Periodic"


class RequestedLocationType(StrEnum):
    CURRENT = "CURRENT"
    CURRENT_OR_LAST = "CURRENT_OR_LAST"


class RequestedResponseType(StrEnum):
    SYNC = "SYNC"
    ASYNC = "ASYNC"


class ResponseTimingRequired(StrEnum):
    NO_DELAY = "NO_DELAY"
    LOW_DELAY = "LOW_DELAY"
    DELAY_TOL = "DELAY_TOL"


class QOSClass(StrEnum):
    ASSURED = "ASSURED"
    BEST_EFFORT = "BEST_EFFORT"


@dataclass(frozen=True, slots=True)
class NumberWithQOSClass(SimpleContent):
    """``value``: an accuracy as a number; ``qos_class`` is an XML attribute."""

    qos_class: QOSClass | None = None

    NAMESPACE = names.THREEGPP
    OF: ClassVar[Any] = COUNT
    ATTRIBUTES: ClassVar[Mapping[str, Any]] = {"qos_class": enumeration("QOSClass", QOSClass)}


@sequence
class PositioningParameters(Sequence):
    NAMESPACE: ClassVar[str] = names.THREEGPP
    RequestedLocationType: RequestedLocationType | None = optional(
        enumeration("RequestedLocationType", RequestedLocationType)
    )
    RequestedResponseType: RequestedResponseType | None = optional(
        enumeration("RequestedResponseType", RequestedResponseType)
    )
    MaxLocationAge: int | None = optional(COUNT)
    ResponseTimingRequired: ResponseTimingRequired | None = optional(
        enumeration("ResponseTimingRequired", ResponseTimingRequired)
    )
    ResponseTimer: int | None = optional(COUNT)
    HorizontalAccuracy: NumberWithQOSClass | None = optional(NumberWithQOSClass)
    AltitudeAccuracy: NumberWithQOSClass | None = optional(NumberWithQOSClass)
    MotionStateRequest: str | None = optional(EMPTY)


@sequence
class LALSLILCSTargetProvisioning(Sequence):
    NAMESPACE: ClassVar[str] = names.THREEGPP
    PositioningServiceType: PositioningServiceType = one(
        enumeration("PositioningServiceType", PositioningServiceType)
    )
    PositioningPeriodicity: int | None = optional(COUNT)
    PositioningParameters: PositioningParameters | None = optional(PositioningParameters)


@dataclass(frozen=True, slots=True)
class LILCSClientAddress(Choice):
    NAMESPACE = names.THREEGPP
    ARMS: ClassVar[Mapping[str, Item]] = {
        "IPv4Address": arm(IPV4_ADDRESS),
        "IPv6Address": arm(IPV6_ADDRESS),
    }


@sequence
class LALSLTFProvisioning(Sequence):
    NAMESPACE: ClassVar[str] = names.THREEGPP
    LILCSClientAddress: LILCSClientAddress = one(LILCSClientAddress)
    PositioningParameters: PositioningParameters | None = optional(PositioningParameters)
