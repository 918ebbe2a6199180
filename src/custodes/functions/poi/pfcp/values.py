"""Values of single PFCP elements (3GPP TS 29.244, clause 8.2).

Cores set spare bits and pad: bits that are not ours are masked and octets beyond a value left
alone. A value that is cut gives None, as if the element were absent: it is never guessed.
"""

from __future__ import annotations

from dataclasses import dataclass

from custodes.functions.poi.signalling.values import Tunnel

CAUSE_ACCEPTED = 1
ACCESS, CORE = 0, 1  # clause 8.2.2 and 8.2.24


@dataclass(frozen=True, slots=True)
class FSEID:
    """Clause 8.2.37; ``addresses`` holds IPv4 (4 octets) and IPv6 (16 octets) if present."""

    seid: int
    addresses: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class FTEID:
    """Clause 8.2.3; ``choose`` leaves the choice to the UPF, which answers in Created PDR."""

    tunnels: tuple[Tunnel, ...]
    choose: bool = False


class _Cursor:
    def __init__(self, octets: bytes) -> None:
        self._octets = octets
        self._offset = 0
        self.cut = False

    def take(self, count: int) -> bytes:
        taken = self._octets[self._offset : self._offset + count]
        self._offset += count
        self.cut = self.cut or len(taken) < count
        return taken


def integer(octets: bytes | None, size: int) -> int | None:
    if octets is None or len(octets) < size:
        return None
    return int.from_bytes(octets[:size])


def interface(octets: bytes | None) -> int | None:
    """Source or Destination Interface: four bits, the others are spare."""
    return None if not octets else octets[0] & 0x0F


def f_seid(octets: bytes | None) -> FSEID | None:
    if not octets:
        return None
    cursor = _Cursor(octets[1:])
    seid = int.from_bytes(cursor.take(8))
    ipv4 = [cursor.take(4)] if octets[0] & 2 else []
    ipv6 = [cursor.take(16)] if octets[0] & 1 else []
    if cursor.cut:
        return None
    return FSEID(seid, tuple(address for address in ipv4 + ipv6 if any(address)))


def f_teid(octets: bytes | None) -> FTEID | None:
    if not octets:
        return None
    flags = octets[0]
    if flags & 4:
        return FTEID((), choose=True)
    cursor = _Cursor(octets[1:])
    teid = int.from_bytes(cursor.take(4))
    ipv4 = [cursor.take(4)] if flags & 1 else []
    ipv6 = [cursor.take(16)] if flags & 2 else []
    if cursor.cut:
        return None
    return FTEID(tuple(Tunnel(address, teid) for address in ipv4 + ipv6))


def ue_ip_address(octets: bytes | None) -> tuple[bytes, ...]:
    """Clause 8.2.62: addresses of the UE, IPv4 before IPv6."""
    if not octets:
        return ()
    cursor = _Cursor(octets[1:])
    ipv4 = [cursor.take(4)] if octets[0] & 2 else []
    ipv6 = [cursor.take(16)] if octets[0] & 1 else []
    return () if cursor.cut else tuple(ipv4 + ipv6)


def outer_header_creation(octets: bytes | None) -> Tunnel | None:
    """Clause 8.2.56: the GTP-U tunnel that packets are sent into."""
    if octets is None or len(octets) < 2:
        return None
    gtpu_ipv4, gtpu_ipv6 = octets[0] & 1, octets[0] & 2
    if not gtpu_ipv4 and not gtpu_ipv6:
        return None
    cursor = _Cursor(octets[2:])
    teid = int.from_bytes(cursor.take(4))
    address = cursor.take(4 if gtpu_ipv4 else 16)
    return None if cursor.cut else Tunnel(address, teid)


def network_instance(octets: bytes | None) -> str | None:
    """Clause 8.2.4: a name, or an APN in labels (TS 23.003, 9.1)."""
    if not octets:
        return None
    if octets[0] < 32:
        labels, offset = [], 0
        while offset < len(octets):
            size = octets[offset]
            labels.append(octets[offset + 1 : offset + 1 + size])
            offset += 1 + size
        octets = b".".join(labels)
    return octets.decode("ascii", "replace")
