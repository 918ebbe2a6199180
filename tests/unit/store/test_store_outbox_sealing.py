"""What the files give away, what does not open, and when an order's key goes."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from outbox_scene import LATER, NORTH, NOW, SOUTH, A, B, Opened, batch, pdu

from custodes.model.outbox import Batch
from custodes.model.outgoing import Kind

IDENTITY = "001011234567890"
ALL = 1 << 30


def _forms(digits: str) -> list[bytes]:
    padded = digits + "f" * (len(digits) % 2)
    tbcd = bytes.fromhex("".join(b + a for a, b in zip(padded[::2], padded[1::2], strict=True)))
    plain = digits.encode()
    forms = [plain, tbcd, plain.hex().encode(), tbcd.hex().encode(), tbcd.hex().upper().encode()]
    for octets in (plain, tbcd):  # base64 has three alignments
        for lead in range(3):
            text = base64.b64encode(bytes(lead) + octets)
            forms.append(text[4 if lead else 0 : -4])
    return forms


def _files(folder: Path) -> bytes:
    names = ("mdf.sqlite", "mdf.sqlite-wal", "mdf.sqlite-shm")
    return b"".join((folder / name).read_bytes() for name in names if (folder / name).exists())


def test_no_form_of_an_identity_stands_in_the_files(tmp_path: Path) -> None:
    opened = Opened(tmp_path)
    outbox = opened.side()
    forms = _forms(IDENTITY)
    for form in forms:
        outbox.commit(batch(pdu(b"x" + form + b"y"), pdu(form, B, SOUTH, Kind.HI2)))
    live = _files(tmp_path)
    assert (tmp_path / "mdf.sqlite-wal").stat().st_size > 0
    assert str(A).encode() in live  # the search does find what is there
    assert [form for form in forms if form in live] == []
    opened.close()
    assert [form for form in forms if form in _files(tmp_path)] == []


def test_equal_octets_are_sealed_differently(tmp_path: Path) -> None:
    opened = Opened(tmp_path)
    opened.side().commit(batch(*(pdu(b"same") for _ in range(5))))
    sealed = opened.sql("SELECT sealed FROM outbox_row")
    assert len(set(sealed)) == 5


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE outbox_row SET sealed = zeroblob(length(sealed)) WHERE id = {id}",
        "UPDATE outbox_row SET sealed = x'00' WHERE id = {id}",
        "UPDATE outbox_row SET kind = 'hi2' WHERE id = {id}",
        "UPDATE outbox_row SET kind = '???' WHERE id = {id}",
        "UPDATE outbox_row SET key = 2 WHERE id = {id}",
        "UPDATE outbox_row SET key = 99 WHERE id = {id}",
        "UPDATE outbox_row SET sealed = (SELECT sealed FROM outbox_row WHERE id = 1) WHERE id={id}",
        "UPDATE outbox_row SET sealed = (SELECT sealed FROM outbox_row WHERE id = 4) WHERE id={id}",
    ],
)
def test_a_damaged_row_is_told_and_does_not_hold_up_others(tmp_path: Path, change: str) -> None:
    opened = Opened(tmp_path)
    outbox = opened.side()
    ids = outbox.commit(batch(pdu(b"1"), pdu(b"2"), pdu(b"3"), pdu(b"4", B, SOUTH)))
    opened.sql(change.format(id=ids[1]))
    assert [(s.id, s.damaged, s.outgoing) for s in outbox.read(NORTH, 0, 9, ALL)] == [
        (ids[0], False, pdu(b"1")),
        (ids[1], True, None),
        (ids[2], False, pdu(b"3")),
    ]


def test_a_row_moved_to_another_destination_side_or_order_does_not_open(tmp_path: Path) -> None:
    opened = Opened(tmp_path)
    outbox = opened.side()
    ids = outbox.commit(batch(pdu(b"1"), pdu(b"2", did=SOUTH), pdu(b"3", did=SOUTH)))
    opened.sql(
        f"UPDATE outbox_row SET destination ="  # noqa: S608
        f" (SELECT destination FROM outbox_row WHERE id = {ids[1]}) WHERE id = {ids[0]}"
    )
    assert [s.damaged for s in outbox.read(SOUTH, 0, 9, ALL)] == [True, False, False]
    opened.sql("UPDATE outbox_destination SET side = 'mdf2'")
    opened.sql("UPDATE outbox_key SET side = 'mdf2'")
    opened.close()
    again = Opened(tmp_path)
    assert [s.damaged for s in again.side("mdf2").read(SOUTH, 0, 9, ALL)] == [True] * 3
    opened.sql("UPDATE outbox_destination SET side = 'mdf3'")
    opened.sql("UPDATE outbox_key SET side = 'mdf3', liid = 'B-1'")
    again.close()
    assert [s.damaged for s in Opened(tmp_path).side().read(SOUTH, 0, 9, ALL)] == [True] * 3


def test_a_row_goes_on_under_a_new_key_where_the_old_one_is_damaged(tmp_path: Path) -> None:
    opened = Opened(tmp_path)
    opened.side().commit(batch(pdu(b"1")))
    opened.sql("UPDATE outbox_key SET wrapped = zeroblob(60)")
    opened.close()
    outbox = Opened(tmp_path).side()
    outbox.commit(batch(pdu(b"2")))
    assert [s.outgoing for s in outbox.read(NORTH, 0, 9, ALL)] == [None, pdu(b"2")]


def test_an_order_that_is_over_loses_its_key_with_its_last_row(tmp_path: Path) -> None:
    opened = Opened(tmp_path)
    outbox = opened.side()
    ids = outbox.commit(batch(pdu(b"1"), pdu(b"2", did=SOUTH), pdu(b"3", B)))
    wrapped = opened.sql("SELECT wrapped FROM outbox_key WHERE liid = 'A-1'")[0][0]
    assert isinstance(wrapped, bytes)
    outbox.forget(A)
    outbox.confirm(NORTH, ids[2], NOW)
    assert outbox.destroy(LATER).orders == ()  # SOUTH has not confirmed
    assert not outbox.read(SOUTH, 0, 9, ALL)[0].damaged
    outbox.confirm(SOUTH, ids[1], NOW)
    assert wrapped in _files(tmp_path)
    assert outbox.destroy(LATER).orders == (A,)
    assert opened.sql("SELECT liid FROM outbox_key") == [("B-1",)]
    assert wrapped not in _files(tmp_path)
    assert outbox.destroy(LATER).orders == ()


def test_without_rows_forgetting_is_enough_and_survives_a_restart(tmp_path: Path) -> None:
    opened = Opened(tmp_path)
    outbox = opened.side()
    outbox.confirm(NORTH, outbox.commit(batch(pdu(b"1")))[0], NOW)
    outbox.destroy(LATER)
    assert opened.sql("SELECT liid FROM outbox_key") == [("A-1",)]
    outbox.forget(A)
    outbox.forget(A)
    opened.close()
    again = Opened(tmp_path)
    assert again.side().destroy(NOW).orders == (A,)
    assert again.sql("SELECT liid FROM outbox_key") == []


def test_what_comes_after_forgetting_gets_a_key_and_is_kept(tmp_path: Path) -> None:
    opened = Opened(tmp_path)
    outbox = opened.side()
    outbox.commit(batch(pdu(b"1")))
    outbox.forget(A)
    outbox.commit(batch(pdu(b"2")))
    outbox.destroy(LATER)
    assert [s.outgoing for s in outbox.read(NORTH, 0, 9, ALL)] == [pdu(b"1"), pdu(b"2")]
    outbox.commit(Batch())
