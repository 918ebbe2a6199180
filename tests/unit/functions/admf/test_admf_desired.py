"""What the orders demand of each element."""

from __future__ import annotations

from datetime import timedelta

from admf_scene import NOW, OTHER_SUBJECT, REGISTRY, TWO, Scene

from custodes.base.ids import XID
from custodes.functions.admf.desired import Desired, desired
from custodes.functions.admf.specs import Handover, TaskSpec
from custodes.model.intent import Product
from custodes.model.order import HeaderReportingKind


def wanted(scene: Scene) -> Desired:
    return desired(scene.book.all(), scene.clock.now(), REGISTRY)


def spec(state: Desired, name: str, xid: XID) -> TaskSpec:
    return state.elements[name].tasks[xid].spec


def tasked(state: Desired) -> set[str]:
    return {name for name, element in state.elements.items() if element.tasks}


def test_nothing_without_two_approvals(scene: Scene) -> None:
    scene.registered()
    assert tasked(wanted(scene)) == set()


def test_an_approved_order_before_its_start_tasks_the_mdfs_alone(scene: Scene) -> None:
    scene.approved(start=NOW + timedelta(minutes=1))
    assert tasked(wanted(scene)) == {"mdf2", "mdf3"}
    assert wanted(scene).wake == NOW + timedelta(minutes=1)


def test_a_running_order(scene: Scene) -> None:
    intent = scene.approved().intent
    state = wanted(scene)
    assert tasked(state) == {"mdf2", "mdf3", "amf", "smf", "upf"}
    amf, mdf3 = spec(state, "amf", intent.xid), spec(state, "mdf3", intent.xid)
    assert (amf.product, amf.mediation) == (Product.X2, ())
    (entry,) = mdf3.mediation
    assert (entry.liid, entry.deliveryType) == (intent.liid, Handover.HI3)
    assert (entry.startTime, entry.endTime) == (intent.order.start, intent.order.end)
    assert entry.dids == mdf3.dids
    address = state.elements["mdf3"].destinations[entry.dids[0]].spec.address
    assert address == REGISTRY.agency("agency-a").hi3
    assert state.elements["upf"].destinations[spec(state, "upf", intent.xid).dids[0]].grants


def test_two_agencies_share_a_task_and_nothing_else(scene: Scene) -> None:
    first = scene.approved().intent
    second = scene.approved(reference="B-1", letter="b", content=False).intent
    state = wanted(scene)
    mdf2, mdf3 = spec(state, "mdf2", first.xid), spec(state, "mdf3", first.xid)
    assert {m.liid for m in mdf2.mediation} == {first.liid, second.liid}
    assert {m.liid for m in mdf3.mediation} == {first.liid}
    assert not set(mdf2.mediation[0].dids) & set(mdf2.mediation[1].dids)
    assert state.elements["upf"].tasks[first.xid].covered_by() == {first.digest()}
    assert state.elements["amf"].tasks[first.xid].covered_by() == {first.digest(), second.digest()}


def test_an_mdf2_is_told_to_leave_out_the_location_that_is_not_ordered(scene: Scene) -> None:
    first = scene.approved().intent
    second = scene.approved(reference="B-1", letter="b", location=False).intent
    state = wanted(scene)
    told = {m.liid: m.doNotReportLocation for m in spec(state, "mdf2", first.xid).mediation}
    assert told == {first.liid: False, second.liid: True}
    assert not any(m.doNotReportLocation for m in spec(state, "mdf3", first.xid).mediation)


def test_over_by_time_or_by_an_officer(scene: Scene) -> None:
    first = scene.approved().intent
    second = scene.approved(reference="B-1", letter="b", subject=OTHER_SUBJECT).intent
    scene.clock.advance(60)
    scene.book.end("B-1", TWO)
    scene.clock.advance(3540)
    state = wanted(scene)
    assert tasked(state) == set()
    assert state.stopped[first.liid].at == NOW + timedelta(hours=1)
    assert state.stopped[second.liid].at == NOW + timedelta(minutes=1)


def test_an_approval_by_somebody_unknown_counts_for_nothing(scene: Scene) -> None:
    scene.approved()
    with scene.store._engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE approvals SET fingerprint = 'x' WHERE officer = 'officer-2'"
        )
    state = wanted(scene)
    assert tasked(state) == set()
    assert state.void == ("A-1",)


def test_an_order_changed_in_the_database_counts_for_nothing(scene: Scene) -> None:
    scene.approved()
    with scene.store._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE orders SET subject = 'supiimsi:001010000000099'")
    assert tasked(wanted(scene)) == set()
    assert wanted(scene).void == ("A-1",)


def test_header_reporting_goes_to_whom_the_tables_name(scene: Scene) -> None:
    intent = scene.approved(reporting=HeaderReportingKind.PDHR).intent
    state = wanted(scene)
    reporting = {n: spec(state, n, intent.xid).headerReporting for n in state.elements}
    told = (HeaderReportingKind.PDHR,)
    assert reporting == {"amf": (), "smf": told, "upf": (), "mdf2": told, "mdf3": ()}
