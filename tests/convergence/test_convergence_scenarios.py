"""What elements do to an administration, one thing at a time. Time is virtual: no test waits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from convergence_machines import Foreign, OurMDF
from convergence_wire import Trouble
from convergence_world import FOREIGN, GATE, NAMES, ONE, REGISTRY, Known, World

from custodes.base.ids import LIID
from custodes.functions.admf.linger import DEADLINE, LINGER
from custodes.functions.admf.progress import active, cleared, progress
from custodes.session.x1.holdings import TaskRecord
from custodes.session.x1.requester import Requester
from custodes.wire.x1.destination import ip_delivery
from custodes.wire.x1.report_messages import ReportTaskIssueRequest, TaskReportType
from custodes.wire.x1.target import TargetIdentifier
from custodes.wire.x1.task_messages import (
    ActivateTaskRequest,
    DeactivateTaskRequest,
    ModifyTaskRequest,
)

POIS = ("amf", "smf", "upf")
ALL = set(NAMES)


def lines(world: World, known: Known):  # type: ignore[no-untyped-def]
    assert world.admf is not None
    picture = world.admf.provisioner.picture()
    return progress(known.intent, picture.desired, picture.held)


def acting(world: World, known: Known) -> set[str]:
    """The elements that act on an order's XID now (an MDF: for this order)."""
    return {
        name
        for name, line in world.lines.items()
        for a in line.machine.acting()
        if a.xid == known.intent.xid and a.liid in (None, known.liid)
    }


def always(world: World, holds: Callable[[], bool]) -> None:
    """From now on ``holds`` at every moment, besides what holds anyway."""

    def watch() -> None:
        world.check_moment()
        assert holds()

    world.time.watch = watch


def alarms(world: World) -> list[tuple[object, object, object]]:
    found = [v for event, v in world.log.lines if event == "admf.alarm"]
    return [(v["ne"], v["identifier"], v["what"]) for v in found]


def told(world: World, name: str, liid: LIID) -> list[str]:
    machine = world.lines[name].machine
    assert isinstance(machine, OurMDF)
    return [notice for _, notice, of in machine.told if of == liid]


# Answers that are late, wrong, partial, or do not come.


@pytest.mark.parametrize("name", ["smf", "mdf2"])
@pytest.mark.parametrize("trouble", Trouble)
def test_an_order_comes_and_goes_although_an_element_answers_badly(
    world: World, trouble: Trouble, name: str
) -> None:
    world.lines[name].coming.extend([trouble] * 4)
    known = world.order("A-1")
    world.pass_(40)
    assert world.differences() == []
    assert acting(world, known) == ALL
    assert active(lines(world, known))
    world.lines[name].coming.extend([trouble] * 4)
    world.end("A-1")
    world.pass_(40)
    assert world.differences() == []
    assert acting(world, known) == set()
    assert cleared(lines(world, known))


def test_an_element_that_cannot_be_reached_holds_up_no_other(world: World) -> None:
    world.lines["smf"].down = True
    known = world.order("A-1")
    world.pass_(5)
    assert acting(world, known) == ALL - {"smf"}
    assert not active(lines(world, known))
    world.lines["smf"].down = False
    world.pass_(6)
    assert acting(world, known) == ALL


@pytest.mark.parametrize("name", ["mdf2", "mdf3"])
def test_no_poi_acts_before_the_mdf_that_takes_its_product(world: World, name: str) -> None:
    world.lines[name].down = True
    known = world.order("A-1")
    world.pass_(8)
    assert acting(world, known) == {"mdf2", "mdf3"} - {name}
    world.lines[name].down = False
    world.pass_(8)
    assert acting(world, known) == ALL


def test_an_element_away_when_an_order_ends_keeps_no_delivery_open(world: World) -> None:
    known = world.order("A-1")
    world.pass_(5)
    world.lines["smf"].down = True
    world.end("A-1")
    world.pass_(LINGER.total_seconds())
    assert acting(world, known) == {"smf", "mdf2", "mdf3"}
    world.pass_(DEADLINE.total_seconds())
    assert acting(world, known) == {"smf"}
    assert not cleared(lines(world, known))
    world.lines["smf"].down = False
    world.pass_(6)
    assert acting(world, known) == set()
    assert cleared(lines(world, known))


def test_a_request_that_takes_effect_when_nobody_waits_for_it_any_more(world: World) -> None:
    """The element starts an order that ended while its ActivateTask was under way."""
    world.order("B-1", subject=1, content=False)
    world.pass_(5.5)
    known = world.order("A-1", content=False)
    world.lines["smf"].coming.append(Trouble.TOO_LATE)
    world.pass_(0.1)
    world.lines["smf"].down = True
    world.pass_(8)
    world.end("A-1")
    world.lines["smf"].down = False
    came_back = False
    for _ in range(60):
        world.pass_(0.5)
        came_back |= "smf" in acting(world, known)
    assert came_back
    assert world.differences() == []


def test_acknowledged_is_not_done(world: World) -> None:
    world.lines[FOREIGN].slow = True
    known = world.order("A-1")
    world.pass_(2)
    assert acting(world, known) == ALL - {FOREIGN}
    assert not active(lines(world, known))
    world.pass_(4)
    assert active(lines(world, known))
    assert world.settle() == 0


# Restarts.


@pytest.mark.parametrize("name", NAMES)
def test_an_element_that_restarts_empty_is_told_again(world: World, name: str) -> None:
    known = world.order("A-1")
    world.pass_(5)
    world.restart(name)
    world.pass_(3)
    assert acting(world, known) == ALL
    world.end("A-1")
    world.pass_(20)
    world.restart(name)
    world.pass_(10)
    assert world.differences() == []
    assert world.lines[name].taken == [] or not world.lines[name].machine.session.tasks


def test_an_element_that_restarts_with_the_tasks_of_an_order_that_is_over(world: World) -> None:
    old = world.order("A-1", content=False)
    new = world.order("B-1", letter="b", subject=1, content=False)
    world.pass_(5)
    world.end("A-1")
    world.pass_(20)
    taken = len(world.lines[FOREIGN].taken)
    world.restart(FOREIGN, stale=taken - 6)
    world.pass_(5)
    assert FOREIGN not in acting(world, old)
    assert FOREIGN in acting(world, new)
    assert world.differences() == []


def test_our_own_element_refuses_what_an_order_that_ran_out_was_granted(world: World) -> None:
    """Old messages said again, with old grants: they cover nothing any more."""
    known = world.order("A-1", lasts=10)
    world.pass_(5)
    assert acting(world, known) == ALL
    world.stop_admf()
    world.pass_(10)
    for name in sorted(ALL - {FOREIGN}):
        world.restart(name, stale=len(world.lines[name].taken))
    world.pass_(10)
    assert acting(world, known) == {FOREIGN}
    world.settle()


def test_the_administration_restarts_and_arms_nothing_that_is_over(world: World) -> None:
    gone, stays = world.order("A-1"), world.order("B-1", letter="b", subject=1)
    world.pass_(5)
    assert world.admf is not None
    world.admf.book.end("A-1", ONE)
    gone.ended = world.now()
    world.stop_admf()  # before it could do anything
    world.lines["amf"].down = True
    world.pass_(5)
    assert acting(world, gone) == ALL
    world.start_admf()
    world.pass_(5)
    world.lines["amf"].down = False
    before = len(world.log.lines)
    world.pass_(15)
    assert acting(world, gone) == set()
    assert acting(world, stays) == ALL
    messages = {v["message"] for e, v in world.log.lines[before:] if e == "admf.x1"}
    assert not messages & {"ActivateTask", "ModifyTask"}


def test_the_gate_is_away_in_the_middle_of_everything(world: World) -> None:
    known = world.order("A-1")
    world.gate = None
    world.pass_(5)
    assert acting(world, known) == set()
    world.start_gate()
    world.pass_(8)
    assert acting(world, known) == ALL
    world.gate = None
    world.end("A-1")
    world.pass_(5)
    world.start_gate()
    world.pass_(20)
    assert world.differences() == []


# Refusals and faults.


@pytest.mark.parametrize("name", ["smf", "mdf2"])
def test_refused_once_is_asked_again(world: World, name: str) -> None:
    world.lines[name].coming.extend([Trouble.REFUSED] * 2)
    known = world.order("A-1")
    world.pass_(8)
    assert acting(world, known) == ALL
    assert alarms(world) == []


def test_refused_always_is_alarmed_and_keeps_nobody_else_out(world: World) -> None:
    world.lines["smf"].refusing = frozenset({ActivateTaskRequest})
    known = world.order("A-1")
    world.pass_(30)
    assert acting(world, known) == ALL - {"smf"}
    assert [(ne, "refused again" in str(what)) for ne, _, what in alarms(world)] == [("smf", True)]
    world.end("A-1")
    world.pass_(20)
    assert world.differences() == []


def test_a_deactivation_that_is_refused_is_asked_for_until_it_is_done(world: World) -> None:
    known = world.order("A-1")
    world.pass_(5)
    world.lines["smf"].refusing = frozenset({DeactivateTaskRequest, ModifyTaskRequest})
    world.end("A-1")
    world.pass_(60)
    assert acting(world, known) == {"smf"}
    assert any(ne == "smf" and "refused again" in str(w) for ne, _, w in alarms(world))
    world.lines["smf"].refusing = frozenset()
    world.pass_(8)
    assert world.differences() == []


def test_a_task_that_failed_is_asked_for_again(world: World) -> None:
    known = world.order("A-1")
    world.pass_(5)
    machine = world.lines[FOREIGN].machine
    assert isinstance(machine, Foreign)
    machine.failed.add(known.intent.xid)
    world.pass_(3)
    assert acting(world, known) == ALL


def test_a_report_of_a_fault_is_kept_and_the_element_is_read_at_once(world: World) -> None:
    known = world.order("A-1")
    world.pass_(5.5)
    assert world.admf is not None
    machine = world.lines[FOREIGN].machine
    del machine.session._holdings.tasks[known.intent.xid]
    report = ReportTaskIssueRequest(
        xId=known.intent.xid,
        taskReportType=TaskReportType.NON_TERMINATING_FAULT,
        taskIssueDetails="the task was lost",
    )
    requester = Requester(admfIdentifier=GATE.name, neIdentifier=FOREIGN, ids=world.ids)
    octets = requester.request([report], world.now())
    assert world.gate is not None
    party = REGISTRY.element(FOREIGN).party
    world.loop.run_until_complete(world.gate.report(octets, party))
    world.pass_(0.1)  # much less than until the next reading
    assert acting(world, known) == ALL
    (kept,) = world.admf.store.elements.reports(ne_identifier=FOREIGN)
    assert kept.xid == str(known.intent.xid)


# Several orders.


def test_an_order_extended_by_a_new_one_never_stops(world: World) -> None:
    first = world.order("A-1", lasts=30)
    world.pass_(5)
    second = world.order("A-2", start=20, lasts=60)
    assert second.intent.xid == first.intent.xid
    always(world, lambda: set(POIS) <= acting(world, second))
    world.pass_(40)
    assert acting(world, first) == set(POIS)  # under the second order
    assert acting(world, second) == ALL
    for mdf in ("mdf2", "mdf3"):
        assert told(world, mdf, first.liid) == ["activation", "deactivation"]
        assert told(world, mdf, second.liid) == ["activation"]
    world.time.watch = world.check_moment
    world.pass_(60)
    assert world.differences() == []


def test_ended_early_everything_goes_the_pois_first(world: World) -> None:
    known = world.order("A-1")
    world.pass_(5)
    world.end("A-1")
    world.pass_(LINGER.total_seconds() - 0.5)
    assert acting(world, known) == {"mdf2", "mdf3"}
    world.pass_(2)
    assert acting(world, known) == set()
    assert told(world, "mdf2", known.liid) == ["activation", "deactivation"]


def test_of_several_on_one_subject_each_has_its_own(world: World) -> None:
    content = world.order("A-1", location=False)
    plain = world.order("B-1", letter="b", content=False)
    more = world.order("A-2", content=False)
    world.pass_(5)
    assert world.differences() == []
    always(world, lambda: {"amf", "smf", "mdf2"} <= acting(world, plain))
    world.end("A-1")
    world.pass_(20)
    assert acting(world, content) == {"amf", "smf"}  # for the others
    assert acting(world, plain) == acting(world, more) == {"amf", "smf", "mdf2"}
    assert world.differences() == []


def test_a_second_agency_joins_and_the_first_does_not_notice(world: World) -> None:
    first = world.order("A-1")
    world.pass_(5)
    always(world, lambda: acting(world, first) == ALL)
    second = world.order("B-1", letter="b")
    world.pass_(5)
    assert acting(world, second) == ALL
    assert told(world, "mdf2", second.liid) == ["activation"]
    assert told(world, "mdf2", first.liid) == ["activation"]  # and no modification
    world.end("B-1")
    world.pass_(20)
    assert world.differences() == []


# Nobody there at the end, and clocks.


@pytest.mark.parametrize("behind", [0.0, 3600.0])
def test_with_the_administration_away_our_own_stop_at_the_end(world: World, behind: float) -> None:
    """With their wall clocks set back, too."""
    known = world.order("A-1", lasts=30)
    world.pass_(5)
    world.stop_admf()
    for name in NAMES:
        world.clocks[name].behind = behind
    world.pass_(24.9)
    assert acting(world, known) >= {FOREIGN}
    world.pass_(0.1)
    assert acting(world, known) == {FOREIGN}
    assert told(world, "mdf2", known.liid) == ["activation", "deactivation"]
    world.settle()


def test_tasked_again_with_a_clock_set_back_it_still_ends_in_time(world: World) -> None:
    """By whatever forgot the tasks, and not their deadlines."""
    known = world.order("A-1", lasts=60)
    world.pass_(30)
    for name in ("amf", "mdf2"):
        world.clocks[name].behind = 40.0
    world.order("B-1", letter="b", lasts=3600)  # the tasks are modified
    world.pass_(25)
    world.stop_admf()
    world.pass_(5)
    assert told(world, "mdf2", known.liid)[-1] == "deactivation"
    assert "mdf2" not in acting(world, known)


def test_a_start_that_lies_ahead(world: World) -> None:
    known = world.order("A-1", start=20, lasts=60)
    world.pass_(10)
    assert acting(world, known) == set()
    assert {n for n in NAMES if world.lines[n].machine.session.tasks} == {"mdf2", "mdf3"}
    world.pass_(11)
    assert acting(world, known) == ALL


# Intruders: people are told, and people decide (DESIGN, rule 5).


@pytest.mark.parametrize("readable", [True, False])
@pytest.mark.parametrize("name", NAMES)
def test_what_was_never_ordered_is_alarmed_once_and_left_alone(
    world: World, name: str, readable: bool
) -> None:
    world.order("A-1")
    world.pass_(5)
    xid = world.slip_in_task(name, 1, readable=readable)
    did = world.slip_in_destination(name, 2)
    world.pass_(10)
    world.end("A-1")
    world.pass_(20)
    assert world.differences() == []
    session = world.lines[name].machine.session
    assert xid in session.tasks
    assert did in session.destinations
    assert sorted(alarms(world), key=str) == [
        (name, str(xid), "a task that was never issued"),
        (name, str(did), "a destination that was never issued"),
    ]
    world.start_admf()
    world.pass_(10)
    assert len(alarms(world)) == 4  # told again by whoever takes over


def test_our_task_aimed_at_somebody_else_is_alarmed_and_set_right(world: World) -> None:
    known = world.order("A-1")
    world.pass_(5)
    tasks = world.lines[FOREIGN].machine.session._holdings.tasks
    record = tasks[known.intent.xid]
    other = (TargetIdentifier("supiimsi", "999990000000001"),)
    tasks[known.intent.xid] = TaskRecord(replace(record.details, targetIdentifiers=other))
    world.pass_(5)
    assert alarms(world) == [(FOREIGN, str(known.intent.xid), "a task that was changed")]
    assert world.differences() == []


def test_our_destination_with_another_address_is_alarmed_and_set_right(world: World) -> None:
    world.order("A-1")
    world.pass_(5)
    places = world.lines[FOREIGN].machine.session._holdings.destinations
    (did,) = places
    places[did] = replace(places[did], deliveryAddress=ip_delivery("203.0.113.9", 9))
    world.pass_(5)
    assert alarms(world) == [(FOREIGN, str(did), "a destination that was changed")]
    assert world.differences() == []


def test_nothing_that_happens_by_itself_is_taken_for_an_intruder(world: World) -> None:
    world.order("A-1", lasts=20)
    world.order("B-1", letter="b", content=False, location=False)
    world.pass_(5)
    world.lines[FOREIGN].coming.extend([Trouble.PARTLY, Trouble.ANSWER_LOST] * 3)
    world.restart("mdf2", stale=3)
    world.end("B-1")
    world.pass_(60)
    assert alarms(world) == []


def test_a_world_at_rest_says_nothing(world: World) -> None:
    world.order("A-1")
    world.settle()
    sent = len([e for e, _ in world.log.lines if e == "admf.x1"])
    world.pass_(30)
    assert len([e for e, _ in world.log.lines if e == "admf.x1"]) == sent
