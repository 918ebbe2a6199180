"""Values of NAS information elements (3GPP TS 24.501, clause 9.11) from their octets.

Each function takes the element without tag and length. What is cut or not of this form gives
None or is left out of a list: nothing is guessed, nothing raises. Lists are walked as memoryviews:
cutting octets off the front of bytes copies the rest each time.
"""

from __future__ import annotations

from custodes.functions.poi.signalling.nas import MobileIdentity, RejectedSnssai
from custodes.functions.poi.signalling.values import (
    Amf,
    Guti,
    Pei,
    PeiKind,
    Plmn,
    Snssai,
    Suci,
    Tai,
    bcd,
    plmn,
)

SUCI, GUTI, IMEI, IMEISV = 1, 2, 3, 5


def mobile_identity(octets: bytes) -> MobileIdentity:
    """5GS mobile identity, 9.11.3.4."""
    kind = octets[0] & 7 if octets else 0
    if kind == SUCI:
        return _suci(octets)
    if kind == GUTI:
        return _guti(octets)
    if kind in (IMEI, IMEISV):
        return _pei(octets, kind)
    return None


def _suci(octets: bytes) -> Suci | None:
    supi_format = octets[0] >> 4 & 7
    if supi_format != 0 or len(octets) < 8:
        return None  # a network specific identifier (NAI) is not read yet
    return Suci(
        supi_format=supi_format,
        plmn=plmn(octets[1:4]),
        routing_indicator=bcd(octets[4:6]),
        scheme=octets[6] & 15,
        key_id=octets[7],
        output=octets[8:],
    )


def _guti(octets: bytes) -> Guti | None:
    if len(octets) != 11:
        return None
    set_and_pointer = int.from_bytes(octets[5:7])
    amf = Amf(octets[4], set_and_pointer >> 6, set_and_pointer & 63)
    return Guti(plmn(octets[1:4]), amf, int.from_bytes(octets[7:11]))


def _pei(octets: bytes, kind: int) -> Pei | None:
    """The digits' number is the standard's, whatever half octets a phone puts after them."""
    digits = f"{octets[0] >> 4:x}" + "".join(f"{o & 15:x}{o >> 4:x}" for o in octets[1:])
    wanted = 16 if kind == IMEISV else 14
    if len(digits) < wanted or not digits[:wanted].isdigit():
        return None
    return Pei(PeiKind.IMEISV if kind == IMEISV else PeiKind.IMEI, digits[:wanted])


def snssai(octets: bytes) -> Snssai | None:
    """S-NSSAI, 9.11.2.8: its length tells which parts are there."""
    match len(octets):
        case 1:
            return Snssai(octets[0])
        case 2:
            return Snssai(octets[0], None, octets[1])
        case 4:
            return Snssai(octets[0], octets[1:4])
        case 5:
            return Snssai(octets[0], octets[1:4], octets[4])
        case 8:
            return Snssai(octets[0], octets[1:4], octets[4], octets[5:8])
        case _:
            return None


def nssai(octets: bytes | None) -> tuple[Snssai, ...]:
    """NSSAI, 9.11.3.37."""
    found: list[Snssai] = []
    rest = memoryview(octets or b"")
    while rest:
        size = rest[0]
        one = snssai(bytes(rest[1 : 1 + size])) if len(rest) > size else None
        if one is not None:
            found.append(one)
        rest = rest[1 + size :]
    return tuple(found)


def rejected_nssai(octets: bytes | None) -> tuple[RejectedSnssai, ...]:
    """Rejected NSSAI, 9.11.3.46."""
    found: list[RejectedSnssai] = []
    rest = memoryview(octets or b"")
    while rest:
        size, cause = rest[0] >> 4, rest[0] & 15
        one = snssai(bytes(rest[1 : 1 + size])) if len(rest) > size else None
        if one is not None:
            found.append(RejectedSnssai(cause, one))
        rest = rest[1 + size :]
    return tuple(found)


def tai_list(octets: bytes | None) -> tuple[Tai, ...]:
    """5GS tracking area identity list, 9.11.3.9 (a whole PLMN, type 3, names no area)."""
    found: list[Tai] = []
    rest = memoryview(octets or b"")
    while len(rest) >= 4:
        kind, count = rest[0] >> 5 & 3, (rest[0] & 31) + 1
        size = {0: 4 + 3 * count, 1: 7, 2: 1 + 6 * count, 3: 4}[kind]
        if len(rest) < size:
            break
        if kind == 2:
            found.extend(Tai(_plmn(rest, i), bytes(rest[i + 3 : i + 6])) for i in range(1, size, 6))
        elif kind == 0:
            found.extend(Tai(_plmn(rest, 1), bytes(rest[i : i + 3])) for i in range(4, size, 3))
        elif kind == 1:
            first = int.from_bytes(rest[4:7])
            tacs = range(first, min(first + count, 0x100_0000))
            found.extend(Tai(_plmn(rest, 1), tac.to_bytes(3)) for tac in tacs)
        rest = rest[size:]
    return tuple(found)


def _plmn(octets: memoryview, at: int) -> Plmn:
    return plmn(bytes(octets[at : at + 3]))


def plmn_list(octets: bytes | None) -> tuple[Plmn, ...]:
    """PLMN list, TS 24.008 10.5.1.13."""
    rest = octets or b""
    return tuple(plmn(rest[i : i + 3]) for i in range(0, len(rest) - 2, 3))


def dnn(octets: bytes | None) -> str | None:
    """DNN, 9.11.2.1B, in dotted labels (TS 23.003, 9.1)."""
    labels: list[bytes] = []
    rest = memoryview(octets or b"")
    while rest:
        size = rest[0]
        if size == 0 or len(rest) <= size:
            return None
        labels.append(bytes(rest[1 : 1 + size]))
        rest = rest[1 + size :]
    text = b".".join(labels).decode("ascii", "replace")
    return text if text and text.isascii() else None
