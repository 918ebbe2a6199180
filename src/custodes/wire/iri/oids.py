"""Relative OIDs of the payloads (TS33128Payloads r19 version3), and what a peer's tells.

Relative to itu-t(0) identified-organization(4) etsi(0) securityDomain(2) lawfulIntercept(2):
threeGPP(4) ts33128(19) release version kind.
"""

from __future__ import annotations

from custodes.base.errors import DecodeError

RELEASE = (4, 19, 19, 3)
XIRI = (*RELEASE, 1)
XCC = (*RELEASE, 2)
IRI = (*RELEASE, 3)
CC = (*RELEASE, 4)
LI_NOTIFICATION = (*RELEASE, 5)


def check_oid(oid: tuple[int, ...], kind: int) -> tuple[int, ...]:
    """Refuse a payload of another kind; releases and versions may differ from ours."""
    if len(oid) != 5 or oid[:2] != RELEASE[:2] or oid[4] != kind:
        raise DecodeError("the payload's relative OID is not the one of this kind of payload")
    return oid


def release_of(oid: tuple[int, ...]) -> tuple[int, int]:
    """(release, version) of the module that made a payload, of its relative OID."""
    if len(oid) != 5:
        raise DecodeError("a payload's relative OID does not have five arcs")
    return oid[2], oid[3]
