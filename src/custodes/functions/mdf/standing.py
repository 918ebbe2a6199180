"""What stands of each subject: so that an order that joins learns what was there before it.

One task serves several orders (ADR 0001). The element makes its start-of-interception records once;
for an order that joins later the MDF2 makes them (TS 33.128 V19.7.0, 5.2.1): of the registration
and of each PDU session that began under an earlier order and has not ended since.

Held in memory, per XID, and only while a task holds the XID.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from custodes.base.ids import XID
from custodes.functions.mdf.iri import Record
from custodes.wire.iri.rules import rule_for
from custodes.wire.iri.times import generalized_time_ns
from custodes.wire.x2x3.pdu import PDU

_REGISTERED = "startOfInterceptionWithRegisteredUE"
_ESTABLISHED = "startOfInterceptionWithEstablishedPDUSession"
# Fields of the former record that the start-of-interception record has under the same name
# (6.2.2.2.5, 6.2.3.2.5). Location is left out: where the subject was then is not where it is now.
_OF_REGISTRATION = (
    "registrationResult",
    "slice",
    "sUPI",
    "sUCI",
    "pEI",
    "gPSI",
    "gUTI",
    "non3GPPAccessEndpoint",
    "fiveGSTAIList",
)
_OF_SESSION = (
    "sUPI",
    "sUPIUnauthenticated",
    "pEI",
    "gPSI",
    "pDUSessionID",
    "gTPTunnelID",
    "pDUSessionType",
    "sNSSAI",
    "uEEndpoint",
    "non3GPPAccessEndpoint",
    "dNN",
    "aMFID",
    "hSMFURI",
    "requestType",
    "accessType",
    "rATType",
    "sMPDUDNRequest",
    "gTPTunnelInfo",
)
# A UE has 15 PDU sessions at most; what goes beyond this is not a UE's.
_MOST_SESSIONS = 64


@dataclass(frozen=True, slots=True)
class Stood:
    """A record as it came: made into a start-of-interception record when somebody joins."""

    record: Record
    pdu: PDU
    ns: int


@dataclass(slots=True)
class _Subject:
    registration: Stood | None = None
    sessions: dict[int, Stood] = field(default_factory=dict)


class Standing:
    """Not thread-safe: the mediator's."""

    def __init__(self) -> None:
        self._subjects: dict[XID, _Subject] = {}

    def take(self, xid: XID, stood: Stood) -> None:
        """Learn from one record that was mediated."""
        event, value = stood.record.rule.event, stood.record.value
        subject = self._subjects.setdefault(xid, _Subject())
        if event in ("registration", _REGISTERED):
            subject.registration = stood
        elif event == "deregistration":
            subject.registration = None
        elif event in ("pDUSessionEstablishment", _ESTABLISHED) and isinstance(value, dict):
            if len(subject.sessions) < _MOST_SESSIONS:
                subject.sessions[stood.record.correlation] = stood
        elif event == "pDUSessionRelease":
            subject.sessions.pop(stood.record.correlation, None)

    def forget(self, xid: XID) -> None:
        self._subjects.pop(xid, None)

    def starts(self, xid: XID) -> Iterator[Stood]:
        """What an order that joins now is told, as records of its own."""
        subject = self._subjects.get(xid, _Subject())
        if subject.registration is not None:
            yield _start(subject.registration, _REGISTERED, _OF_REGISTRATION, "timeOfRegistration")
        for session in subject.sessions.values():
            yield _start(session, _ESTABLISHED, _OF_SESSION, "timeOfSessionEstablishment")


def _start(stood: Stood, event: str, names: tuple[str, ...], began: str) -> Stood:
    if stood.record.rule.event == event:  # the element's own: it says when it began
        return stood
    before: Mapping[str, Any] = stood.record.value
    value = {name: before[name] for name in names if name in before}
    value[began] = generalized_time_ns(stood.ns)
    return replace(stood, record=replace(stood.record, rule=rule_for(event), value=value))
