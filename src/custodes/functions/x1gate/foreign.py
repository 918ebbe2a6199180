"""Error codes that are none of the standard's: to the administration they go as text.

The schema allows any integer, so no leniency is needed to read one. But our own interface knows the
standard's codes only (TS 103 221-1 clause 6.7), and nobody of ours may act on another's numbers.
"""

from __future__ import annotations

from dataclasses import replace

from custodes.session.x1.events import DestinationIssue, ReportEvent, TaskIssue
from custodes.session.x1.requester import Refused
from custodes.wire.x1.codes import ErrorCode
from custodes.wire.x1.leniency import Tolerated, Use
from custodes.wire.x1.report_messages import (
    ReportDestinationIssueRequest,
    ReportNEIssueRequest,
    ReportTaskIssueRequest,
)

Report = ReportTaskIssueRequest | ReportDestinationIssueRequest | ReportNEIssueRequest
_CODES = frozenset(int(code) for code in ErrorCode)
_LONGEST = 10**6


def in_words(refused: Refused) -> Refused:
    """The same refusal with a code of the standard's."""
    if not is_foreign(refused.code):
        return refused
    return Refused(ErrorCode.GENERIC, _text(refused.code, refused.text))


def report_in_words(event: ReportEvent) -> tuple[Report, tuple[Use, ...]]:
    """The same report without a foreign code, and where that code stood."""
    if isinstance(event, TaskIssue):
        of_task = event.report
        code, details = of_task.taskIssueErrorCode, of_task.taskIssueDetails
        if code is None or not is_foreign(code):
            return of_task, ()
        told = replace(of_task, taskIssueErrorCode=None, taskIssueDetails=_text(code, details))
        return told, (_use("taskIssueErrorCode"),)
    if isinstance(event, DestinationIssue):
        place = event.report
        code, details = place.destinationIssueErrorCode, place.destinationIssueDetails
        if code is None or not is_foreign(code):
            return place, ()
        words = _text(code, details)
        place = replace(place, destinationIssueErrorCode=None, destinationIssueDetails=words)
        return place, (_use("destinationIssueErrorCode"),)
    of_element = event.report
    if of_element.issueCode is None or not is_foreign(of_element.issueCode):
        return of_element, ()
    words = _text(of_element.issueCode, of_element.description)
    return replace(of_element, issueCode=None, description=words), (_use("issueCode"),)


def is_foreign(code: int) -> bool:
    return code not in _CODES


def _text(code: int, text: str | None) -> str:
    # In groups of three: the administration takes longer runs of digits for an identity. A number
    # as long as a subscriber's is no code at all.
    number = f"{code:,}".replace(",", " ") if abs(code) < _LONGEST else "too long to be one"
    return f"the element's own error {number}" + (f": {text}" if text else "")


def _use(field: str) -> Use:
    return Use(Tolerated.FOREIGN_ERROR_CODE, f"x1RequestMessage/{field}")
