"""What octets are, by their content alone. What fits nothing is told why, kind by kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from custodes.app.decode.payload import BY_ARC
from custodes.base.errors import DecodeError
from custodes.wire.ber.tlv import INDEFINITE, context, peek
from custodes.wire.iri.oids import RELEASE
from custodes.wire.x2x3.pdu import HEADER_LENGTH, MAX_PDU, SWAPPED_MINORS

METHODS = (b"POST", b"GET", b"PUT", b"HEAD", b"DELETE", b"OPTIONS", b"PATCH", b"HTTP/1.")
_BOM = b"\xef\xbb\xbf"
_SPACE = b" \t\r\n"
_SEQUENCE = 16


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Why octets are not of a kind: the first octet that does not fit, and what would."""

    kind: str
    offset: int
    expected: str


Verdict = bool | Mismatch
"""True: it is; False: more octets are needed to tell."""


def xml(octets: bytes) -> Verdict:
    body = octets.removeprefix(_BOM)
    rest = body.lstrip(_SPACE)
    if not rest:
        return False
    at = len(octets) - len(rest)
    return True if rest[:1] == b"<" else Mismatch("XML (X1)", at, "3c, <")


def http(octets: bytes) -> Verdict:
    for method in METHODS:
        wanted = method if method.startswith(b"HTTP") else method + b" "
        if octets.startswith(wanted):
            return True
        if wanted.startswith(octets):
            return False
    return Mismatch("HTTP (X1)", 0, "a method or HTTP/1.")


def tls(octets: bytes) -> Verdict:
    """A record of TLS 1.0 to 1.3 (RFC 8446 5.1)."""
    if octets[:1] and not 0x14 <= octets[0] <= 0x17:
        return Mismatch("TLS", 0, "14 to 17")
    if len(octets) > 1 and octets[1] != 3:
        return Mismatch("TLS", 1, "03")
    if len(octets) < 5:
        return False
    size = int.from_bytes(octets[3:5])
    return True if octets[2] <= 4 and 0 < size <= 0x4800 else Mismatch("TLS", 2, "a record")


def x2x3(octets: bytes) -> Verdict:
    """TS 103 221-2 5.2: version, type and lengths that can be."""
    name = "X2/X3"
    if octets[:1] and octets[0] != 0:
        return _swapped(octets) or Mismatch(name, 0, "00, the major version")
    if len(octets) < 4:
        return False
    if not 1 <= int.from_bytes(octets[2:4]) <= 4:
        return Mismatch(name, 2, "0001 to 0004, the PDU type")
    if len(octets) < 12:
        return False
    head = int.from_bytes(octets[4:8])
    if head < HEADER_LENGTH or head > MAX_PDU:
        return Mismatch(name, 4, "a header length of 40 or more")
    if head + int.from_bytes(octets[8:12]) > MAX_PDU:
        return Mismatch(name, 8, f"a payload length of at most {MAX_PDU}")
    return True


def _swapped(octets: bytes) -> bool:
    """One implementation's habit, minor version first, where all else is an X2/X3 PDU."""
    return (
        len(octets) >= 16
        and octets[1] == 0
        and octets[0] in SWAPPED_MINORS
        and x2x3(b"\0" + octets[1:12]) is True
        and int.from_bytes(octets[12:14]) < 0x20
        and int.from_bytes(octets[14:16]) <= 5
    )


def ber(octets: bytes) -> Verdict:
    """A PS-PDU or a payload of TS 33.128."""
    found = ber_kind(octets)
    return True if isinstance(found, str) else found or False


def ber_kind(octets: bytes) -> str | Mismatch | None:
    """pspdu, xiri, iri, cc or notification; None where more octets are needed."""
    name = "BER (PS-PDU, TS 33.128)"
    if octets[:1] and octets[0] != 0x30:
        return Mismatch(name, 0, "30, a SEQUENCE")
    try:
        outer = peek(octets, 0, len(octets))
        inner = peek(octets, outer[3], len(octets)) if outer else None
        if outer is None or inner is None:
            return None
        if inner[0] != context(1):
            return Mismatch(name, outer[3], "a1 (pSHeader) or 81 (a payload's relative OID)")
        if inner[1]:
            first = peek(octets, inner[3], len(octets))
            if first is None:
                return None
            right = first[0] == context(0) and not first[1]
            return "pspdu" if right else Mismatch(name, inner[3], "80, li-psDomainId")
    except DecodeError as error:
        return Mismatch(name, error.offset or 0, "a tag and a length of BER")
    return _payload(octets, name, inner[3], inner[2])


def _payload(octets: bytes, name: str, start: int, length: int) -> str | Mismatch | None:
    if length == INDEFINITE or not 4 <= length <= 16:
        return Mismatch(name, start, "a relative OID of 5 arcs")
    if len(octets) < start + length:
        return None
    kind = BY_ARC.get(octets[start + length - 1])
    if octets[start : start + 2] != bytes(RELEASE[:2]) or kind is None:
        return Mismatch(name, start, "04 13 (TS 33.128), release, version, 1, 3, 4 or 5")
    return kind.kind


CANDIDATES: tuple[tuple[str, Callable[[bytes], Verdict]], ...] = (
    ("xml", xml),
    ("http", http),
    ("tls", tls),
    ("x2x3", x2x3),
    ("ber", ber),
)
ENOUGH = 64


def recognise(octets: bytes) -> str | tuple[Mismatch, ...] | None:
    """xml, http, tls, x2x3 or ber; None: more octets would tell; else why it is none of them."""
    refused: list[Mismatch] = []
    for kind, candidate in CANDIDATES:
        verdict = candidate(octets)
        if verdict is True:
            return kind
        if isinstance(verdict, Mismatch):
            refused.append(verdict)
    if len(refused) < len(CANDIDATES):
        return None
    return tuple(refused)


def partly(octets: bytes) -> str | None:
    """The first kind that octets cut short still may be."""
    for kind, candidate in CANDIDATES:
        if candidate(octets) is False:
            return kind
    return None
