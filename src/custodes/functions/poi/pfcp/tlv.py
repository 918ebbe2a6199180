"""Information elements of PFCP (3GPP TS 29.244, clause 8.1.1): type, length, value."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from custodes.base.errors import DecodeError

# TS 29.244, table 8.1.2-1: the elements that the probe reads.
CREATE_PDR, PDI, CREATE_FAR, FORWARDING_PARAMETERS = 1, 2, 3, 4
CREATED_PDR, UPDATE_PDR, UPDATE_FAR, UPDATE_FORWARDING_PARAMETERS = 8, 9, 10, 11
REMOVE_PDR, REMOVE_FAR, CAUSE, SOURCE_INTERFACE = 15, 16, 19, 20
F_TEID, NETWORK_INSTANCE, PRECEDENCE, DESTINATION_INTERFACE = 21, 22, 29, 42
APPLY_ACTION = 44
PDR_ID, F_SEID, NODE_ID, OUTER_HEADER_CREATION = 56, 57, 60, 84
UE_IP_ADDRESS, OUTER_HEADER_REMOVAL, FAR_ID, PDN_TYPE = 93, 95, 108, 113
CREATE_TRAFFIC_ENDPOINT, CREATED_TRAFFIC_ENDPOINT, TRAFFIC_ENDPOINT_ID = 127, 128, 131


class PFCPError(DecodeError):
    """These octets are not PFCP."""


@dataclass(frozen=True, slots=True)
class IE:
    type: int
    octets: bytes


def parse_ies(octets: bytes) -> tuple[IE, ...]:
    """All elements of a message or of a grouped element; they must fill it exactly."""
    found: list[IE] = []
    offset = 0
    while offset < len(octets):
        if offset + 4 > len(octets):
            raise PFCPError("a PFCP element's header is cut")
        kind, length = struct.unpack_from(">HH", octets, offset)
        offset += 4
        if offset + length > len(octets):
            raise PFCPError("a PFCP element leaves its container")
        found.append(IE(kind, octets[offset : offset + length]))
        offset += length
    return tuple(found)


def first(ies: tuple[IE, ...], kind: int) -> bytes | None:
    """Value of the first element of this type."""
    return next((ie.octets for ie in ies if ie.type == kind), None)


def every(ies: tuple[IE, ...], kind: int) -> tuple[bytes, ...]:
    return tuple(ie.octets for ie in ies if ie.type == kind)
