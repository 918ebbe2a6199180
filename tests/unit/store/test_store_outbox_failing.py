"""Writes that fail at the worst moment: the memory says what the disk says."""

from __future__ import annotations

from pathlib import Path

import pytest
from outbox_scene import LATER, NORTH, NOW, A, Opened, batch, pdu
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from custodes.base.errors import CustodesError
from custodes.model.outbox import Backlog, Batch, Stored
from custodes.store import outbox as outbox_module
from custodes.store.outbox import Outbox

ALL = 1 << 30


def _fail(*_: object) -> None:
    raise OperationalError("COMMIT", None, Exception("disk I/O error"))


def test_a_commit_that_fails_at_its_end_is_not_counted(tmp_path: Path) -> None:
    opened = Opened(tmp_path)
    outbox = opened.side()
    first = outbox.commit(batch(pdu(b"1")))
    event.listen(opened.database.engine, "commit", _fail)
    for change in (
        lambda: outbox.commit(batch(pdu(b"2"))),
        lambda: outbox.confirm(NORTH, first[0], NOW),
        lambda: outbox.forget(A),
    ):
        with pytest.raises(CustodesError):
            change()
        assert opened.database.engine.pool.checkedin() == 1  # type: ignore[attr-defined]
    assert outbox.backlog() == {NORTH: Backlog(1, 1, first[0])}
    assert outbox.confirmed(NORTH) == 0
    event.remove(opened.database.engine, "commit", _fail)
    second = outbox.commit(batch(pdu(b"22")))
    assert outbox.backlog() == {NORTH: Backlog(2, 3, second[0])}
    stored = [one.outgoing for one in outbox.read(NORTH, 0, 9, ALL)]
    assert stored == [pdu(b"1"), pdu(b"22")]
    assert outbox.destroy(LATER).orders == ()


def test_what_is_destroyed_before_a_failure_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_module, "_DESTROYED_AT_ONCE", 2)
    opened = Opened(tmp_path)
    outbox = opened.side()
    ids = outbox.commit(batch(*(pdu(b"x") for _ in range(5))))
    outbox.confirm(NORTH, ids[-1], NOW)
    commits: list[object] = []

    def second_fails(connection: object) -> None:
        commits.append(connection)
        if len(commits) > 1:
            _fail()

    event.listen(opened.database.engine, "commit", second_fails)
    assert outbox.destroy(LATER).product[NORTH].count == 2
    with pytest.raises(CustodesError):
        outbox.destroy(LATER)
    event.remove(opened.database.engine, "commit", second_fails)
    assert outbox.destroy(LATER).product[NORTH].count == 3
    assert outbox.destroy(LATER).product == {}


def test_product_without_its_numbers_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Opened(tmp_path)
    outbox = opened.side()
    monkeypatch.setattr(outbox_module, "put_numbers", _fail)
    with pytest.raises(CustodesError):
        outbox.commit(Batch((pdu(b"1"),), {"s": 1}))
    opened.close()
    assert Opened(tmp_path).sql("SELECT count(*) FROM outbox_row") == [(0,)]


def test_a_reader_sees_nothing_before_its_key_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox = Opened(tmp_path).side()
    outbox.commit(batch(pdu(b"1")))
    seen: list[list[Stored]] = []
    known = Outbox._committed

    def late(self: Outbox, *arguments: object) -> None:
        seen.append(self.read(NORTH, 1, 9, ALL))
        known(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Outbox, "_committed", late)
    outbox.commit(batch(pdu(b"2")))
    assert seen == [[]]
    assert [s.outgoing for s in outbox.read(NORTH, 1, 9, ALL)] == [pdu(b"2")]
