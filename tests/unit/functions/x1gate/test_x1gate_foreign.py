"""Codes that are none of the standard's become words, and no words become an identity."""

from __future__ import annotations

from uuid import UUID

import pytest

from custodes.base.ids import DID, XID
from custodes.functions.x1gate.foreign import Report, in_words, report_in_words
from custodes.session.x1.events import DestinationIssue, NEIssue, ReportEvent, TaskIssue
from custodes.session.x1.requester import Refused
from custodes.wire.x1.codes import ErrorCode
from custodes.wire.x1.leniency import Tolerated, Use
from custodes.wire.x1.report_messages import (
    ReportDestinationIssueRequest,
    ReportNEIssueRequest,
    ReportTaskIssueRequest,
    TaskReportType,
    TypeOfNeIssueMessage,
)

WARNING = TaskReportType.WARNING


def task(code: int | None, details: str | None) -> TaskIssue:
    return TaskIssue(
        "ne",
        ReportTaskIssueRequest(
            xId=XID(UUID(int=1)),
            taskReportType=WARNING,
            taskIssueErrorCode=code,
            taskIssueDetails=details,
        ),
    )


def place(code: int | None, details: str | None) -> DestinationIssue:
    return DestinationIssue(
        "ne",
        ReportDestinationIssueRequest(
            dId=DID(UUID(int=2)),
            destinationReportType=WARNING,
            destinationIssueErrorCode=code,
            destinationIssueDetails=details,
        ),
    )


def element(code: int | None, details: str | None) -> NEIssue:
    return NEIssue(
        "ne",
        ReportNEIssueRequest(
            typeOfNeIssueMessage=TypeOfNeIssueMessage.ALERT,
            description=details or "",
            issueCode=code,
        ),
    )


REPORTS = {
    "taskIssueErrorCode": task,
    "destinationIssueErrorCode": place,
    "issueCode": element,
}


def report_of(event: ReportEvent) -> Report:
    return event.report


@pytest.mark.parametrize("code", ErrorCode)
def test_a_code_of_the_standard_goes_on_as_it_is(code: ErrorCode) -> None:
    assert in_words(Refused(code, "why")) == Refused(code, "why")
    for make in REPORTS.values():
        event = make(code, "why")
        assert report_in_words(event) == (report_of(event), ())


@pytest.mark.parametrize(
    ("code", "number"),
    [(77001, "77 001"), (-5, "-5"), (0, "0"), (999_999, "999 999"), (1001, "1 001")],
)
def test_a_foreign_code_is_told_in_words(code: int, number: str) -> None:
    told = f"the element's own error {number}: why"
    assert in_words(Refused(code, "why")) == Refused(1000, told)
    for field, make in REPORTS.items():
        use = Use(Tolerated.FOREIGN_ERROR_CODE, f"x1RequestMessage/{field}")
        assert report_in_words(make(code, "why")) == (report_of(make(None, told)), (use,))


@pytest.mark.parametrize("code", [1_000_000, -1_000_000, 491700000001, 10**4000])
def test_a_number_as_long_as_a_subscribers_is_not_spelled_out(code: int) -> None:
    assert in_words(Refused(code, "")).text == "the element's own error too long to be one"


def test_a_report_without_a_code_is_left_alone() -> None:
    for make in REPORTS.values():
        event = make(None, "why")
        assert report_in_words(event) == (report_of(event), ())
