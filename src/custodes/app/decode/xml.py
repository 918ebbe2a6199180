"""XML to a tree with the octet offset of every element (expat knows it, libxml2 does not).

No document type, hence no entities of a peer's making; depth and octets are bounded.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.parsers import expat

from custodes.app.decode import meaning
from custodes.app.decode.item import Item, Shape

MAX_DEPTH = 48
MAX_ELEMENTS = 200_000
PIECE = 1 << 16
_XSI_TYPE = "http://www.w3.org/2001/XMLSchema-instance type"
_WRAP, _UNWRAP = b"<_>", b"</_>"


class _Stop(Exception):  # noqa: N818 - leaves expat's callbacks, never this module
    def __init__(self, what: str, expected: str) -> None:
        self.what, self.expected = what, expected


@dataclass
class _Builder:
    root: Item
    base: int
    stack: list[Item] = field(default_factory=list)
    texts: list[list[str]] = field(default_factory=list)
    count: int = 0
    last: int = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self.stack) >= MAX_DEPTH:
            raise _Stop("elements nest too deep", f"at most {MAX_DEPTH} levels")
        self.count += 1
        if self.count > MAX_ELEMENTS:
            raise _Stop("too many elements", f"at most {MAX_ELEMENTS}")
        _, _, local = name.rpartition(" ")
        parent = self.stack[-1] if self.stack else self.root
        item = parent.sub(local, self.base + self.parser.CurrentByteIndex, 0, Shape.STRUCT)
        item.note = meaning.x1_field(local) or meaning.x1_message(local)
        for key, value in attributes.items():
            child = item.leaf(key.rpartition(" ")[2], item.offset, 0, value)
            if key == _XSI_TYPE:
                local_type = value.rpartition(":")[2]
                child.value, child.note = local_type, meaning.x1_message(local_type)
        self.stack.append(item)
        self.texts.append([])

    def text(self, data: str) -> None:
        if self.texts:
            self.texts[-1].append(data)

    def end(self, _name: str) -> None:
        item, pieces = self.stack.pop(), self.texts.pop()
        self.last = self.base + self.parser.CurrentByteIndex
        item.length = self.last - item.offset
        value = "".join(pieces)
        if not item.children:
            item.shape, item.value = Shape.LEAF, value
        elif value.strip():
            item.leaf("text", item.offset, item.length, value)

    def doctype(self, *_: object) -> None:
        raise _Stop("a document type definition", "none (X1 has no use for it)")

    parser: expat.XMLParserType = field(init=False)


def fill(root: Item, octets: bytes, base: int, start: int = 0) -> int:
    """The elements of the document at ``start`` below ``root``; where the document ends.

    ``base``: offset of the first of ``octets`` in the source.
    """
    builder = _Builder(root, base + start)
    parser = _parser(builder, " ")
    pos, stop = start, len(octets)
    try:
        # In pieces: what follows a document is not read for each document again.
        while pos < len(octets):
            parser.Parse(octets[pos : pos + PIECE], pos + PIECE >= len(octets))
            pos += PIECE
    except _Stop as error:
        root.bad(base + start + parser.CurrentByteIndex, error.what, error.expected)
    except expat.ExpatError as error:
        at = start + max(parser.ErrorByteIndex, 0)
        if error.code == _JUNK and root.children:
            stop = at
        elif root.children and not builder.stack:
            # The document is whole: what follows is something else.
            stop = octets.find(b">", builder.last - base) + 1
        else:
            root.bad(base + at, str(expat.ErrorString(error.code)), "well-formed XML")
    except ValueError:
        root.bad(base + start, "XML that cannot be read", "well-formed XML in UTF-8")
    for item in builder.stack:
        item.length = base + stop - item.offset
    for item in root.walk():
        _close(item, octets, base)
    return stop


def _parser(builder: _Builder, separator: str | None) -> expat.XMLParserType:
    parser = expat.ParserCreate(encoding="utf-8", namespace_separator=separator)
    parser.buffer_text = True
    builder.parser = parser
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    parser.StartDoctypeDeclHandler = builder.doctype
    return parser


_JUNK = expat.errors.codes[expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT]


def _close(item: Item, octets: bytes, base: int) -> None:
    """An end tag is part of its element: expat says where it starts."""
    stop = item.offset - base + item.length
    if octets[stop : stop + 2] == b"</" or (item.children and not item.length):
        found = octets.find(b">", stop)
        if found >= 0:
            item.length = found + 1 - (item.offset - base)


def fragment(parent: Item, octets: bytes, base: int) -> None:
    """Children from the XML of an X2/X3 attribute: content of X1's TargetIdentifier element.

    It carries no root and may use prefixes that are declared nowhere, so names are read as they
    stand. What is no XML is said as a breach: the attribute itself is sound text.
    """
    scratch = Item("_", base, len(octets), Shape.STRUCT)
    parser = _parser(_Builder(scratch, base - len(_WRAP)), None)
    try:
        parser.Parse(_WRAP + octets + _UNWRAP, True)
    except (_Stop, expat.ExpatError, ValueError):
        parent.breach("the target identifier is not the XML that TS 103 221-2 5.3.18 asks for")
        return
    for item in scratch.walk():
        _close(item, octets, base)
    for child in scratch.children[0].children:
        if child.name != "text":
            child.name = child.name.rpartition(":")[2]
            parent.children.append(child)
