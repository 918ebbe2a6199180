"""Values as people read them: times, addresses, text that hides in octets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address

LONGEST = 32
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment(ns: int, digits: int = 9) -> str:
    """ISO 8601 in UTC of nanoseconds since 1970; beyond the calendar the number itself."""
    seconds, rest = divmod(ns, 1_000_000_000)
    try:
        whole = _EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        return f"{seconds} s after 1970"
    return f"{whole:%Y-%m-%dT%H:%M:%S}.{rest:09d}"[: 20 + digits] + "Z"


def text(octets: bytes) -> str | None:
    """The octets as printable ASCII, or None."""
    if octets and all(0x20 <= octet <= 0x7E for octet in octets):
        return octets.decode("ascii")
    return None


def address(octets: bytes) -> str | None:
    """An IP address of 4 or 16 octets, else None."""
    if len(octets) == 4:
        return ".".join(map(str, octets))
    if len(octets) == 16:
        return str(IPv6Address(octets))
    return None


def octets_shown(octets: bytes) -> str:
    """Hex, the end left out where it is long, and the text it may be."""
    if not octets:
        return "(empty)"
    if len(octets) > LONGEST:
        return f"{octets[:LONGEST].hex()}… ({len(octets)} octets)"
    readable = text(octets)
    return f'{octets.hex()} "{readable}"' if readable and len(octets) > 3 else octets.hex()


def printable(value: str) -> str:
    """Text of a peer, safe on a terminal: control characters are written as escapes."""
    if value.isprintable():
        return value
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in value)
