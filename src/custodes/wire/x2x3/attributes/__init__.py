"""Conditional attributes of an X2/X3 PDU, one file per value shape. TS 103 221-2 clause 5.3."""

from custodes.wire.x2x3.attributes.address import (
    DestinationIPv4Address,
    DestinationIPv6Address,
    SourceIPv4Address,
    SourceIPv6Address,
)
from custodes.wire.x2x3.attributes.axri import AdditionalXIDRelatedInformation
from custodes.wire.x2x3.attributes.base import Attribute
from custodes.wire.x2x3.attributes.number import (
    DestinationPort,
    IPProtocol,
    SequenceNumber,
    SourcePort,
)
from custodes.wire.x2x3.attributes.octets import (
    IPID,
    NFID,
    DomainID,
    ETSITS102232Part1Defined,
    Proprietary,
    TS33108Defined,
    TS33128Defined,
)
from custodes.wire.x2x3.attributes.text import (
    MatchedTargetIdentifier,
    MIMEContentTransferEncoding,
    MIMEContentType,
    OtherTargetIdentifier,
)
from custodes.wire.x2x3.attributes.timestamp import Timestamp
from custodes.wire.x2x3.attributes.unknown import UnknownAttribute

__all__ = [
    "IPID",
    "NFID",
    "AdditionalXIDRelatedInformation",
    "Attribute",
    "DestinationIPv4Address",
    "DestinationIPv6Address",
    "DestinationPort",
    "DomainID",
    "ETSITS102232Part1Defined",
    "IPProtocol",
    "MIMEContentTransferEncoding",
    "MIMEContentType",
    "MatchedTargetIdentifier",
    "OtherTargetIdentifier",
    "Proprietary",
    "SequenceNumber",
    "SourceIPv4Address",
    "SourceIPv6Address",
    "SourcePort",
    "TS33108Defined",
    "TS33128Defined",
    "Timestamp",
    "UnknownAttribute",
]
