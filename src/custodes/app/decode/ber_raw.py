"""BER without a table: tags, lengths and octets, for modules that are not opened here."""

from __future__ import annotations

from typing import Any

from custodes.app.decode.item import Item
from custodes.app.decode.readable import octets_shown, printable
from custodes.app.decode.tags import tag_name
from custodes.base.errors import DecodeError
from custodes.wire.ber.errors import BERDecodeError
from custodes.wire.ber.primitive import ObjectIdentifier
from custodes.wire.ber.tlv import header

MAX_DEPTH = 16
MAX_ELEMENTS = 512
_BOOLEAN, _INTEGER, _NULL, _OID, _ENUMERATED = 1, 2, 5, 6, 10
_TEXTS = frozenset({12, 18, 19, 22, 23, 24, 26})


def fill(
    item: Item, buf: bytes, start: int, end: int, base: int, depth: int, constructed: bool
) -> None:
    """Children for people only: the item's value stays its octets. What is no BER stays octets."""
    item.shown = octets_shown(buf[start:end])
    if constructed:
        _fill(item, buf, start, end, base, depth, [MAX_ELEMENTS])


def tree(octets: bytes, base: int, note: str) -> Item | None:
    """Everything in ``octets`` by its tags, for JSON too; None where they do not begin as BER."""
    item = Item("ber", base, len(octets), shown=f"{len(octets)} octets", note=note)
    left = [MAX_ELEMENTS]
    if _fill(item, octets, 0, len(octets), base, 0, left) < len(octets):
        if not item.children:
            return None
        where = item.children[-1].offset + item.children[-1].length
        what = "too many elements to show" if left[0] <= 0 else "no BER from here on"
        item.breach(what, where)
    item.value = _values(item.children)
    return item


def _values(children: list[Item]) -> list[dict[str, Any]]:
    return [
        {"tag": child.name, "elements": _values(child.children)}
        if child.shown == _CONSTRUCTED
        else {"tag": child.name, "octets": child.value}
        for child in children
    ]


_CONSTRUCTED = "(constructed)"


def _fill(
    item: Item, buf: bytes, start: int, end: int, base: int, depth: int, left: list[int]
) -> int:
    """Where it ended: ``end``, or where no element begins."""
    pos = start
    while pos < end and left[0] > 0 and depth < MAX_DEPTH:
        left[0] -= 1
        try:
            tag, constructed, first, last, after = header(buf, pos, end)
        except BERDecodeError:
            return pos
        shown = _CONSTRUCTED if constructed else _shown(tag, buf[first:last])
        value = None if constructed else buf[first:last].hex()
        child = item.leaf(tag_name(tag), base + pos, after - pos, value, shown)
        if constructed:
            _fill(child, buf, first, last, base, depth + 1, left)
        pos = after
    return pos


def _shown(tag: int, octets: bytes) -> str:
    """A universal type says what its octets mean."""
    if tag in (_INTEGER, _ENUMERATED) and 0 < len(octets) <= 8:
        return str(int.from_bytes(octets, signed=True))
    if tag == _BOOLEAN and len(octets) == 1:
        return "true" if octets[0] else "false"
    if tag == _NULL and not octets:
        return "NULL"
    if tag == _OID:
        try:
            arcs: tuple[int, ...] = ObjectIdentifier(False).decode(octets, 0, len(octets), False, 0)
        except DecodeError:
            return octets_shown(octets)
        return ".".join(map(str, arcs))
    if tag in _TEXTS:
        try:
            return f'"{printable(octets.decode())}"'
        except UnicodeDecodeError:
            return octets_shown(octets)
    return octets_shown(octets)
