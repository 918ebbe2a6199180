"""Random values of any type of TS 33.128 that are complete by its rules, not by ASN.1 alone."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from asn1_values import leaf

from custodes.wire.ber.constructed import ChoiceNode, ListNode, SequenceNode
from custodes.wire.ber.member import OPTIONAL
from custodes.wire.ber.node import Node
from custodes.wire.iri.presence import conditions, mandatory

Path = tuple[str | int, ...]


def whole(node: Node, random: Random, depth: int = 0) -> Any:
    """A value that lacks nothing; deep down only what must be there."""
    if isinstance(node, SequenceNode):
        wanted = chosen(node, random, depth)
        return {
            member.name: whole(member.node, random, depth + 1)
            for member in node.members
            if member.name in wanted
        }
    if isinstance(node, ListNode):
        count = max(1, node.low or 0)
        return [whole(node.item.node, random, depth + 1) for _ in range(count)]
    if isinstance(node, ChoiceNode):
        member = random.choice(node.members)
        return member.name, whole(member.node, random, depth + 1)
    return leaf(node, random)


def chosen(node: SequenceNode, random: Random, depth: int) -> set[str]:
    """Which components a value has."""
    wanted = {m.name for m in node.members if m.presence != OPTIONAL}
    wanted.update(mandatory().get(node.name, ()))
    wanted.update(m.name for m in node.members if depth < 4 and random.random() < 0.4)
    for condition in conditions().get(node.name, ()):
        fields = list(condition.fields)
        random.shuffle(fields)
        have = [name for name in fields if name in wanted]
        wanted.update(fields[: max(0, condition.least - len(have))])
        if condition.most is not None:
            wanted.difference_update(have[condition.most :])
    return wanted


def records(node: Node, value: Any, path: Path = ()) -> Iterator[tuple[str, dict[str, Any], Path]]:
    """Each SEQUENCE in a value: its type's name, itself, and how to get there."""
    if isinstance(node, SequenceNode):
        yield node.name, value, path
        for member in node.members:
            if member.name in value:
                yield from records(member.node, value[member.name], (*path, member.name))
    elif isinstance(node, ListNode):
        for at, entry in enumerate(value):
            yield from records(node.item.node, entry, (*path, at))
    elif isinstance(node, ChoiceNode):
        alternative = node.member(value[0])
        assert alternative is not None
        yield from records(alternative.node, value[1], (*path, value[0]))


def shown(path: Path) -> str:
    """A path as the check writes it."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
