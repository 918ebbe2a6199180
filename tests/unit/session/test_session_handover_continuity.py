"""Gaps, repeats and disorder of sequence numbers."""

from __future__ import annotations

from custodes.base.ids import CIN, LIID
from custodes.session.handover.continuity import REMEMBERED, ContinuityLog, stream_key
from custodes.session.handover.events import Continuity, StreamKey
from custodes.session.handover.sender import Limits
from custodes.wire.handover.pdu import KEEP_ALIVE, PSPDU
from custodes.wire.handover.psheader import PSHeader

IRI = StreamKey(b"mdf2", LIID("A-1"), CIN(1), "IRI")
CC = StreamKey(b"mdf3", LIID("A-1"), CIN(1), "CC")


def test_numbers_from_zero_are_in_order_per_stream() -> None:
    log = ContinuityLog()
    for number in range(3):
        assert log.check(IRI, number, b"i%d" % number) == (Continuity.IN_ORDER, 0)
        assert log.check(CC, number, b"c%d" % number) == (Continuity.IN_ORDER, 0)


def test_a_gap_says_how_many_are_missing_and_is_reported_once() -> None:
    log = ContinuityLog()
    log.check(IRI, 0, b"0")
    assert log.check(IRI, 3, b"3") == (Continuity.GAP, 2)
    assert log.check(IRI, 4, b"4") == (Continuity.IN_ORDER, 0)


def test_a_stream_that_does_not_start_at_zero_has_a_gap() -> None:
    assert ContinuityLog().check(IRI, 2, b"2") == (Continuity.GAP, 2)


def test_a_repeat_has_the_same_octets() -> None:
    log = ContinuityLog()
    log.check(IRI, 0, b"0")
    log.check(IRI, 1, b"1")
    assert log.check(IRI, 0, b"0") == (Continuity.REPEAT, 0)
    assert log.check(IRI, 1, b"another") == (Continuity.OUT_OF_ORDER, 0)


def test_a_late_one_is_kept_and_marked() -> None:
    log = ContinuityLog()
    log.check(IRI, 0, b"0")
    log.check(IRI, 2, b"2")
    assert log.check(IRI, 1, b"1") == (Continuity.OUT_OF_ORDER, 0)
    assert log.check(IRI, 3, b"3") == (Continuity.IN_ORDER, 0)


def test_numbers_wrap() -> None:
    log = ContinuityLog()
    log.check(IRI, 2**31 - 1, b"a")
    log.check(IRI, 2**32 - 2, b"b")
    assert log.check(IRI, 2**32 - 1, b"c") == (Continuity.IN_ORDER, 0)
    assert log.check(IRI, 0, b"d") == (Continuity.IN_ORDER, 0)
    assert log.check(IRI, 2, b"e") == (Continuity.GAP, 1)


def test_memory_is_bounded_and_forgetting_never_drops() -> None:
    log = ContinuityLog(remembered=2)
    for number in range(5):
        log.check(IRI, number, b"%d" % number)
    assert log.check(IRI, 0, b"0") == (Continuity.OUT_OF_ORDER, 0)


def test_judging_takes_nothing_in() -> None:
    log = ContinuityLog()
    for _ in range(2):
        assert log.judge(IRI, 1, b"1") == (Continuity.GAP, 1)
    log.take(IRI, 1, b"1")
    assert log.judge(IRI, 1, b"1") == (Continuity.REPEAT, 0)
    assert log.judge(IRI, 2, b"2") == (Continuity.IN_ORDER, 0)


def test_both_of_two_with_one_number_are_known_again() -> None:
    log = ContinuityLog()
    log.check(IRI, 0, b"one")
    assert log.check(IRI, 0, b"other") == (Continuity.OUT_OF_ORDER, 0)
    assert log.check(IRI, 0, b"one") == (Continuity.REPEAT, 0)
    assert log.check(IRI, 0, b"other") == (Continuity.REPEAT, 0)


def test_a_whole_window_sent_again_is_always_remembered() -> None:
    assert 4 * Limits().window_pdus <= REMEMBERED
    log = ContinuityLog()
    for number in range(REMEMBERED + 500):
        log.check(IRI, number, b"%d" % number)
    again = range(REMEMBERED + 500 - Limits().window_pdus, REMEMBERED + 500)
    assert {log.check(IRI, n, b"%d" % n)[0] for n in again} == {Continuity.REPEAT}


def test_transport_payloads_have_repeats_and_no_gaps() -> None:
    header = PSHeader(liid=LIID("A-1"), operatorIdentifier=b"OP", sequenceNumber=9)
    key = stream_key(PSPDU(header, KEEP_ALIVE))
    log = ContinuityLog()
    assert log.check(key, 9, b"a") == (Continuity.IN_ORDER, 0)
    assert log.check(key, 3, b"b") == (Continuity.IN_ORDER, 0)
    assert log.check(key, 9, b"a") == (Continuity.REPEAT, 0)
