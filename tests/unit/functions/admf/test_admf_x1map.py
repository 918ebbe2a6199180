"""What we write we can read back, a gate covers it, and anything more is recognised as more."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from admf_scene import NOW, REGISTRY, Scene

from custodes.base.ids import XID
from custodes.functions.admf.desired import desired
from custodes.functions.admf.specs import HeldElement, Provisioning, WantedElement
from custodes.functions.admf.x1map import destination_details, held_element, task_details
from custodes.model.grant import Officers
from custodes.model.order import HeaderReportingKind
from custodes.session.x1 import coverage
from custodes.wire.x1.destination import (
    DestinationDeliveryStatus,
    DestinationResponseDetails,
    DestinationStatus,
)
from custodes.wire.x1.status_messages import (
    GetAllDetailsResponse,
    NeStatus,
    NeStatusDetails,
)
from custodes.wire.x1.target import TargetIdentifier
from custodes.wire.x1.task import (
    DeliveryType,
    ListOfDIDs,
    LocationType,
    LocationTypeOptions,
    MediationDetails,
    ProvisioningStatus,
    ServiceScopingOptions,
    TaskDetails,
    TaskResponseDetails,
    TaskStatus,
)

OFFICERS = Officers(REGISTRY.parties)
NAMES = [e.neIdentifier for e in REGISTRY.elements]


def elements(scene: Scene) -> dict[str, WantedElement]:
    scene.approved(reporting=HeaderReportingKind.PDHR)
    scene.approved(reference="B-1", letter="b", reporting=HeaderReportingKind.PDSR, location=False)
    return dict(desired(scene.book.all(), scene.clock.now(), REGISTRY).elements)


def answer(wanted: WantedElement, **changes: object) -> GetAllDetailsResponse:
    status = TaskStatus(provisioningStatus=ProvisioningStatus.COMPLETE, listOfFaults=())
    working = DestinationStatus(
        destinationDeliveryStatus=DestinationDeliveryStatus.ACTIVE_AND_WORKING, listOfFaults=()
    )
    return GetAllDetailsResponse(
        neStatusDetails=NeStatusDetails(neStatus=NeStatus.OK, listOfFaults=()),
        listOfTaskResponseDetails=tuple(
            TaskResponseDetails(taskDetails=replace(task_details(t), **changes), taskStatus=status)
            for t in wanted.tasks.values()
        ),
        listOfDestinationResponseDetails=tuple(
            DestinationResponseDetails(
                destinationDetails=destination_details(d), destinationStatus=working
            )
            for d in wanted.destinations.values()
        ),
    )


@pytest.mark.parametrize("name", NAMES)
def test_round_trip(scene: Scene, name: str) -> None:
    wanted = elements(scene)[name]
    held = held_element(answer(wanted))
    assert wanted.tasks
    for xid, task in wanted.tasks.items():
        assert held.tasks[xid].spec == task.spec
        assert held.tasks[xid].covered_by == task.covered_by()
        assert held.tasks[xid].provisioning is Provisioning.COMPLETE
    specs = {d: v.spec for d, v in held.destinations.items()}
    assert specs == {d: v.spec for d, v in wanted.destinations.items()}


@pytest.mark.parametrize("name", NAMES)
def test_a_gate_covers_what_we_ask(scene: Scene, name: str) -> None:
    wanted = elements(scene)[name]
    for task in wanted.tasks.values():
        coverage.check_task(task_details(task), task.grants, name, OFFICERS, NOW)
    for destination in wanted.destinations.values():
        details = destination_details(destination)
        coverage.check_destination(details, destination.grants, name, OFFICERS, NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"correlationID": 7},
        {"productID": XID.parse("00000000-0000-4000-8000-000000000001")},
        {"deliveryType": DeliveryType.X2_AND_X3},
        {"targetIdentifiers": (TargetIdentifier("gpsiMsisdn", "12345"),)},
        {
            "targetIdentifiers": (
                TargetIdentifier("supiimsi", "001010000000077"),
                TargetIdentifier("supiimsi", "001010000000078"),
            )
        },
    ],
)
def test_what_we_would_never_write_is_not_what_we_want(
    scene: Scene, changes: dict[str, object]
) -> None:
    wanted = elements(scene)["amf"]
    held: HeldElement = held_element(answer(wanted, **changes))
    (task,) = held.tasks.values()
    assert task.spec is None


def test_grants_that_are_not_echoed_are_unknown(scene: Scene) -> None:
    held = held_element(answer(elements(scene)["amf"], taskDetailsExtensions=()))
    assert [t.covered_by for t in held.tasks.values()] == [None]


def test_a_details_type_of_x1(scene: Scene) -> None:
    (task,) = elements(scene)["mdf3"].tasks.values()
    details = task_details(task)
    assert isinstance(details, TaskDetails)
    assert details.listOfMediationDetails is not None
    assert len(details.listOfMediationDetails) == 2


WITHHELD = ServiceScopingOptions(locationType=LocationTypeOptions("doNotReport", ""))
ON_CHANGE = LocationTypeOptions("listOfLocationTypes", (LocationType(uponChange=True),))


def entries(details: TaskDetails) -> tuple[MediationDetails, ...]:
    assert details.listOfMediationDetails is not None
    return details.listOfMediationDetails


def test_location_that_is_not_ordered_is_told_to_the_mdf2_alone(scene: Scene) -> None:
    wanted = elements(scene)
    (task,) = wanted["mdf2"].tasks.values()
    ordered = {g.intent.liid: g.intent.order.location for g in task.grants}
    assert set(ordered.values()) == {True, False}
    for entry in entries(task_details(task)):
        assert entry.serviceScopingOptions == (None if ordered[entry.LIID] else (WITHHELD,))
    (task,) = wanted["mdf3"].tasks.values()
    assert [e.serviceScopingOptions for e in entries(task_details(task))] == [None, None]


@pytest.mark.parametrize(
    "options",
    [
        None,
        (),
        (WITHHELD,),
        (WITHHELD, WITHHELD),
        (ServiceScopingOptions(),),
        (ServiceScopingOptions(locationType=ON_CHANGE),),
        (replace(WITHHELD, reportPostDialledDigits=False),),
    ],
)
def test_an_element_that_holds_other_scoping_differs(
    scene: Scene, options: tuple[ServiceScopingOptions, ...] | None
) -> None:
    """Whichever entry it is in: too little said lets location out, too much keeps it back."""
    wanted = elements(scene)["mdf2"]
    (task,) = wanted.tasks.values()
    before = entries(task_details(task))
    for at, entry in enumerate(before):
        changed = replace(entry, serviceScopingOptions=options)
        listed = (*before[:at], changed, *before[at + 1 :])
        (held,) = held_element(answer(wanted, listOfMediationDetails=listed)).tasks.values()
        same = (options or None) == entry.serviceScopingOptions
        assert (held.spec == task.spec) is same


@pytest.mark.parametrize("name", ["amf", "mdf2"])
def test_the_places_of_a_task_are_known_whatever_else_it_says(scene: Scene, name: str) -> None:
    wanted = elements(scene)[name]
    more = (TargetIdentifier("supiimsi", "001010000000001"),) * 2
    (held,) = held_element(answer(wanted, targetIdentifiers=more)).tasks.values()
    (want,) = wanted.tasks.values()
    assert held.spec is None
    assert held.uses() == set(want.spec.dids)
    set_of_places = ListOfDIDs(dId=want.spec.dids, dSId=(UUID(int=1),))
    (held,) = held_element(answer(wanted, listOfDIDs=set_of_places)).tasks.values()
    assert held.uses() is None
