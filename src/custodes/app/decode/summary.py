"""One line about a payload that is named, not dissected: SIP, MSRP, MIME, RADIUS, DHCP, RTP."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Address

_RADIUS = {
    1: "Access-Request",
    2: "Access-Accept",
    3: "Access-Reject",
    4: "Accounting-Request",
    5: "Accounting-Response",
    11: "Access-Challenge",
    12: "Status-Server",
    40: "Disconnect-Request",
    41: "Disconnect-ACK",
    42: "Disconnect-NAK",
    43: "CoA-Request",
    44: "CoA-ACK",
    45: "CoA-NAK",
}
_LONGEST_RADIUS = 4096
_DHCP_OPERATIONS = {1: "BOOTREQUEST", 2: "BOOTREPLY"}
_DHCP_MESSAGES = ("", "DISCOVER", "OFFER", "REQUEST", "DECLINE", "ACK", "NAK", "RELEASE", "INFORM")
_DHCP_HEADER, _DHCP_COOKIE = 236, b"\x63\x82\x53\x63"
_SIP_FIELDS = (b"call-id", b"i", b"cseq")


def first_line(octets: bytes) -> str | None:
    """The first line of text, and how much there is in all."""
    line = octets.split(b"\n", 1)[0].rstrip(b"\r")[:120]
    try:
        text = line.decode()
    except UnicodeDecodeError:
        return None
    return f'"{text}"' if text and text.isprintable() else None


def sip(octets: bytes) -> str | None:
    """RFC 3261: start line, and what tells the dialogue apart."""
    start = first_line(octets)
    if start is None:
        return None
    fields = []
    for line in octets.split(b"\r\n\r\n", 1)[0].split(b"\r\n")[1:]:
        name, colon, value = line.partition(b":")
        if colon and name.strip().lower() in _SIP_FIELDS:
            label = "CSeq" if name.strip().lower() == b"cseq" else "Call-ID"
            fields.append(f"{label} {value.strip()[:80].decode('latin-1')}")
    return ", ".join([start, *fields])


def radius(octets: bytes) -> str | None:
    """RFC 2865 3: code, identifier, length."""
    code, size = octets[:1], int.from_bytes(octets[2:4])
    if len(octets) < 20 or not 20 <= size <= _LONGEST_RADIUS:
        return None
    cut = "" if size <= len(octets) else f", {size - len(octets)} are missing"
    name = _RADIUS.get(code[0], f"code {code[0]}")
    return f"RADIUS {name}, identifier {octets[1]}, {size} octets{cut}"


def dhcp(octets: bytes) -> str | None:
    """RFC 2131 2: operation, transaction, hardware address, message type."""
    if len(octets) < _DHCP_HEADER or octets[0] not in _DHCP_OPERATIONS:
        return None
    kind = _dhcp_message(octets)
    hardware = octets[28 : 28 + min(octets[2], 16)].hex(":")
    yours = IPv4Address(octets[16:20])
    given = f", your address {yours}" if int(yours) else ""
    name = f"DHCP{kind}" if kind else f"DHCP {_DHCP_OPERATIONS[octets[0]]}"
    return f"{name}, transaction 0x{octets[4:8].hex()}, client {hardware}{given}"


def _dhcp_message(octets: bytes) -> str:
    """Option 53, or nothing where there is none."""
    pos = _DHCP_HEADER + 4
    if octets[_DHCP_HEADER:pos] != _DHCP_COOKIE:
        return ""
    while pos + 2 < len(octets) and octets[pos] != 255:
        if octets[pos] == 53:
            kind = octets[pos + 2]
            return _DHCP_MESSAGES[kind] if kind < len(_DHCP_MESSAGES) else ""
        pos += 1 if octets[pos] == 0 else 2 + octets[pos + 1]
    return ""


def rtp(octets: bytes) -> str | None:
    """RFC 3550 5.1: payload type, sequence number, timestamp, source."""
    if len(octets) < 12 or octets[0] >> 6 != 2:
        return None
    kind, number = octets[1] & 0x7F, int.from_bytes(octets[2:4])
    time, source = int.from_bytes(octets[4:8]), octets[8:12].hex()
    return f"RTP type {kind}, sequence number {number}, timestamp {time}, SSRC 0x{source}"


BY_FORMAT: dict[int, Callable[[bytes], str | None]] = {
    8: rtp,
    9: sip,
    10: dhcp,
    11: radius,
    13: first_line,
    15: first_line,
}
"""By payload format of TS 103 221-2; None: these octets are not what the format says."""
