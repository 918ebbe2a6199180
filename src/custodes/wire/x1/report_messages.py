"""Reports of an element to its administration (TS 103 221-1 clauses 6.5.2 to 6.5.4)."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from custodes.base.ids import DID, XID
from custodes.wire.x1.body import OKAckAndCompleteBody, OKBody, RequestBody
from custodes.wire.x1.common import D_ID, INTEGER, STRING, X_ID
from custodes.wire.x1.extension import Extension
from custodes.wire.x1.fields import many, one, optional, sequence
from custodes.wire.x1.operations import RequestMessageType
from custodes.wire.x1.simple import enumeration


class TaskReportType(StrEnum):
    ALL_CLEAR = "AllClear"
    WARNING = "Warning"
    NON_TERMINATING_FAULT = "NonTerminatingFault"
    TERMINATING_FAULT = "TerminatingFault"
    IMPLICIT_DEACTIVATION = "ImplicitDeactivation"
    FULLY_ACTIONED_AND_SUCCESSFUL = "FullyActionedAndSuccessful"
    FULLY_ACTIONED_AND_UNSUCCESSFUL = "FullyActionedAndUnsuccessful"


class TypeOfNeIssueMessage(StrEnum):
    WARNING = "Warning"
    FAULT_CLEARED = "FaultCleared"
    FAULT_REPORT = "FaultReport"
    ALERT = "Alert"


_REPORT_TYPE = enumeration("TaskReportType", TaskReportType)


@sequence
class ReportTaskIssueRequest(RequestBody):
    operation: ClassVar[RequestMessageType] = RequestMessageType.REPORT_TASK_ISSUE
    xId: XID = one(X_ID)
    taskReportType: TaskReportType = one(_REPORT_TYPE)
    taskIssueErrorCode: int | None = optional(INTEGER)
    taskIssueDetails: str | None = optional(STRING)
    taskIssueExtensions: tuple[Extension, ...] = many(Extension)


@sequence
class ReportTaskIssueResponse(OKBody):
    pass


@sequence
class ReportDestinationIssueRequest(RequestBody):
    operation: ClassVar[RequestMessageType] = RequestMessageType.REPORT_DESTINATION_ISSUE
    dId: DID = one(D_ID)
    destinationReportType: TaskReportType = one(_REPORT_TYPE)
    destinationIssueErrorCode: int | None = optional(INTEGER)
    destinationIssueDetails: str | None = optional(STRING)


@sequence
class ReportDestinationIssueResponse(OKBody):
    pass


@sequence
class ReportNEIssueRequest(RequestBody):
    operation: ClassVar[RequestMessageType] = RequestMessageType.REPORT_NE_ISSUE
    typeOfNeIssueMessage: TypeOfNeIssueMessage = one(
        enumeration("TypeOfNeIssueMessage", TypeOfNeIssueMessage)
    )
    description: str = one(STRING)
    issueCode: int | None = optional(INTEGER)
    nEIssueExtensions: tuple[Extension, ...] = many(Extension)


@sequence
class ReportNEIssueResponse(OKAckAndCompleteBody):
    """The one acknowledgement that must say completed."""
