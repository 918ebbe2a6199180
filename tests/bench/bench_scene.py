"""What is measured with: one order on an MDF3, one X3 PDU of a UPF, one X1 request."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from custodes.base.ids import CIN, DID, LIID, XID
from custodes.functions.mdf.content import ContentWriter, read
from custodes.functions.mdf.headers import Origin
from custodes.functions.mdf.mediate import Mediator
from custodes.functions.mdf.numbering import Numbering
from custodes.functions.mdf.tasks import Entry, TaskTable
from custodes.model.period import Period
from custodes.model.registry import ElementKind
from custodes.wire.handover.cc import TS33128_CC, CCItem
from custodes.wire.handover.pdu import PSPDU, CCs, encode
from custodes.wire.iri.payload import encode_cc
from custodes.wire.x2x3 import pdu as x2x3
from custodes.wire.x2x3.attributes import IPID, NFID, SequenceNumber, Timestamp

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
NS = 1_767_603_600_123_456_789
TASK, ORDER, AGENCY = XID(UUID(int=1)), LIID("ZZ-2026-0001"), DID(UUID(int=2))
SOURCES = frozenset({"upf"})
ORIGIN = Origin.of("XX", "OPERATOR", "mdf3")


class Clock:
    """Stands still: what is measured is mediation, not the operating system's clock."""

    def now(self) -> datetime:
        return START

    def now_ns(self) -> int:
        return NS

    def monotonic(self) -> float:
        return 100.0


class Store:
    """The numbers in memory; the real one keeps a table of the same kind before its database."""

    def __init__(self) -> None:
        self._cins: dict[tuple[LIID, XID, int], CIN] = {}

    def cin(self, liid: LIID, xid: XID, correlation: int) -> CIN:
        return self._cins.setdefault((liid, xid, correlation), CIN(len(self._cins) + 1))

    def new_cin(self, liid: LIID) -> CIN:
        return CIN(1)


def x3_octets(size: int = 512) -> bytes:
    """An X3 PDU whose payload is a GTP-U packet of ``size`` octets, with the PDU session
    container that a 5G user plane has, and an IPv4 packet in it."""
    inner = size - 16
    ip = b"\x45\0" + inner.to_bytes(2, "big") + bytes.fromhex("000000004011") + bytes(inner - 10)
    gtpu = (
        b"\x34\xff" + (size - 8).to_bytes(2, "big") + b"\0\0\0\7" + b"\0\0\0\x85\1\x10\x09\0" + ip
    )
    attributes = (NFID(b"upf.example.org"), IPID(b"poi-1"), SequenceNumber(3), Timestamp(NS))
    return x2x3.encode(
        x2x3.PDU(
            x2x3.PDUType.X3,
            x2x3.PayloadFormat.GTP_U,
            x2x3.PayloadDirection.FROM_TARGET,
            TASK.value,
            77,
            attributes,
            gtpu,
        )
    )


class ContentBench:
    """X3 octets in, PS-PDU octets out, in three ways; each call has the next sequence number."""

    def __init__(self, octets: bytes) -> None:
        self._octets = octets
        self._number = 0
        self._cin = CIN(1)
        self._writer = ContentWriter(ORIGIN)
        clock, store = Clock(), Store()
        tasks = TaskTable(clock)
        period = Period.begin(START, START + timedelta(hours=1), clock)
        tasks.put(TASK, [Entry(TASK, ORDER, period, (AGENCY,), True, (), SOURCES)])
        self._mediator = Mediator(
            ElementKind.MDF3, ORIGIN, tasks, store, Numbering({}, "mdf3"), clock
        )

    def fast(self) -> bytes:
        """Decode, check, write by template."""
        self._number += 1
        return self._writer.write(read(x2x3.decode(self._octets)), ORDER, self._cin, self._number)

    def generic(self) -> bytes:
        """The same by the generic encoder."""
        self._number += 1
        xcc = read(x2x3.decode(self._octets))
        contents = (TS33128_CC, encode_cc(("uPFCCPDU", xcc.pdu.payload)))
        header = ORIGIN.product(xcc.pdu, ORDER, self._cin, self._number, xcc.ns)
        item = CCItem(contents=contents, payloadDirection=xcc.direction)
        return encode(PSPDU(header, CCs((item,))))

    def mediated(self) -> bytes:
        """The fast path as the MDF3 runs it: task, period, CIN and number of the order as well."""
        (outgoing,) = self._mediator.product(x2x3.decode(self._octets), "upf").outgoing
        return outgoing.octets
