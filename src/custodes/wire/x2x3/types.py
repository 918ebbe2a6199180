"""Numbers of the mandatory header. ETSI TS 103 221-2 V1.10.1 clauses 5.2.2, 5.2.6, 5.4.1."""

from __future__ import annotations

from enum import IntEnum
from typing import Self


class PDUType(IntEnum):
    """Table 5.2.2-1."""

    X2 = 1
    X3 = 2
    KEEPALIVE = 3
    KEEPALIVE_ACKNOWLEDGEMENT = 4


class PayloadDirection(IntEnum):
    """Table 5.2.6-1, seen from the target."""

    KEEPALIVE = 0
    UNKNOWN = 1
    TO_TARGET = 2
    FROM_TARGET = 3
    MULTIPLE = 4
    NOT_APPLICABLE = 5


class PayloadFormat(IntEnum):
    """Table 5.4.1-1: number, permitted in X2, permitted in X3."""

    x2: bool
    x3: bool

    def __new__(cls, value: int, x2: bool, x3: bool) -> Self:
        member = int.__new__(cls, value)
        member._value_ = value
        member.x2 = x2
        member.x3 = x3
        return member

    KEEPALIVE = 0, False, False
    ETSI_TS_102_232_1 = 1, True, True
    TS_33_128 = 2, True, True
    TS_33_108 = 3, True, True
    PROPRIETARY = 4, True, True
    IPV4 = 5, True, True
    IPV6 = 6, True, True
    ETHERNET = 7, False, True
    RTP = 8, False, True
    SIP = 9, True, False
    DHCP = 10, True, False
    RADIUS = 11, True, False
    GTP_U = 12, False, True
    MSRP = 13, False, True
    EPS_IRI_CONTENT = 14, True, False
    MIME = 15, True, True
    UNSTRUCTURED = 16, False, True
    PS_PDU_PAYLOAD = 17, True, True
