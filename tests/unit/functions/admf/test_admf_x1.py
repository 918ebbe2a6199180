"""X1 as the gate sees it: every action against an element's session, in memory."""

from __future__ import annotations

import pytest
from admf_scene import REGISTRY, SUBJECT, Ids, Scene

from custodes.base.errors import ProtocolError, RefusedError
from custodes.functions.admf.actions import (
    ActivateTask,
    CreateDestination,
    DeactivateTask,
    ModifyDestination,
    ModifyTask,
    RemoveDestination,
)
from custodes.functions.admf.desired import desired
from custodes.functions.admf.specs import WantedElement
from custodes.functions.admf.x1 import GateX1
from custodes.session.x1.capabilities import Capabilities
from custodes.session.x1.element import ElementSession
from custodes.wire.x1.task import DeliveryType


class Yes:
    def check_task(self, *_: object) -> None:
        return

    def check_destination(self, *_: object) -> None:
        return


class No(Yes):
    def check_task(self, *_: object) -> None:
        raise RefusedError(f"not imsi-{SUBJECT}")


class Element:
    """An element behind the HTTP port."""

    def __init__(self, scene: Scene, consent: Yes) -> None:
        self._scene = scene
        self.broken: bytes | None = None
        self.session = ElementSession(
            "mdf2",
            consent,
            capabilities=Capabilities(
                targetIdentifiers=frozenset({"supiimsi"}),
                deliveryTypes=frozenset({DeliveryType.X2_ONLY}),
                mediates=True,
            ),
        )

    async def post(self, ne_identifier: str, octets: bytes) -> bytes:
        assert ne_identifier == "mdf2"
        return self.broken or self.session.handle(octets, "admf", self._scene.clock.now())


def wanted(scene: Scene) -> WantedElement:
    scene.approved()
    return desired(scene.book.all(), scene.clock.now(), REGISTRY).elements["mdf2"]


def x1(scene: Scene, element: Element) -> GateX1:
    return GateX1("admf", element, Ids(1000), scene.clock)


async def test_every_action(scene: Scene) -> None:
    element, want = Element(scene, Yes()), wanted(scene)
    port = x1(scene, element)
    ((xid, task),) = want.tasks.items()
    ((did, destination),) = want.destinations.items()
    for action in (
        CreateDestination(destination),
        ActivateTask(task),
        ModifyTask(task),
        ModifyDestination(destination),
    ):
        await port.send("mdf2", action)
        assert action.done(await port.read("mdf2"))
    held = await port.read("mdf2")
    assert held.tasks[xid].spec == task.spec
    assert held.tasks[xid].covered_by == task.covered_by()
    with pytest.raises(RefusedError) as refused:  # in use
        await port.send("mdf2", RemoveDestination(did))
    assert refused.value.code
    for removal in (DeactivateTask(xid), RemoveDestination(did)):
        await port.send("mdf2", removal)
        assert removal.done(await port.read("mdf2"))
    await port.ping("mdf2")


async def test_a_refusal_keeps_its_code_and_no_identity(scene: Scene) -> None:
    want = wanted(scene)
    element = Element(scene, No())
    port = x1(scene, element)
    ((_, destination),) = want.destinations.items()
    await port.send("mdf2", CreateDestination(destination))
    with pytest.raises(RefusedError) as refused:
        await port.send("mdf2", ActivateTask(next(iter(want.tasks.values()))))
    assert refused.value.code == 3000
    assert SUBJECT not in str(refused.value)


async def test_an_answer_to_something_else(scene: Scene) -> None:
    element = Element(scene, Yes())
    port = x1(scene, element)
    other = Element(scene, Yes())
    foreign = x1(scene, other)
    kept: list[bytes] = []

    class Listening:
        async def post(self, ne_identifier: str, octets: bytes) -> bytes:
            kept.append(await other.post(ne_identifier, octets))
            return kept[-1]

    foreign._http = Listening()
    foreign._ids = Ids(5000)
    await foreign.ping("mdf2")
    element.broken = kept[0]
    with pytest.raises(ProtocolError):
        await port.read("mdf2")
