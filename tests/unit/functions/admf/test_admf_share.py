"""Which orders a shared task acts for."""

from __future__ import annotations

from dataclasses import replace

from admf_scene import OTHER_SUBJECT, REGISTRY, Scene

from custodes.functions.admf.desired import desired
from custodes.functions.admf.share import kept, members, only
from custodes.functions.admf.specs import HeldTask, Provisioning, WantedTask
from custodes.model.order import HeaderReportingKind, Subject


def wanted(scene: Scene, name: str) -> WantedTask:
    state = desired(scene.book.all(), scene.clock.now(), REGISTRY)
    (task,) = state.elements[name].tasks.values()
    return task


def held(want: WantedTask | None, covered_by: frozenset[str] | None) -> HeldTask:
    assert want is not None
    return HeldTask(want.spec.xid, want.spec, Provisioning.COMPLETE, covered_by)


def test_a_part_is_what_its_orders_alone_would_be(scene: Scene) -> None:
    first = scene.approved().intent.digest()
    alone = {name: wanted(scene, name) for name in ("mdf2", "mdf3", "amf", "smf", "upf")}
    scene.approved(reference="B-1", letter="b", reporting=HeaderReportingKind.PDHR)
    for name, before in alone.items():
        both = wanted(scene, name)
        assert both != before
        assert only(both, {first}) == before
        assert only(both, set()) is None
        assert only(both, both.covered_by()) == both


def test_members_by_entry_by_grant_or_by_product(scene: Scene) -> None:
    first = scene.approved().intent.digest()
    second = scene.approved(
        reference="B-1", letter="b", reporting=HeaderReportingKind.PDHR
    ).intent.digest()
    on_mdf2, on_smf, on_amf = (wanted(scene, n) for n in ("mdf2", "smf", "amf"))
    one = frozenset({first})
    assert members(on_mdf2, held(only(on_mdf2, one), None)) == one
    assert members(on_smf, held(only(on_smf, one), None)) == one
    assert members(on_amf, held(on_amf, one)) == one
    assert members(on_amf, held(on_amf, None)) == {first, second}
    assert members(on_amf, None) == frozenset()
    narrowed = kept(on_amf, held(on_amf, one))
    assert narrowed is not None
    assert narrowed.covered_by() == one
    assert kept(None, held(on_amf, one)) is None


def test_what_is_aimed_at_somebody_else_is_to_be_set_right(scene: Scene) -> None:
    want = wanted_after(scene)
    task = held(want, None)
    assert task.spec is not None
    other = replace(task.spec, subject=Subject.parse(OTHER_SUBJECT))
    for wrong in (None, other):
        assert kept(want, replace(task, spec=wrong)) == want


def wanted_after(scene: Scene) -> WantedTask:
    scene.approved()
    return wanted(scene, "mdf2")
