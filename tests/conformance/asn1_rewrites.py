"""Rewrites BER octets: other forms of the same value, and what later modules would add."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

from custodes.wire.ber.constructed import ChoiceNode, ListNode, SequenceNode
from custodes.wire.ber.member import Member
from custodes.wire.ber.node import UNKNOWN, Node
from custodes.wire.ber.raw import Raw
from custodes.wire.ber.tlv import header, length_octets

LATER = 5000
"""A context tag that no published type has."""


def elements(octets: bytes) -> Iterator[tuple[bytes, bool, bytes]]:
    """(identifier octets, constructed, contents) of each element, any form of length."""
    pos = 0
    while pos < len(octets):
        _, constructed, start, end, after = header(octets, pos, len(octets))
        stop = pos + 1
        if octets[pos] & 0x1F == 0x1F:
            while octets[stop] & 0x80:
                stop += 1
            stop += 1
        yield octets[pos:stop], constructed, octets[start:end]
        pos = after


def shortest(octets: bytes) -> bytes:
    """The same elements with definite lengths in the fewest octets."""
    out = b""
    for tag, constructed, contents in elements(octets):
        inner = shortest(contents) if constructed else contents
        out += tag + length_octets(len(inner)) + inner
    return out


def lengthened(octets: bytes, random: Random) -> bytes:
    """Lengths in more octets than they need, here and there."""
    out = b""
    for tag, constructed, contents in elements(octets):
        inner = lengthened(contents, random) if constructed else contents
        length = length_octets(len(inner))
        if random.random() < 0.5:
            width = random.randint(max(1, len(length) - 1), 6)
            length = bytes((0x80 | width,)) + len(inner).to_bytes(width, "big")
        out += tag + length + inner
    return out


def indefinite(octets: bytes, random: Random) -> bytes:
    """Constructed elements with an indefinite length, here and there."""
    out = b""
    for tag, constructed, contents in elements(octets):
        inner = indefinite(contents, random) if constructed else contents
        if constructed and random.random() < 0.5:
            out += tag + b"\x80" + inner + b"\0\0"
        else:
            out += tag + length_octets(len(inner)) + inner
    return out


class Growth:
    """Adds unknown components to extensible SEQUENCEs and, where asked for, puts unknown
    alternatives into extensible CHOICEs. pycrate's object says what is extensible."""

    def __init__(self, random: Random, alternatives: bool) -> None:
        self.random = random
        self.alternatives = alternatives
        self.added: list[bytes] = []

    def later(self) -> bytes:
        """One element of a later module; each is another one."""
        number = LATER + len(self.added)
        contents = bytes(self.random.getrandbits(8) for _ in range(self.random.randint(0, 3)))
        if self.random.random() < 0.5:
            contents = b"\x04" + bytes((len(contents),)) + contents
            found = b"\xbf"
        else:
            found = b"\x9f"
        found += bytes((0x80 | number >> 7, number & 0x7F, len(contents))) + contents
        self.added.append(found)
        return found

    def element(self, node: Node, kind: Any, octets: bytes) -> bytes:
        """A whole element of the type."""
        if isinstance(node, ChoiceNode):
            return self.contents(node, kind, octets)
        [(tag, _, contents)] = elements(octets)
        inner = self.contents(node, kind, contents)
        return tag + length_octets(len(inner)) + inner

    def contents(self, node: Node, kind: Any, octets: bytes) -> bytes:
        if isinstance(node, SequenceNode):
            return self._sequence(node, kind, octets)
        if isinstance(node, ListNode):
            pieces = self._split(octets)
            return b"".join(self._member(node.item, kind._cont, piece) for piece in pieces)
        if not isinstance(node, ChoiceNode):
            return octets
        if self.alternatives and kind._ext is not None and self.random.random() > 0.7:
            return self.later()
        member = _by_tag(node.members, octets)
        return self._member(member, kind._cont[member.name], octets)

    def _sequence(self, node: SequenceNode, kind: Any, octets: bytes) -> bytes:
        out, left = b"", list(node.members)
        for piece in self._split(octets):
            member = _by_tag(left, piece)
            left = left[left.index(member) + 1 :]
            out += self._member(member, kind._cont[member.name], piece)
        if kind._ext is not None and self.random.random() > 0.3:
            out += self.later()
        return out

    def _member(self, member: Member, kind: Any, octets: bytes) -> bytes:
        if isinstance(member.node, Raw):
            return octets
        if member.tag is None and isinstance(member.node, ChoiceNode):
            inner = _by_tag(member.node.members, octets)  # untagged: another would be no component
            return self._member(inner, kind._cont[inner.name], octets)
        [(tag, _, contents)] = elements(octets)
        grown = self.contents(member.node, kind, contents)
        return tag + length_octets(len(grown)) + grown

    @staticmethod
    def _split(octets: bytes) -> list[bytes]:
        return [tag + length_octets(len(inner)) + inner for tag, _, inner in elements(octets)]


def _by_tag(members: Sequence[Member], octets: bytes) -> Member:
    tag = header(octets, 0, len(octets))[0]
    return next(member for member in members if tag in member.tags())


def unknowns(before: Any, after: Any) -> list[bytes]:
    """What ``after`` has beyond ``before``; AssertionError where they differ in anything else."""
    if isinstance(after, tuple) and len(after) == 2 and after[0] == UNKNOWN:
        return [after[1]]
    assert type(before) is type(after)
    found: list[bytes] = []
    if isinstance(before, dict):
        assert before.keys() == after.keys() - {UNKNOWN}
        for name, inner in before.items():
            found += unknowns(inner, after[name])
        return found + [octets for _, octets in after.get(UNKNOWN, ())]
    if isinstance(before, list | tuple):
        assert len(before) == len(after)
        for one, other in zip(before, after, strict=True):
            found += unknowns(one, other)
        return found
    assert before == after
    return found
