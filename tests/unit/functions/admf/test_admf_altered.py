"""What no order can ever have asked for is another's doing; all else is an element's lagging."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from admf_scene import NOW, OTHER_SUBJECT, REGISTRY, Scene

from custodes.base.ids import DID, LIID
from custodes.functions.admf.altered import altered
from custodes.functions.admf.desired import desired
from custodes.functions.admf.specs import HeldTask, Provisioning, TaskSpec, WantedTask
from custodes.model.intent import Product
from custodes.model.order import Subject

ROGUE_DID = DID(UUID(int=0xBAD))


class Seen:
    def __init__(self, scene: Scene, name: str) -> None:
        scene.approved()
        scene.approved(reference="B-1", letter="b")
        records = scene.store.orders.all()[0]
        state = desired(records, NOW, REGISTRY)
        (self.want,) = state.elements[name].tasks.values()
        self.dids = scene.store.orders.issued()[1]
        self.liids = state.liids

    def altered(self, spec: TaskSpec | None, want: WantedTask | None = None) -> bool:
        held = HeldTask(self.want.spec.xid, spec, Provisioning.COMPLETE)
        return altered(want or self.want, held, self.dids, self.liids)


@pytest.mark.parametrize("name", ["amf", "mdf2"])
def test_what_is_wanted_or_was_once_is_no_alteration(scene: Scene, name: str) -> None:
    seen = Seen(scene, name)
    spec = seen.want.spec
    assert not seen.altered(spec)
    assert not seen.altered(replace(spec, dids=spec.dids[:1], mediation=spec.mediation[:1]))
    # One of the two orders is over: the element still has it, and that is no intruder's doing.
    fewer = replace(seen.want, spec=replace(spec, mediation=spec.mediation[:1]))
    assert not seen.altered(spec, fewer)


def test_another_subject_product_or_place(scene: Scene) -> None:
    seen = Seen(scene, "amf")
    spec = seen.want.spec
    assert seen.altered(None)
    assert seen.altered(replace(spec, subject=Subject.parse(OTHER_SUBJECT)))
    assert seen.altered(replace(spec, product=Product.X3))
    assert seen.altered(replace(spec, dids=(*spec.dids, ROGUE_DID)))


def test_another_order_or_an_order_that_says_something_else(scene: Scene) -> None:
    seen = Seen(scene, "mdf2")
    spec = seen.want.spec
    first, second = spec.mediation
    for wrong in (
        replace(first, liid=LIID("ROGUE")),
        replace(first, endTime=first.endTime + timedelta(days=1)),
        replace(first, doNotReportLocation=not first.doNotReportLocation),
        replace(first, dids=second.dids),
        replace(first, dids=(ROGUE_DID,)),
    ):
        assert seen.altered(replace(spec, mediation=(wrong, second))), wrong
