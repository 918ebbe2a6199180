"""One side as a whole, with receivers in memory: order of events, ends, refusals, stopping."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from mdf_bench import Bench
from mdf_enrolment import LEMF_A, LEMF_B, REGISTRY, destination, grant, ours, task
from mdf_scene import (
    DA,
    DB,
    ESTABLISHMENT,
    IMSI,
    REGISTRATION,
    SOURCE,
    START,
    A,
    B,
    X,
    attributes,
    x2,
    x3,
)

from custodes.base.errors import CustodesError
from custodes.functions.mdf.writer import MOST_PDUS
from custodes.model.intent import Purpose
from custodes.model.registry import ElementKind
from custodes.session.x1.requester import Answered, Completed, Refused
from custodes.wire.handover.pdu import HI4
from custodes.wire.iri.notification import LINotificationPayload
from custodes.wire.iri.times import to_ns
from custodes.wire.x1.destination_messages import (
    CreateDestinationRequest,
    ModifyDestinationRequest,
    RemoveDestinationRequest,
)
from custodes.wire.x1.task_messages import (
    ActivateTaskRequest,
    DeactivateTaskRequest,
    GetTaskDetailsRequest,
    GetTaskDetailsResponse,
    ModifyTaskRequest,
)
from custodes.wire.x2x3.pdu import PayloadDirection

FOR_A, FOR_B = grant(A), grant(B, seconds=30)
OK = [Completed()]


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    made.side.close(0)


def order(bench: Bench, *given: object) -> None:
    for each in given:
        details = destination(each)  # type: ignore[arg-type]
        assert bench.x1(CreateDestinationRequest(destinationDetails=details)) == OK
    details = task(*given)  # type: ignore[arg-type]
    assert bench.x1(ActivateTaskRequest(taskDetails=details)) == OK


def test_an_agency_hears_activation_product_deactivation_in_this_order(bench: Bench) -> None:
    order(bench, FOR_A, FOR_B)
    bench.side.product(x2(), SOURCE)
    bench.side.product(x2(ESTABLISHMENT), SOURCE)
    assert bench.x1(ModifyTaskRequest(taskDetails=task(FOR_A))) == OK
    bench.side.product(x2(), SOURCE)
    assert bench.x1(DeactivateTaskRequest(xId=X)) == OK
    assert bench.side.close(10) == 0
    assert bench.a.told() == ["activation", "iri", "iri", "iri", "deactivation"]
    assert bench.b.told() == ["activation", "iri", "iri", "deactivation"]
    assert {p.header.liid for p in bench.a.got} == {A}
    assert {p.header.liid for p in bench.b.got} == {B}
    counters = bench.side.snapshot()
    assert counters["xiri"] == {"registration": 2, "pDUSessionEstablishment": 1}
    assert (counters["hi2"], counters["hi4"], counters["queue"]) == (5, 4, 0)
    assert counters["confirmed"] == 9


def test_an_order_ends_by_the_timer_alone(bench: Bench) -> None:
    order(bench, FOR_A, FOR_B)
    assert bench.side.tick() == pytest.approx(30, abs=1)
    bench.clock.pass_(30)
    bench.side.tick()
    bench.wait(lambda: bench.b.told() == ["activation", "deactivation"])
    bench.side.product(x2(), SOURCE)
    assert bench.side.close(10) == 0
    assert bench.a.told() == ["activation", "iri"]
    assert bench.b.told() == ["activation", "deactivation"]


def test_product_between_two_ticks_never_outruns_the_end(bench: Bench) -> None:
    order(bench, FOR_B)
    bench.clock.pass_(30)
    bench.side.product(x2(), SOURCE)
    assert bench.side.close(10) == 0
    assert bench.b.told() == ["activation", "deactivation"]
    assert bench.side.snapshot()["refused"] == {"outside_period": 1}
    assert [alarm[0] for alarm in bench.alarms] == ["outside_period"]


def test_unknown_product_is_refused_counted_and_alarmed_at_once_then_rarely(bench: Bench) -> None:
    for number in range(5):
        bench.side.product(x2(attributes=attributes(number)), SOURCE)
    assert bench.side.snapshot()["refused"] == {"no_task": 5}
    assert [(kind, count) for kind, _, count in bench.alarms] == [("no_task", 1)]
    bench.side.close(0)
    assert [(kind, count) for kind, _, count in bench.alarms] == [("no_task", 1), ("no_task", 4)]
    assert IMSI not in str(bench.alarms)


def test_a_start_that_lies_ahead_is_waited_for(bench: Bench) -> None:
    bench.clock.wall = START.replace(year=2029)
    given = grant(A)
    early = START.replace(year=2029)
    details = destination(given)
    # The approvals lie in the future then, so the request is made at the order's start.
    assert isinstance(
        bench.x1(CreateDestinationRequest(destinationDetails=details), now=early)[0], Refused
    )
    assert bench.x1(CreateDestinationRequest(destinationDetails=details)) == OK
    assert bench.x1(ActivateTaskRequest(taskDetails=task(given))) == OK
    bench.side.product(x2(), SOURCE)
    assert bench.side.snapshot()["refused"] == {"outside_period": 1}
    bench.clock.wall = START
    bench.side.tick()
    bench.side.product(x2(), SOURCE)
    assert bench.side.close(10) == 0
    assert bench.a.told() == ["activation", "iri"]


def test_a_full_disk_holds_the_element_and_an_end_of_service_frees_it() -> None:
    bench = Bench()
    order(bench, FOR_A)
    returned: list[str] = []

    def push() -> None:
        try:
            for number in range(MOST_PDUS + 2):
                bench.side.product(x2(attributes=attributes(number)), SOURCE)
            returned.append("taken")
        except CustodesError:
            returned.append("stopping")

    with bench.disk.full():
        thread = threading.Thread(target=push)
        thread.start()
        bench.wait(lambda: bench.side.snapshot()["back_pressure"] > 0)
        assert returned == []
        assert ("outbox", 1) in [(kind, count) for kind, _, count in bench.alarms]
        assert bench.side.close(0) >= MOST_PDUS
        thread.join(10)
    assert returned == ["stopping"]
    assert bench.side.snapshot()["unwritten"] >= MOST_PDUS


def test_a_disk_that_has_room_again_lets_everything_through_in_order() -> None:
    bench = Bench()
    order(bench, FOR_A)
    bench.wait(lambda: bench.a.told() == ["activation"])
    with bench.disk.full():
        for number in range(20):
            bench.side.product(x2(attributes=attributes(number)), SOURCE)
        bench.wait(lambda: any(kind == "outbox" for kind, _, _ in bench.alarms))
        assert bench.a.told() == ["activation"]
    assert bench.side.close(10) == 0
    assert bench.a.told() == ["activation", *["iri"] * 20]
    assert [p.header.sequenceNumber for p in bench.a.got[1:]] == list(range(20))


def test_what_no_receiver_takes_in_is_on_disk_and_delivered_by_the_next_run() -> None:
    first = Bench()
    first.reachable = False
    order(first, FOR_A, FOR_B)
    for number in range(5):
        first.side.product(x2(attributes=attributes(number)), SOURCE)
    assert first.side.wait_durable(first.side.position)
    # No close: this run is gone as a killed process is. The next has no task, and needs none.
    second = Bench(disk=first.disk)
    assert second.side.close(10) == 0
    assert second.a.told() == ["activation", *["iri"] * 5]
    assert second.b.told() == ["activation", *["iri"] * 5]
    assert [p.header.sequenceNumber for p in second.a.got[1:]] == list(range(5))
    first.side.close(0)


def test_an_order_that_ended_while_the_function_was_down_is_told_its_end() -> None:
    first = Bench()
    order(first, FOR_A, FOR_B)
    first.side.product(x2(), SOURCE)
    first.wait(lambda: first.a.told() == first.b.told() == ["activation", "iri"])
    first.wait(lambda: first.side.snapshot()["queue"] == 0)
    # This run is gone as a killed process is. Only the first order is tasked again.
    second = Bench(disk=first.disk)
    order(second, FOR_A)
    second.clock.pass_(14)
    second.side.tick()
    assert second.b.told() == []
    second.clock.pass_(2)
    second.side.tick()
    second.wait(lambda: second.b.told() == ["deactivation"])
    second.side.product(x2(attributes=attributes(1)), SOURCE)
    assert second.side.close(10) == 0
    assert second.a.told() == ["iri"], "what it was told before is not told again"
    (end,) = second.b.got
    assert isinstance(end.payload, HI4)
    (told,) = end.payload.items
    assert isinstance(told, LINotificationPayload)
    assert "appliedStartTime" not in told.notification[1]
    assert to_ns(told.notification[1]["appliedEndTime"]) == 1_893_456_016_000_000_000
    third = Bench(disk=first.disk)
    order(third, FOR_A)
    third.clock.pass_(20)
    third.side.tick()
    assert third.side.close(10) == 0
    assert third.b.got == third.a.got == [], "nothing is told twice"
    first.side.close(0)


def test_a_receiver_that_is_enrolled_no_more_gets_nothing_after_a_restart() -> None:
    first = Bench()
    first.reachable = False
    order(first, FOR_A)
    first.side.product(x2(), SOURCE)
    assert first.side.wait_durable(first.side.position)
    first.side.close(0)
    stranger = replace(LEMF_A, fingerprint="c" * 64)
    agencies = tuple(
        replace(agency, lemf=stranger) if agency.lemf == LEMF_A else agency
        for agency in REGISTRY.agencies
    )
    second = Bench(disk=first.disk, registry=replace(REGISTRY, agencies=agencies))
    assert second.side.close(0.2) == 2
    assert second.a.got == []
    assert [kind for kind, _, _ in second.alarms] == ["undelivered"]


def test_our_own_probe_may_repeat_and_nothing_is_delivered_twice() -> None:
    bench = Bench(registry=ours(SOURCE))
    order(bench, FOR_A)
    for number in (0, 1, 2, 1, 2, 3):
        bench.side.product(x2(attributes=attributes(number)), SOURCE)
    assert bench.side.close(10) == 0
    assert bench.a.told() == ["activation", *["iri"] * 4]
    assert bench.side.snapshot()["repeats"] == 2
    again = Bench(disk=bench.disk, registry=ours(SOURCE))
    order(again, FOR_A)
    for number in (2, 3, 4):
        again.side.product(x2(attributes=attributes(number)), SOURCE)
    assert again.side.close(10) == 0
    assert again.side.snapshot()["repeats"] == 2
    assert again.a.told() == ["iri"]


def test_nothing_of_a_foreign_element_is_dropped_on_its_number(bench: Bench) -> None:
    order(bench, FOR_A)
    for number in (0, 1, 0, 1):
        bench.side.product(x2(attributes=attributes(number)), SOURCE)
    assert bench.side.close(10) == 0
    assert bench.a.told() == ["activation", *["iri"] * 4]
    assert bench.side.snapshot()["restarted_numbers"] == 1


def test_destinations_are_told_by_receiver_connection_and_debt() -> None:
    bench = Bench()
    bench.unreachable = {LEMF_A.fingerprint}
    order(bench, FOR_A, FOR_B)
    bench.side.product(x2(), SOURCE)
    assert bench.side.wait_durable(bench.side.position)
    bench.wait(lambda: DB not in bench.side.setting.outbox.backlog())
    told = {name: (connected, owed) for name, connected, owed in bench.side.destinations()}
    assert told[LEMF_B.name] == (True, None)
    connected, owed = told[LEMF_A.name]
    assert not connected
    assert owed is not None
    assert owed.count == 2
    bench.unreachable = set()
    assert bench.side.close(10) == 0


def test_what_is_counted_is_counted_for_its_peer(bench: Bench) -> None:
    order(bench, FOR_A)
    bench.side.product(x2(attributes=attributes(5)), SOURCE)
    bench.side.product(x2(attributes=attributes(8)), SOURCE)
    bench.side.product(x3(), SOURCE)
    bench.side.close(10)
    read = bench.side.counters.read()
    assert read.taken == {(SOURCE, "registration"): 2}
    assert read.refused == {(SOURCE, "wrong_interface"): 1}
    assert read.plain[SOURCE, "gaps"] == 2
    assert read.plain[LEMF_A.name, "hi2"] == 2
    assert read.plain[LEMF_A.name, "confirmed"] == 3
    assert read.alarms["gap"] == read.alarms["wrong_interface"] == 1


def test_a_destination_beyond_its_share_loses_its_own_product_and_says_so() -> None:
    bench = Bench(owed_octets=3000)
    bench.unreachable = {LEMF_A.fingerprint}
    order(bench, FOR_A, FOR_B)
    for number in range(30):
        bench.side.product(x2(attributes=attributes(number)), SOURCE)
        assert bench.side.wait_durable(bench.side.position)
        bench.wait(lambda: DB not in bench.side.setting.outbox.backlog())
    refused = bench.side.snapshot()["refused"]["over_quota"]
    assert 0 < refused < 30
    assert [kind for kind, _, _ in bench.alarms if kind == "over_quota"] == ["over_quota"]
    (answer,) = bench.x1(GetTaskDetailsRequest(xId=X))
    assert isinstance(answer, Answered)
    assert isinstance(answer.body, GetTaskDetailsResponse)
    faults = answer.body.taskResponseDetails.taskStatus.listOfFaults
    assert [str(A) in fault.errorDescription for fault in faults] == [True]
    bench.unreachable = set()
    bench.wait(lambda: bench.side.snapshot()["queue"] == 0)
    bench.side.product(x2(attributes=attributes(30)), SOURCE)
    assert bench.side.close(10) == 0
    assert bench.b.told() == ["activation", *["iri"] * 31]
    numbers = [p.header.sequenceNumber for p in bench.a.got[1:]]
    # The agency sees by the numbers how much is missing.
    assert numbers == [*range(30 - refused), 30]


def test_after_a_restart_product_waits_until_the_task_is_there_again() -> None:
    bench = Bench(settle=60.0)
    thread = threading.Thread(target=bench.side.product, args=(x2(), SOURCE))
    thread.start()
    thread.join(0.1)
    assert thread.is_alive()
    order(bench, FOR_A)
    thread.join(10)
    assert bench.side.close(10) == 0
    assert bench.a.told() == ["activation", "iri"]
    assert bench.side.snapshot()["refused"] == {}


def test_after_a_restart_product_waits_until_every_order_is_there_again() -> None:
    """The task is back for one agency: what comes now is the other's as well."""
    first = Bench()
    order(first, FOR_A, FOR_B)
    first.side.close(10)
    bench = Bench(settle=20.0, disk=first.disk)
    order(bench, FOR_A)
    thread = threading.Thread(target=bench.side.product, args=(x2(), SOURCE))
    thread.start()
    thread.join(0.1)
    assert thread.is_alive()
    assert bench.x1(CreateDestinationRequest(destinationDetails=destination(FOR_B))) == OK
    assert bench.x1(ModifyTaskRequest(taskDetails=task(FOR_A, FOR_B))) == OK
    thread.join(10)
    assert bench.side.close(10) == 0
    assert bench.a.told() == ["iri"]
    assert bench.b.told() == ["iri"]
    assert bench.b.events() == ["registration"]


def test_an_order_that_does_not_come_back_is_not_waited_for_for_ever() -> None:
    first = Bench()
    order(first, FOR_A, FOR_B)
    first.side.close(10)
    bench = Bench(settle=20.0, disk=first.disk)
    order(bench, FOR_A)
    bench.clock.pass_(20)
    bench.side.product(x2(), SOURCE)
    assert bench.side.close(10) == 0
    assert bench.a.told() == ["iri"]


def test_once_the_administration_had_its_time_unknown_product_is_refused() -> None:
    bench = Bench(settle=60.0)
    order(bench, FOR_B)
    assert bench.x1(DeactivateTaskRequest(xId=X)) == OK
    thread = threading.Thread(target=bench.side.product, args=(x2(), SOURCE))
    thread.start()
    thread.join(0.1)
    assert thread.is_alive()
    bench.clock.pass_(60)
    thread.join(10)
    assert bench.side.snapshot()["refused"] == {"no_task": 1}
    bench.side.close(0)


def test_an_order_that_joins_is_told_how_the_subject_stands(bench: Bench) -> None:
    order(bench, FOR_A)
    bench.side.product(x2(attributes=attributes(0)), SOURCE)
    bench.side.product(x2(ESTABLISHMENT, attributes=attributes(0)), SOURCE)
    assert bench.x1(CreateDestinationRequest(destinationDetails=destination(FOR_B))) == OK
    assert bench.x1(ModifyTaskRequest(taskDetails=task(FOR_A, FOR_B))) == OK
    bench.side.product(x2(attributes=attributes(1)), SOURCE)
    assert bench.side.close(10) == 0
    assert bench.a.told() == ["activation", "iri", "iri", "iri"]
    assert bench.b.events() == [
        "startOfInterceptionWithRegisteredUE",
        "startOfInterceptionWithEstablishedPDUSession",
        "registration",
    ]
    assert bench.side.snapshot()["starts_of_interception"] == 2


def test_a_removed_destination_still_gets_what_was_queued(bench: Bench) -> None:
    bench.reachable = False
    order(bench, FOR_A)
    bench.side.product(x2(), SOURCE)
    assert isinstance(bench.x1(RemoveDestinationRequest(dId=DA))[0], Refused)
    assert bench.x1(DeactivateTaskRequest(xId=X)) == OK
    assert bench.x1(RemoveDestinationRequest(dId=DA)) == OK
    bench.wait(lambda: bench.side.snapshot()["queue"] == 3)
    bench.reachable = True
    assert bench.side.close(10) == 0
    assert bench.a.told() == ["activation", "iri", "deactivation"]


def test_a_modified_destination_that_leads_to_the_same_place_is_kept(bench: Bench) -> None:
    order(bench, FOR_A)
    assert bench.x1(ModifyDestinationRequest(destinationDetails=destination(FOR_A))) == OK
    bench.side.product(x2(), SOURCE)
    assert bench.side.close(10) == 0
    assert bench.a.told() == ["activation", "iri"]


def test_a_refused_modification_changes_nothing(bench: Bench) -> None:
    order(bench, FOR_A)
    assert bench.x1(CreateDestinationRequest(destinationDetails=destination(FOR_B))) == OK
    details = task(FOR_A, FOR_B)
    bare = type(details)(
        xId=X,
        targetIdentifiers=details.targetIdentifiers,
        deliveryType=details.deliveryType,
        listOfDIDs=details.listOfDIDs,
        listOfMediationDetails=details.listOfMediationDetails,
    )
    (result,) = bench.x1(ModifyTaskRequest(taskDetails=bare))
    assert isinstance(result, Refused)
    assert result.code == 3001
    bench.side.product(x2(), SOURCE)
    assert bench.side.close(10) == 0
    assert bench.a.told() == ["activation", "iri"]
    assert bench.b.told() == []


def test_location_reaches_only_the_order_that_has_it_and_what_is_withheld_is_counted(
    bench: Bench,
) -> None:
    order(bench, FOR_A, grant(B, location=False))
    bench.side.product(x2(), SOURCE)
    supi, location = REGISTRATION[1]["sUPI"], REGISTRATION[1]["location"]
    bench.side.product(x2(("locationUpdate", {"sUPI": supi, "location": location})), SOURCE)
    assert bench.side.close(10) == 0
    assert bench.a.told() == ["activation", "iri", "iri"]
    assert bench.b.told() == ["activation", "iri"]
    counters = bench.side.snapshot()
    assert counters["location_withheld"] == 1
    assert counters["refused"] == {}
    assert bench.alarms == []


def test_content_reaches_only_the_order_that_has_it() -> None:
    bench = Bench(ElementKind.MDF3)
    with_content = grant(A, content=True)
    details = destination(with_content, Purpose.HI3)
    assert bench.x1(CreateDestinationRequest(destinationDetails=details)) == OK
    wanted = task(with_content, purpose=Purpose.HI3)
    assert bench.x1(ActivateTaskRequest(taskDetails=wanted)) == OK
    bench.side.product(x3(), "upf")
    bench.side.product(x2(), SOURCE)
    assert bench.side.close(10) == 0
    assert bench.a.told() == ["activation", "cc"]
    assert bench.b.told() == []
    counters = bench.side.snapshot()
    assert (counters["xcc"], counters["hi3"]) == (1, 1)
    assert counters["refused"] == {"wrong_interface": 1}


def test_numbers_go_on_after_a_restart() -> None:
    first = Bench()
    order(first, FOR_A)
    first.side.product(x2(), SOURCE)
    first.side.close(10)
    second = Bench(disk=first.disk)
    order(second, FOR_A)
    second.side.product(x2(), SOURCE)
    second.side.close(10)
    assert first.a.told() == ["activation", "iri"]
    assert second.a.told() == ["iri"]
    assert [pdu.header.sequenceNumber for pdu in first.a.got] == [0, 0]
    assert [pdu.header.sequenceNumber for pdu in second.a.got] == [1]


def test_interrogation_tells_the_last_intercept_and_a_lost_destination(bench: Bench) -> None:
    order(bench, FOR_A)
    bench.side.product(x2(), SOURCE)
    (answer,) = bench.x1(GetTaskDetailsRequest(xId=X))
    assert isinstance(answer, Answered)
    assert isinstance(answer.body, GetTaskDetailsResponse)
    status = answer.body.taskResponseDetails.taskStatus
    assert status.timeOfLastIntercept == START
    assert (status.amountOfX2Data, status.amountOfX3Data) == (1, None)


def test_an_odd_direction_is_counted_and_alarmed_and_loses_nothing(bench: Bench) -> None:
    order(bench, FOR_A)
    bench.side.product(x2(payload_direction=PayloadDirection.NOT_APPLICABLE), SOURCE)
    assert bench.side.close(10) == 0
    assert bench.a.told() == ["activation", "iri"]
    assert bench.side.snapshot()["unexpected_direction"] == 1
    assert [kind for kind, _, _ in bench.alarms] == ["direction"]
