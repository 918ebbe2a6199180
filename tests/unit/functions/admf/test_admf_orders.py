"""Registering, approving and ending: who may, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from admf_scene import ADMINISTRATOR, NOW, ONE, ONE_AGAIN, OTHER_SUBJECT, SUBJECT, TWO, Scene, order

from custodes.base.errors import RefusedError
from custodes.functions.admf.orders import NotAllowedError, NotFoundError
from custodes.functions.admf.states import TRANSITIONS, Happening, State
from custodes.model.intent import Product, Purpose
from custodes.model.order import HeaderReporting, HeaderReportingKind, Order


def test_an_intent_names_everything_it_touches(scene: Scene) -> None:
    intent = scene.registered().intent
    assert {(e.neIdentifier, e.product) for e in intent.elements} == {
        ("mdf2", Product.X2),
        ("amf", Product.X2),
        ("smf", Product.X2),
        ("mdf3", Product.X3),
        ("upf", Product.X3),
    }
    assert {d.purpose for d in intent.deliveries} == set(Purpose)


def test_iri_only_touches_nothing_of_content(scene: Scene) -> None:
    intent = scene.registered(content=False).intent
    assert {e.neIdentifier for e in intent.elements} == {"mdf2", "amf", "smf"}
    assert {d.purpose for d in intent.deliveries} == {Purpose.X2, Purpose.HI2}


def test_identifiers(scene: Scene) -> None:
    first = scene.registered().intent
    same = scene.registered(reference="B-1", letter="b", content=False).intent
    other = scene.registered(reference="B-2", letter="b", subject=OTHER_SUBJECT).intent
    assert first.xid == same.xid != other.xid
    assert len({first.liid, same.liid, other.liid}) == 3
    assert all(len(str(i.liid)) <= 25 and SUBJECT not in str(i.liid) for i in (first, same, other))
    dids = {(d.purpose, d.address): d.did for i in (first, same, other) for d in i.deliveries}
    assert len(set(dids.values())) == len(dids) == 6  # X2, X3, and HI2, HI3 of each agency


def test_the_xid_of_an_order_that_is_over_is_not_taken_again(scene: Scene) -> None:
    first = scene.registered().intent
    scene.book.end("A-1", ONE)
    assert scene.registered(reference="A-2").intent.xid != first.xid


def test_the_same_order_again_changes_nothing(scene: Scene) -> None:
    first = scene.registered()
    again, new = scene.book.register(order(), TWO)
    assert (again, new) == (first, False)


@pytest.mark.parametrize(
    "fields",
    [
        {"content": False},
        {"reference": "A-9", "start": NOW - timedelta(hours=2), "end": NOW},
        {"reference": f"A-{SUBJECT}"},
    ],
    ids=["another content", "period over", "identity in the reference"],
)
def test_refused_at_registration(scene: Scene, fields: dict[str, object]) -> None:
    scene.registered()
    with pytest.raises(RefusedError):
        scene.registered(**fields)
    assert len(scene.book.all()) == 1


def texts(**changed: str) -> Order:
    """An order with other texts, whatever its own rules on them."""
    made = order(reference=changed.get("reference", "A-9"), letter=changed.get("letter", "a"))
    agreement = HeaderReporting(HeaderReportingKind.NONE, changed.get("agreement", "g-1"))
    return replace(made, legal_basis=changed.get("legal_basis", "§ 1"), header_reporting=agreement)


@pytest.mark.parametrize("known", [SUBJECT, OTHER_SUBJECT])
@pytest.mark.parametrize("field", ["reference", "legal_basis", "agreement"])
def test_no_text_names_a_subject(scene: Scene, field: str, known: str) -> None:
    scene.registered(subject=known)
    with pytest.raises(RefusedError) as refused:
        scene.book.register(texts(**{field: f"x-{known}"}), ONE)
    assert known not in str(refused.value)
    assert len(scene.book.all()) == 1


@pytest.mark.parametrize("field", ["authority", "agency"])
def test_no_name_names_a_subject(scene: Scene, field: str) -> None:
    named = order()
    object.__setattr__(named, field, f"x-{SUBJECT}")
    with pytest.raises(RefusedError, match="identity of a subject"):
        scene.book.register(named, ONE)


def test_dates_and_case_numbers_stay_possible(scene: Scene) -> None:
    scene.registered(reference="B-1", letter="b", subject="202611")
    made = texts(reference="20261101/4711", legal_basis="§ 100a of 2026-11-01, Az. 001010000000099")
    assert scene.book.register(made, ONE)[1]


def test_the_same_order_again_is_no_new_leak(scene: Scene) -> None:
    made = texts(legal_basis=f"case {OTHER_SUBJECT}")
    scene.book.register(made, ONE)
    scene.registered(reference="B-1", letter="b", subject=OTHER_SUBJECT)
    assert scene.book.register(made, ONE)[1] is False


def test_authority_and_agency_must_be_enrolled_together(scene: Scene) -> None:
    mismatched = order()
    object.__setattr__(mismatched, "authority", "court-b")
    with pytest.raises(RefusedError, match="does not act for"):
        scene.book.register(mismatched, ONE)
    with pytest.raises(RefusedError, match="not enrolled"):
        scene.registered(letter="z")
    assert scene.store.orders.issued() == (frozenset(), frozenset())


def test_only_officers(scene: Scene) -> None:
    with pytest.raises(NotAllowedError):
        scene.book.register(order(), ADMINISTRATOR)
    record = scene.registered()
    with pytest.raises(NotAllowedError):
        scene.book.approve("A-1", ADMINISTRATOR, record.intentDigest)
    with pytest.raises(NotAllowedError):
        scene.book.end("A-1", ADMINISTRATOR)


def test_two_different_people(scene: Scene) -> None:
    record = scene.registered()
    scene.book.approve("A-1", ONE, record.intentDigest)
    for same in (ONE, ONE_AGAIN):
        with pytest.raises(RefusedError):
            scene.book.approve("A-1", same, record.intentDigest)
    assert scene.book.state(scene.book.get("A-1")) is State.REGISTERED
    scene.book.approve("A-1", TWO, record.intentDigest)
    assert scene.book.state(scene.book.get("A-1")) is State.RUNNING


def test_an_approval_is_of_one_intent(scene: Scene) -> None:
    scene.registered()
    other = scene.registered(reference="A-2")
    with pytest.raises(RefusedError, match="another intent"):
        scene.book.approve("A-1", ONE, other.intentDigest)
    assert scene.book.get("A-1").approvals == ()


def test_no_approval_after_the_end(scene: Scene) -> None:
    record = scene.registered()
    scene.clock.advance(3600)
    with pytest.raises(RefusedError, match="expired"):
        scene.book.approve("A-1", ONE, record.intentDigest)


def test_no_approval_of_an_ended_order(scene: Scene) -> None:
    record = scene.registered()
    scene.book.end("A-1", TWO)
    with pytest.raises(RefusedError, match="ended"):
        scene.book.approve("A-1", ONE, record.intentDigest)


def test_ending_takes_one_officer_and_is_for_good(scene: Scene) -> None:
    scene.approved()
    assert scene.book.end("A-1", ONE).endedBy == ONE.name
    assert scene.book.end("A-1", TWO).endedBy == ONE.name
    scene.restart()
    assert scene.book.state(scene.book.get("A-1")) is State.ENDED


def test_stopping_what_has_expired_is_no_error(scene: Scene) -> None:
    scene.approved()
    scene.clock.advance(3600)
    assert scene.book.end("A-1", ONE).endedBy is None


def test_unknown_order(scene: Scene) -> None:
    with pytest.raises(NotFoundError):
        scene.book.get("nothing")


def test_states_over_time(scene: Scene) -> None:
    scene.approved(start=NOW + timedelta(seconds=10))
    seen = []
    for seconds in (0, 10, 3589, 1):
        scene.clock.advance(seconds)
        seen.append(scene.book.state(scene.book.get("A-1")))
    assert seen == [State.APPROVED, State.RUNNING, State.RUNNING, State.EXPIRED]


def test_nothing_leaves_what_is_over() -> None:
    for (state, _), after in TRANSITIONS.items():
        if state.over:
            assert after is state
    for state in State:
        assert (state, Happening.OFFICER_ENDS) in TRANSITIONS


def test_no_subject_in_the_log(scene: Scene) -> None:
    scene.approved()
    scene.book.end("A-1", ONE)
    assert SUBJECT not in repr(scene.log.lines)
