"""One NE identity of the probe: what it lets X1 start, and when that stops."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from custodes.model.address import Address
from custodes.model.grant import Grant
from custodes.model.order import HeaderReporting, HeaderReportingKind
from custodes.model.registry import ElementKind
from custodes.session.x1.requester import Answered, Completed, Refused
from custodes.wire.x1.codes import ErrorCode
from custodes.wire.x1.destination import DeliveryAddress
from custodes.wire.x1.extension import header_reporting_extension
from custodes.wire.x1.target import TargetIdentifier
from custodes.wire.x1.task import DeliveryType, ListOfDIDs, TaskDetails
from custodes.wire.x1.task_messages import (
    ActivateTaskRequest,
    GetTaskDetailsRequest,
    GetTaskDetailsResponse,
)
from custodes.wire.x1.threegpp import HeaderReporting as WireHeaderReporting
from custodes.wire.x1.threegpp import PDHType
from unit.functions.poi.poi_order_scene import (
    DIGITS,
    NOW,
    X2_DID,
    X3_DID,
    XID_1,
    Tasked,
    at,
    grant,
    order,
)

HOUR = timedelta(hours=1)
TICK = timedelta(microseconds=1)


@pytest.fixture
def tasked() -> Tasked:
    return Tasked().connected()


def refused(result: object, code: int) -> bool:
    return isinstance(result, Refused) and result.code == code and DIGITS not in result.text


def test_a_granted_task_runs(tasked: Tasked) -> None:
    assert tasked.activate(tasked.details(grant())) == Completed()
    (task,) = tasked.side.running()
    assert (task.xid, task.target) == (XID_1, TargetIdentifier("supiimsi", DIGITS))


@pytest.mark.parametrize(
    "held",
    [
        (),
        (grant(people=1),),
        (grant(order(start=NOW - 2 * HOUR, end=NOW)),),
        (grant(order(start=NOW + TICK)),),
        (grant(), grant(people=1, liid="LI-2")),
        (replace(grant(), approvals=(grant().approvals[0],) * 2),),
    ],
    ids=["none", "one officer", "ended", "not begun", "one of two", "one officer twice"],
)
def test_without_a_valid_grant_nothing_runs(tasked: Tasked, held: tuple[Grant, ...]) -> None:
    assert refused(tasked.activate(tasked.details(*held)), ErrorCode.ACTIVATION_FAILED)
    assert not tasked.runs
    assert tasked.side.account() == {}


def test_a_grant_for_another_element_is_none_here(tasked: Tasked) -> None:
    other = grant()
    intent = replace(other.intent, elements=other.intent.elements[1:])
    digest = intent.digest()
    approvals = tuple(replace(a, intentDigest=digest) for a in other.approvals)
    held = Grant(intent, approvals)
    assert refused(tasked.activate(tasked.details(held)), ErrorCode.ACTIVATION_FAILED)


def _with(**changes: object) -> object:
    return lambda details: replace(details, **changes)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_with(targetIdentifiers=(TargetIdentifier("imsi", DIGITS),)), 3010),
        (_with(targetIdentifiers=(TargetIdentifier("gpsiMsisdn", "491700000001"),)), 3010),
        (_with(targetIdentifiers=(TargetIdentifier("ipv4Address", "192.0.2.1"),)), 3010),
        (
            _with(
                targetIdentifiers=(
                    TargetIdentifier("supiimsi", DIGITS),
                    TargetIdentifier("supiimsi", "001010000000002"),
                )
            ),
            3020,
        ),
        (_with(listOfDIDs=ListOfDIDs(dId=(X2_DID, X2_DID))), 3030),
        (_with(deliveryType=DeliveryType.X3_ONLY), 3040),
        (_with(deliveryType=DeliveryType.X2_AND_X3), 3040),
        (_with(listOfDIDs=ListOfDIDs(dId=(X3_DID,))), 2040),
        (_with(listOfMediationDetails=()), 3000),
        (_with(targetIdentifiers=(TargetIdentifier("supiimsi", "001010000000002"),)), 3000),
        (_with(productID=XID_1), 3000),
        (_with(correlationID=1), 3000),
        (_with(implicitDeactivationAllowed=True), 3000),
    ],
)
def test_what_cannot_be_carried_out_is_refused_with_its_code(
    tasked: Tasked, change: object, code: int
) -> None:
    assert refused(tasked.activate(change(tasked.details(grant()))), code)  # type: ignore[operator]
    assert not tasked.runs


def _reporting(details: TaskDetails) -> TaskDetails:
    extension = header_reporting_extension(WireHeaderReporting(PDHType=PDHType("PDHR", "")))
    return replace(details, taskDetailsExtensions=(*details.taskDetailsExtensions, extension))


def test_header_reporting_is_refused_even_where_it_is_ordered(tasked: Tasked) -> None:
    held = grant(order(header_reporting=HeaderReporting(HeaderReportingKind.PDHR, "agreement-1")))
    asked = _reporting(tasked.details(held))
    assert refused(tasked.activate(asked), ErrorCode.ACTIVATION_FAILED)
    tasked.activated()
    assert refused(tasked.modify(asked), ErrorCode.MODIFICATION_FAILED)


def test_only_the_gate_that_the_messages_name_is_answered(tasked: Tasked) -> None:
    body = ActivateTaskRequest(taskDetails=tasked.details(grant()))
    assert refused(tasked.ask(body, peer="admf"), ErrorCode.ADMF_IDENTIFIER_NOT_OF_CERTIFICATE)
    assert not tasked.runs


@pytest.mark.parametrize(
    "address", [Address("127.0.0.1", 4201), Address("192.0.2.7", 4200), Address("192.0.2.7", 4300)]
)
def test_product_goes_to_the_enrolled_mdf_and_nowhere_else(address: Address) -> None:
    """Not even with the approval of two officers: addresses come from enrolment."""
    tasked, approved = Tasked(), grant()
    elsewhere = replace(approved.intent.deliveries[0], address=address)
    intent = replace(approved.intent, deliveries=(elsewhere,))
    approvals = tuple(replace(a, intentDigest=intent.digest()) for a in approved.approvals)
    for held in (approved, Grant(intent, approvals)):
        assert refused(
            tasked.ask(tasked.destination(held, address=address)),
            ErrorCode.DESTINATION_CREATION_FAILED,
        )


def test_a_destination_needs_a_grant_too() -> None:
    tasked = Tasked()
    for body in (tasked.destination(), tasked.destination(grant(people=1))):
        assert refused(tasked.ask(body), ErrorCode.DESTINATION_CREATION_FAILED)


def test_a_destination_that_is_no_address_is_refused() -> None:
    tasked = Tasked()
    body = tasked.destination(grant())
    details = replace(
        body.destinationDetails,  # type: ignore[attr-defined]
        deliveryAddress=DeliveryAddress("uri", "https://192.0.2.1/"),
    )
    body = replace(body, destinationDetails=details)
    assert refused(tasked.ask(body), ErrorCode.ADDRESS_TYPE_NOT_SUPPORTED)


# When it runs. The order of the scene lasts from an hour before NOW to an hour after it.


@pytest.mark.parametrize(
    ("wall", "runs"),
    [
        (NOW - HOUR - TICK, False),
        (NOW - HOUR, True),
        (NOW + HOUR - TICK, True),
        (NOW + HOUR, False),
    ],
)
def test_it_runs_from_its_start_until_before_its_end(
    tasked: Tasked, wall: object, runs: bool
) -> None:
    tasked.activated().clock.wall = wall  # type: ignore[assignment]
    assert tasked.runs is runs


def test_a_wall_clock_set_back_lengthens_nothing(tasked: Tasked) -> None:
    tasked.activated()
    tasked.clock.ticks += 3599.0
    tasked.clock.wall = NOW - HOUR
    assert tasked.runs
    tasked.clock.ticks += 1.0
    assert not tasked.runs


def test_a_wall_clock_set_forward_ends_it(tasked: Tasked) -> None:
    tasked.activated().clock.wall = NOW + 2 * HOUR
    assert not tasked.runs


@pytest.mark.parametrize("again", ["modify", "activate"])
def test_tasking_again_after_the_clock_was_set_back_lengthens_nothing(
    tasked: Tasked, again: str
) -> None:
    tasked.activated().clock.pass_by(3000.0)
    tasked.clock.wall = NOW
    if again == "modify":
        assert tasked.modify(tasked.details(grant())) == Completed()
    else:
        assert tasked.deactivate() == Completed()
        tasked.activated()
    assert tasked.runs
    tasked.clock.pass_by(600.0)
    assert not tasked.runs


def test_two_orders_on_one_subject_run_until_the_last_ends(tasked: Tasked) -> None:
    tasked.activated(grant(), grant(order(end=NOW + 2 * HOUR, reference="order-2"), "LI-2"))
    tasked.clock.pass_by(3600.0)
    assert tasked.runs
    tasked.clock.pass_by(3600.0)
    assert not tasked.runs


def test_a_modification_replaces_the_periods(tasked: Tasked) -> None:
    longer = grant(order(end=NOW + 2 * HOUR, reference="order-2"), "LI-2")
    tasked.activated(grant(), longer)
    assert tasked.modify(tasked.details(grant())) == Completed()  # the longer order was ended
    tasked.clock.pass_by(3600.0)
    assert not tasked.runs


def test_a_modification_may_bring_a_longer_order(tasked: Tasked) -> None:
    tasked.activated()
    longer = grant(order(end=NOW + 2 * HOUR, reference="order-2"), "LI-2")
    assert tasked.modify(tasked.details(longer)) == Completed()
    tasked.clock.pass_by(7199.0)
    assert tasked.runs
    tasked.clock.pass_by(1.0)
    assert not tasked.runs


def test_a_refused_modification_changes_nothing(tasked: Tasked) -> None:
    tasked.activated()
    before = tasked.side.running()
    assert refused(tasked.modify(tasked.details()), ErrorCode.MODIFICATION_FAILED)
    assert tasked.side.running() == before


def test_an_ended_order_cannot_come_back_by_modification(tasked: Tasked) -> None:
    tasked.activated().clock.pass_by(3600.0)
    assert refused(tasked.modify(tasked.details(grant())), ErrorCode.MODIFICATION_FAILED)
    assert not tasked.runs


def test_after_deactivation_nothing_runs_and_the_account_stays(tasked: Tasked) -> None:
    (task,) = tasked.activated().side.running()
    tasked.side.count_record(task, "registration", at(1))
    assert tasked.deactivate() == Completed()  # stopping needs no grant
    assert not tasked.runs
    assert tasked.side.account()[XID_1].events == {"registration": 1}
    assert refused(tasked.deactivate(), ErrorCode.XID_UNKNOWN)


# What it tells of its product.


def _status(tasked: Tasked) -> object:
    answer = tasked.ask(GetTaskDetailsRequest(xId=XID_1))
    assert isinstance(answer, Answered)
    assert isinstance(answer.body, GetTaskDetailsResponse)
    return answer.body.taskResponseDetails.taskStatus


def test_the_status_of_a_task_counts_records(tasked: Tasked) -> None:
    (task,) = tasked.activated().side.running()
    assert _status(tasked).timeOfLastIntercept is None
    tasked.side.count_record(task, "registration", at(20))
    tasked.side.count_record(task, "pDUSessionEstablishment", at(10))  # it waited for a field
    tasked.side.count_record(task, "registration", at(15))
    status = _status(tasked)
    assert (status.amountOfX2Data, status.amountOfX3Data) == (3, None)
    assert status.timeOfLastIntercept == at(20)


def test_the_status_of_a_content_task_counts_octets() -> None:
    tasked = Tasked(ElementKind.UPF).connected()
    (task,) = tasked.activated().side.running()
    tasked.side.count_packet(task, b"12345", at(20))
    status = _status(tasked)
    assert (status.amountOfX2Data, status.amountOfX3Data) == (None, 5)


def test_the_digest_of_packets_does_not_depend_on_their_order() -> None:
    digests = []
    for packets in ([b"a", b"b", b"b"], [b"b", b"a", b"b"], [b"a", b"b"]):
        tasked = Tasked(ElementKind.UPF).connected()
        (task,) = tasked.activated().side.running()
        for packet in packets:
            tasked.side.count_packet(task, packet, at(1))
        digests.append(tasked.side.account()[XID_1].digest)
    assert digests[0] == digests[1] != digests[2]


def test_an_account_is_a_copy(tasked: Tasked) -> None:
    (task,) = tasked.activated().side.running()
    tasked.side.count_record(task, "registration", at(1))
    account = tasked.side.account()[XID_1]
    tasked.side.count_record(task, "registration", at(1))
    assert account.events == {"registration": 1}


def test_x1_and_product_may_come_from_two_threads(tasked: Tasked) -> None:
    (task,) = tasked.activated().side.running()
    stop = threading.Event()

    def produce() -> None:
        number = 0
        while not stop.is_set():
            tasked.side.count_record(task, f"event-{number}", at(number))
            number += 1

    producer = threading.Thread(target=produce)
    producer.start()
    try:
        for _ in range(50):
            _status(tasked)
            account = tasked.side.account()[XID_1]
            assert sum(account.events.values()) == len(account.events)
    finally:
        stop.set()
        producer.join()
