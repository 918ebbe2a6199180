"""Where a PDU stands in its numbers: ours may repeat, a foreign element's never counts as one."""

from __future__ import annotations

from uuid import UUID

import pytest
from mdf_scene import NS, attributes, x2, x3

from custodes.functions.mdf.arrivals import Arrivals, Standing, key
from custodes.wire.x2x3.attributes import IPID, NFID, DomainID, SequenceNumber, Timestamp
from custodes.wire.x2x3.pdu import PDU


def pdu(number: int) -> PDU:
    return x2(attributes=attributes(number))


def had(*numbers: int) -> Arrivals:
    arrivals = Arrivals({})
    for number in numbers:
        arrivals.take(arrivals.judge(pdu(number), resends=True))
    return arrivals


@pytest.mark.parametrize(
    ("number", "resends", "standing", "missing"),
    [
        (3, True, Standing.NEXT, 0),
        (5, True, Standing.AHEAD, 2),
        (5, False, Standing.AHEAD, 2),
        (2, True, Standing.REPEAT, 0),
        (0, True, Standing.REPEAT, 0),
        (2, False, Standing.BEHIND, 0),
    ],
)
def test_a_number_is_held_against_the_one_expected(
    number: int, resends: bool, standing: Standing, missing: int
) -> None:
    arrival = had(0, 1, 2).judge(pdu(number), resends=resends)
    assert (arrival.standing, arrival.missing) == (standing, missing)


def test_the_first_number_of_a_context_is_taken_as_it_is() -> None:
    arrival = Arrivals({}).judge(pdu(77), resends=True)
    assert (arrival.standing, arrival.following) == (Standing.NEXT, 78)


def test_judging_alone_takes_nothing_in() -> None:
    arrivals = had(0)
    assert arrivals.judge(pdu(1), resends=True) == arrivals.judge(pdu(1), resends=True)


def test_a_repeat_moves_nothing_and_a_foreign_restart_begins_anew() -> None:
    arrivals = had(0, 1, 2)
    arrivals.take(arrivals.judge(pdu(0), resends=True))
    assert arrivals.judge(pdu(3), resends=True).standing is Standing.NEXT
    arrivals.take(arrivals.judge(pdu(0), resends=False))
    assert arrivals.judge(pdu(1), resends=False).standing is Standing.NEXT


def test_numbers_wrap_and_what_was_before_the_wrap_is_behind() -> None:
    last = 2**32 - 1
    arrivals = had(last)
    assert arrivals.judge(pdu(0), resends=True).standing is Standing.NEXT
    assert arrivals.judge(pdu(last), resends=True).standing is Standing.REPEAT


def test_marks_of_an_earlier_run_go_on() -> None:
    arrivals = Arrivals({key(pdu(0)): 7})
    assert arrivals.judge(pdu(6), resends=True).standing is Standing.REPEAT
    assert arrivals.judge(pdu(7), resends=True).standing is Standing.NEXT


def test_without_a_number_there_is_nothing_to_hold_it_against() -> None:
    arrivals = Arrivals({})
    arrival = arrivals.judge(x2(attributes=(NFID(b"amf"), Timestamp(NS))), resends=True)
    assert arrival.standing is Standing.UNNUMBERED
    arrivals.take(arrival)
    assert arrivals.judge(pdu(0), resends=True).standing is Standing.NEXT


def test_every_part_of_a_context_tells_it_apart() -> None:
    number, time = SequenceNumber(0), Timestamp(NS)
    made = [
        x2(),
        x3(),
        x2(xid=UUID(int=9)),
        x2(correlation_id=5),
        x2(attributes=(IPID(b"poi-1"), number, time)),
        x2(attributes=(NFID(b"poi-1"), number, time)),
        x2(attributes=(DomainID(b"poi-1"), number, time)),
        x2(attributes=(NFID(b""), number, time)),
        x2(attributes=(number, time)),
        x2(attributes=(NFID(b"ab"), IPID(b"c"), number, time)),
        x2(attributes=(NFID(b"a"), IPID(b"bc"), number, time)),
    ]
    assert len({key(one) for one in made}) == len(made)


def test_beyond_its_limit_the_context_unused_for_longest_goes() -> None:
    arrivals = Arrivals({}, limit=2)
    for correlation, number in ((1, 3), (2, 4), (1, 4), (3, 4)):
        one = x2(correlation_id=correlation, attributes=attributes(number))
        arrivals.take(arrivals.judge(one, resends=True))
    assert arrivals.forgotten == 1
    again = [x2(correlation_id=c, attributes=attributes(4)) for c in (1, 2, 3)]
    standing = [arrivals.judge(one, resends=True).standing for one in again]
    assert standing == [Standing.REPEAT, Standing.NEXT, Standing.REPEAT]
