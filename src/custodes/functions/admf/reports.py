"""Reports of elements, as the gate passes them on: kept, shown, and the element read again."""

from __future__ import annotations

from datetime import datetime

from custodes.base.errors import DecodeError
from custodes.functions.admf.ports import ElementRepository, Log
from custodes.functions.admf.provisioner import Provisioner
from custodes.functions.admf.redact import redacted
from custodes.session.x1.events import DestinationIssue, NEIssue, TaskIssue
from custodes.session.x1.reports import ReportReceiver
from custodes.wire.x1.message import BadRequest, read_request


class Reports:
    """The administration's end of ReportTaskIssue, ReportDestinationIssue and ReportNEIssue."""

    def __init__(
        self,
        receiver: ReportReceiver,
        repository: ElementRepository,
        provisioner: Provisioner,
        log: Log,
    ) -> None:
        self._receiver = receiver
        self._repository = repository
        self._provisioner = provisioner
        self._log = log

    def handle(self, octets: bytes, gate: str, now: datetime) -> bytes:
        """The X1 answer to a request with reports; returns only when they are durable.

        The TLS peer is the gate (``gate``: its party's name), which has bound each message to the
        element that sent it and vouches for its neIdentifier.
        """
        answer = self._receiver.handle(octets, _vouched(octets) or gate, now)
        while (event := self._receiver.next_event()) is not None:
            self._keep(event, now)
        return answer

    def _keep(self, event: TaskIssue | DestinationIssue | NEIssue, now: datetime) -> None:
        name, report = event.neIdentifier, event.report
        xid = did = None
        if isinstance(event, TaskIssue):
            kind = str(event.report.taskReportType)
            code, text = event.report.taskIssueErrorCode, event.report.taskIssueDetails
            xid = str(event.report.xId)
        elif isinstance(event, DestinationIssue):
            kind = str(event.report.destinationReportType)
            code = event.report.destinationIssueErrorCode
            text = event.report.destinationIssueDetails
            did = str(event.report.dId)
        else:
            kind = str(event.report.typeOfNeIssueMessage)
            code, text = event.report.issueCode, event.report.description
        message = type(report).__name__.removesuffix("Request")
        detail = redacted(text or "")
        self._repository.add_report(
            name, now, message, kind, xid=xid, did=did, code=code, detail=detail
        )
        self._log.warning("admf.report", ne=name, message=message, type=kind, code=code)
        self._provisioner.refresh(name)


def _vouched(octets: bytes) -> str | None:
    """The one element that every message of a request is about."""
    try:
        messages = read_request(octets)
    except DecodeError:
        return None
    names = {
        m.neIdentifier if isinstance(m, BadRequest) else m.header.neIdentifier for m in messages
    }
    return names.pop() if len(names) == 1 else None
