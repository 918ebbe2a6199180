"""What TS 33.128 V19.7.0 says about each event: IRI type, CIN, direction, mandatory fields.

Facts come from two tables: ``facts.json``, generated from the standard's tables (clauses 6.2.2.3,
6.2.3.7 and their like), and ``readings.json``, kept by hand, for what only prose says or leaves
open, each with its reason. docs/interfaces/ts33128-records.md tells how to add a record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Any

from custodes.base.errors import EncodeError
from custodes.wire.ber.constructed import ChoiceNode
from custodes.wire.ber.member import Member
from custodes.wire.ber.node import UNKNOWN
from custodes.wire.ber.schema import load_table
from custodes.wire.iri.presence import mandatory, missing
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
    RELATED_IF_ANY = "that of the IRI this one belongs to; omitted where there is none"
    UNSPECIFIED = "the clause does not say"


class DirectionRule(Enum):
    """Which Payload Direction the xIRI carries on X2 (ETSI TS 103 221-2 clause 5.2.6)."""

    INITIATOR = "of who began the procedure: 2 to target, 3 from target (table 5.3.2-1)"
    NOT_APPLICABLE = "5, not applicable"
    OF_MESSAGE = "of the message that is reported: any of 1 to 5"

    def allows(self, direction: int) -> bool:
        return direction in _DIRECTIONS[self]


_DIRECTIONS: Mapping[DirectionRule, tuple[int, ...]] = {
    DirectionRule.INITIATOR: (2, 3),
    DirectionRule.NOT_APPLICABLE: (5,),
    DirectionRule.OF_MESSAGE: (1, 2, 3, 4, 5),
}


@dataclass(frozen=True, slots=True)
class EventRule:
    """``iri_types``: those that the clause allows, the one that is sent first; none where it says
    nothing. ``why`` says so, or why there is no IRI; "" where a table says everything."""

    event: str
    record: str
    iri_types: tuple[IRIType, ...]
    cin: CINRule
    direction: DirectionRule
    mandatory: tuple[str, ...]
    clause: str
    delivered: bool
    """Whether an IRI can have it: three xIRIs never leave the operator's network as such."""
    why: str = ""

    @property
    def iri_type(self) -> IRIType | None:
        """The only one that the clause allows; None where it leaves that open."""
        return self.iri_types[0] if len(self.iri_types) == 1 else None

    @property
    def sent(self) -> IRIType | None:
        """What the MDF2 puts into iRIType; None: it leaves the field out."""
        return self.iri_types[0] if self.iri_types else None


@cache
def _facts() -> dict[str, Any]:
    return load_table("custodes.wire.iri", "facts")


@cache
def _readings() -> dict[str, Any]:
    return load_table("custodes.wire.iri", "readings")


@cache
def rule_for(event_name: str) -> EventRule:
    """Raises EncodeError for an event without a rule: the module does not know it."""
    read = _readings()["events"].get(event_name)
    entry = read or _facts()["events"].get(event_name)
    if entry is None:
        raise EncodeError("TS 33.128 has no rules for an event of this name")
    record, kinds, cin, clause = entry[:4]
    direction, _ = _facts()["directions"].get(event_name, ("INITIATOR", "5.3.2"))
    return EventRule(
        event=event_name,
        record=record,
        iri_types=tuple(IRIType[kind] for kind in kinds.split()),
        cin=CINRule[cin],
        direction=DirectionRule[direction],
        mandatory=mandatory().get(record, ()),
        clause=clause,
        delivered=_alternative("IRIEvent", event_name) is not None,
        why=_readings()["reasons"][read[4]] if read else "",
    )


def check_mandatory(event: tuple[str, Any]) -> None:
    """Raises EncodeError naming every mandatory field the record or a structure in it lacks, and
    every condition of ``presence`` that it does not obey.

    An event that the module does not know has no table here and passes as it came.
    """
    if event[0] == UNKNOWN:
        return
    member = _alternative("XIRIEvent", event[0]) or _alternative("IRIEvent", event[0])
    if member is None:
        raise EncodeError("TS 33.128 has no event of this name")
    lacking = list(missing(member.node, event[1], event[0]))
    if lacking:
        raise EncodeError(
            f"mandatory fields are missing: {', '.join(lacking)}",
            remedy="a record without them is not sent (TS 33.128, M column of its table)",
        )


def _alternative(choice: str, event_name: str) -> Member | None:
    node = schema().type(MODULE, choice)
    assert isinstance(node, ChoiceNode)  # noqa: S101 - the module says so
    return node.member(event_name)
