"""An element reports; its administration takes the report in and knows whose it is."""

from __future__ import annotations

from typing import Any

import pytest
from x1_scene import D2, NOW, Ids, X

from custodes.session.x1.events import DestinationIssue, NEIssue, TaskIssue
from custodes.session.x1.reports import ReportReceiver
from custodes.session.x1.requester import Completed, Refused, Requester
from custodes.wire.x1.leniency import Leniency, Tolerated
from custodes.wire.x1.liveness_messages import PingRequest
from custodes.wire.x1.message import TopLevelErrorResponse, decode_response
from custodes.wire.x1.report_messages import (
    ReportDestinationIssueRequest,
    ReportNEIssueRequest,
    ReportTaskIssueRequest,
    TaskReportType,
    TypeOfNeIssueMessage,
)
from custodes.wire.x1.task_messages import DeactivateTaskRequest

TASK = ReportTaskIssueRequest(xId=X, taskReportType=TaskReportType.WARNING, taskIssueErrorCode=9010)
PLACE = ReportDestinationIssueRequest(dId=D2, destinationReportType=TaskReportType.ALL_CLEAR)
ELEMENT = ReportNEIssueRequest(typeOfNeIssueMessage=TypeOfNeIssueMessage.ALERT, description="x")


@pytest.fixture
def receiver() -> ReportReceiver:
    return ReportReceiver("x1gate")


def say(receiver: ReportReceiver, *bodies: Any, admf: str = "x1gate", peer: str = "ne-1") -> Any:
    requester = Requester(admfIdentifier=admf, neIdentifier="ne-1", ids=Ids())
    return requester.response(receiver.handle(requester.request(bodies, NOW), peer, NOW))


def test_every_report_is_acknowledged_and_becomes_an_event(receiver: ReportReceiver) -> None:
    assert say(receiver, TASK, PLACE, ELEMENT, PingRequest()) == [Completed()] * 4
    assert [receiver.next_event() for _ in range(4)] == [
        TaskIssue("ne-1", TASK),
        DestinationIssue("ne-1", PLACE),
        NEIssue("ne-1", ELEMENT),
        None,
    ]


@pytest.mark.parametrize(("code", "more"), [(1050, {"peer": "ne-2"}), (1040, {"admf": "another"})])
def test_a_report_under_another_name_is_refused(
    receiver: ReportReceiver, code: int, more: dict[str, str]
) -> None:
    [result] = say(receiver, ELEMENT, **more)
    assert isinstance(result, Refused)
    assert result.code == code
    assert receiver.next_event() is None


def test_an_administration_takes_no_tasks(receiver: ReportReceiver) -> None:
    [result] = say(receiver, DeactivateTaskRequest(xId=X))
    assert isinstance(result, Refused)
    assert result.code == 1080


def test_what_is_no_request_gets_the_top_level_error(receiver: ReportReceiver) -> None:
    answer = decode_response(receiver.handle(b"x", "ne-1", NOW))
    assert isinstance(answer, TopLevelErrorResponse)
    assert (answer.header.admfIdentifier, answer.header.neIdentifier) == ("x1gate", "ne-1")


def test_a_report_with_three_digits_is_taken_only_where_configured_and_told() -> None:
    requester = Requester(admfIdentifier="x1gate", neIdentifier="ne-1", ids=Ids(), version="v1.6.1")
    octets = requester.request([ELEMENT], NOW).replace(b"05.678901Z", b"05.678Z")
    for lenient in (False, True):
        receiver = ReportReceiver("x1gate", leniency=Leniency(millisecondTimes=lenient))
        answer = receiver.handle(octets, "ne-1", NOW)
        assert receiver.next_event() == (NEIssue("ne-1", ELEMENT) if lenient else None)
        assert [use.kind for use in receiver.uses] == [Tolerated.MILLISECOND_TIME] * lenient
        assert (b"ErrorResponse" in answer) is not lenient
    receiver.handle(requester.request([ELEMENT], NOW), "ne-1", NOW)
    assert receiver.uses == ()


def test_an_element_is_answered_in_its_own_version() -> None:
    receiver = ReportReceiver("x1gate", version="v1.9.1")
    top_level = decode_response(receiver.handle(b"x", "ne-1", NOW))
    assert isinstance(top_level, TopLevelErrorResponse)
    assert top_level.header.version == "v1.9.1"
    for sent, answered in (("v1.6.1", "v1.6.1"), ("v1.5.1", "v1.9.1")):
        requester = Requester(admfIdentifier="x1gate", neIdentifier="ne-1", ids=Ids(), version=sent)
        messages = decode_response(receiver.handle(requester.request([ELEMENT], NOW), "ne-1", NOW))
        assert isinstance(messages, tuple)
        assert [m.header.version for m in messages] == [answered]
