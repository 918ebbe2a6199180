"""3GPP's X1Extensions, every arm (TS 33.128 V19.7.0; schema 3GPPX1Extensions r19:v2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from custodes.wire.x1 import names
from custodes.wire.x1.common import BOOLEAN, COUNT, EMPTY, STRING
from custodes.wire.x1.fields import Choice, Item, Sequence, arm, many, one, optional, sequence
from custodes.wire.x1.simple import enumeration
from custodes.wire.x1.threegpp_lals import LALSLILCSTargetProvisioning, LALSLTFProvisioning


class IdentifierAssociationEventsGenerated(StrEnum):
    IDENTIFIER_ASSOCIATION = "IdentifierAssociation"
    ALL = "All"


class ChargingDataEventsGenerated(StrEnum):
    DEFAULT = "DefaultChargingDataInformation"
    TRANSLATED = "TranslatedChargingDataInformation"


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


@sequence
class SMSFExtensions(Sequence):
    NAMESPACE: ClassVar[str] = names.THREEGPP
    TruncateTPUserData: str | None = optional(EMPTY)


@sequence
class IdentifierAssociationExtensions(Sequence):
    """An arm of X1Extensions, and an element of its own."""

    NAMESPACE: ClassVar[str] = names.THREEGPP
    TAG: ClassVar[str] = "IdentifierAssociationExtensions"
    IdentifierAssociationEventsGenerated: IdentifierAssociationEventsGenerated = one(
        enumeration("IdentifierAssociationEventsGenerated", IdentifierAssociationEventsGenerated)
    )


@dataclass(frozen=True, slots=True)
class SDPData(Choice):
    NAMESPACE = names.THREEGPP
    ARMS: ClassVar[Mapping[str, Item]] = {"LocalSDP": arm(STRING), "RemoteSDP": arm(STRING)}


@sequence
class SDP(Sequence):
    NAMESPACE: ClassVar[str] = names.THREEGPP
    SDPData: tuple[SDPData, ...] = many(SDPData, 1)


@sequence
class STIRSHAKENProvisioning(Sequence):
    NAMESPACE: ClassVar[str] = names.THREEGPP
    ReportDiversionPASSporTInfo: bool = one(BOOLEAN)


@sequence
class LocationOnlyProvisioning(Sequence):
    NAMESPACE: ClassVar[str] = names.THREEGPP
    LocationOnly: str | None = optional(EMPTY)


@sequence
class ChargingDataEvents(Sequence):
    NAMESPACE: ClassVar[str] = names.THREEGPP
    ChargingDataEventsGenerated: ChargingDataEventsGenerated = one(
        enumeration("ChargingDataEventsGenerated", ChargingDataEventsGenerated)
    )


@dataclass(frozen=True, slots=True)
class X1Extensions(Choice):
    """``X1Extensions("HeaderReporting", HeaderReporting(PDHType=...))``."""

    NAMESPACE = names.THREEGPP
    TAG: ClassVar[str] = "X1Extensions"
    ARMS: ClassVar[Mapping[str, Item]] = {
        "LALSLILCSTargetProvisioning": arm(LALSLILCSTargetProvisioning),
        "LALSLTFProvisioning": arm(LALSLTFProvisioning),
        "HeaderReporting": arm(HeaderReporting),
        "SMSFExtensions": arm(SMSFExtensions),
        "IdentifierAssociation": arm(IdentifierAssociationExtensions),
        "SDP": arm(SDP),
        "STIRSHAKENProvisioning": arm(STIRSHAKENProvisioning),
        "LocationOnlyProvisioning": arm(LocationOnlyProvisioning),
        "ChargingDataEvents": arm(ChargingDataEvents),
    }
