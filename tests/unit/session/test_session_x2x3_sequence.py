"""Sequence numbers per context and the gaps between them."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custodes.session.x2x3.sequence import (
    MODULUS,
    Context,
    GapDetected,
    GapDetector,
    SequenceNumbers,
)
from custodes.wire.x2x3.attributes import IPID, NFID, Attribute, DomainID, SequenceNumber
from custodes.wire.x2x3.pdu import PDU, PayloadDirection, PayloadFormat, PDUType

XID = UUID(int=1)
OTHER = UUID(int=2)


def pdu(
    number: int | None = None,
    *attributes: Attribute,
    kind: PDUType = PDUType.X2,
    xid: UUID = XID,
    correlation_id: int = 0,
) -> PDU:
    own = () if number is None else (SequenceNumber(number),)
    return PDU(
        kind,
        PayloadFormat.PROPRIETARY,
        PayloadDirection.UNKNOWN,
        xid,
        correlation_id,
        (*attributes, *own),
    )


EVERY = [
    pdu(),
    pdu(kind=PDUType.X3),
    pdu(xid=OTHER),
    pdu(correlation_id=1),
    pdu(None, DomainID(b"a")),
    pdu(None, NFID(b"a")),
    pdu(None, IPID(b"a")),
    pdu(None, IPID(b"")),
]


def test_every_part_of_the_context_counts_apart() -> None:
    numbers = SequenceNumbers()
    contexts = [Context.of(p) for p in EVERY]
    assert [numbers.next(c) for c in contexts] == [0] * len(EVERY)
    assert [numbers.next(c) for c in contexts] == [1] * len(EVERY)
    assert len(numbers) == len(EVERY)


def test_of_repeated_identifiers_the_first_counts() -> None:
    assert Context.of(pdu(None, NFID(b"a"), NFID(b"b"))) == Context.of(pdu(None, NFID(b"a")))


def test_numbers_wrap_to_0() -> None:
    numbers = SequenceNumbers()
    context = Context.of(pdu())
    numbers._next[context] = MODULUS - 1
    assert [numbers.next(context), numbers.next(context)] == [MODULUS - 1, 0]


def test_a_released_context_starts_again() -> None:
    numbers = SequenceNumbers()
    here, there = Context.of(pdu()), Context.of(pdu(xid=OTHER))
    for context in (here, there):
        numbers.next(context)
    numbers.release_xid(XID)
    assert (numbers.next(here), numbers.next(there)) == (0, 1)
    numbers.release(there)
    numbers.release(there)
    assert numbers.next(there) == 0


def test_numbers_in_sequence_have_no_gap_over_the_wrap() -> None:
    gaps = GapDetector()
    for number in (MODULUS - 2, MODULUS - 1, 0, 1):
        assert gaps.check(pdu(number)) is None


@pytest.mark.parametrize(
    ("last", "got", "missing"),
    [(5, 7, 1), (5, 106, 100), (MODULUS - 1, 3, 3), (5, 5, 0), (5, 0, 0), (0, MODULUS - 1, 0)],
)
def test_a_gap_says_what_is_missing_and_the_count_goes_on(
    last: int, got: int, missing: int
) -> None:
    gaps = GapDetector()
    gaps.check(pdu(last))
    found = gaps.check(pdu(got))
    assert found == GapDetected(Context.of(pdu()), (last + 1) % MODULUS, got)
    assert found.missing == missing
    assert gaps.check(pdu((got + 1) % MODULUS)) is None


def test_contexts_do_not_disturb_each_other() -> None:
    gaps = GapDetector()
    for start, each in enumerate(EVERY):
        attributes = each.attributes
        for number in (start, start + 1):
            numbered = pdu(
                number,
                *attributes,
                kind=each.type,
                xid=each.xid,
                correlation_id=each.correlation_id,
            )
            assert gaps.check(numbered) is None
    assert len(gaps) == len(EVERY)


def test_a_pdu_without_a_number_is_counted() -> None:
    gaps = GapDetector()
    assert gaps.check(pdu()) is None
    assert (gaps.unnumbered, len(gaps)) == (1, 0)


def test_memory_is_bounded_and_what_is_forgotten_is_counted() -> None:
    gaps = GapDetector(limit=2)
    for correlation_id in (1, 2, 1, 3):  # 2 is the one unused longest
        gaps.check(pdu(0, correlation_id=correlation_id))
    assert (len(gaps), gaps.forgotten) == (2, 1)
    assert gaps.check(pdu(9, correlation_id=2)) is None
    gaps.release_xid(XID)
    assert len(gaps) == 0


@given(st.lists(st.booleans(), min_size=1, max_size=50), st.integers(0, MODULUS - 1))
def test_every_loss_is_found(arrives: list[bool], start: int) -> None:
    gaps, missing = GapDetector(), 0
    gaps.check(pdu((start - 1) % MODULUS))
    numbers = [(start + n) % MODULUS for n, kept in enumerate(arrives) if kept]
    for number in numbers:
        gap = gaps.check(pdu(number))
        missing += gap.missing if gap else 0
    last = max((n for n, kept in enumerate(arrives) if kept), default=-1)
    assert missing == arrives[: last + 1].count(False)
