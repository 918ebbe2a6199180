"""Every kind of alarm: who raises it, how grave it is, what it means and what people do about it.

The table of docs/operations.md is this one. An alarm never holds an identity of a target; its kind
holds none of an order either, so that it may stand in open metrics.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """``CRITICAL``: evidence is in danger, or something is done that nobody ordered. ``MAJOR``:
    product does not flow, or is lost to an order. ``MINOR``: look at it in office hours."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"


@dataclass(frozen=True, slots=True)
class AlarmKind:
    """``function`` raises it (report: every function that reports over X1). ``said``: words by
    which an alarm that is told in a sentence is known."""

    function: str
    kind: str
    severity: Severity
    meaning: str
    remedy: str
    said: str = ""


_C, _M, _m = Severity.CRITICAL, Severity.MAJOR, Severity.MINOR
_ELEMENT = "have the element mended"
_CONVERGE = "see `task list`; look at the element"
_PRESERVE = "preserve it; people decide"


def _of(function: str, *rows: tuple[str, Severity, str, str]) -> tuple[AlarmKind, ...]:
    return tuple(AlarmKind(function, *row) for row in rows)


_ADMF = (
    AlarmKind(
        "admf",
        "unissued_task",
        _C,
        "an element holds a task nobody ordered",
        _PRESERVE,
        "a task that was never issued",
    ),
    AlarmKind(
        "admf",
        "changed_task",
        _C,
        "a task is not as it was told",
        _PRESERVE,
        "a task that was changed",
    ),
    AlarmKind(
        "admf",
        "unissued_destination",
        _C,
        "a destination that nobody ordered",
        _PRESERVE,
        "a destination that was never issued",
    ),
    AlarmKind(
        "admf",
        "changed_destination",
        _C,
        "a destination is not as it was told",
        _PRESERVE,
        "a destination that was changed",
    ),
    AlarmKind(
        "admf",
        "unverified_approvals",
        _C,
        "an order that is not carried out",
        "preserve the database",
        "approvals that do not verify",
    ),
    AlarmKind(
        "admf",
        "damaged_order",
        _C,
        "an order that is not carried out",
        "preserve the database",
        "damaged in the database",
    ),
    AlarmKind(
        "admf",
        "refused",
        _M,
        "an element refuses a change for good",
        "see `ne status`",
        "is refused again and again",
    ),
)
_X1GATE = _of(
    "x1gate",
    ("refused", _M, "no grant covers it, or its element refused it", _CONVERGE),
    ("failed", _M, "no answer, or not as the schema says", _CONVERGE),
)
_POI = _of(
    "poi",
    ("blind", _M, "a session that cannot be attributed", "see `reason`"),
    ("link", _M, "delivery to an MDF failed; it tries again", "look at the mdf"),
    ("report", _M, "nothing was heard over X1 for too long", "look at admf and gate"),
)
_MDF_REFUSED = _of(
    "mdf",
    ("no_task", _M, "product for which no task is held", _CONVERGE),
    ("unexpected_element", _C, "of an element the order does not name", _PRESERVE),
    ("unexpected_subject", _C, "about another than the order's subject", _PRESERVE),
    ("outside_period", _M, "before an order's start or after its end", _CONVERGE),
    ("wrong_format", _M, "a payload format that is not mediated", _ELEMENT),
    ("wrong_interface", _M, "X3 on the MDF2, or X2 on the MDF3", _ELEMENT),
    ("undecodable", _M, "a payload that does not decode", _ELEMENT),
    ("unknown_event", _M, "a record that TS 33.128 does not have", _ELEMENT),
    ("mandatory_missing", _M, "a record without its mandatory fields", _ELEMENT),
    ("no_correlation", _M, "product without the correlation it needs", _ELEMENT),
    ("no_timestamp", _M, "product without a time", _ELEMENT),
    ("not_ip", _M, "content that is no IP packet", _ELEMENT),
    ("unencodable", _M, "product that the handover cannot carry", _ELEMENT),
)
_MDF = _of(
    "mdf",
    ("administration", _M, "nothing was heard over X1 for too long", "look at admf and gate"),
    ("damaged", _C, "a PDU in the outbox does not open: a hole", "preserve disk and key"),
    ("direction", _m, "an xIRI came with a direction not its event's", _ELEMENT),
    ("delivery", _M, "an agency cannot be reached, or its receiver errs", "call the agency"),
    ("gap", _M, "PDUs are missing, or numbers began anew", "look at the element"),
    ("intake", _M, "an X2 or X3 connection failed", "element; a habit to enrol?"),
    ("internal", _C, "a fault of ours ended a connection", "report it, with the log"),
    ("misrouted", _C, "a PDU nearly reached the wrong agency", "stop; report it"),
    ("outbox", _C, "the disk takes or gives back no product", "make room; see the disk"),
    ("over_quota", _C, "an agency's share is full: product is lost", "call the agency"),
    ("undelivered", _M, "product of a receiver not enrolled waits", "see enrolment"),
    ("unenrolled_peer", _M, "somebody not enrolled connected to an intake", "find out who"),
    ("x1", _C, "a task was accepted and not applied", "restart; report it"),
)
_LEMF = _of(
    "lemf",
    ("connection_failed", _m, "a connection of an mdf broke", "nothing, if it is made again"),
    ("failed", _C, "the evidence is damaged", "preserve the folder"),
    ("gap", _M, "numbers are missing or out of order", "ask the operator"),
    ("journal_cut", _m, "a torn end was cut; it is sent again", "nothing"),
    ("mended", _m, "files were made again from the journal", "nothing"),
    ("operator_message", _m, "the operator has sent a message", "read it"),
    ("refused", _M, "somebody not enrolled tried to connect", "find out who"),
    ("undecodable", _M, "it is no PS-PDU; it is kept whole", "ask the operator"),
    ("unexpected", _m, "a message that a receiver is not sent", "ask the operator"),
    ("unwritable", _C, "nothing can be written or taken in", "make room"),
)
_REPORT = _of(
    "report",
    ("lost", _M, "a report over X1 will not be sent", "read the function's log"),
    ("unsent", _m, "a report over X1 did not get through yet", "look at gate and admf"),
)

ALARMS = (*_ADMF, *_X1GATE, *_POI, *_MDF_REFUSED, *_MDF, *_LEMF, *_REPORT)


def admf_kind(what: str) -> str:
    """The kind of an administration's alarm, by its sentence; "" where the table has none."""
    return next((a.kind for a in _ADMF if a.said in what), "")
