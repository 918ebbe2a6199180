"""A disk that is full: nothing partial, nothing broken, and on it goes when there is room."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from outbox_scene import LATER, NORTH, NOW, SOUTH, A, B, Opened, pdu

from custodes.base.errors import CustodesError
from custodes.model.outbox import Batch, Destroyed
from custodes.model.outgoing import Kind, Route
from custodes.store import mdf

ALL = 1 << 30
C = Batch(tuple(pdu(bytes(3000), B, SOUTH) for _ in range(50)), {"s": 9, "new": 1}, {b"c": 9})


def _limit(opened: Opened, pages: int) -> None:
    """For every connection of the pool: one thread uses one."""
    opened.sql(f"PRAGMA max_page_count = {pages}")


def test_a_batch_that_does_not_fit_leaves_nothing_and_is_committed_later(tmp_path: Path) -> None:
    opened = Opened(tmp_path)
    outbox = opened.side()
    first = outbox.commit(Batch((pdu(b"1"),), {"s": 1}, {b"c": 1}))
    before = outbox.backlog()
    (pages,) = opened.sql("PRAGMA page_count")[0]
    assert isinstance(pages, int)
    for room in (0, 1, 3, 10, 40):
        _limit(opened, pages + room)
        for _ in range(3):
            with pytest.raises(CustodesError) as caught:
                outbox.commit(C)
            assert "cannot be written" in caught.value.what
        assert outbox.backlog() == before
        assert (outbox.numbers(), outbox.marks()) == ({"s": 1}, {b"c": 1})
        assert outbox.read(SOUTH, 0, 9, ALL) == []
        assert [s.outgoing for s in outbox.read(NORTH, 0, 9, ALL)] == [pdu(b"1")]
        assert opened.sql("SELECT liid FROM outbox_key") == [("A-1",)]
    outbox.confirm(NORTH, first[0], NOW)  # what needs no more room goes on meanwhile
    _limit(opened, 1 << 30)
    ids = outbox.commit(C)
    assert ids[0] > first[0]
    assert [s.outgoing for s in outbox.read(SOUTH, 0, 99, ALL)] == list(C.outgoing)
    assert (outbox.numbers(), outbox.marks()) == ({"s": 9, "new": 1}, {b"c": 9})
    opened.close()
    again = Opened(tmp_path).side()
    assert [s.outgoing for s in again.read(SOUTH, 0, 99, ALL)] == list(C.outgoing)


def test_destroying_makes_room(tmp_path: Path) -> None:
    opened = Opened(tmp_path)
    outbox = opened.side()
    ids = outbox.commit(C)
    (pages,) = opened.sql("PRAGMA page_count")[0]
    assert isinstance(pages, int)
    _limit(opened, pages)
    with pytest.raises(CustodesError):
        outbox.commit(C)
    outbox.confirm(SOUTH, ids[-1], NOW)
    assert outbox.destroy(LATER).product == {SOUTH: Destroyed(50, 150_000)}
    outbox.commit(C)


def test_every_other_change_says_so_too(tmp_path: Path) -> None:
    opened = Opened(tmp_path)
    outbox = opened.side()
    (pages,) = opened.sql("PRAGMA page_count")[0]
    assert isinstance(pages, int)
    _limit(opened, pages)
    route = Route(NORTH, "f" * 3000, frozenset(Kind))
    with pytest.raises(CustodesError):
        outbox.allow(A, [route, route, route])
    assert outbox.routes() == {}
    _limit(opened, 1 << 30)
    outbox.allow(A, [route, route, route])
    assert outbox.routes() == {A: (route, route, route)}


def test_new_product_leaves_the_room_that_destroying_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Opened(tmp_path)
    outbox = opened.side()
    ids = outbox.commit(C)
    monkeypatch.setattr(mdf, "RESERVE", 100_000)
    monkeypatch.setattr(mdf, "free_octets", lambda _: 99_999)
    with pytest.raises(CustodesError, match="nearly full"):
        outbox.commit(C)
    assert outbox.numbers() == {"s": 9, "new": 1}
    outbox.confirm(SOUTH, ids[-1], NOW)
    assert outbox.destroy(LATER).product == {SOUTH: Destroyed(50, 150_000)}
    monkeypatch.setattr(mdf, "free_octets", lambda _: 49_999)
    assert opened.database.sweep()
    with pytest.raises(CustodesError, match="nearly full"):
        outbox.commit(C)  # the log has no place
    monkeypatch.setattr(mdf, "free_octets", lambda _: 99_999)
    assert outbox.commit(C)[0] > ids[-1]  # in the place of what was destroyed
    with pytest.raises(CustodesError, match="nearly full"):
        outbox.commit(C)  # that place is taken now
    monkeypatch.setattr(mdf, "free_octets", lambda _: 100_000)
    outbox.commit(C)


def test_an_unknown_amount_of_room_is_none(tmp_path: Path) -> None:
    assert mdf.free_octets(tmp_path) > 0
    assert mdf.free_octets(tmp_path / "absent") == 0


_LIMITED = """
import resource, sys
from pathlib import Path
from outbox_scene import NORTH, SOUTH, Opened, B, batch, pdu
from custodes.base.errors import CustodesError
from custodes.model.outbox import Batch
opened = Opened(Path(sys.argv[1]))
outbox = opened.side()
ids = list(outbox.commit(batch(pdu(b"first"))))
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
failed = 0
resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, hard))
whole = Batch([pdu(bytes(3000), B, SOUTH) for _ in range(30)], {"s": 1}, {b"c": 1})
for _ in range(12):
    try:
        ids += outbox.commit(whole)
    except CustodesError:
        failed += 1
assert failed > 2, failed
assert [s.id for s in outbox.read(NORTH, 0, 9, 9)] == ids[:1]
assert [s.id for s in outbox.read(SOUTH, 0, 999, 1 << 30)] == ids[1:]
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
ids += outbox.commit(whole)
assert ids == sorted(set(ids))
print(*ids)
"""


def test_a_file_system_that_refuses_to_write(tmp_path: Path) -> None:
    """The kernel itself refuses: a limit on the size of files, in a process of its own."""
    ran = subprocess.run(
        [sys.executable, "-c", _LIMITED, str(tmp_path)],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    ids = [int(text) for text in ran.stdout.split()]
    assert len(ids) > 31
    outbox = Opened(tmp_path).side()
    stored = [*outbox.read(NORTH, 0, 9, ALL), *outbox.read(SOUTH, 0, 999, ALL)]
    assert [s.id for s in stored] == ids
    assert not any(s.damaged for s in stored)
