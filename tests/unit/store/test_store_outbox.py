"""Commit, read, confirm and destroy; what is the same after a restart."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from outbox_scene import LATER, NORTH, NOW, SOUTH, A, B, Opened, batch, pdu

from custodes.base.errors import CustodesError
from custodes.base.ids import LIID
from custodes.model.outbox import Backlog, Batch, Destroyed
from custodes.model.outgoing import Kind
from custodes.store import outbox as outbox_module

ALL = 1 << 30


def test_what_is_committed_is_read_in_order_per_destination(tmp_path: Path) -> None:
    outbox = Opened(tmp_path).side()
    made = [pdu(b"1"), pdu(b"2", B, SOUTH, Kind.HI2), pdu(b"3", B), pdu(b"", kind=Kind.HI4)]
    ids = outbox.commit(Batch(made))
    assert list(ids) == sorted(set(ids))
    assert [(s.id, s.outgoing) for s in outbox.read(NORTH, 0, 9, ALL)] == [
        (ids[0], made[0]),
        (ids[2], made[2]),
        (ids[3], made[3]),
    ]
    assert [s.outgoing for s in outbox.read(SOUTH, 0, 9, ALL)] == [made[1]]
    assert [s.id for s in outbox.read(NORTH, ids[0], 1, ALL)] == [ids[2]]
    assert outbox.read(NORTH, ids[3], 9, ALL) == []
    assert outbox.commit(batch(pdu(b"5")))[0] > ids[-1]


def test_a_read_is_bounded_in_octets_but_gives_one(tmp_path: Path) -> None:
    outbox = Opened(tmp_path).side()
    outbox.commit(batch(*(pdu(bytes(10)) for _ in range(5))))
    assert [len(outbox.read(NORTH, 0, 9, octets)) for octets in (0, 10, 19, 20, 50)] == [
        1,
        1,
        1,
        2,
        5,
    ]


def test_two_sides_on_one_file_share_ids_and_nothing_else(tmp_path: Path) -> None:
    opened = Opened(tmp_path)
    two, three = opened.side("mdf2"), opened.side("mdf3")
    first = two.commit(Batch((pdu(b"two"),), {"s": 2}, {b"c": 22}))
    second = three.commit(Batch((pdu(b"three"),), {"s": 3}, {b"c": 33}))
    third = two.commit(batch(pdu(b"two again")))
    assert first < second < third
    assert [s.outgoing for s in two.read(NORTH, 0, 9, ALL)] == [pdu(b"two"), pdu(b"two again")]
    assert [s.outgoing for s in three.read(NORTH, 0, 9, ALL)] == [pdu(b"three")]
    assert (two.numbers(), two.marks()) == ({"s": 2}, {b"c": 22})
    assert (three.numbers(), three.marks()) == ({"s": 3}, {b"c": 33})
    two.confirm(NORTH, third[0], NOW)
    two.forget(A)
    assert two.destroy(LATER).orders == (A,)
    assert three.confirmed(NORTH) == 0
    assert three.destroy(LATER).orders == ()
    assert [s.damaged for s in three.read(NORTH, 0, 9, ALL)] == [False]


def test_numbers_and_marks_are_the_last_committed(tmp_path: Path) -> None:
    opened = Opened(tmp_path)
    outbox = opened.side()
    outbox.commit(Batch((), {"s": 1, "t": 5}, {b"\0c": 7}))
    outbox.commit(Batch((), {"s": 2}, {b"\0c": 0xFFFF_FFFF, b"d": 1}))
    opened.close()
    again = Opened(tmp_path).side()
    assert again.numbers() == {"s": 2, "t": 5}
    assert again.marks() == {b"\0c": 0xFFFF_FFFF, b"d": 1}


def test_the_backlog_is_what_is_not_confirmed_also_after_a_restart(tmp_path: Path) -> None:
    opened = Opened(tmp_path)
    outbox = opened.side()
    ids = outbox.commit(batch(pdu(b"1"), pdu(b"22", B), pdu(b"333"), pdu(b"4444", did=SOUTH)))
    whole = {NORTH: Backlog(3, 6, ids[2]), SOUTH: Backlog(1, 4, ids[3])}
    assert outbox.backlog() == whole
    outbox.confirm(NORTH, ids[0], NOW)
    outbox.confirm(SOUTH, ids[3], NOW)
    rest = {NORTH: Backlog(2, 5, ids[2])}
    assert outbox.backlog() == rest
    opened.close()
    again = Opened(tmp_path).side()
    assert again.backlog() == rest
    assert (again.confirmed(NORTH), again.confirmed(SOUTH)) == (ids[0], ids[3])
    again.confirm(NORTH, ids[2], NOW)
    assert again.backlog() == {}


def test_a_mark_never_goes_back_and_never_ahead(tmp_path: Path) -> None:
    outbox = Opened(tmp_path).side()
    ids = outbox.commit(batch(pdu(b"1"), pdu(b"2"), pdu(b"3", did=SOUTH)))
    outbox.confirm(NORTH, ids[1], NOW)
    outbox.confirm(NORTH, ids[0], NOW)
    assert outbox.confirmed(NORTH) == ids[1]
    with pytest.raises(CustodesError):
        outbox.confirm(NORTH, ids[2], NOW)  # another destination's
    with pytest.raises(CustodesError):
        outbox.confirm(SOUTH, ids[2] + 1, NOW)
    assert outbox.confirmed(SOUTH) == 0


def test_destroyed_is_what_was_confirmed_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_module, "_DESTROYED_AT_ONCE", 2)
    opened = Opened(tmp_path)
    outbox = opened.side()
    ids = outbox.commit(batch(*(pdu(bytes(n)) for n in range(1, 8)), pdu(b"south", did=SOUTH)))
    outbox.confirm(NORTH, ids[4], NOW)
    outbox.confirm(NORTH, ids[5], LATER)
    assert outbox.destroy(NOW).product == {}
    assert outbox.destroy(LATER).product == {NORTH: Destroyed(5, 15)}
    assert outbox.destroy(LATER).product == {}
    assert [s.id for s in outbox.read(NORTH, 0, 9, ALL)] == [ids[5], ids[6]]
    assert outbox.destroy(LATER + timedelta(seconds=1)).product == {NORTH: Destroyed(1, 6)}
    assert outbox.backlog() == {NORTH: Backlog(1, 7, ids[6]), SOUTH: Backlog(1, 5, ids[7])}
    assert opened.sql("SELECT count(*) FROM outbox_row") == [(2,)]


def test_after_a_restart_the_delay_starts_anew(tmp_path: Path) -> None:
    opened = Opened(tmp_path)
    outbox = opened.side()
    outbox.confirm(NORTH, outbox.commit(batch(pdu(b"1")))[0], NOW)
    opened.close()
    again = Opened(tmp_path, now=LATER).side()
    assert again.destroy(LATER).product == {}
    assert again.destroy(LATER + timedelta(seconds=1)).product == {NORTH: Destroyed(1, 1)}


def test_ids_are_not_used_again_when_everything_is_destroyed(tmp_path: Path) -> None:
    opened = Opened(tmp_path)
    outbox = opened.side()
    ids = outbox.commit(batch(pdu(b"1"), pdu(b"2")))
    outbox.confirm(NORTH, ids[1], NOW)
    outbox.destroy(LATER)
    opened.close()
    again = Opened(tmp_path).side()
    assert again.commit(batch(pdu(b"3")))[0] > ids[1]


def test_readers_and_writers_of_many_threads_see_each_pdu_once(tmp_path: Path) -> None:
    opened = Opened(tmp_path)
    outbox = opened.side()
    outbox.commit(batch(pdu(b"first", did=NORTH), pdu(b"first", did=SOUTH)))
    seen: dict[object, list[bytes]] = {NORTH: [], SOUTH: []}
    damaged: list[int] = []

    def write(name: int) -> None:
        for number in range(20):
            octets = f"{name} {number}".encode()
            liid = LIID(f"{name}-{number}")  # every time a new key, which readers must know
            outbox.commit(batch(pdu(octets, liid, NORTH), pdu(octets, liid, SOUTH)))

    def read(did: object) -> None:
        after = 0
        while len(seen[did]) < 61:
            for stored in outbox.read(did, after, 5, ALL):  # type: ignore[arg-type]
                after = stored.id
                if stored.outgoing is None:
                    damaged.append(stored.id)
                seen[did].append(stored.outgoing.octets if stored.outgoing else b"")
            outbox.confirm(did, after, NOW)  # type: ignore[arg-type]

    threads = [threading.Thread(target=write, args=(name,)) for name in range(3)]
    threads += [threading.Thread(target=read, args=(did,)) for did in (NORTH, SOUTH)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert damaged == []
    for did in (NORTH, SOUTH):
        assert len(set(seen[did])) == 58 + 3
        for name in range(3):
            own = [octets for octets in seen[did] if octets.startswith(b"%d " % name)]
            assert own == [b"%d %d" % (name, number) for number in range(20)]
    assert outbox.backlog() == {}
    opened.close()
