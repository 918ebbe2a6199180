"""A type as our tables have it beside the same type as pycrate has it, walked together."""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random
from typing import Any

from asn1_oracle import plain
from asn1_values import leaf

from custodes.wire.ber.constructed import ChoiceNode, ListNode, SequenceNode
from custodes.wire.ber.member import OPTIONAL
from custodes.wire.ber.node import Node
from custodes.wire.ber.primitive import Integer, Null, ObjectIdentifier
from custodes.wire.ber.raw import Raw

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
from pycrate_values import height, sample

DEEP = 3
UTC_TIME = 23
EDGES = (0, 127, 128, 255, 256, 32767, 32768, 1 << 31, -1, -128, -129, -32768, -32769)
"""Where an INTEGER becomes an octet longer."""


def ours(node: Node, kind: Any, random: Random, depth: int = 0) -> Any:
    """A value by our tables; ``kind`` helps with what they keep as octets only."""
    if isinstance(node, SequenceNode):
        return {
            member.name: ours(member.node, kind._cont[member.name], random, depth + 1)
            for member in node.members
            if member.presence != OPTIONAL or (depth < DEEP and random.random() > 0.5)
        }
    if isinstance(node, ListNode):
        least = max(1, node.low or 0)
        count = min(random.randint(least, least + (depth < DEEP)), node.high or least + 1)
        return [ours(node.item.node, kind._cont, random, depth + 1) for _ in range(count)]
    if isinstance(node, ChoiceNode):
        members = list(node.members)
        if depth >= DEEP:
            members.sort(key=lambda member: height(kind._cont[member.name]))
            members = members[:1]
        member = random.choice(members)
        return member.name, ours(member.node, kind._cont[member.name], random, depth + 1)
    if isinstance(node, Raw) or contained(kind) is not None:
        return octets_of(kind, sample(kind, random, DEEP))
    if isinstance(node, ObjectIdentifier) and getattr(kind, "_const_val", None) is not None:
        return sample(kind, random)
    if isinstance(node, Integer) and random.random() > 0.5:
        fits = [n for n in EDGES if (node.low is None or n >= node.low)
                and (node.high is None or n <= node.high)]  # fmt: skip
        return random.choice(fits or [node.low])
    if node.tag == UTC_TIME:
        return random.choice(("260704123059Z", "2601010000Z"))
    return leaf(node, random)


def contained(kind: Any) -> Any:
    """The type in an OCTET STRING that says what it contains; we keep the octets."""
    return getattr(kind, "_const_cont", None)


def octets_of(kind: Any, value: Any) -> bytes:
    """What pycrate writes for the value of a component."""
    inner = contained(kind)
    if inner is not None:
        inner.set_val(value[1])
        return bytes(inner.to_ber())
    kind.set_val(value)
    return bytes(kind.to_ber())


def as_ours(node: Node, kind: Any, value: Any) -> Any:
    """pycrate's value in our shape."""
    if isinstance(node, SequenceNode):
        nodes = {member.name: member.node for member in node.members}
        return {n: as_ours(nodes[n], kind._cont[n], inner) for n, inner in value.items()}
    if isinstance(node, ListNode):
        return [as_ours(node.item.node, kind._cont, inner) for inner in value]
    if isinstance(node, ChoiceNode):
        name, inner = value
        member = node.member(name)
        assert member is not None, name
        return name, as_ours(member.node, kind._cont[name], inner)
    if isinstance(node, Raw) or contained(kind) is not None:
        return octets_of(kind, value)
    if node.tag == UTC_TIME:
        return "".join(filter(None, value))
    return None if isinstance(node, Null) else plain(value)
