"""Target identifiers (TS 103 221-1 clause 6.2.1.2, formats of TS 103 280)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from custodes.wire.x1 import common, names
from custodes.wire.x1.extension import Extension
from custodes.wire.x1.fields import Choice, Item, Sequence, arm, arms_listing, one, sequence
from custodes.wire.x1.simple import enumeration, integer, text


class CallPartyRole(StrEnum):
    ORIGINATING = "Originating"
    TERMINATING = "Terminating"
    FORWARDED_TO = "Forwarded-To"


class NonLocalIdentifier(StrEnum):
    LOCAL = "Local"
    NON_LOCAL = "NonLocal"


@dataclass(frozen=True, slots=True)
class IPCIDR(Choice):
    """IPv4CIDR or IPv6CIDR: the schema types ipv4Cidr with this choice of both."""

    NAMESPACE = names.COMMON
    ARMS: ClassVar[Mapping[str, Item]] = {
        "IPv4CIDR": arm(common.IPV4_CIDR),
        "IPv6CIDR": arm(common.IPV6_CIDR),
    }


@sequence
class TCPPortRange(Sequence):
    NAMESPACE: ClassVar[str] = names.COMMON
    start: int = one(common.TCP_PORT)
    end: int = one(common.TCP_PORT)


@sequence
class UDPPortRange(Sequence):
    NAMESPACE: ClassVar[str] = names.COMMON
    start: int = one(common.UDP_PORT)
    end: int = one(common.UDP_PORT)


@sequence
class HashedIdentifier(Sequence):
    NAMESPACE: ClassVar[str] = names.HASHED_ID
    hashContextID: UUID = one(common.UUID_TEXT)
    targetIdentityType: str = one(common.SHORT_STRING)
    hashDigest: bytes = one(common.HEX_BINARY)


_NAI = text("NAI")
_TUNNEL = integer("GtpTunnelId", 0, 4294967296)


@dataclass(frozen=True, slots=True, repr=False)
class TargetIdentifier(Choice):
    """``TargetIdentifier("supiimsi", "001010000000001")``.

    Values: text; int for ports and tunnel ids; bytes for suci and radiusAttribute; tuples of int
    for port lists; the classes above. The repr never shows the value.
    """

    ARMS: ClassVar[Mapping[str, Item]] = {
        "e164Number": arm(common.INTERNATIONAL_E164),
        "imsi": arm(common.IMSI),
        "imei": arm(common.IMEI),
        "macAddress": arm(common.MAC_ADDRESS),
        "ipv4Address": arm(common.IPV4_ADDRESS),
        "ipv6Address": arm(common.IPV6_ADDRESS),
        "ipv4Cidr": arm(IPCIDR),
        "ipv6Cidr": arm(common.IPV6_CIDR),
        "tcpPort": arm(common.TCP_PORT),
        "tcpPortRange": arm(TCPPortRange),
        "tcpPortList": arms_listing("tcpPort", common.TCP_PORT, 1),
        "udpPort": arm(common.UDP_PORT),
        "udpPortRange": arm(UDPPortRange),
        "udpPortList": arms_listing("udpPort", common.UDP_PORT, 1),
        "emailAddress": arm(common.EMAIL_ADDRESS),
        "internationalizedEmailAddress": arm(common.INTERNATIONALIZED_EMAIL_ADDRESS),
        "sipUri": arm(common.SIP_URI),
        "telUri": arm(common.TEL_URI),
        "h323Uri": arm(common.H323_URI),
        "impu": arm(common.IMPU),
        "impi": arm(_NAI),
        "nai": arm(_NAI),
        "radiusAttribute": arm(common.HEX_BINARY),
        "gtpuTunnelId": arm(_TUNNEL),
        "gtpcTunnelId": arm(_TUNNEL),
        "callPartyRole": arm(enumeration("CallPartyRole", CallPartyRole)),
        "nonLocalIdentifier": arm(enumeration("NonLocalIdentifier", NonLocalIdentifier)),
        "supiimsi": arm(common.SUPI_IMSI),
        "supinai": arm(_NAI),
        "suci": arm(common.HEX_BINARY),
        "peiImei": arm(common.IMEI),
        "peiImeiCheckDigit": arm(common.IMEI_CHECK_DIGIT),
        "peiImeisv": arm(common.IMEISV),
        "gpsiMsisdn": arm(common.GPSI_MSISDN),
        "gpsiNai": arm(_NAI),
        "eui64": arm(common.EUI_64),
        "serviceAccessIdentifier": arm(text("ServiceAccessIdentifier")),
        "hashedIdentifier": arm(HashedIdentifier),
        "targetIdentifierExtension": arm(Extension),
        "vrf": arm(common.SHORT_STRING),
    }

    def __repr__(self) -> str:
        return f"TargetIdentifier({self.name})"


def name_and_value(identifier: TargetIdentifier) -> tuple[str, Any]:
    return identifier.name, identifier.value
