"""X2/X3 PDUs of ETSI TS 103 221-2, with attributes and payloads opened."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address
from uuid import UUID

from custodes.app.decode import ber_raw, inner, meaning, payload, xml
from custodes.app.decode.item import Item, Shape, is_undecodable
from custodes.app.decode.readable import moment, octets_shown, text
from custodes.app.decode.reason import reason
from custodes.base.errors import DecodeError
from custodes.wire.x2x3.attributes.base import AttributeType as T
from custodes.wire.x2x3.attributes.table import BY_TYPE
from custodes.wire.x2x3.pdu import HEADER_LENGTH, MAX_PDU, decode
from custodes.wire.x2x3.rules import fault

X2, X3 = 1, 2
PAYLOADS: dict[int, Callable[[bytes, int], Item]] = {
    5: inner.ip,
    6: inner.ip,
    7: inner.ethernet,
    12: inner.gtpu,
}
_TS_33128 = b"\x00\x02"
_USUAL = {6: "5.3.1-2", 7: "5.3.1-2", 8: "5.3.2-2", 9: "5.3.2-2", 17: "5.3.2-2"}
_FIELDS = (
    ("type", 2, 2, "types"),
    ("headerLength", 4, 4, None),
    ("payloadLength", 8, 4, None),
    ("payloadFormat", 12, 2, "formats"),
    ("payloadDirection", 14, 2, "directions"),
)


def pdu(octets: bytes, base: int) -> Item:
    """The tree of one PDU, whole or cut."""
    item = Item("X2/X3 PDU", base, len(octets), Shape.STRUCT)
    _header(item, octets, base)
    if item.faults:
        return item
    header_length = int.from_bytes(octets[4:8])
    size = header_length + int.from_bytes(octets[8:12])
    if len(octets) < size:
        what = f"the PDU ends here, {size - len(octets)} octets are missing"
        item.bad(base + len(octets), what, f"{size} octets in all")
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
        _payload(
            item, kind, form, octets[header_length:size], base + header_length, len(octets) < size
        )
    if not is_undecodable(item):
        _judge(item, octets)
    return item


def _header(item: Item, octets: bytes, base: int) -> None:
    if octets:
        version = item.leaf("version", base, min(2, len(octets)), f"{octets[0]}")
        version.note = meaning.x2x3("header", "version")[1]
        if octets[0] != 0:
            item.bad(base, f"major version {octets[0]}", "major version 00")
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
    elif not item.faults:
        item.bad(base + len(octets), "the header ends here", f"{HEADER_LENGTH} octets")


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
                child.bad(base + pos + 2, f"attribute {kind} reaches beyond the header", "less")
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
        child.bad(base, reason(error), f"{known.SHORTEST} octets" if known.SHORTEST else "")
        return
    if kind in (T.SEQUENCE_NUMBER, T.SOURCE_PORT, T.DESTINATION_PORT, T.IP_PROTOCOL):
        child.value, child.shown = int.from_bytes(value), ""
    elif kind == T.TIMESTAMP:
        ns = int.from_bytes(value[:4]) * 10**9 + int.from_bytes(value[4:])
        child.value, child.shown = moment(ns), ""
    elif kind in (T.SOURCE_IPV4_ADDRESS, T.DESTINATION_IPV4_ADDRESS):
        child.value, child.shown = str(IPv4Address(value)), ""
    elif kind in (T.SOURCE_IPV6_ADDRESS, T.DESTINATION_IPV6_ADDRESS):
        child.value, child.shown = str(IPv6Address(value)), ""
    elif T.MATCHED_TARGET_IDENTIFIER <= kind <= T.MIME_CONTENT_TRANSFER_ENCODING:
        child.value, child.shown = value.decode(), ""
        if kind <= T.OTHER_TARGET_IDENTIFIER:
            xml.fragment(child, value, base)
    elif kind == T.SDP_SESSION_DESCRIPTION:
        child.value, child.shown = value.decode(), ""
    elif kind == T.ADDITIONAL_XID_RELATED_INFORMATION:
        child.shown = f"XID {UUID(bytes=value[:16])}, {value[16:].hex()}"
    elif kind in (T.NFID, T.IPID, T.DOMAIN_ID) and (readable := text(value)) is not None:
        child.shown = f'"{readable}"'


def _payload(item: Item, kind: int, form: int, octets: bytes, base: int, cut: bool) -> None:
    child = item.sub("payload", base, len(octets), Shape.NESTED)
    child.value, child.shown = octets.hex(), octets_shown(octets)
    child.note = meaning.x2x3("formats", form)[1]
    if form == 2 and kind == X2:
        inside = Item("XIRIPayload", base, len(octets))
        child.children.append(inside)
        payload.fill(inside, "xiri", octets, 0, len(octets), base)
    elif form in PAYLOADS and not cut:
        child.children.append(PAYLOADS[form](octets, base))
    elif form in (1, 2, 3, 14, 17) and octets[:1] and octets[0] & 0x20:
        inside = Item("ber", base, len(octets), note="shown by its tags")
        ber_raw.fill(inside, octets, 0, len(octets), base, 0, True)
        inside.value = octets.hex()
        if inside.children:
            child.children.append(inside)
    elif form in (9, 13, 15):
        first = text(octets.split(b"\r\n", 1)[0])
        if first:
            child.shown = f'"{first}" … ({len(octets)} octets)'


def _judge(item: Item, octets: bytes) -> None:
    """The codec has the last word, and the rules beyond the encoding."""
    try:
        wrong = fault(decode(octets))
    except DecodeError as error:
        item.bad(item.offset + (error.offset or 0), reason(error))
        return
    if wrong is not None:
        item.breach(f"{wrong} (TS 103 221-2 5.4.1, 5.2.6)")
