"""Routes and targets survive; they go when their order is forgotten and its product is gone."""

from __future__ import annotations

from pathlib import Path

from outbox_scene import LATER, NORTH, NOW, SOUTH, A, B, Opened, batch, pdu

from custodes.model.address import Address
from custodes.model.outbox import HeldTarget
from custodes.model.outgoing import Kind, Route

ONE = Route(NORTH, "1" * 64, frozenset({Kind.HI2, Kind.HI4}))
TWO = Route(SOUTH, "2" * 64, frozenset({Kind.HI3}))
NONE = Route(SOUTH, "3" * 64, frozenset())


def test_routes_are_the_last_allowed_per_order_and_side(tmp_path: Path) -> None:
    opened = Opened(tmp_path)
    outbox, other = opened.side("mdf2"), opened.side("mdf3")
    outbox.allow(A, [TWO])
    outbox.allow(A, [ONE, TWO, NONE])
    outbox.allow(B, [TWO])
    outbox.allow(B, [])
    other.allow(A, [NONE])
    opened.close()
    again = Opened(tmp_path)
    assert again.side("mdf2").routes() == {A: (ONE, TWO, NONE)}
    assert again.side("mdf3").routes() == {A: (NONE,)}


def test_a_forgotten_order_keeps_its_routes_while_product_is_stored(tmp_path: Path) -> None:
    outbox = Opened(tmp_path).side()
    outbox.allow(A, [ONE])
    outbox.allow(B, [TWO])
    ids = outbox.commit(batch(pdu(b"1")))
    outbox.forget(A)
    assert outbox.destroy(LATER).orders == ()
    assert outbox.routes() == {A: (ONE,), B: (TWO,)}
    outbox.confirm(NORTH, ids[0], NOW)
    assert outbox.destroy(NOW).orders == ()
    assert outbox.routes() == {A: (ONE,), B: (TWO,)}
    assert outbox.destroy(LATER).orders == (A,)
    assert outbox.routes() == {B: (TWO,)}


def test_allowing_takes_forgetting_back(tmp_path: Path) -> None:
    outbox = Opened(tmp_path).side()
    outbox.allow(A, [ONE])
    outbox.forget(A)
    outbox.allow(A, [TWO])
    assert outbox.destroy(LATER).orders == ()
    assert outbox.routes() == {A: (TWO,)}


def test_targets_are_held_replaced_and_dropped(tmp_path: Path) -> None:
    opened = Opened(tmp_path)
    outbox, other = opened.side("mdf2"), opened.side("mdf3")
    north = HeldTarget(NORTH, Address("192.0.2.1", 1), "lemf-north", "1" * 64)
    moved = HeldTarget(NORTH, Address("2001:db8::1", 2), "lemf-south", "2" * 64)
    south = HeldTarget(SOUTH, Address("198.51.100.1", 3), "lemf-south", "2" * 64)
    outbox.hold_target(north)
    outbox.hold_target(moved)
    outbox.hold_target(south)
    other.hold_target(north)
    opened.close()
    again = Opened(tmp_path)
    outbox, other = again.side("mdf2"), again.side("mdf3")
    assert outbox.targets() == (moved, south)
    outbox.drop_target(NORTH)
    outbox.drop_target(NORTH)
    assert outbox.targets() == (south,)
    assert other.targets() == (north,)
