"""What TS 33.128 V19.7.0 says about each event: IRI type, CIN, mandatory fields.

IRI types and CIN rules: the tables of clauses 6.2.2.3, 6.2.3.7 and their like. Mandatory fields:
the M column of the table of each record and of each structure inside it; a field that the module
has OPTIONAL for the sake of old decoders may still be mandatory there (gTPTunnelInfo).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Any

from custodes.base.errors import EncodeError
from custodes.wire.ber.constructed import ChoiceNode, ListNode, SequenceNode
from custodes.wire.ber.node import UNKNOWN, Node
from custodes.wire.ber.schema import load_table
from custodes.wire.iri.schema import MODULE, schema


class IRIType(Enum):
    """ETSI TS 102 232-1 clause 5.2.10; the value is the name in LI-PS-PDU."""

    BEGIN = "iRI-Begin"
    END = "iRI-End"
    CONTINUE = "iRI-Continue"
    REPORT = "iRI-Report"


class CINRule(Enum):
    """Which communication identity number an IRI of the event carries."""

    OMITTED = "omitted"
    SESSION = "the same for every IRI and CC of one session, connection or key identifier"
    NEW = "a new one for each message"
    RELATED = "that of the IRI this one belongs to"
    UNSPECIFIED = "the clause does not say"


@dataclass(frozen=True, slots=True)
class EventRule:
    """``iri_type`` is None where the clause leaves it open."""

    event: str
    record: str
    iri_type: IRIType | None
    cin: CINRule
    mandatory: tuple[str, ...]
    clause: str


@cache
def _facts() -> dict[str, Any]:
    return load_table("custodes.wire.iri", "facts")


def rule_for(event_name: str) -> EventRule:
    """Raises EncodeError for an event without a rule (unknown, or never an IRI by itself)."""
    try:
        record, kind, cin, clause = _facts()["events"][event_name]
    except KeyError:
        raise EncodeError("TS 33.128 has no IRI type for an event of this name") from None
    mandatory = tuple(_facts()["mandatory"].get(record, ()))
    iri_type = IRIType[kind] if kind else None
    return EventRule(event_name, record, iri_type, CINRule[cin], mandatory, clause)


def check_mandatory(event: tuple[str, Any]) -> None:
    """Raises EncodeError naming every mandatory field the record or a structure in it lacks.

    An event that the module does not know has no table here and passes as it came.
    """
    if event[0] == UNKNOWN:
        return
    choice = schema().type(MODULE, "XIRIEvent")
    assert isinstance(choice, ChoiceNode)  # noqa: S101 - the module says so
    member = choice.member(event[0])
    if member is None:
        choice = schema().type(MODULE, "IRIEvent")
        assert isinstance(choice, ChoiceNode)  # noqa: S101
        member = choice.member(event[0])
    if member is None:
        raise EncodeError("TS 33.128 has no event of this name")
    missing = list(_missing(member.node, event[1], event[0]))
    if missing:
        raise EncodeError(
            f"mandatory fields are missing: {', '.join(missing)}",
            remedy="a record without them is not sent (TS 33.128, M column of its table)",
        )


def _missing(node: Node, value: Any, path: str) -> Iterator[str]:
    if isinstance(node, SequenceNode) and isinstance(value, dict):
        mandatory = _facts()["mandatory"].get(node.name, ())
        yield from (f"{path}.{name}" for name in mandatory if name not in value)
        for member in node.members:
            if member.name in value:
                yield from _missing(member.node, value[member.name], f"{path}.{member.name}")
    elif isinstance(node, ListNode) and isinstance(value, list | tuple):
        for at, entry in enumerate(value):
            yield from _missing(node.item.node, entry, f"{path}[{at}]")
    elif isinstance(node, ChoiceNode) and isinstance(value, tuple) and len(value) == 2:
        alternative = node.member(str(value[0]))
        if alternative is not None:
            yield from _missing(alternative.node, value[1], f"{path}.{value[0]}")
