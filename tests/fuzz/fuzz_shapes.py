"""Mutations that know a shape: elements of BER and of XML are moved as wholes, lengths stay right.

Blind changes of octets seldom get past the first length or the first angle bracket.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from random import Random

from fuzz_mutation import LONGEST, mutate
from lxml import etree

from custodes.wire.ber.errors import BERDecodeError
from custodes.wire.ber.tlv import header, identifier, length_octets

Mutator = Callable[[bytes, list[bytes], Random], bytes]


class _Element:
    """One TLV: its tag, and either octets or elements."""

    def __init__(self, tag: int, octets: bytes, inside: list[_Element] | None) -> None:
        self.tag, self.octets, self.inside = tag, octets, inside

    def write(self, random: Random) -> bytes:
        contents = self.octets
        if self.inside is not None:
            contents = b"".join(one.write(random) for one in self.inside)
        lead = identifier(self.tag, self.inside is not None)
        form = random.randrange(12)
        if form == 0 and self.inside is not None:
            return lead + b"\x80" + contents + b"\0\0"
        if form == 1:
            return lead + b"\x84" + len(contents).to_bytes(4, "big") + contents
        return lead + length_octets(len(contents)) + contents


def _read(octets: bytes, pos: int, end: int, depth: int, into: list[_Element]) -> None:
    while pos < end:
        tag, constructed, start, stop, pos = header(octets, pos, end)
        inside: list[_Element] | None = None
        if constructed and depth < 40:
            inside = []
            _read(octets, start, stop, depth + 1, inside)
        into.append(_Element(tag, octets[start:stop], inside))


def _lists(elements: list[_Element]) -> list[list[_Element]]:
    found = [elements]
    for element in elements:
        if element.inside is not None:
            found += _lists(element.inside)
    return found


def _tree(octets: bytes) -> list[_Element]:
    tree: list[_Element] = []
    _read(octets, 0, len(octets), 0, tree)
    return tree


def ber(octets: bytes, others: list[bytes], random: Random) -> bytes:
    """A changed tree of elements, in any legal form; blind where it is no tree."""
    try:
        tree, other = _tree(octets), _tree(random.choice(others))
    except BERDecodeError:
        return mutate(octets, others, random)
    lists, foreign = _lists(tree), [one for found in _lists(other) for one in found]
    for _ in range(random.randint(1, 4)):
        chosen = random.choice([found for found in lists if found] or [tree])
        at = random.randrange(len(chosen) + 1)
        match random.randrange(7):
            case 0:
                del chosen[at : at + 1]
            case 1 if chosen:
                chosen.insert(at, random.choice(chosen))
            case 2 if foreign:
                chosen.insert(at, random.choice(foreign))
            case 3:
                random.shuffle(chosen)
            case 4 if chosen:
                chosen[at % len(chosen)].tag ^= random.choice((1, 2, 3, 32, 0x80 << 24))
            case 5 if chosen:
                one = chosen[at % len(chosen)]
                one.octets = mutate(one.octets, others, random)[:300]
            case _ if chosen:
                one = chosen[at % len(chosen)]
                one.inside, one.octets = None, one.octets * random.choice((0, 1, 2, 9))
    return b"".join(one.write(random) for one in tree)[:LONGEST]


def xml(octets: bytes, others: list[bytes], random: Random) -> bytes:
    """A changed tree of elements, blind one time in four and where it is no document."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(octets, parser)
        other = etree.fromstring(random.choice(others), parser)
    except (etree.XMLSyntaxError, ValueError):
        return mutate(octets, others, random)
    if random.randrange(4) == 0:
        return mutate(octets, others, random)
    for _ in range(random.randint(1, 3)):
        nodes = [node for node in root.iter() if isinstance(node.tag, str)]
        _change(random.choice(nodes), root, other, random)
    return etree.tostring(root)[:LONGEST]


TEXTS = (
    "",
    " ",
    "0",
    "-1",
    "9" * 30,
    "true",
    "A" * 500,
    "\u00fc",
    "2026-02-30T00:00:00Z",
    "v1.0.0",
)


def _change(node: etree._Element, root: etree._Element, other: etree._Element, r: Random) -> None:
    parent = node.getparent()
    foreign = deepcopy(r.choice([one for one in other.iter() if isinstance(one.tag, str)]))
    match r.randrange(6):
        case 0 if parent is not None:
            parent.remove(node)
        case 1:
            node.text = r.choice(TEXTS)
        case 2 if parent is not None:
            parent.insert(0, deepcopy(node))
        case 3:
            node.insert(r.randint(0, len(node)), foreign)
        case 4:
            name = "{http://www.w3.org/2001/XMLSchema-instance}" + r.choice(("type", "nil"))
            node.set(name, r.choice(("x1:PingRequest", "x1:ErrorResponse", "x1:", ":", "true")))
        case _:
            node.tag = r.choice([one.tag for one in root.iter() if isinstance(one.tag, str)])
