"""The workers: they converge, confirm by reading, retry, and hold up nobody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

import pytest
from admf_scene import NOW, ONE, REGISTRY, SUBJECT, Scene

from custodes.base.errors import ProtocolError, RefusedError
from custodes.base.ids import XID
from custodes.functions.admf.actions import Action, ActivateTask, ModifyTask
from custodes.functions.admf.converge import Issued
from custodes.functions.admf.progress import active, cleared, progress
from custodes.functions.admf.provisioner import Pace, Provisioner
from custodes.functions.admf.specs import (
    HeldDestination,
    HeldElement,
    HeldTask,
    Provisioning,
)
from custodes.model.intent import Intent

FAST = Pace(interval=0.02, first=0.001, longest=0.005)


class FakeX1:
    """Elements in memory. ``away``: unreachable; ``slow``: acknowledge first, complete later."""

    def __init__(self) -> None:
        self.refused: set[str] = set()
        self.held = {e.neIdentifier: HeldElement() for e in REGISTRY.elements}
        self.away: set[str] = set()
        self.refusing: set[str] = set()
        self.slow: set[str] = set()
        self.hanging: set[str] = set()
        self.sent: list[tuple[str, Action]] = []

    async def read(self, ne_identifier: str) -> HeldElement:
        await self._reach(ne_identifier)
        held = self.held[ne_identifier]
        if ne_identifier not in self.slow:
            self.held[ne_identifier] = HeldElement(
                {x: HeldTask(x, t.spec, Provisioning.COMPLETE) for x, t in held.tasks.items()},
                held.destinations,
            )
        return held

    async def send(self, ne_identifier: str, action: Action) -> None:
        await self._reach(ne_identifier)
        if ne_identifier in self.refusing:
            raise RefusedError("no", code=3000)
        grants = getattr(getattr(action, "wanted", None), "grants", ())
        if self.refused & {g.intent.order.reference for g in grants}:
            raise RefusedError("not this order", code=3000)
        self.sent.append((ne_identifier, action))
        held = self.held[ne_identifier]
        tasks, destinations = dict(held.tasks), dict(held.destinations)
        if isinstance(action, ActivateTask | ModifyTask):
            spec = action.wanted.spec
            tasks[spec.xid] = HeldTask(spec.xid, spec, Provisioning.AWAITING)
        elif hasattr(action, "xid"):
            del tasks[action.xid]
        elif hasattr(action, "did"):
            del destinations[action.did]
        else:
            destination = action.wanted.spec  # type: ignore[union-attr]
            destinations[destination.did] = HeldDestination(destination.did, destination)  # type: ignore[union-attr,arg-type]
        self.held[ne_identifier] = HeldElement(tasks, destinations)

    async def ping(self, ne_identifier: str) -> None:
        await self._reach(ne_identifier)

    async def _reach(self, name: str) -> None:
        if name in self.hanging:
            await asyncio.Event().wait()
        if name in self.away:
            raise ProtocolError("not reachable")
        await asyncio.sleep(0)


def provisioner(scene: Scene, x1: FakeX1, pace: Pace = FAST) -> Provisioner:
    return Provisioner(
        scene.store.orders.all,
        lambda: Issued(*scene.store.orders.issued()),
        scene.store.elements,
        REGISTRY,
        x1,
        scene.clock,
        scene.log,
        pace,
    )


@asynccontextmanager
async def working(provisioner: Provisioner) -> AsyncIterator[None]:
    task = asyncio.create_task(provisioner.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(scene: Scene, condition: Callable[[], bool], step: float = 0.3) -> None:
    """Lets time go on until ``condition``; fails where it never comes."""
    for _ in range(600):
        if condition():
            return
        scene.clock.advance(step)
        await asyncio.sleep(0.002)
    pytest.fail("never happened")


def tasked(x1: FakeX1) -> set[str]:
    return {name for name, held in x1.held.items() if held.tasks}


async def test_an_order_becomes_active_and_goes(scene: Scene) -> None:
    x1 = FakeX1()
    work = provisioner(scene, x1)
    intent = scene.approved().intent

    def lines() -> tuple:  # type: ignore[type-arg]
        picture = work.picture()
        return progress(intent, picture.desired, picture.held)

    async with working(work):
        await until(scene, lambda: active(lines()))
        assert tasked(x1) == {"amf", "smf", "upf", "mdf2", "mdf3"}
        await until(scene, lambda: work.picture().plan.converged)
        assert work.counters.x1_requests == work.counters.x1_confirmed == 10
        scene.book.end("A-1", ONE)
        work.changed()
        await until(scene, lambda: cleared(lines()))
        await until(scene, lambda: work.picture().plan.converged)
    assert tasked(x1) == set()
    assert not any(h.destinations for h in x1.held.values())
    assert work.counters.x1_requests == work.counters.x1_confirmed == 20
    assert SUBJECT not in repr(scene.log.lines)


async def test_it_stops_at_the_end_by_itself(scene: Scene) -> None:
    x1 = FakeX1()
    work = provisioner(scene, x1)
    scene.approved(end=NOW + timedelta(seconds=60))
    async with working(work):
        await until(scene, lambda: len(tasked(x1)) == 5)
        await until(scene, lambda: not tasked(x1))
    assert scene.clock.at >= NOW + timedelta(seconds=60)


async def test_acknowledged_is_not_active(scene: Scene) -> None:
    x1 = FakeX1()
    x1.slow = {"amf"}
    work = provisioner(scene, x1)
    intent = scene.approved().intent
    async with working(work):
        await until(scene, lambda: "upf" in tasked(x1) and "smf" in tasked(x1))
        await until(scene, lambda: work.counters.x1_confirmed == 9)
        picture = work.picture()
        assert not active(progress(intent, picture.desired, picture.held))
        assert not picture.plan.converged
        x1.slow.clear()
        await until(scene, lambda: work.picture().plan.converged)
    assert work.counters.x1_confirmed == 10


@pytest.mark.parametrize("trouble", ["away", "refusing", "hanging"])
async def test_one_element_holds_up_no_other(scene: Scene, trouble: str) -> None:
    x1 = FakeX1()
    getattr(x1, trouble).add("smf")
    work = provisioner(scene, x1)
    scene.approved()
    async with working(work):
        await until(scene, lambda: {"amf", "upf"} <= tasked(x1))
        assert not work.picture().plan.converged
        if trouble != "hanging":
            getattr(x1, trouble).clear()
            await until(scene, lambda: work.picture().plan.converged)


async def test_a_restart_arms_only_what_the_orders_cover(scene: Scene) -> None:
    x1 = FakeX1()
    scene.approved()
    scene.approved(reference="B-1", letter="b", content=False)
    async with working(work := provisioner(scene, x1)):
        await until(scene, lambda: work.picture().plan.converged)
    scene.book.end("A-1", ONE)  # and the process is gone before it could do anything
    sent = len(x1.sent)
    scene.restart()
    x1.held["amf"] = HeldElement()  # an element that lost its memory meanwhile
    async with working(work := provisioner(scene, x1)):
        await until(scene, lambda: work.picture().plan.converged)
    assert tasked(x1) == {"amf", "smf", "mdf2"}
    (task,) = x1.held["mdf2"].tasks.values()
    assert task.spec is not None
    assert [m.liid for m in task.spec.mediation] == [scene.book.get("B-1").intent.liid]
    for _, action in x1.sent[sent:]:
        if isinstance(action, ActivateTask | ModifyTask):
            assert [g.intent.order.reference for g in action.wanted.grants] == ["B-1"]


async def test_what_is_not_ours_is_alarmed_once_and_left(scene: Scene) -> None:
    x1 = FakeX1()
    rogue = XID(UUID(int=0xBAD))
    x1.held["upf"] = HeldElement({rogue: HeldTask(rogue, None, Provisioning.COMPLETE)})
    work = provisioner(scene, x1)
    async with working(work):
        await until(scene, lambda: bool(work.alarms))
        await until(scene, lambda: work.counters.x1_reads > 12)
    assert x1.sent == []
    alarms = [values for event, values in scene.log.lines if event == "admf.alarm"]
    assert [(a["ne"], a["identifier"]) for a in alarms] == [("upf", str(rogue))]


async def test_a_damaged_order_covers_nothing_and_hides_no_other(scene: Scene) -> None:
    x1 = FakeX1()
    scene.approved()
    scene.approved(reference="B-1", letter="b", content=False)
    async with working(work := provisioner(scene, x1)):
        await until(scene, lambda: work.picture().plan.converged)
        with scene.store._engine.begin() as connection:
            connection.exec_driver_sql("UPDATE orders SET subject = '?' WHERE reference = 'A-1'")
        work.changed()
        await until(scene, lambda: tasked(x1) == {"amf", "smf", "mdf2"})
        await until(scene, lambda: work.picture().plan.converged)
    assert [(a.identifier, a.what) for a in work.alarms] == [("A-1", "damaged in the database")]
    (task,) = x1.held["mdf2"].tasks.values()
    assert task.spec is not None
    assert len(task.spec.mediation) == 1


async def test_an_expired_order_is_never_provisioned(scene: Scene) -> None:
    x1 = FakeX1()
    scene.approved()
    scene.clock.advance(3600)
    async with working(work := provisioner(scene, x1)):
        await until(scene, lambda: work.picture().plan.converged)
    assert x1.sent == []


async def test_an_ended_order_goes_while_another_is_refused(scene: Scene) -> None:
    x1 = FakeX1()
    x1.refused.add("B-1")
    work = provisioner(scene, x1)
    first = scene.approved().intent
    second = scene.approved(reference="B-1", letter="b").intent

    def state(intent: Intent) -> tuple:  # type: ignore[type-arg]
        picture = work.picture()
        return progress(intent, picture.desired, picture.held)

    def shown(ne: str) -> list[tuple[str, str]]:
        return [(s.state, s.detail) for s in scene.store.elements.states() if s.neIdentifier == ne]

    async with working(work):
        await until(scene, lambda: active(state(first)))
        await until(scene, lambda: any("refused again" in a.what for a in work.alarms))
        assert active(state(first))
        assert not active(state(second))
        await until(scene, lambda: shown("mdf2") == [("refuses", "not this order [3000]")])
        scene.book.end("A-1", ONE)
        work.changed()
        await until(scene, lambda: cleared(state(first)))
        assert tasked(x1) == set()
        x1.refused.clear()
        await until(scene, lambda: active(state(second)))
        await until(scene, lambda: work.picture().plan.converged)
        assert work.alarms == ()
        await until(scene, lambda: shown("mdf2") == [("reachable", "")])
    alarms = [v["what"] for event, v in scene.log.lines if event == "admf.alarm"]
    assert alarms  # each once, however often it is refused
    assert len(set(map(str, alarms))) <= len(alarms) <= 2 * len(REGISTRY.elements)


def test_the_pace_is_quicker_while_an_order_is_active() -> None:
    assert Pace().between(active=True) <= 1
    assert Pace().between(active=False) > 1
    assert Pace(interval=0.5).between(active=True) == 0.5


async def test_a_word_about_an_element_cuts_a_pause_short(scene: Scene) -> None:
    """With a pace of hours only what is said can bring the next reading."""
    x1 = FakeX1()
    x1.away.add("amf")
    work = provisioner(scene, x1, Pace(interval=7200, busy=7200, first=3600, longest=3600))
    async with working(work):
        await until(scene, lambda: work.counters.x1_reads == 5)
        await until(scene, lambda: "amf" not in work.picture().held)
        x1.away.clear()
        work.refresh("amf")
        await until(scene, lambda: "amf" in work.picture().held)
