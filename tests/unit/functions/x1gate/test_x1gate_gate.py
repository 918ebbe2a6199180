"""The gate: what no grant covers goes nowhere, and nothing foreign goes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from custodes.base.errors import CustodesError
from custodes.base.ids import LIID, XID
from custodes.model.address import Address
from custodes.model.grant import Grant
from custodes.session.x1.requester import Completed, Refused, Requester
from custodes.wire.x1.body import RequestBody
from custodes.wire.x1.codes import ErrorCode
from custodes.wire.x1.destination_messages import CreateDestinationRequest, RemoveDestinationRequest
from custodes.wire.x1.extension import grants_of
from custodes.wire.x1.liveness_messages import PingRequest
from custodes.wire.x1.message import decode_request, decode_response
from custodes.wire.x1.report_messages import ReportNEIssueRequest, TypeOfNeIssueMessage
from custodes.wire.x1.target import TargetIdentifier
from custodes.wire.x1.task import (
    DeliveryType,
    ListOfDIDs,
    MediationDetails,
    ServiceType,
    TaskDetails,
)
from custodes.wire.x1.task_messages import (
    ActivateTaskRequest,
    DeactivateTaskRequest,
    ModifyTaskRequest,
)
from unit.functions.x1gate.x1gate_scene import (
    AMF,
    HI2_DID,
    INTAKE,
    MDF2,
    NOW,
    ONE,
    TWO,
    X2_DID,
    XID_1,
    Scene,
    destination,
    grant,
    intent,
    mdf_entry,
    mdf_task,
    order,
    poi_task,
)


@pytest.fixture
def scene() -> Scene:
    return Scene()


def activate(details: TaskDetails) -> RequestBody:
    return ActivateTaskRequest(taskDetails=details)


async def test_what_two_officers_approved_goes_on(scene: Scene) -> None:
    assert await scene.ask("amf", destination(grant())) == [Completed()]
    assert await scene.ask("amf", activate(poi_task(grant()))) == [Completed()]
    assert await scene.ask("mdf2", activate(mdf_task(grant()))) == [Completed()]
    assert scene.sent == ["amf CreateDestination", "amf ActivateTask", "mdf2 ActivateTask"]


async def test_reading_and_stopping_need_no_grant(scene: Scene) -> None:
    bodies = [PingRequest(), DeactivateTaskRequest(xId=XID_1), RemoveDestinationRequest(dId=X2_DID)]
    assert await scene.ask("amf", *bodies) == [Completed()] * 3
    assert [line[2] for line in scene.journal.lines] == ["completed"] * 3


def unapproved() -> dict[str, Grant | None]:
    second = replace(order(), reference="order-2")
    return {
        "none": None,
        "one officer": grant(officers=(ONE,)),
        "one officer twice": grant(officers=(ONE, ONE)),
        "an officer nobody enrolled": grant(officers=(ONE, replace(TWO, fingerprint="99" * 32))),
        "approvals of another intent": replace(grant(), approvals=grant(intent(second)).approvals),
    }


@pytest.mark.parametrize("name", unapproved())
async def test_without_two_approvals_nothing_goes_on(scene: Scene, name: str) -> None:
    held = [g for g in [unapproved()[name]] if g is not None]
    [task] = await scene.ask("amf", activate(poi_task(*held)))
    assert isinstance(task, Refused)
    assert task.code == ErrorCode.ACTIVATION_FAILED
    [sent] = await scene.ask("amf", destination(*held))
    assert isinstance(sent, Refused)
    assert scene.sent == []
    assert {line[2] for line in scene.journal.lines} == {"refused"}


async def test_an_order_that_has_ended_starts_nothing(scene: Scene) -> None:
    scene.clock.time = order().end
    for body in (activate(poi_task(grant())), destination(grant())):
        [result] = await scene.ask("amf", body)
        assert isinstance(result, Refused)
        assert "has ended" in result.text
    assert scene.sent == []


async def test_an_order_that_has_not_begun_taps_nothing_yet(scene: Scene) -> None:
    scene.clock.time = NOW
    later = replace(order(), start=NOW + timedelta(minutes=1))
    [result] = await scene.ask("amf", activate(poi_task(grant(intent(later)))))
    assert isinstance(result, Refused)
    assert scene.sent == []


WIDER: dict[str, dict[str, Any]] = {
    "another subject": {"targetIdentifiers": (TargetIdentifier("supiimsi", "001010000000002"),)},
    "a second subject": {
        "targetIdentifiers": (
            TargetIdentifier("supiimsi", "001010000000001"),
            TargetIdentifier("supiimsi", "001010000000002"),
        )
    },
    "another XID": {"xId": XID(X2_DID.value)},
    "content": {"deliveryType": DeliveryType.X3_ONLY},
    "both": {"deliveryType": DeliveryType.X2_AND_X3},
    "the agency's destination on a POI": {"listOfDIDs": ListOfDIDs(dId=(HI2_DID,))},
    "no destination": {"listOfDIDs": ListOfDIDs()},
    "a product under another XID": {"productID": XID_1},
    "a service nobody ordered": {"listOfServiceTypes": (ServiceType.VOICE,)},
    "implicit deactivation": {"implicitDeactivationAllowed": True},
    "a correlation": {"correlationID": 1},
    "mediation on a POI": {"listOfMediationDetails": (mdf_entry(),)},
}


@pytest.mark.parametrize("name", WIDER)
async def test_a_task_wider_than_its_grant_is_refused(scene: Scene, name: str) -> None:
    for kind in (ActivateTaskRequest, ModifyTaskRequest):
        details = replace(poi_task(grant()), **WIDER[name])
        [result] = await scene.ask("amf", kind(taskDetails=details))
        assert isinstance(result, Refused), name
    assert scene.sent == []


ENTRIES: dict[str, dict[str, Any]] = {
    "another LIID": {"LIID": LIID("LI-2")},
    "no end": {"EndTime": None},
    "no start": {"StartTime": None},
    "past the end": {"EndTime": order().end + timedelta(seconds=1)},
    "before the start": {"StartTime": order().start - timedelta(seconds=1)},
    "another destination": {"listOfDIDs": ListOfDIDs(dId=(X2_DID,))},
    "no destination": {"listOfDIDs": None},
}


@pytest.mark.parametrize("name", ENTRIES)
async def test_an_entry_wider_than_its_grant_is_refused(scene: Scene, name: str) -> None:
    entry: MediationDetails = replace(mdf_entry(), **ENTRIES[name])
    [result] = await scene.ask("mdf2", activate(mdf_task(grant(), entry=entry)))
    assert isinstance(result, Refused), name
    assert scene.sent == []


async def test_a_mediation_task_without_entries_is_refused(scene: Scene) -> None:
    details = replace(mdf_task(grant()), listOfMediationDetails=())
    [result] = await scene.ask("mdf2", activate(details))
    assert isinstance(result, Refused)
    [result] = await scene.ask("mdf2", activate(poi_task(grant())))
    assert isinstance(result, Refused)
    assert scene.sent == []


@pytest.mark.parametrize(
    "body",
    [
        destination(grant(), address=Address("192.0.2.66", INTAKE.port)),
        destination(grant(), address=Address(INTAKE.host, INTAKE.port + 1)),
        destination(grant(), did=HI2_DID),
        destination(),
    ],
    ids=["another host", "another port", "another DID", "no grant"],
)
async def test_a_destination_nobody_approved_is_refused(scene: Scene, body: RequestBody) -> None:
    [result] = await scene.ask("amf", body)
    assert isinstance(result, Refused)
    assert scene.sent == []


async def test_one_uncovered_message_refuses_the_whole_request(scene: Scene) -> None:
    results = await scene.ask("amf", activate(poi_task(grant())), destination(), PingRequest())
    assert all(isinstance(r, Refused) for r in results)
    assert scene.sent == []


async def test_a_message_in_another_name_refuses_the_whole_request(scene: Scene) -> None:
    results = await scene.ask("amf", PingRequest(), peer=AMF)
    assert all(isinstance(r, Refused) for r in results)
    assert scene.sent == []


async def test_the_grant_goes_only_to_functions_that_check_it(scene: Scene) -> None:
    await scene.ask("amf", activate(poi_task(grant())), destination(grant()))
    await scene.ask("amf-foreign", activate(poi_task(grant())), destination(grant()))
    carried = []
    for _, body in scene.elements.sent:
        if isinstance(body, ActivateTaskRequest):
            carried.append(bool(grants_of(body.taskDetails.taskDetailsExtensions)))
        if isinstance(body, CreateDestinationRequest):
            details = body.destinationDetails
            carried.append(bool(grants_of(details.destinationDetailsExtensions)))
            assert details.friendlyName is None, "a name nobody approved does not go on"
    assert carried == [True, True, False, False]


async def test_octets_that_are_no_x1_get_a_top_level_error(scene: Scene) -> None:
    answer = await scene.gate.relay("amf", b"<no/>", AMF)
    assert not isinstance(decode_response(answer), tuple)
    assert scene.sent == []


async def test_a_report_is_answered_and_told_in_the_gates_own_words(scene: Scene) -> None:
    requester = Requester(admfIdentifier="x1gate", neIdentifier="mdf2", ids=scene.ids)
    body = ReportNEIssueRequest(
        typeOfNeIssueMessage=TypeOfNeIssueMessage("Warning"), description="unknown XID"
    )
    octets = requester.request([body], NOW)
    assert requester.response(await scene.gate.report(octets, MDF2)) == [Completed()]
    [forwarded] = scene.administration.received
    [message] = decode_request(forwarded)
    assert message.body == body
    assert (message.header.admfIdentifier, message.header.neIdentifier) == ("admf", "mdf2")


async def test_a_report_that_the_administration_has_not_is_not_answered(scene: Scene) -> None:
    requester = Requester(admfIdentifier="x1gate", neIdentifier="mdf2", ids=scene.ids)
    body = ReportNEIssueRequest(
        typeOfNeIssueMessage=TypeOfNeIssueMessage("Warning"), description="unknown XID"
    )
    octets = requester.request([body], NOW)
    scene.administration.away = True
    with pytest.raises(CustodesError):
        await scene.gate.report(octets, MDF2)
    assert scene.journal.lines[-1] == ("mdf2", "ReportNEIssue", "not forwarded")
    scene.administration.away = False
    assert requester.response(await scene.gate.report(octets, MDF2)) == [Completed()]


async def test_a_report_in_another_elements_name_is_not_told(scene: Scene) -> None:
    requester = Requester(admfIdentifier="x1gate", neIdentifier="mdf2", ids=scene.ids)
    body = ReportNEIssueRequest(
        typeOfNeIssueMessage=TypeOfNeIssueMessage("Warning"), description="not mine"
    )
    [result] = requester.response(await scene.gate.report(requester.request([body], NOW), AMF))
    assert isinstance(result, Refused)
    assert scene.administration.received == []


async def test_an_element_that_is_away_is_named_with_what_it_was_asked(scene: Scene) -> None:
    scene.elements.away = True
    with pytest.raises(CustodesError, match="no answer"):
        await scene.ask("amf", activate(poi_task(grant())))
    assert scene.journal.lines == [("amf", "ActivateTask", "failed")]
