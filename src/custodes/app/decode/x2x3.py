"""X2/X3 PDUs of ETSI TS 103 221-2, with attributes and payloads opened."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address
from uuid import UUID

from custodes.app.decode import meaning, x2x3_payload, xml
from custodes.app.decode.item import Blame, Item, Shape, is_undecodable
from custodes.app.decode.lenient import Option
from custodes.app.decode.readable import moment, octets_shown, text
from custodes.app.decode.reason import reason
from custodes.base.errors import DecodeError
from custodes.wire.x2x3.attributes import (
    IPID,
    NFID,
    AdditionalXIDRelatedInformation,
    Attribute,
    DomainID,
    Timestamp,
)
from custodes.wire.x2x3.attributes.address import IPv4Attribute, IPv6Attribute
from custodes.wire.x2x3.attributes.number import NumberAttribute
from custodes.wire.x2x3.attributes.table import BY_TYPE
from custodes.wire.x2x3.attributes.text import TargetIdentifierAttribute, TextAttribute
from custodes.wire.x2x3.pdu import HEADER_LENGTH, MAX_PDU, SWAPPED_MINORS, decode
from custodes.wire.x2x3.rules import fault

X2 = 1
_TS_33128 = b"\x00\x02"
_USUAL = {6: "5.3.1-2", 7: "5.3.1-2", 8: "5.3.2-2", 9: "5.3.2-2", 17: "5.3.2-2"}
_FIELDS = (
    ("type", 2, 2, "types"),
    ("headerLength", 4, 4, None),
    ("payloadLength", 8, 4, None),
    ("payloadFormat", 12, 2, "formats"),
    ("payloadDirection", 14, 2, "directions"),
)


def pdu(octets: bytes, base: int, swapped_version: bool = False) -> Item:
    """The tree of one PDU, whole or cut. ``swapped_version``: minor version first is tolerated."""
    item = Item("X2/X3 PDU", base, len(octets), Shape.STRUCT)
    swapped = _is_swapped(octets)
    _header(item, octets, base)
    if item.faults or (item.children and item.children[0].faults and not swapped):
        return item
    if swapped:
        octets = octets[1::-1] + octets[2:]
        if swapped_version:
            version = item.children[0]
            version.faults.clear()
            version.value = f"{octets[0]}.{octets[1]}"
            version.tolerated(base, "the minor version stands first", Option.SWAPPED_VERSION)
    header_length = int.from_bytes(octets[4:8])
    size = header_length + int.from_bytes(octets[8:12])
    if len(octets) < size:
        what = f"the PDU ends here, {size - len(octets)} octets are missing"
        item.bad(base + len(octets), what, f"{size} octets in all", blame=Blame.CUT)
    kind = int.from_bytes(octets[2:4])
    item.name, item.note = meaning.x2x3("types", kind)
    attributes = item.sub(
        "attributes", base + HEADER_LENGTH, header_length - HEADER_LENGTH, Shape.LIST
    )
    _attributes(attributes, octets, base, min(header_length, len(octets)), header_length)
    if kind == X2 and octets[12:14] == _TS_33128 and len(octets) >= header_length:
        _check_attributes(item, attributes)
    if len(octets) > header_length:
        form = int.from_bytes(octets[12:14])
        child = item.sub("payload", base + header_length, len(octets) - header_length, Shape.NESTED)
        x2x3_payload.fill(child, kind, form, octets[header_length:size], len(octets) < size)
        if kind == X2 and form == x2x3_payload.TS_33128:
            x2x3_payload.check_direction(item)
    if not is_undecodable(item):
        _judge(item, octets)
    return item


def _is_swapped(octets: bytes) -> bool:
    """One implementation's habit: the minor version first."""
    return len(octets) > 1 and octets[0] in SWAPPED_MINORS and octets[1] == 0


def _header(item: Item, octets: bytes, base: int) -> None:
    if octets:
        version = item.leaf("version", base, min(2, len(octets)), f"{octets[0]}")
        version.note = meaning.x2x3("header", "version")[1]
        if octets[0] != 0:
            option = Option.SWAPPED_VERSION if _is_swapped(octets) else ""
            version.bad(base, f"major version {octets[0]}", "major version 00", option=option)
        if len(octets) > 1:
            version.value = f"{octets[0]}.{octets[1]}"
    for name, start, size, table in _FIELDS:
        if len(octets) < start + size:
            break
        value = int.from_bytes(octets[start : start + size])
        called = meaning.x2x3(table, value)[0] if table else ""
        shown = f"{value} ({called})" if called else ""
        child = item.leaf(name, base + start, size, value, shown)
        child.note = meaning.x2x3("header", name)[1]
        _check_field(item, name, value, base + start)
    if len(octets) >= HEADER_LENGTH:
        item.leaf("xid", base + 16, 16, str(UUID(bytes=octets[16:32])))
        item.leaf("correlationId", base + 32, 8, int.from_bytes(octets[32:40]))
        for child in item.children[-2:]:
            child.note = meaning.x2x3("header", child.name)[1]
    elif not is_undecodable(item):
        expected = f"{HEADER_LENGTH} octets"
        item.bad(base + len(octets), "the header ends here", expected, blame=Blame.CUT)


def _check_field(item: Item, name: str, value: int, offset: int) -> None:
    if name == "type" and value not in (1, 2, 3, 4):
        item.bad(offset, f"PDU type {value}", "0001 to 0004")
    elif name == "headerLength" and value < HEADER_LENGTH:
        item.bad(offset, f"a header of {value} octets", "40 or more")
    elif name in ("headerLength", "payloadLength") and value > MAX_PDU:
        item.bad(offset, f"a length of {value} octets", f"at most {MAX_PDU}")


def _attributes(parent: Item, octets: bytes, base: int, end: int, announced: int) -> None:
    pos = HEADER_LENGTH
    while pos < end:
        if end - pos < 4:
            if end == announced:
                parent.bad(base + pos, "the header ends within an attribute", "type and length")
            return
        kind, length = (
            int.from_bytes(octets[pos : pos + 2]),
            int.from_bytes(octets[pos + 2 : pos + 4]),
        )
        child = parent.sub("attribute", base + pos, 4 + length, Shape.STRUCT)
        name, child.note = meaning.x2x3("attributes", kind)
        child.leaf("type", base + pos, 2, kind, f"{kind} ({name})" if name else f"{kind} (unknown)")
        child.leaf("length", base + pos + 2, 2, length)
        stop = pos + 4 + length
        if stop > end:
            if stop > announced:
                what = f"attribute {kind} reaches beyond the header"
                child.bad(base + pos + 2, what, f"a length of at most {announced - pos - 4}")
            return
        _attribute(child, kind, octets[pos + 4 : stop], base + pos + 4)
        pos = stop


def _check_attributes(item: Item, attributes: Item) -> None:
    """Attribute 18 is not asked for: a POI may know no other identifier."""
    found = {part.value for child in attributes.children for part in child.children[:1]}
    for number, table in _USUAL.items():
        if number not in found:
            name = meaning.x2x3("attributes", number)[0]
            item.breach(f"no attribute {number} ({name}), present by default (TS 33.128 {table})")


def _attribute(parent: Item, kind: int, value: bytes, base: int) -> None:
    child = parent.leaf("value", base, len(value), value.hex(), octets_shown(value))
    known = BY_TYPE.get(kind)
    if known is None:
        return
    try:
        known.check(value)
    except DecodeError as error:
        _refused(parent, known, value, base, reason(error))
        return
    if issubclass(known, NumberAttribute):
        child.value, child.shown = int.from_bytes(value), ""
    elif known is Timestamp:
        ns = int.from_bytes(value[:4]) * 10**9 + int.from_bytes(value[4:])
        child.value, child.shown = moment(ns), ""
    elif issubclass(known, IPv4Attribute):
        child.value, child.shown = str(IPv4Address(value)), ""
    elif issubclass(known, IPv6Attribute):
        child.value, child.shown = str(IPv6Address(value)), ""
    elif issubclass(known, TextAttribute):
        child.value, child.shown = value.decode(), ""
    elif issubclass(known, TargetIdentifierAttribute):
        child.value, child.shown = value.decode(), ""
        xml.fragment(child, value, base)
    elif known is AdditionalXIDRelatedInformation:
        child.shown = f"XID {UUID(bytes=value[:16])}, {value[16:].hex()}"
    elif known in (NFID, IPID, DomainID) and (readable := text(value)) is not None:
        child.shown = f'"{readable}"'


def _refused(parent: Item, known: type[Attribute], value: bytes, base: int, what: str) -> None:
    """The octet that is wrong: in a text or a timestamp its place, else the length."""
    _, length, child = parent.children
    if issubclass(known, TextAttribute | TargetIdentifierAttribute):
        try:
            value.decode()
        except UnicodeDecodeError as error:
            child.bad(base + error.start, what, "UTF-8")
            return
    if known is Timestamp and len(value) == known.SHORTEST:
        child.bad(base + 4, what, "nanoseconds below 1,000,000,000")
    elif known is AdditionalXIDRelatedInformation:
        length.bad(base - 2, what, "24 or 28 octets")
    else:
        length.bad(base - 2, what, f"{known.SHORTEST} octets")


def _judge(item: Item, octets: bytes) -> None:
    """The codec has the last word, and the rules beyond the encoding."""
    try:
        wrong = fault(decode(octets))
    except DecodeError as error:
        item.bad(item.offset + (error.offset or 0), reason(error))
        return
    if wrong is not None:
        item.breach(f"{wrong} (TS 103 221-2 5.4.1, 5.2.6)")
