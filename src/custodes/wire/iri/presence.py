"""What a record or a structure in it lacks: M columns and conditions of TS 33.128 V19.7.0.

M: a field that every table of the record marks so; one that the module has OPTIONAL for the sake
of old decoders may still be mandatory there (gTPTunnelInfo). Conditions: those few C that prose
turns into "at least one of" or "one and only one of" some fields, read by people; all other
conditions are about what an element knows, which no reader of the record can tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from custodes.wire.ber.constructed import ChoiceNode, ListNode, SequenceNode
from custodes.wire.ber.node import Node
from custodes.wire.ber.schema import load_table

_PACKAGE = "custodes.wire.iri"


@dataclass(frozen=True, slots=True)
class Condition:
    """Of ``fields``, ``least`` at least and ``most`` at most are there; None: any number."""

    fields: tuple[str, ...]
    least: int
    most: int | None
    clause: str
    where: str

    def breach(self, value: Mapping[str, Any]) -> str | None:
        """What a record does not obey, in a few words."""
        count = sum(name in value for name in self.fields)
        if count < self.least:
            return f"one of {'/'.join(self.fields)}"
        if self.most is not None and count > self.most:
            return f"only one of {'/'.join(self.fields)}"
        return None


@cache
def mandatory() -> Mapping[str, tuple[str, ...]]:
    """Record or structure -> its mandatory fields."""
    table = load_table(_PACKAGE, "facts")["mandatory"]
    return {record: tuple(names) for record, names in table.items()}


@cache
def conditions() -> Mapping[str, tuple[Condition, ...]]:
    """Record or structure -> its conditions."""
    table = load_table(_PACKAGE, "readings")["conditions"]
    return {
        record: tuple(
            Condition(tuple(names), least, most, clause, where)
            for names, least, most, clause, where in entries
        )
        for record, entries in table.items()
    }


def missing(node: Node, value: Any, path: str) -> Iterator[str]:
    """The path of each mandatory field that ``value`` or anything in it lacks, and what it would
    need to obey its conditions. Names of fields only."""
    if isinstance(node, SequenceNode) and isinstance(value, dict):
        yield from _of_record(node.name, value, path)
        for member in node.members:
            if member.name in value:
                yield from missing(member.node, value[member.name], f"{path}.{member.name}")
    elif isinstance(node, ListNode) and isinstance(value, list | tuple):
        for at, entry in enumerate(value):
            yield from missing(node.item.node, entry, f"{path}[{at}]")
    elif isinstance(node, ChoiceNode) and isinstance(value, tuple) and len(value) == 2:
        alternative = node.member(str(value[0]))
        if alternative is not None:
            yield from missing(alternative.node, value[1], f"{path}.{value[0]}")


def _of_record(record: str, value: Mapping[str, Any], path: str) -> Iterator[str]:
    yield from (f"{path}.{name}" for name in mandatory().get(record, ()) if name not in value)
    for condition in conditions().get(record, ()):
        breach = condition.breach(value)
        if breach:
            yield f"{path}: {breach} ({condition.clause})"
