"""PFCP messages (3GPP TS 29.244, clauses 7.2 to 7.5), recognised by their structure.

A datagram is PFCP when version, known message type, exact length and every element's length fit;
the UDP port is not asked, captures from labs rewrite it. One datagram may hold several messages
(flag FO, clause 7.2.2.1).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from custodes.functions.poi.pfcp import tlv, values
from custodes.functions.poi.pfcp.rules import (
    FAR,
    PDR,
    CreatedPDR,
    read_created_pdr,
    read_far,
    read_pdr,
)
from custodes.functions.poi.pfcp.tlv import PFCPError
from custodes.functions.poi.signalling.values import Tunnel

ESTABLISHMENT_REQUEST, ESTABLISHMENT_RESPONSE = 50, 51
MODIFICATION_REQUEST, MODIFICATION_RESPONSE = 52, 53
DELETION_REQUEST, DELETION_RESPONSE = 54, 55
KNOWN_TYPES = frozenset({*range(1, 18), *range(50, 58)})
FLAG_SEID, FLAG_FOLLOW_ON = 1, 4


@dataclass(frozen=True, slots=True)
class PFCPMessage:
    """One message, request or response; ``type`` tells which fields can be there.

    ``seid`` is the receiver's, from the header; None in node messages.
    """

    type: int
    seid: int | None
    sequence: int
    f_seid: values.FSEID | None = None
    cause: int | None = None
    pdn_type: int | None = None
    pdrs: tuple[PDR, ...] = ()
    fars: tuple[FAR, ...] = ()
    created_pdrs: tuple[CreatedPDR, ...] = ()
    endpoint_tunnels: tuple[Tunnel, ...] = ()
    removed_pdrs: tuple[int, ...] = ()
    removed_fars: tuple[int, ...] = ()

    @property
    def accepted(self) -> bool:
        return self.cause == values.CAUSE_ACCEPTED


def decode(datagram: bytes) -> tuple[PFCPMessage, ...]:
    """All messages of a datagram; raises PFCPError where it is not PFCP."""
    messages: list[PFCPMessage] = []
    offset, more = 0, True
    while more:
        if len(datagram) < offset + 8:
            raise PFCPError("a PFCP header is cut")
        flags, kind, length = struct.unpack_from(">BBH", datagram, offset)
        if flags >> 5 != 1:
            raise PFCPError("PFCP version is not 1")
        if kind not in KNOWN_TYPES:
            raise PFCPError("unknown PFCP message type")
        end = offset + 4 + length
        if end > len(datagram):
            raise PFCPError("a PFCP message leaves its datagram")
        messages.append(_message(kind, flags, datagram[offset + 4 : end]))
        offset, more = end, bool(flags & FLAG_FOLLOW_ON)
    if offset != len(datagram):
        raise PFCPError("octets follow the last PFCP message")
    return tuple(messages)


def looks_like(datagram: bytes) -> bool:
    """Cheap test before :func:`decode`."""
    return len(datagram) >= 8 and datagram[0] >> 5 == 1 and datagram[1] in KNOWN_TYPES


def _message(kind: int, flags: int, body: bytes) -> PFCPMessage:
    seid: int | None = None
    if flags & FLAG_SEID:
        if len(body) < 8:
            raise PFCPError("a PFCP header is cut")
        seid, body = int.from_bytes(body[:8]), body[8:]
    if len(body) < 4:
        raise PFCPError("a PFCP header is cut")
    ies = tlv.parse_ies(body[4:])
    sequence = int.from_bytes(body[:3])
    if kind < ESTABLISHMENT_REQUEST:
        cause = values.integer(tlv.first(ies, tlv.CAUSE), 1)
        return PFCPMessage(kind, seid, sequence, cause=cause)
    pdrs = (*tlv.every(ies, tlv.CREATE_PDR), *tlv.every(ies, tlv.UPDATE_PDR))
    fars = (*tlv.every(ies, tlv.CREATE_FAR), *tlv.every(ies, tlv.UPDATE_FAR))
    return PFCPMessage(
        type=kind,
        seid=seid,
        sequence=sequence,
        f_seid=values.f_seid(tlv.first(ies, tlv.F_SEID)),
        cause=values.integer(tlv.first(ies, tlv.CAUSE), 1),
        pdn_type=values.interface(tlv.first(ies, tlv.PDN_TYPE)),
        pdrs=tuple(p for p in map(read_pdr, pdrs) if p),
        fars=tuple(f for f in map(read_far, fars) if f),
        created_pdrs=tuple(c for c in map(read_created_pdr, tlv.every(ies, tlv.CREATED_PDR)) if c),
        endpoint_tunnels=_endpoint_tunnels(ies),
        removed_pdrs=_identifiers(ies, tlv.REMOVE_PDR, tlv.PDR_ID, 2),
        removed_fars=_identifiers(ies, tlv.REMOVE_FAR, tlv.FAR_ID, 4),
    )


def _endpoint_tunnels(ies: tuple[tlv.IE, ...]) -> tuple[Tunnel, ...]:
    """Tunnels of Create/Created Traffic Endpoint (clauses 7.5.2.7 and 7.5.3.5)."""
    grouped = (
        *tlv.every(ies, tlv.CREATE_TRAFFIC_ENDPOINT),
        *tlv.every(ies, tlv.CREATED_TRAFFIC_ENDPOINT),
    )
    found: list[Tunnel] = []
    for octets in grouped:
        f_teid = values.f_teid(tlv.first(tlv.parse_ies(octets), tlv.F_TEID))
        found.extend(f_teid.tunnels if f_teid else ())
    return tuple(found)


def _identifiers(ies: tuple[tlv.IE, ...], group: int, kind: int, size: int) -> tuple[int, ...]:
    grouped = (tlv.first(tlv.parse_ies(octets), kind) for octets in tlv.every(ies, group))
    numbers = (values.integer(octets, size) for octets in grouped)
    return tuple(number for number in numbers if number is not None)
