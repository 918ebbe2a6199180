"""Random values of any type of the tables, so that no type goes untried."""

from __future__ import annotations

from random import Random
from typing import Any

from custodes.wire.ber.constructed import ChoiceNode, ListNode, SequenceNode
from custodes.wire.ber.member import OPTIONAL
from custodes.wire.ber.node import Node
from custodes.wire.ber.primitive import Boolean, Enumerated, Integer, Null, ObjectIdentifier
from custodes.wire.ber.strings import BitString, CharacterString, OctetString

TIMES = ("20260101000000Z", "20261231235959.25Z", "20260704120000Z")
LETTERS = {12: "aB9 ü€𝄞", 18: "0123456789", 19: "Ab 9'()+,-./:=?", 22: "a@_~", 26: "a ~!"}


def value(node: Node, random: Random, depth: int = 0) -> Any:
    """A value within the bounds of the module; deep down only what must be there."""
    if isinstance(node, SequenceNode):
        return {
            member.name: value(member.node, random, depth + 1)
            for member in node.members
            if member.presence != OPTIONAL or (depth < 8 and random.random() < 0.5)
        }
    if isinstance(node, ListNode):
        least = max(1, node.low or 0)
        count = min(random.randint(least, least + 2 * (depth < 8)), node.high or least + 2)
        return [value(node.item.node, random, depth + 1) for _ in range(count)]
    if isinstance(node, ChoiceNode):
        member = random.choice(node.members if depth < 12 else node.members[:1])
        return member.name, value(member.node, random, depth + 1)
    return leaf(node, random)


def leaf(node: Node, random: Random) -> Any:
    if isinstance(node, Integer):
        low = -(1 << 40) if node.low is None else node.low
        high = 1 << 64 if node.high is None else node.high
        return random.choice((low, high, random.randint(low, high)))
    if isinstance(node, Enumerated):
        return random.choice(sorted(node.numbers))
    if isinstance(node, Boolean):
        return random.random() < 0.5
    if isinstance(node, Null):
        return None
    if isinstance(node, ObjectIdentifier):
        tail = tuple(random.choice((0, 1, 127, 128, 1 << 20)) for _ in range(random.randint(1, 5)))
        return tail if node.relative else (random.choice((0, 1)), 4, *tail)
    if isinstance(node, OctetString):
        return random.randbytes(size(node.low, node.high, random))
    if isinstance(node, BitString):
        bits = size(node.low, node.high, random)
        return random.getrandbits(bits) if bits else 0, bits
    assert isinstance(node, CharacterString)
    if node.tag == 24:
        return random.choice(TIMES)
    length = size(node.low, node.high, random)
    return "".join(random.choice(LETTERS[node.tag]) for _ in range(length))


def size(low: int | None, high: int | None, random: Random) -> int:
    least = low or 0
    return random.randint(least, min(least + 20, high if high is not None else least + 20))
