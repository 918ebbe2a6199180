"""The last check before the socket."""

from __future__ import annotations

from dataclasses import replace

import pytest
from mdf_outbox import Disk
from mdf_scene import DA, DB, GTPU, NS, A, B

from custodes.base.errors import CustodesError
from custodes.base.ids import CIN, LIID
from custodes.functions.mdf.guard import MisroutedError, Routes
from custodes.functions.mdf.headers import Origin
from custodes.model.outgoing import Kind, Outgoing, Route
from custodes.model.party import Party, Role
from custodes.wire.handover.cc import CCItem
from custodes.wire.handover.pdu import HI4, PSPDU, CCs, encode
from custodes.wire.handover.times import TimeStampQualifier
from custodes.wire.iri.payload import encode_cc, li_notification

LEMF_A = Party("lemf-a", Role.LEMF, "a" * 64)
LEMF_B = Party("lemf-b", Role.LEMF, "b" * 64)
ORIGIN = Origin.of("XX", "OPERATOR", "mdf3")


def content(liid: LIID) -> bytes:
    header = ORIGIN.header(liid, CIN(1), 0, NS, TimeStampQualifier.INTERCEPTION)
    item = CCItem(contents=("threeGPP33128DefinedCC", encode_cc(("uPFCCPDU", GTPU))))
    return encode(PSPDU(header, CCs((item,))))


def routes() -> Routes:
    made = Routes(Disk().outbox())
    made.allow(A, (Route(DA, LEMF_A.fingerprint, frozenset({Kind.HI3, Kind.HI4})),))
    made.allow(B, (Route(DB, LEMF_B.fingerprint, frozenset({Kind.HI2, Kind.HI4})),))
    return made


FOR_A = Outgoing(Kind.HI3, A, DA, content(A))


def test_what_an_order_allows_passes() -> None:
    routes().check(FOR_A, DA, LEMF_A)
    header = ORIGIN.header(A, None, 0, NS, TimeStampQualifier.MEDIATION)
    notice = encode(PSPDU(header, HI4((li_notification("activation"),))))
    routes().check(Outgoing(Kind.HI4, A, DA, notice), DA, LEMF_A)


@pytest.mark.parametrize(
    ("outgoing", "did", "peer"),
    [
        (FOR_A, DB, LEMF_B),  # in another destination's queue
        (replace(FOR_A, did=DB), DA, LEMF_A),  # from another destination's queue
        (replace(FOR_A, kind=Kind.HI4), DA, LEMF_A),  # content passed off as a notification
        (replace(FOR_A, did=DB), DB, LEMF_B),  # sent to another destination
        (FOR_A, DA, LEMF_B),  # another key at the right address
        (replace(FOR_A, octets=content(B)), DA, LEMF_A),  # another order's octets
        (replace(FOR_A, liid=B), DA, LEMF_A),  # made for another order
        (replace(FOR_A, kind=Kind.HI2), DA, LEMF_A),  # content passed off as IRI
        (replace(FOR_A, octets=b"\x30\x00"), DA, LEMF_A),
        (Outgoing(Kind.HI3, B, DB, content(B)), DB, LEMF_B),  # an IRI-only order's content
        (Outgoing(Kind.HI3, LIID("C-1"), DA, content(LIID("C-1"))), DA, LEMF_A),
    ],
)
def test_whatever_is_crossed_is_stopped(outgoing: Outgoing, did: object, peer: Party) -> None:
    with pytest.raises(MisroutedError):
        routes().check(outgoing, did, peer)  # type: ignore[arg-type]


def test_a_route_that_was_taken_back_holds_no_more() -> None:
    made = routes()
    made.allow(A, ())
    with pytest.raises(CustodesError):
        made.check(FOR_A, DA, LEMF_A)


def test_long_liids_are_compared_as_they_stand_on_the_wire() -> None:
    liid = LIID("01" * 13)
    made = Routes(Disk().outbox())
    made.allow(liid, (Route(DA, LEMF_A.fingerprint, frozenset({Kind.HI3})),))
    made.check(Outgoing(Kind.HI3, liid, DA, content(liid)), DA, LEMF_A)
