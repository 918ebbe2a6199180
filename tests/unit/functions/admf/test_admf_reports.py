"""Reports through the gate: answered, kept, and the element read again."""

from __future__ import annotations

import pytest
from admf_scene import NOW, SUBJECT, Ids, Scene
from test_admf_provisioner import FakeX1, provisioner

from custodes.base.ids import DID, XID
from custodes.functions.admf.reports import Reports
from custodes.session.x1.reports import ReportReceiver
from custodes.session.x1.requester import Completed, Refused, Requester
from custodes.wire.x1.body import RequestBody
from custodes.wire.x1.liveness_messages import PingRequest
from custodes.wire.x1.report_messages import (
    ReportDestinationIssueRequest,
    ReportNEIssueRequest,
    ReportTaskIssueRequest,
    TaskReportType,
    TypeOfNeIssueMessage,
)
from custodes.wire.x1.task_messages import DeactivateTaskRequest

XID_ = XID.parse("00000000-0000-4000-8000-000000000001")
DID_ = DID(XID_.value)
TASK = ReportTaskIssueRequest(
    xId=XID_, taskReportType=TaskReportType.TERMINATING_FAULT, taskIssueErrorCode=3000
)
DESTINATION = ReportDestinationIssueRequest(
    dId=DID_,
    destinationReportType=TaskReportType.WARNING,
    destinationIssueDetails=f"for {SUBJECT}",
)
ELEMENT = ReportNEIssueRequest(
    typeOfNeIssueMessage=TypeOfNeIssueMessage.ALERT, description="blind", issueCode=9050
)


def report(scene: Scene, *bodies: RequestBody, ne: str = "upf") -> list[object]:
    handler = Reports(
        ReportReceiver("admf"), scene.store.elements, provisioner(scene, FakeX1()), scene.log
    )
    requester = Requester(admfIdentifier="admf", neIdentifier=ne, ids=Ids(900))
    octets = requester.request(bodies, NOW)
    return list(requester.response(handler.handle(octets, "x1gate", NOW)))


async def test_the_three_reports(scene: Scene) -> None:
    assert report(scene, TASK, DESTINATION, ELEMENT) == [Completed()] * 3
    element, destination, task = scene.store.elements.reports(ne_identifier="upf")
    assert (task.message, task.reportType, task.code) == (
        "ReportTaskIssue",
        "TerminatingFault",
        3000,
    )
    assert (task.xid, destination.did) == (str(XID_), str(DID_))
    assert destination.detail == "for …"
    assert (element.reportType, element.detail, element.code) == ("Alert", "blind", 9050)
    assert SUBJECT not in repr(scene.log.lines)


@pytest.mark.parametrize("body", [DeactivateTaskRequest(xId=XID_)])
async def test_nothing_else_is_taken(scene: Scene, body: RequestBody) -> None:
    (answer,) = report(scene, body)
    assert isinstance(answer, Refused)
    assert scene.store.elements.reports() == ()
    assert report(scene, PingRequest()) == [Completed()]


async def test_no_x1_is_answered_and_not_kept(scene: Scene) -> None:
    handler = Reports(
        ReportReceiver("admf"), scene.store.elements, provisioner(scene, FakeX1()), scene.log
    )
    assert b"X1TopLevelErrorResponse" in handler.handle(b"<no/>", "x1gate", NOW)
    assert scene.store.elements.reports() == ()
