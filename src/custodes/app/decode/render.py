"""A message as lines for people: pieces of text with the name of their style. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from custodes.app.decode.item import Fault, Item, Shape
from custodes.app.decode.message import Message
from custodes.app.decode.readable import moment, printable

Piece = tuple[str, str]
Line = list[Piece]
"""Pieces of (text, style); style is head, name, value, note, place, bad, breach or empty."""

_INDENT = "  "


def lines(message: Message, offsets: bool = False) -> Iterator[Line]:
    """The headline, then the tree."""
    item = message.item
    where = f" {message.stream}" if message.stream else ""
    time = f" {moment(message.time_ns)}" if message.time_ns is not None else ""
    place = f" octet {item.offset}, {item.length} octets"
    yield [(f"{printable(message.source)}{where}{time}{place}", "head")]
    yield from _item(item, 1, offsets)
    yield []


def _item(item: Item, depth: int, offsets: bool) -> Iterator[Line]:
    label, shown, children, last = _head(item, offsets)
    line: Line = []
    if offsets:
        line.append((f"{item.offset:>8} {item.length:>6}  ", "place"))
    line.append((_INDENT * depth + printable(label), "name"))
    if shown:
        line += [(": ", ""), (printable(shown), "value")]
    if note := last.note or item.note:
        line.append((f"  -- {printable(note)}", "note"))
    yield line
    margin = " " * (17 if offsets else 0) + _INDENT * (depth + 1)
    faults = [*item.faults, *(last.faults if last is not item else [])]
    yield from (_breach(fault, margin) for fault in faults if not fault.undecodable)
    bad = sorted((f for f in faults if f.undecodable), key=lambda f: f.offset)
    for child in children:
        while bad and bad[0].offset < child.offset:
            yield _bad(bad.pop(0), margin)
        yield from _item(child, depth + 1, offsets)
    for fault in bad:
        yield _bad(fault, margin)


def _head(item: Item, offsets: bool) -> tuple[str, str, list[Item], Item]:
    """(label, value, children, the item whose value it is): what fits on one line is one line."""
    if item.name == "attribute" and len(item.children) == 3 and not offsets:
        kind, _, value = item.children
        named = Item(item.name, item.offset, item.length, note=item.note, faults=value.faults)
        return f"attribute {kind.shown}", _shown(value), value.children, named
    last, label = item, item.name
    while last.shape is Shape.CHOICE and len(last.children) == 1 and not offsets:
        if last.faults or last.note:
            break
        last = last.children[0]
        label = f"{label} / {last.name}"
    return label, _shown(last), last.children, last


def _shown(item: Item) -> str:
    if item.shape is Shape.NESTED and item.children:
        return f"{item.length} octets" if not item.shown else item.shown
    if item.shown or item.value is None:
        return item.shown
    return str(item.value)


def _bad(fault: Fault, margin: str) -> Line:
    expected = f"; expected: {fault.expected}" if fault.expected else ""
    return [(f"{margin}!! octet {fault.offset}: {printable(fault.what + expected)}", "bad")]


def _breach(fault: Fault, margin: str) -> Line:
    return [(f"{margin}!  {printable(fault.what)}", "breach")]
