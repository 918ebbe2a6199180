"""What an X1 session tells its function."""

from __future__ import annotations

from dataclasses import dataclass

from custodes.wire.x1.destination import DestinationDetails
from custodes.wire.x1.report_messages import (
    ReportDestinationIssueRequest,
    ReportNEIssueRequest,
    ReportTaskIssueRequest,
)
from custodes.wire.x1.task import TaskDetails


@dataclass(frozen=True, slots=True)
class TaskActivated:
    details: TaskDetails


@dataclass(frozen=True, slots=True)
class TaskModified:
    old: TaskDetails
    new: TaskDetails


@dataclass(frozen=True, slots=True)
class TaskDeactivated:
    details: TaskDetails


@dataclass(frozen=True, slots=True)
class DestinationCreated:
    details: DestinationDetails


@dataclass(frozen=True, slots=True)
class DestinationModified:
    old: DestinationDetails
    new: DestinationDetails


@dataclass(frozen=True, slots=True)
class DestinationRemoved:
    details: DestinationDetails


ElementEvent = (
    TaskActivated
    | TaskModified
    | TaskDeactivated
    | DestinationCreated
    | DestinationModified
    | DestinationRemoved
)


@dataclass(frozen=True, slots=True)
class TaskIssue:
    neIdentifier: str
    report: ReportTaskIssueRequest


@dataclass(frozen=True, slots=True)
class DestinationIssue:
    neIdentifier: str
    report: ReportDestinationIssueRequest


@dataclass(frozen=True, slots=True)
class NEIssue:
    neIdentifier: str
    report: ReportNEIssueRequest


ReportEvent = TaskIssue | DestinationIssue | NEIssue
