"""An answer that was lost: the element did it, and is asked again."""

from __future__ import annotations

from typing import Any

import pytest
from x1_scene import D2, NOW, Dialogue, X, destination, task

from custodes.base.errors import ProtocolError
from custodes.session.x1.repeats import Outcome, outcome
from custodes.session.x1.requester import Acknowledged, Completed, Refused
from custodes.wire.x1.body import RequestBody
from custodes.wire.x1.destination_messages import (
    CreateDestinationRequest,
    ModifyDestinationRequest,
    RemoveDestinationRequest,
)
from custodes.wire.x1.liveness_messages import PingRequest
from custodes.wire.x1.operations import RequestMessageType
from custodes.wire.x1.task_messages import (
    ActivateTaskRequest,
    DeactivateTaskRequest,
    ModifyTaskRequest,
)

CREATE = CreateDestinationRequest(destinationDetails=destination())
ACTIVATE = ActivateTaskRequest(taskDetails=task())
HELD: tuple[RequestBody, ...] = (CREATE, ACTIVATE)
LOST: list[tuple[tuple[RequestBody, ...], Any, Any, Outcome]] = [
    ((CREATE,), ACTIVATE, Refused, Outcome.READ),
    (HELD, DeactivateTaskRequest(xId=X), Refused, Outcome.AS_ASKED),
    ((), CREATE, Refused, Outcome.READ),
    ((CREATE,), RemoveDestinationRequest(dId=D2), Refused, Outcome.AS_ASKED),
    (HELD, ModifyTaskRequest(taskDetails=task()), Completed, Outcome.AS_ASKED),
    (
        HELD,
        ModifyDestinationRequest(destinationDetails=destination(port=4001)),
        Completed,
        Outcome.AS_ASKED,
    ),
    ((), PingRequest(), Completed, Outcome.AS_ASKED),
]


@pytest.mark.parametrize(("before", "body", "kind", "expected"), LOST)
def test_a_repeat_on_a_real_element(
    before: tuple[RequestBody, ...], body: RequestBody, kind: type, expected: Outcome
) -> None:
    dialogue = Dialogue()
    if before:
        dialogue.say(*before)
    octets = dialogue.requester.request([body], NOW)
    lost = dialogue.element.handle(octets, "x1gate", NOW)
    held = (dict(dialogue.element.tasks), dict(dialogue.element.destinations))
    again = dialogue.requester.request([body], NOW)
    answer = dialogue.element.handle(again, "x1gate", NOW)
    (result,) = dialogue.requester.response(answer)
    assert isinstance(result, kind)
    assert outcome(body.operation, result) is expected
    assert (dict(dialogue.element.tasks), dict(dialogue.element.destinations)) == held
    dialogue.requester.request([body], NOW)
    with pytest.raises(ProtocolError):  # the lost answer, late, answers no repeat
        dialogue.requester.response(lost)


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        (RequestMessageType.ACTIVATE_TASK, 3000),
        (RequestMessageType.ACTIVATE_TASK, 2020),
        (RequestMessageType.DEACTIVATE_TASK, 2010),
        (RequestMessageType.DEACTIVATE_TASK, 4000),
        (RequestMessageType.MODIFY_TASK, 2020),
        (RequestMessageType.REMOVE_DESTINATION, 7010),
        (RequestMessageType.PING, 1000),
    ],
)
def test_any_other_refusal_is_one(operation: RequestMessageType, code: int) -> None:
    assert outcome(operation, Refused(code, "")) is Outcome.REFUSED


def test_an_acknowledgement_is_as_asked() -> None:
    assert outcome(RequestMessageType.ACTIVATE_TASK, Acknowledged()) is Outcome.AS_ASKED
