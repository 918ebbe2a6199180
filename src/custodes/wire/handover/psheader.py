"""PSHeader: whose interception a PS-PDU belongs to and where it came from (TS 102 232-1, 5.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from custodes.base.errors import DecodeError, EncodeError
from custodes.base.ids import CIN, LIID
from custodes.wire.ber.node import UNKNOWN
from custodes.wire.handover.times import TimeStampQualifier, read_qualifier, read_time, write_time

DOMAIN = (0, 4, 0, 2, 2, 5, 1, 43)
"""li-psDomainId of LI-PS-PDU version43; some writers append arcs to it."""

Unknown = tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PSHeader:
    """``timestamp``: nanoseconds since 1970, written as microSecondTimeStamp [7].

    ``eTSI671NEID``: (alternative, value) of Network-Element-Identifier of HI2Operations.
    ``cINExtension`` (TS 33.108) is kept as the whole element.
    ``unknown*`` hold components of later modules as (component before, element).
    """

    liid: LIID
    operatorIdentifier: bytes
    sequenceNumber: int
    authorizationCountryCode: str | None = None
    networkElementIdentifier: bytes | None = None
    eTSI671NEID: tuple[str, Any] | None = None
    cin: CIN | None = None
    deliveryCountryCode: str | None = None
    cINExtension: bytes | None = None
    timestamp: int | None = None
    timeStampQualifier: TimeStampQualifier | int | None = None
    interceptionPointID: str | None = None
    extendedInterceptionPointID: bytes | None = None
    networkFunctionIdentifier: bytes | None = None
    domain: tuple[int, ...] = DOMAIN
    unknown: Unknown = ()
    unknownInCommunicationIdentifier: Unknown = ()
    unknownInNetworkIdentifier: Unknown = ()


def _present(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _with_unknown(value: dict[str, Any], unknown: Unknown) -> dict[str, Any]:
    if unknown:
        value[UNKNOWN] = list(unknown)
    return value


def to_value(header: PSHeader) -> dict[str, Any]:
    """The table value of a header; raises EncodeError."""
    if not _is_ours(header.domain):
        raise EncodeError("the domain is not that of TS 102 232-1")
    network = _present(
        operatorIdentifier=header.operatorIdentifier,
        networkElementIdentifier=header.networkElementIdentifier,
        eTSI671NEID=header.eTSI671NEID,
    )
    communication = _present(
        networkIdentifier=_with_unknown(network, header.unknownInNetworkIdentifier),
        communicationIdentityNumber=None if header.cin is None else header.cin.value,
        deliveryCountryCode=header.deliveryCountryCode,
        cINExtension=header.cINExtension,
    )
    value = {
        "li-psDomainId": header.domain,
        "lawfulInterceptionIdentifier": liid_octets(header.liid),
        "communicationIdentifier": _with_unknown(
            communication, header.unknownInCommunicationIdentifier
        ),
        "sequenceNumber": header.sequenceNumber,
        **_present(
            authorizationCountryCode=header.authorizationCountryCode,
            interceptionPointID=header.interceptionPointID,
            extendedInterceptionPointID=header.extendedInterceptionPointID,
            networkFunctionIdentifier=header.networkFunctionIdentifier,
        ),
        **write_time(header.timestamp, header.timeStampQualifier),
    }
    return _with_unknown(value, header.unknown)


def from_value(value: dict[str, Any]) -> PSHeader:
    """From the table value; raises DecodeError."""
    domain = value["li-psDomainId"]
    if not _is_ours(domain):
        raise DecodeError("the domain is not that of TS 102 232-1")
    communication = value["communicationIdentifier"]
    network = communication["networkIdentifier"]
    cin = communication.get("communicationIdentityNumber")
    if not 0 <= value["sequenceNumber"] <= 0xFFFF_FFFF:
        raise DecodeError("a sequenceNumber does not fit in 32 bits")
    return PSHeader(
        liid=_liid(value["lawfulInterceptionIdentifier"]),
        operatorIdentifier=network["operatorIdentifier"],
        networkElementIdentifier=network.get("networkElementIdentifier"),
        eTSI671NEID=network.get("eTSI671NEID"),
        cin=None if cin is None else CIN(cin),
        deliveryCountryCode=communication.get("deliveryCountryCode"),
        cINExtension=communication.get("cINExtension"),
        authorizationCountryCode=value.get("authorizationCountryCode"),
        sequenceNumber=value["sequenceNumber"],
        timestamp=read_time(value),
        timeStampQualifier=read_qualifier(value),
        interceptionPointID=value.get("interceptionPointID"),
        extendedInterceptionPointID=value.get("extendedInterceptionPointID"),
        networkFunctionIdentifier=value.get("networkFunctionIdentifier"),
        domain=domain,
        unknown=tuple(value.get(UNKNOWN, ())),
        unknownInCommunicationIdentifier=tuple(communication.get(UNKNOWN, ())),
        unknownInNetworkIdentifier=tuple(network.get(UNKNOWN, ())),
    )


def _is_ours(domain: tuple[int, ...]) -> bool:
    return domain[:7] == DOMAIN[:7] and len(domain) >= 8


def liid_octets(liid: LIID) -> bytes:
    """1-25 octets; 26-50 hexadecimal digits are the octets themselves (TS 103 280, LIID).

    EncodeError for digits whose octets would read as another LIID, or as none.
    """
    if len(liid.value) <= 25:
        return liid.value.encode("ascii")
    if len(liid.value) % 2:
        raise EncodeError("an LIID of hexadecimal digits has an odd number of them")
    octets = bytes.fromhex(liid.value)
    if _printable(octets):
        raise EncodeError("an LIID of hexadecimal digits whose octets read as text")
    return octets


def _printable(octets: bytes) -> bool:
    return all(0x21 <= octet <= 0x7E for octet in octets)


def _liid(octets: bytes) -> LIID:
    if not 1 <= len(octets) <= 25:
        raise DecodeError("an LIID is not 1-25 octets")
    if _printable(octets):
        return LIID(octets.decode("ascii"))
    if len(octets) < 13:  # as hexadecimal digits it would be another LIID's text
        raise DecodeError("an LIID of less than 13 octets is not printable")
    return LIID(octets.hex())
