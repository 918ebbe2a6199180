"""A message as lines for people: pieces of text with the name of their style. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from custodes.app.decode import window
from custodes.app.decode.item import Fault, Item, Severity, Shape, located
from custodes.app.decode.message import Message
from custodes.app.decode.readable import moment, printable

Piece = tuple[str, str]
Line = list[Piece]
"""Pieces of (text, style); style is head, name, value, note, place, bad, octets, mark, breach or
empty."""

_INDENT = "  "
_FAR = 20  # what is said below a fault is not indented further: it is wide


def lines(message: Message, offsets: bool = False) -> Iterator[Line]:
    """The headline, then the tree."""
    item = message.item
    where = f" {message.stream}" if message.stream else ""
    time = f" {moment(message.time_ns)}" if message.time_ns is not None else ""
    place = f" octet {item.offset}, {item.length} octets"
    yield [(f"{printable(message.source)}{where}{time}{place}", "head")]
    yield from _Tree(message, offsets).item(item, 1)
    yield []


class _Tree:
    """The lines of one message's elements, with or without their places."""

    def __init__(self, message: Message, offsets: bool) -> None:
        self._octets, self._base = message.octets, message.item.offset
        self._offsets = offsets
        self._is_text = message.kind == "x1"
        self._paths = {
            id(fault): path
            for path, part in (located(message.item) if message.faults else ())
            for fault in part.faults
        }

    def item(self, item: Item, depth: int) -> Iterator[Line]:
        label, shown, children, last = _head(item, self._offsets)
        line: Line = []
        if self._offsets:
            line.append((f"{item.offset:>8} {item.length:>6}  ", "place"))
        line.append((_INDENT * depth + printable(label), "name"))
        if shown:
            line += [(": ", ""), (printable(shown), "value")]
        if note := last.note or item.note:
            line.append((f"  -- {printable(note)}", "note"))
        yield line
        margin = " " * (17 if self._offsets else 0) + _INDENT * (depth + 1)
        faults = [*item.faults, *(last.faults if last is not item else [])]
        yield from (_readable(fault, margin) for fault in faults if not fault.undecodable)
        bad = sorted((f for f in faults if f.undecodable), key=lambda f: f.offset)
        for child in children:
            while bad and bad[0].offset < child.offset:
                yield from self._bad(bad.pop(0), margin)
            yield from self.item(child, depth + 1)
        for fault in bad:
            yield from self._bad(fault, margin)

    def _bad(self, fault: Fault, margin: str) -> Iterator[Line]:
        expected = f"; expected: {fault.expected}" if fault.expected else ""
        yield [(f"{margin}!! octet {fault.offset}: {printable(fault.what + expected)}", "bad")]
        margin = margin[:_FAR]
        option = f"; --lenient {fault.option} reads it" if fault.option else ""
        about = f"in {self._paths[id(fault)]}; fault: {fault.blame}{option}"
        yield [(f"{margin}   {printable(about)}", "bad")]
        rows = window.text_rows if self._is_text else window.rows
        found = rows(self._octets, self._base, fault.offset)
        if found is not None:
            yield [(f"{margin}{found[0]}", "octets")]
            yield [(f"{margin}{found[1]}", "mark")]


def _head(item: Item, offsets: bool) -> tuple[str, str, list[Item], Item]:
    """(label, value, children, the item whose value it is): what fits on one line is one line."""
    if item.name == "attribute" and len(item.children) == 3 and not offsets:
        kind, _, value = item.children
        named = Item(item.name, item.offset, item.length, note=item.note)
        named.faults = [fault for part in item.children for fault in part.faults]
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
        return f"{len(str(item.value)) // 2} octets"
    if item.shown or item.value is None:
        return item.shown
    return str(item.value)


def _readable(fault: Fault, margin: str) -> Line:
    if fault.severity is Severity.TOLERATED:
        return [(f"{margin}~  tolerated by {fault.option}: {printable(fault.what)}", "breach")]
    return [(f"{margin}!  {printable(fault.what)}", "breach")]
