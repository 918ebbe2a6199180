"""BER without a table: tags, lengths and octets, for modules that are not opened here."""

from __future__ import annotations

from custodes.app.decode.item import Item
from custodes.app.decode.readable import octets_shown
from custodes.app.decode.tags import tag_name
from custodes.wire.ber.errors import BERDecodeError
from custodes.wire.ber.tlv import header

MAX_DEPTH = 16
MAX_ELEMENTS = 512


def fill(
    item: Item, buf: bytes, start: int, end: int, base: int, depth: int, constructed: bool
) -> None:
    """Children for people only: the item's value stays its octets. What is no BER stays octets."""
    item.shown = octets_shown(buf[start:end])
    if constructed:
        _fill(item, buf, start, end, base, depth, [MAX_ELEMENTS])


def _fill(
    item: Item, buf: bytes, start: int, end: int, base: int, depth: int, left: list[int]
) -> None:
    pos = start
    while pos < end and left[0] > 0 and depth < MAX_DEPTH:
        left[0] -= 1
        try:
            tag, constructed, first, last, after = header(buf, pos, end)
        except BERDecodeError:
            return
        shown = "" if constructed else octets_shown(buf[first:last])
        child = item.leaf(tag_name(tag), base + pos, after - pos, buf[first:last].hex(), shown)
        if constructed:
            child.value, child.shown = None, "(constructed)"
            _fill(child, buf, first, last, base, depth + 1, left)
        pos = after
