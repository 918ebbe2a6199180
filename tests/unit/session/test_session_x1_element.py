"""The element's side of X1, in dialogue with our own requester."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from x1_scene import (
    BOTH,
    D2,
    D3,
    GRANTS,
    IMSI,
    NOW,
    X2,
    X3,
    Consent,
    Dialogue,
    X,
    capabilities,
    destination,
    entry,
    task,
)

from custodes.base.errors import RefusedError
from custodes.base.ids import DID
from custodes.session.x1.acceptance import NoActivity, TaskActivity
from custodes.session.x1.events import (
    DestinationCreated,
    DestinationModified,
    DestinationRemoved,
    TaskActivated,
    TaskDeactivated,
    TaskModified,
)
from custodes.session.x1.refusal import X1Refused
from custodes.session.x1.requester import Answered, Completed, Refused
from custodes.wire.x1.bulk_messages import (
    DeactivateAllTasksRequest,
    GetAllDestinationDetailsRequest,
    GetAllDestinationDetailsResponse,
    GetAllTaskDetailsRequest,
    GetAllTaskDetailsResponse,
    RemoveAllDestinationsRequest,
)
from custodes.wire.x1.destination import DeliveryAddress
from custodes.wire.x1.destination_messages import (
    CreateDestinationRequest,
    GetDestinationDetailsRequest,
    ModifyDestinationRequest,
    RemoveDestinationRequest,
)
from custodes.wire.x1.error_messages import ErrorResponse
from custodes.wire.x1.extension import Extension, grants_extension
from custodes.wire.x1.fault import ErrorInformation
from custodes.wire.x1.header import Header
from custodes.wire.x1.leniency import Leniency, Tolerated
from custodes.wire.x1.liveness_messages import KeepaliveRequest, PingRequest
from custodes.wire.x1.message import (
    RequestMessage,
    TopLevelErrorResponse,
    decode_response,
    encode_request,
)
from custodes.wire.x1.object_messages import (
    DeleteAllObjectsRequest,
    GetAllGenericObjectDetailsRequest,
    GetObjectRequest,
)
from custodes.wire.x1.report_messages import ReportNEIssueRequest, TypeOfNeIssueMessage
from custodes.wire.x1.status_messages import (
    GetAllDetailsRequest,
    GetAllDetailsResponse,
    GetNEStatusRequest,
    GetNEStatusResponse,
    ListAllDetailsRequest,
    ListAllDetailsResponse,
    NeStatus,
)
from custodes.wire.x1.target import TargetIdentifier
from custodes.wire.x1.task import (
    ListOfDIDs,
    MediationDeliveryType,
    ProvisioningStatus,
    ServiceType,
)
from custodes.wire.x1.task_messages import (
    ActivateTaskRequest,
    DeactivateTaskRequest,
    GetTaskDetailsRequest,
    GetTaskDetailsResponse,
    ModifyTaskRequest,
)

CREATE = CreateDestinationRequest(destinationDetails=destination())
ACTIVATE = ActivateTaskRequest(taskDetails=task())


def code(result: Any) -> int | None:
    return result.code if isinstance(result, Refused) else None


@pytest.fixture
def dialogue() -> Dialogue:
    return Dialogue()


@pytest.fixture
def running(dialogue: Dialogue) -> Dialogue:
    assert dialogue.say(CREATE, ACTIVATE) == [Completed(), Completed()]
    dialogue.events()
    return dialogue


def test_several_messages_are_handled_in_order_and_make_events(dialogue: Dialogue) -> None:
    assert dialogue.say(CREATE, ACTIVATE) == [Completed(), Completed()]
    assert dialogue.events() == [DestinationCreated(destination()), TaskActivated(task())]
    assert dict(dialogue.element.tasks) == {X: task()}
    assert dict(dialogue.element.destinations) == {D2: destination()}


def test_a_task_before_its_destination_is_refused_and_the_rest_goes_on(dialogue: Dialogue) -> None:
    results = dialogue.say(ACTIVATE, CREATE, ACTIVATE)
    assert [code(r) for r in results] == [2040, None, None]
    assert len(dialogue.events()) == 2


def test_the_whole_life_of_a_task(running: Dialogue) -> None:
    new = task(correlationID=7)
    assert running.say(ModifyTaskRequest(taskDetails=new)) == [Completed()]
    assert running.say(DeactivateTaskRequest(xId=X), RemoveDestinationRequest(dId=D2)) == [
        Completed(),
        Completed(),
    ]
    assert running.events() == [
        TaskModified(task(), new),
        TaskDeactivated(new),
        DestinationRemoved(destination()),
    ]
    assert not running.element.tasks
    assert not running.element.destinations


OTHER = DID(UUID(int=9))
REFUSALS = [
    (2010, ACTIVATE),
    (2020, ModifyTaskRequest(taskDetails=task(xId=replace(X, value=UUID(int=1))))),
    (2020, DeactivateTaskRequest(xId=replace(X, value=UUID(int=1)))),
    (2020, GetTaskDetailsRequest(xId=replace(X, value=UUID(int=1)))),
    (2030, CREATE),
    (2040, ModifyDestinationRequest(destinationDetails=destination(OTHER))),
    (2040, RemoveDestinationRequest(dId=OTHER)),
    (2040, GetDestinationDetailsRequest(dId=OTHER)),
    (2040, ModifyTaskRequest(taskDetails=task(listOfDIDs=ListOfDIDs(dId=(OTHER,))))),
    (2040, ModifyTaskRequest(taskDetails=task(listOfDIDs=ListOfDIDs(dSId=(UUID(int=3),))))),
    (7010, RemoveDestinationRequest(dId=D2)),
    (6001, ModifyDestinationRequest(destinationDetails=destination(kind=X3))),
    (
        6020,
        CreateDestinationRequest(
            destinationDetails=replace(
                destination(OTHER), deliveryAddress=DeliveryAddress("uri", "https://192.0.2.1/")
            )
        ),
    ),
    (
        3010,
        ModifyTaskRequest(taskDetails=task(targetIdentifiers=(TargetIdentifier("imsi", IMSI),))),
    ),
    (
        3020,
        ModifyTaskRequest(
            taskDetails=task(targetIdentifiers=(TargetIdentifier("supiimsi", IMSI),) * 2)
        ),
    ),
    (3040, ModifyTaskRequest(taskDetails=task(deliveryType=X3))),
    (3040, ModifyTaskRequest(taskDetails=task(deliveryType=BOTH))),
    (3040, ModifyTaskRequest(taskDetails=task(listOfDIDs=ListOfDIDs()))),
    (3050, ModifyTaskRequest(taskDetails=task(listOfServiceTypes=(ServiceType.VOICE,)))),
    (3001, ModifyTaskRequest(taskDetails=task(listOfMediationDetails=(entry(),)))),
    (3001, ModifyTaskRequest(taskDetails=task(listOfTrafficPolicyReferences=()))),
    (
        1080,
        ReportNEIssueRequest(typeOfNeIssueMessage=TypeOfNeIssueMessage.ALERT, description="x"),
    ),
]


@pytest.mark.parametrize(("expected", "body"), REFUSALS)
def test_what_the_standard_refuses_has_its_code_and_changes_nothing(
    running: Dialogue, expected: int, body: Any
) -> None:
    tasks, destinations = dict(running.element.tasks), dict(running.element.destinations)
    asked = len(running.consent.asked)
    [result] = running.say(body)
    assert code(result) == expected
    assert isinstance(result, Refused)
    assert IMSI not in result.text
    assert (dict(running.element.tasks), dict(running.element.destinations)) == (
        tasks,
        destinations,
    )
    assert not running.events()
    assert len(running.consent.asked) == asked


def test_one_destination_only_where_that_is_all_an_element_can(dialogue: Dialogue) -> None:
    dialogue = Dialogue(capabilities=capabilities(severalDestinations=False))
    two = task(deliveryType=BOTH, listOfDIDs=ListOfDIDs(dId=(D2, D3)))
    created = CreateDestinationRequest(destinationDetails=destination(D3, X3))
    assert [code(r) for r in dialogue.say(CREATE, created)] == [None, None]
    assert code(dialogue.say(ActivateTaskRequest(taskDetails=two))[0]) == 3030


@pytest.mark.parametrize(
    ("error", "expected"), [(X1Refused(3010, "no"), 3010), (RefusedError("no grant"), 3000)]
)
def test_the_function_s_refusal_changes_nothing(error: Exception, expected: int) -> None:
    dialogue = Dialogue()
    dialogue.say(CREATE)
    dialogue.events()
    dialogue.consent.refusal = error
    [result] = dialogue.say(ACTIVATE)
    assert code(result) == expected
    assert not dialogue.element.tasks
    assert not dialogue.events()


def test_the_function_s_refusal_of_a_modification_keeps_the_old_task(running: Dialogue) -> None:
    running.consent.refusal = RefusedError("no grant")
    changed = ModifyTaskRequest(taskDetails=task(correlationID=1))
    moved = ModifyDestinationRequest(destinationDetails=destination(port=4001))
    assert [code(r) for r in running.say(changed, moved)] == [3001, 6001]
    assert running.element.tasks[X] == task()
    assert running.element.destinations[D2] == destination()
    assert not running.events()


def test_the_function_gets_the_grants_and_the_previous_value(running: Dialogue) -> None:
    grants = GRANTS
    new = task(
        taskDetailsExtensions=(
            Extension(Owner="another", elements=(grants,)),
            grants_extension(grants),
        )
    )
    assert running.say(ModifyTaskRequest(taskDetails=new)) == [Completed()]
    assert running.consent.asked[-1] == (new, (grants,), task(), NOW)


def test_a_destination_moves(running: Dialogue) -> None:
    new = destination(port=4001)
    assert running.say(ModifyDestinationRequest(destinationDetails=new)) == [Completed()]
    assert running.events() == [DestinationModified(destination(), new)]
    assert running.consent.asked[-1][2] == destination()


def mediation(*entries: Any, **changes: Any) -> ActivateTaskRequest:
    return ActivateTaskRequest(taskDetails=task(listOfMediationDetails=entries, **changes))


HI3 = MediationDeliveryType.HI3_ONLY


@pytest.mark.parametrize(
    ("expected", "body"),
    [
        (None, mediation(entry("A-1"), entry("B-1"))),
        (None, mediation(entry("A-1"), listOfDIDs=ListOfDIDs())),
        (3000, ACTIVATE),
        (3000, mediation()),
        (3040, mediation(entry(deliveryType=HI3))),
        (3040, mediation(entry(deliveryType=HI3, listOfDIDs=ListOfDIDs(dId=(D3,))))),
        (3040, mediation(entry(), listOfDIDs=ListOfDIDs(dId=(D2, D3)))),
        (3040, mediation(entry("A-1"), entry("A-1"))),
        (2040, mediation(entry(listOfDIDs=ListOfDIDs(dId=(OTHER,))))),
        (3040, mediation(entry(listOfDIDs=ListOfDIDs(dId=(D3,))))),
        (1010, mediation(entry(EndTime=NOW))),
    ],
)
def test_mediation_details_refer_to_known_destinations(expected: int | None, body: Any) -> None:
    dialogue = Dialogue(capabilities=capabilities(mediates=True))
    dialogue.say(CREATE, CreateDestinationRequest(destinationDetails=destination(D3, X3)))
    assert code(dialogue.say(body)[0]) == expected
    assert len(dialogue.element.tasks) == (expected is None)


def test_a_destination_of_a_mediation_entry_is_in_use() -> None:
    dialogue = Dialogue(capabilities=capabilities(mediates=True))
    dialogue.say(CREATE, mediation(entry(), listOfDIDs=ListOfDIDs()))
    assert code(dialogue.say(RemoveDestinationRequest(dId=D2))[0]) == 7010


class Busy(NoActivity):
    def task(self, xId: Any) -> TaskActivity:
        return TaskActivity(
            provisioningStatus=ProvisioningStatus.FAILED,
            faults=(ErrorInformation(errorCode=9020, errorDescription="blind"),),
            timeOfLastIntercept=NOW,
            amountOfX2Data=12,
        )

    def element_faults(self) -> tuple[ErrorInformation, ...]:
        return (ErrorInformation(errorCode=9050, errorDescription="x"),)


def test_interrogation_tells_what_the_function_knows() -> None:
    dialogue = Dialogue(activity=Busy())
    dialogue.say(CREATE, ACTIVATE, ModifyTaskRequest(taskDetails=task(correlationID=1)))
    [one, everything, names, health] = dialogue.say(
        GetTaskDetailsRequest(xId=X),
        GetAllDetailsRequest(),
        ListAllDetailsRequest(),
        GetNEStatusRequest(),
    )
    assert isinstance(one, Answered)
    assert isinstance(one.body, GetTaskDetailsResponse)
    status = one.body.taskResponseDetails.taskStatus
    assert status.provisioningStatus is ProvisioningStatus.FAILED
    assert (status.timeOfLastIntercept, status.amountOfX2Data, status.amountOfX3Data) == (
        NOW,
        12,
        None,
    )
    assert (status.numberOfModifications, status.timeOfLastModification) == (1, NOW)
    assert [f.errorCode for f in status.listOfFaults] == [9020]
    assert isinstance(everything, Answered)
    assert isinstance(everything.body, GetAllDetailsResponse)
    assert everything.body.listOfTaskResponseDetails == (one.body.taskResponseDetails,)
    assert isinstance(names, Answered)
    assert isinstance(names.body, ListAllDetailsResponse)
    assert (names.body.ListOfXIDs, names.body.ListOfDIDs.dId) == ((X,), (D2,))
    assert isinstance(health, Answered)
    assert isinstance(health.body, GetNEStatusResponse)
    assert health.body.neStatusDetails.neStatus is NeStatus.FAULTS


def test_ping_and_keepalive_are_answered(dialogue: Dialogue) -> None:
    assert dialogue.say(PingRequest(), KeepaliveRequest()) == [Completed(), Completed()]


def test_the_function_ends_a_task_itself(running: Dialogue) -> None:
    running.element.deactivate(X)
    assert running.events() == [TaskDeactivated(task())]
    assert code(running.say(GetTaskDetailsRequest(xId=X))[0]) == 2020
    with pytest.raises(X1Refused):
        running.element.deactivate(X)


def message(**changes: Any) -> RequestMessage:
    fields: dict[str, Any] = {
        "admfIdentifier": "x1gate",
        "neIdentifier": "ne-1",
        "messageTimestamp": NOW,
        "version": "v1.6.1",
        "x1TransactionId": UUID(int=1),
    }
    return RequestMessage(header=Header(**(fields | changes)), body=CREATE)


def error_codes(octets: bytes) -> list[int | None]:
    decoded = decode_response(octets)
    assert isinstance(decoded, tuple)
    return [
        m.body.errorInformation.errorCode if isinstance(m.body, ErrorResponse) else None
        for m in decoded
    ]


@pytest.mark.parametrize(
    ("changes", "peer", "expected"),
    [
        ({}, "x1gate", None),
        ({"version": "v1.22.1"}, "x1gate", None),
        ({"version": "v1.22.2"}, "x1gate", 1020),
        ({"version": "v1.5.9"}, "x1gate", 1020),
        ({"version": "v1.6.0"}, "x1gate", 1020),
        ({}, "admf", 1030),
        ({"admfIdentifier": "admf"}, "x1gate", 1030),
        ({"neIdentifier": "ne-2"}, "x1gate", 1060),
    ],
)
def test_identity_and_version_are_checked_per_message(
    dialogue: Dialogue, changes: dict[str, Any], peer: str, expected: int | None
) -> None:
    answer = dialogue.element.handle(encode_request([message(**changes)]), peer, NOW)
    assert error_codes(answer) == [expected]
    assert len(dialogue.element.destinations) == (expected is None)
    decoded = decode_response(answer)
    assert isinstance(decoded, tuple)
    assert decoded[0].header.x1TransactionId == UUID(int=1)


def test_a_transaction_that_comes_twice_is_refused_the_second_time(dialogue: Dialogue) -> None:
    answer = dialogue.element.handle(encode_request([message(), message()]), "x1gate", NOW)
    assert error_codes(answer) == [None, 1010]


def test_one_bad_message_does_not_hide_in_its_neighbours(dialogue: Dialogue) -> None:
    octets = encode_request([message(), message(x1TransactionId=UUID(int=2))])
    broken = octets.replace(b"<x1:deliveryType>X2Only", b"<x1:deliveryType>X9Only", 1)
    assert error_codes(dialogue.element.handle(broken, "x1gate", NOW)) == [1010, None]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (DeactivateAllTasksRequest(), 5010),
        (RemoveAllDestinationsRequest(), 8020),
        (DeleteAllObjectsRequest(), 1080),
        (GetObjectRequest(objectId=UUID(int=1)), 1080),
        (GetAllGenericObjectDetailsRequest(), 1080),
    ],
)
def test_bulk_is_not_enabled_and_objects_are_not_done(
    dialogue: Dialogue, body: object, expected: int
) -> None:
    dialogue.say(CREATE, ACTIVATE)
    [result] = dialogue.say(body)
    assert isinstance(result, Refused)
    assert result.code == expected
    assert list(dialogue.element.tasks) == [X]
    assert list(dialogue.element.destinations) == [D2]


def test_all_tasks_and_all_destinations_are_told(dialogue: Dialogue) -> None:
    dialogue.say(CREATE, ACTIVATE)
    tasks, destinations, everything = dialogue.say(
        GetAllTaskDetailsRequest(), GetAllDestinationDetailsRequest(), GetAllDetailsRequest()
    )
    assert isinstance(tasks, Answered)
    assert isinstance(destinations, Answered)
    assert isinstance(everything, Answered)
    whole = everything.body
    assert isinstance(whole, GetAllDetailsResponse)
    assert tasks.body == GetAllTaskDetailsResponse(
        listOfTaskResponseDetails=whole.listOfTaskResponseDetails
    )
    assert destinations.body == GetAllDestinationDetailsResponse(
        listOfDestinationResponseDetails=whole.listOfDestinationResponseDetails
    )
    assert len(whole.listOfTaskResponseDetails) == 1


def test_a_request_of_3gpp_s_own_is_answered_1080_by_its_name(dialogue: Dialogue) -> None:
    octets = encode_request([message()]).replace(
        b'xsi:type="x1:CreateDestinationRequest"',
        b'xmlns:q="urn:3GPP:ns:li:3GPPLIQueryExtensions:r19:v0" xsi:type="q:LIQueryRequest"',
    )
    [answer] = decode_response(dialogue.element.handle(octets, "x1gate", NOW))
    assert isinstance(answer.body, ErrorResponse)
    assert answer.body.requestMessageType == "ExtendedRequestMessageType"
    assert answer.body.errorInformation.errorCode == 1080
    assert answer.body.extensionInformation is not None
    assert answer.body.extensionInformation.extendedRequestMessageType == "LIQuery"


@pytest.mark.parametrize("lenient", [False, True])
def test_a_short_time_is_taken_only_from_a_peer_that_may_and_told(lenient: bool) -> None:
    dialogue = Dialogue(leniency=Leniency(millisecondTimes=lenient))
    octets = encode_request([message()]).replace(b"05.678901Z", b"05.678Z")
    codes = error_codes(dialogue.element.handle(octets, "x1gate", NOW))
    assert codes == ([None] if lenient else [1010])
    assert [use.kind for use in dialogue.element.uses] == [Tolerated.MILLISECOND_TIME] * lenient
    dialogue.element.handle(encode_request([message()]), "x1gate", NOW)
    assert dialogue.element.uses == ()


@pytest.mark.parametrize("octets", [b"", b"<a/>", b"<!DOCTYPE a><a/>", b"\xff\xfe<\x00a\x00"])
def test_what_is_no_request_gets_the_top_level_error(dialogue: Dialogue, octets: bytes) -> None:
    answer = decode_response(dialogue.element.handle(octets, "x1gate", NOW))
    assert isinstance(answer, TopLevelErrorResponse)
    assert (answer.header.admfIdentifier, answer.header.neIdentifier) == ("x1gate", "ne-1")


def test_a_peer_with_the_consent_of_nobody_cannot_task() -> None:
    dialogue = Dialogue(Consent(RefusedError("no proof, no tap")))
    assert [code(r) for r in dialogue.say(CREATE, ACTIVATE)] == [6000, 2040]
    assert X2 is task().deliveryType
