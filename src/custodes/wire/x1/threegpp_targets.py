"""3GPP's extensions of the target identifier (TS 33.128 V19.7.0; schema 3GPPX1Extensions r19:v2).

They ride in targetIdentifierExtension, each as an element of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

from custodes.wire.x1 import common, names
from custodes.wire.x1.fields import (
    Choice,
    Item,
    Sequence,
    SimpleContent,
    arm,
    many,
    one,
    optional,
    sequence,
)
from custodes.wire.x1.simple import enumeration, integer, text


class GTPTunnelDirection(StrEnum):
    OUTBOUND = "Outbound"
    INBOUND = "Inbound"


class PayloadDirectionAssignment(StrEnum):
    TO_TARGET = "ToTarget"
    FROM_TARGET = "FromTarget"
    NOT_DETERMINED = "NotDetermined"


class TriggerScope(StrEnum):
    UNIDIRECTIONAL = "Unidirectional"
    BIDIRECTIONAL = "Bidirectional"


_OCTET = integer("PDUSessionID", 0, 255)


@dataclass(frozen=True, slots=True, repr=False)
class PTCLIX1TargetIdentifier(Choice):
    NAMESPACE = names.THREEGPP
    ARMS: ClassVar[Mapping[str, Item]] = {
        "MCPTTID": arm(common.ANY_URI),
        "InstanceIdentifierURN": arm(common.ANY_URI),
        "PTCChatGroupID": arm(common.ANY_URI),
    }


@sequence
class PTCLIX1TargetIdentifierExtensions(Sequence):
    NAMESPACE: ClassVar[str] = names.THREEGPP
    TAG: ClassVar[str] = "PTCLIX1TargetIdentifierExtensions"
    PTCLIX1TargetIdentifier: tuple[PTCLIX1TargetIdentifier, ...] = many(PTCLIX1TargetIdentifier, 1)


@sequence
class ECX1TargetIdentifierExtensions(Sequence):
    NAMESPACE: ClassVar[str] = names.THREEGPP
    TAG: ClassVar[str] = "ECX1TargetIdentifierExtensions"
    EECID: str = one(common.STRING)


@sequence
class FSEID(Sequence):
    NAMESPACE: ClassVar[str] = names.THREEGPP
    SEID: int = one(common.UNSIGNED_LONG)
    IPv4Address: str | None = optional(common.IPV4_ADDRESS)
    IPv6Address: str | None = optional(common.IPV6_ADDRESS)


@sequence
class FTEID(Sequence):
    NAMESPACE: ClassVar[str] = names.THREEGPP
    TEID: int = one(common.UNSIGNED_INT)
    IPv4Address: str | None = optional(common.IPV4_ADDRESS)
    IPv6Address: str | None = optional(common.IPV6_ADDRESS)


@dataclass(frozen=True, slots=True, repr=False)
class UPFLIT3TargetIdentifier(Choice):
    """What an SMF's triggering function names to a UPF (TS 33.128 6.2.3.3)."""

    NAMESPACE = names.THREEGPP
    ARMS: ClassVar[Mapping[str, Item]] = {
        "FSEID": arm(FSEID),
        "PDRID": arm(common.UNSIGNED_INT),
        "QERID": arm(common.UNSIGNED_INT),
        "NetworkInstance": arm(common.HEX_BINARY),
        "GTPTunnelDirection": arm(enumeration("GTPTunnelDirection", GTPTunnelDirection)),
        "FTEID": arm(FTEID),
    }


@sequence
class UPFLIT3TargetIdentifierExtensions(Sequence):
    NAMESPACE: ClassVar[str] = names.THREEGPP
    TAG: ClassVar[str] = "UPFLIT3TargetIdentifierExtensions"
    UPFLIT3TargetIdentifier: tuple[UPFLIT3TargetIdentifier, ...] = many(UPFLIT3TargetIdentifier, 1)


@dataclass(frozen=True, slots=True, repr=False)
class PINLIX1TargetIdentifier(Choice):
    NAMESPACE = names.THREEGPP
    TAG: ClassVar[str] = "PINLIX1TargetIdentifier"
    ARMS: ClassVar[Mapping[str, Item]] = {
        "PINClientID": arm(common.STRING),
        "IdentityToken": arm(common.STRING),
        "PINID": arm(common.STRING),
    }


@dataclass(frozen=True, slots=True, repr=False)
class AKMATargetIdentifier(Choice):
    NAMESPACE = names.THREEGPP
    TAG: ClassVar[str] = "AKMATargetIdentifier"
    ARMS: ClassVar[Mapping[str, Item]] = {"AKID": arm(text("NAI"))}


@dataclass(frozen=True, slots=True, repr=False)
class HRLIT1TargetIdentifier(Choice):
    NAMESPACE = names.THREEGPP
    ARMS: ClassVar[Mapping[str, Item]] = {
        "PDUSessionID": arm(_OCTET),
        "BearerID": arm(_OCTET),
        "IMSVoiceMedia": arm(common.EMPTY),
    }


@sequence
class HRLIT1TargetIdentifierExtensions(Sequence):
    NAMESPACE: ClassVar[str] = names.THREEGPP
    TAG: ClassVar[str] = "HRLIT1TargetIdentifierExtensions"
    HRLIT1TargetIdentifier: tuple[HRLIT1TargetIdentifier, ...] = many(HRLIT1TargetIdentifier, 1)


@dataclass(frozen=True, slots=True, repr=False)
class RCSTargetIdentifier(Choice):
    NAMESPACE = names.THREEGPP
    ARMS: ClassVar[Mapping[str, Item]] = {"RCSContentURI": arm(common.ANY_URI)}


@sequence
class RCSTargetIdentifierExtensions(Sequence):
    NAMESPACE: ClassVar[str] = names.THREEGPP
    TAG: ClassVar[str] = "RCSTargetIdentifierExtensions"
    RCSTargetIdentifier: tuple[RCSTargetIdentifier, ...] = many(RCSTargetIdentifier, 1)


@dataclass(frozen=True, slots=True, repr=False)
class IMST3TargetIdentifierExtension(Choice):
    NAMESPACE = names.THREEGPP
    ARMS: ClassVar[Mapping[str, Item]] = {
        "H248ContextID": arm(integer("H248ContextID", 1, 4294967293)),
        "PayloadDirectionAssignment": arm(
            enumeration("PayloadDirectionAssignment", PayloadDirectionAssignment)
        ),
        "TriggerScope": arm(enumeration("TriggerScope", TriggerScope)),
    }


@sequence
class IMST3TargetIdentifierExtensions(Sequence):
    NAMESPACE: ClassVar[str] = names.THREEGPP
    TAG: ClassVar[str] = "IMST3TargetIdentifierExtensions"
    IMST3TargetIdentifierExtension: tuple[IMST3TargetIdentifierExtension, ...] = many(
        IMST3TargetIdentifierExtension, 1
    )


@dataclass(frozen=True, slots=True, repr=False)
class APN(SimpleContent):
    NAMESPACE = names.THREEGPP
    TAG: ClassVar[str] = "APN"
    OF: ClassVar[Any] = common.SHORT_STRING


@dataclass(frozen=True, slots=True, repr=False)
class DNN(SimpleContent):
    NAMESPACE = names.THREEGPP
    TAG: ClassVar[str] = "DNN"
    OF: ClassVar[Any] = common.SHORT_STRING


@dataclass(frozen=True, slots=True)
class HR(SimpleContent):
    """``HR("")``: the value of an empty element is empty text."""

    NAMESPACE = names.THREEGPP
    TAG: ClassVar[str] = "HR"
    OF: ClassVar[Any] = common.EMPTY


@dataclass(frozen=True, slots=True)
class IMSSignaling(SimpleContent):
    NAMESPACE = names.THREEGPP
    TAG: ClassVar[str] = "IMSSignaling"
    OF: ClassVar[Any] = common.EMPTY


@dataclass(frozen=True, slots=True)
class IdentityAssociationTargetIdentifier(SimpleContent):
    NAMESPACE = names.THREEGPP
    TAG: ClassVar[str] = "IdentityAssociationTargetIdentifier"
    OF: ClassVar[Any] = common.EMPTY
