"""A window on the outbox: each entry once, in order, whatever comes from memory or from disk."""

from __future__ import annotations

from mdf_outbox import Disk
from mdf_scene import DA, START
from mdf_window import drain, made

from custodes.functions.mdf.window import Window
from custodes.model.outbox import Batch, Stored


def test_what_keeps_up_never_reads_the_disk() -> None:
    window = Window(DA, Disk().outbox(), capacity=4)
    for number in range(1, 9):
        window.written([Stored(number, made(number))])
        assert window.to_read is None
        assert window.next().id == number


def test_what_does_not_fit_is_read_once_the_queue_is_dry() -> None:
    outbox = Disk().outbox()
    window = Window(DA, outbox, capacity=2)
    for number in range(9):
        (entry,) = outbox.commit(Batch((made(number),)))
        window.written([Stored(entry, made(number))])
    assert window.behind
    assert drain(window, outbox) == [b"%d" % number for number in range(9)]
    assert not window.behind


def test_what_the_disk_showed_before_it_was_told_comes_once() -> None:
    outbox = Disk().outbox()
    ids = outbox.commit(Batch(tuple(made(n) for n in range(3))))
    window = Window(DA, outbox, capacity=2)
    assert drain(window, outbox) == [b"0", b"1", b"2"]
    window.written([Stored(i, made(n)) for n, i in enumerate(ids)])
    assert drain(window, outbox) == []


def test_a_new_run_begins_behind_the_mark() -> None:
    outbox = Disk().outbox()
    ids = outbox.commit(Batch(tuple(made(n) for n in range(4))))
    outbox.confirm(DA, ids[1], START)
    assert drain(Window(DA, outbox, capacity=9), outbox) == [b"2", b"3"]


def test_confirmations_settle_what_was_sent_and_what_was_left_out_between() -> None:
    window = Window(DA, Disk().outbox(), capacity=9)
    for number in (1, 3):
        window.sent(number)
    assert window.left_out(4) == 0, "1 and 3 are not confirmed yet"
    window.sent(5)
    assert window.confirmed(1) == 1
    assert window.confirmed(1) == 4
    assert window.confirmed(1) == 5
    assert window.left_out(6) == 6
