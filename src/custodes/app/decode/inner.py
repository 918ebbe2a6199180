"""User packets inside product: GTP-U and what IP says, in a few lines."""

from __future__ import annotations

from custodes.app.decode.item import Item, Shape
from custodes.app.decode.readable import address
from custodes.functions.poi.packet import ip as ip_packet
from custodes.functions.poi.packet.unreadable import UnreadableError
from custodes.wire import gtpu as wire_gtpu

PROTOCOLS = {1: "ICMP", 6: "TCP", 17: "UDP", 50: "ESP", 58: "ICMPv6", 132: "SCTP"}
MESSAGES = {1: "echo request", 2: "echo response", 26: "error indication", 254: "end marker"}
_WITH_PORTS = frozenset({6, 17, 132})
_ETHERTYPE_IP = frozenset({0x0800, 0x86DD})
_ETHERTYPE_VLAN = frozenset({0x8100, 0x88A8, 0x9100})


def gtpu(octets: bytes, base: int) -> Item:
    """GTP-U (TS 29.281) and the packet it carries."""
    item = Item("gtpu", base, len(octets), Shape.STRUCT, note="TS 29.281 5.1, GTP-U header")
    message = wire_gtpu.parse(octets)
    if message is None:
        item.breach("this is no whole GTP-U message of version 1")
        return item
    item.shown = f"TEID 0x{message.teid:08x}" + (
        f", QFI {message.qfi}" if message.qfi is not None else ""
    )
    name = MESSAGES.get(message.message_type, "G-PDU" if message.message_type == 255 else "")
    shown = f"{message.message_type} ({name})" if name else ""
    item.leaf("messageType", base + 1, 1, message.message_type, shown)
    item.leaf("length", base + 2, 2, int.from_bytes(octets[2:4]))
    item.leaf("teid", base + 4, 4, message.teid, f"0x{message.teid:08x}")
    if message.qfi is not None:
        at = len(message.packet) - len(message.inner)
        item.leaf("qfi", base + 8, at - 8, message.qfi)
    if len(message.packet) != len(octets):
        item.breach("octets follow the GTP-U message", base + len(message.packet))
    if message.message_type == wire_gtpu.G_PDU:
        if not message.inner:
            return item
        start = base + len(message.packet) - len(message.inner)
        if message.inner[0] >> 4 in (4, 6):
            item.children.append(ip(message.inner, start))
        else:
            item.leaf("inner", start, len(message.inner), message.inner.hex(), "not an IP packet")
    return item


def ip(octets: bytes, base: int) -> Item:
    """Who to whom, and how much."""
    item = Item("ip", base, len(octets), Shape.STRUCT, note="RFC 791, RFC 8200")
    try:
        packet = ip_packet.parse(octets)
    except UnreadableError as error:
        item.breach(f"this is no whole IP packet ({error.reason})")
        return item
    version = octets[0] >> 4
    item.leaf("version", base, 1, version)
    source, destination = (12, 16) if version == 4 else (8, 24)
    size = len(packet.source)
    item.leaf("source", base + source, size, address(packet.source))
    item.leaf("destination", base + destination, size, address(packet.destination))
    name = PROTOCOLS.get(packet.protocol, "")
    shown = f"{packet.protocol} ({name})" if name else ""
    item.leaf("protocol", base + (9 if version == 4 else 6), 1, packet.protocol, shown)
    if packet.fragment is not None:
        item.leaf("fragmentOffset", base + 6, 2, packet.fragment.offset)
    elif packet.protocol in _WITH_PORTS and len(packet.payload) >= 4:
        at = base + ip_packet.total_length(octets) - len(packet.payload)
        item.leaf("sourcePort", at, 2, int.from_bytes(packet.payload[:2]))
        item.leaf("destinationPort", at + 2, 2, int.from_bytes(packet.payload[2:4]))
    size = len(packet.payload)
    at = base + (ip_packet.total_length(octets) or len(octets)) - size
    item.leaf("payloadLength", at, size, size)
    item.shown = _summary(item, name)
    return item


def _summary(item: Item, protocol: str) -> str:
    """One line: who to whom, what, how much."""
    found = {child.name: child.value for child in item.children}
    ends = []
    for side in ("source", "destination"):
        address, port = str(found[side]), found.get(f"{side}Port")
        bracketed = f"[{address}]" if ":" in address and port is not None else address
        ends.append(bracketed if port is None else f"{bracketed}:{port}")
    what = protocol or f"protocol {found['protocol']}"
    return f"{what} {ends[0]} > {ends[1]}, {found['payloadLength']} octets in it"


def ethernet(octets: bytes, base: int) -> Item:
    """A frame without preamble and check sequence (X3 format 7)."""
    item = Item("ethernet", base, len(octets), Shape.STRUCT, note="IEEE 802.3")
    if len(octets) < 14:
        item.breach("the frame ends within its header", base + len(octets))
        return item
    item.leaf("destination", base, 6, octets[0:6].hex(":"))
    item.leaf("source", base + 6, 6, octets[6:12].hex(":"))
    kind = int.from_bytes(octets[12:14])
    item.leaf("type", base + 12, 2, kind, f"0x{kind:04x}")
    at = 14
    while kind in _ETHERTYPE_VLAN and len(octets) >= at + 4:
        item.leaf("vlan", base + at, 2, int.from_bytes(octets[at : at + 2]) & 0x0FFF)
        kind = int.from_bytes(octets[at + 2 : at + 4])
        item.leaf("innerType", base + at + 2, 2, kind, f"0x{kind:04x}")
        at += 4
    item.shown = f"{octets[6:12].hex(':')} > {octets[0:6].hex(':')}, type 0x{kind:04x}"
    if kind in _ETHERTYPE_IP:
        item.children.append(ip(octets[at:], base + at))
    return item
