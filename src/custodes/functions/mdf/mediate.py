"""The heart of mediation: one X2 or X3 PDU in, one PS-PDU per order and destination out.

Pure but for its two ports: the store of numbers, and the clock that the task table asks. No
threads, no sockets; the caller holds the side's lock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from custodes.base.clock import Clock
from custodes.base.errors import EncodeError
from custodes.base.ids import CIN, DID, LIID, XID
from custodes.functions.mdf import content, iri, notification
from custodes.functions.mdf.headers import Origin
from custodes.functions.mdf.numbering import Numbering
from custodes.functions.mdf.ports import CorrelationStore
from custodes.functions.mdf.refusal import Reason, RefusedProductError
from custodes.functions.mdf.standing import Standing, Stood
from custodes.functions.mdf.tasks import Change, Entry, Notice, TaskTable
from custodes.model.address import Address
from custodes.model.outgoing import Kind, Outgoing
from custodes.model.registry import ElementKind
from custodes.wire.handover.pdu import HI4, PSPDU, Payload, encode
from custodes.wire.handover.psheader import PSHeader
from custodes.wire.handover.times import TimeStampQualifier
from custodes.wire.x2x3.attributes import Timestamp
from custodes.wire.x2x3.pdu import PDU, PayloadFormat, PDUType


@dataclass(frozen=True, slots=True)
class Interface:
    """What a side takes in and gives out."""

    takes: PDUType
    formats: frozenset[int]
    gives: Kind
    stream: str


INTERFACES: Mapping[ElementKind, Interface] = {
    ElementKind.MDF2: Interface(PDUType.X2, frozenset({PayloadFormat.TS_33_128}), Kind.HI2, "IRI"),
    ElementKind.MDF3: Interface(PDUType.X3, content.FORMATS, Kind.HI3, "CC"),
}


@dataclass(slots=True)
class Mediated:
    """What became of one PDU. ``event`` names an xIRI; ``refused`` are orders that may not have
    this record; ``odd_direction``: its event has another direction on X2 (TS 33.128, 5.3.2)."""

    event: str | None = None
    outgoing: list[Outgoing] = field(default_factory=list)
    refused: list[RefusedProductError] = field(default_factory=list)
    unmapped: int = 0
    odd_direction: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """A notification, and what to remember of it; nothing once the end was told."""

    outgoing: Outgoing
    remembered: bytes


class Mediator:
    """One side's mediation. Not thread-safe."""

    def __init__(
        self,
        kind: ElementKind,
        origin: Origin,
        tasks: TaskTable,
        store: CorrelationStore,
        numbering: Numbering,
        clock: Clock,
    ) -> None:
        self.interface = INTERFACES[kind]
        self._origin = origin
        self._tasks = tasks
        self._store = store
        self._numbering = numbering
        self._clock = clock
        self._content = content.ContentWriter(origin)
        self._standing = Standing()

    def product(self, pdu: PDU, source: str) -> Mediated:
        """Mediate one PDU of the element ``source`` for every order that may have it now.

        RefusedProductError where nobody may. Steps: (1) it is of this side's interface and format;
        (2) its XID is a task's, and an order of it that names its element runs now; (3) it says
        when it was intercepted; (4) it decodes, is complete and of the subject; (5) each order
        gets its own copy, header and number.
        """
        self._check_form(pdu)  # 1
        entries = self._entries(XID(pdu.xid), source)  # 2
        if self.interface.gives is Kind.HI3:
            return self._of_content(content.read(pdu), entries)  # 3, 4, 5
        return self._of_record(pdu, entries)  # 3, 4, 5

    def _of_content(self, xcc: content.XCC, entries: tuple[Entry, ...]) -> Mediated:
        mediated = Mediated()
        for entry in entries:
            cin = self._store.cin(entry.liid, entry.xid, xcc.pdu.correlation_id)
            self._add(mediated, entry, cin, partial(self._content.write, xcc, entry.liid, cin))
        return mediated

    def _of_record(self, pdu: PDU, entries: tuple[Entry, ...]) -> Mediated:
        stamp = pdu.attribute(Timestamp)
        if stamp is None:
            raise RefusedProductError(Reason.NO_TIMESTAMP, "product without its time")
        record = iri.read(pdu)
        mediated = Mediated(
            event=record.rule.event,
            unmapped=record.unmapped,
            odd_direction=not record.expected_direction,
        )
        stood = Stood(record, pdu, stamp.ns)
        for entry in entries:
            self._record_for(mediated, entry, stood)
        if mediated.outgoing:  # what nobody may have teaches nothing about the subject
            self._standing.take(XID(pdu.xid), stood)
        return mediated

    def joined(self, entry: Entry) -> Mediated:
        """The start-of-interception records of an order that has just begun (TS 33.128, 5.2.1)."""
        mediated = Mediated()
        if self.interface.gives is Kind.HI2:
            for stood in self._standing.starts(entry.xid):
                self._record_for(mediated, entry, stood)
        return mediated

    def forget(self, xid: XID) -> None:
        """No task holds the XID any more."""
        self._standing.forget(xid)

    def _record_for(self, mediated: Mediated, entry: Entry, stood: Stood) -> None:
        try:
            payload = iri.payload_for(stood.record, entry)
        except RefusedProductError as refusal:
            mediated.refused.append(refusal)
            return
        cin = self._cin(stood.record, entry)
        header = partial(self._origin.product, stood.pdu, entry.liid, cin, ns=stood.ns)
        self._add(mediated, entry, cin, partial(_record_pdu, header, payload))

    def notification(
        self,
        change: Change,
        addresses: Mapping[DID, Address],
        known: Mapping[tuple[LIID, DID], bytes],
    ) -> list[Told]:
        """The HI4 notifications of one change, one per destination of its entry.

        ``known`` is what agencies were told before a restart: the same is not told again.
        """
        entry, ended = change.entry, change.notice is Notice.DEACTIVATION
        made = []
        for did in entry.dids:
            if did not in addresses:
                continue
            payload = notification.payload(
                change, self.interface.gives, addresses[did], self._clock.now()
            )
            octets = b"" if ended else notification.octets_of(payload)
            if octets and known.get((entry.liid, did)) == octets:
                continue
            made.append(self._told(entry.liid, did, payload, octets))
        return made

    def ended(self, liid: LIID, did: DID, told: bytes) -> Told:
        """The deactivation of an order that ended while this function was down."""
        return self._told(liid, did, notification.ended(told, self._clock.now()), b"")

    def _told(self, liid: LIID, did: DID, payload: HI4, octets: bytes) -> Told:
        header = self._origin.header(
            liid,
            None,
            self._numbering.next(liid, None, "HI4"),
            self._clock.now_ns(),
            TimeStampQualifier.MEDIATION,
        )
        return Told(Outgoing(Kind.HI4, liid, did, encode(PSPDU(header, payload))), octets)

    def _check_form(self, pdu: PDU) -> None:
        if pdu.type is not self.interface.takes:
            raise RefusedProductError(
                Reason.WRONG_INTERFACE, f"{pdu.type.name} product on an {self.interface.takes.name}"
            )
        if pdu.payload_format not in self.interface.formats:
            mediated = ", ".join(str(int(known)) for known in sorted(self.interface.formats))
            raise RefusedProductError(
                Reason.WRONG_FORMAT,
                f"payload format {int(pdu.payload_format)} on {self.interface.takes.name}: "
                f"only {mediated} is mediated",
            )

    def _entries(self, xid: XID, source: str) -> tuple[Entry, ...]:
        if not self._tasks.known(xid):
            raise RefusedProductError(Reason.NO_TASK, "product of an XID that no task holds")
        entries = self._tasks.active(xid)
        if not entries:
            raise RefusedProductError(
                Reason.OUTSIDE_PERIOD, "product outside the period of every order of its task"
            )
        expected = tuple(entry for entry in entries if source in entry.sources)
        if not expected:
            raise RefusedProductError(
                Reason.UNEXPECTED_ELEMENT, f"product of {source}, which no order of its task names"
            )
        return expected

    def _cin(self, record: iri.Record, entry: Entry) -> CIN | None:
        return iri.cin_for(
            record,
            lambda correlation: self._store.cin(entry.liid, entry.xid, correlation),
            lambda: self._store.new_cin(entry.liid),
        )

    def _add(
        self, mediated: Mediated, entry: Entry, cin: CIN | None, write: Callable[[int], bytes]
    ) -> None:
        """One number for one PDU of the order; the same octets to each of its destinations."""
        number = self._numbering.next(entry.liid, cin, self.interface.stream)
        try:
            octets = write(number)
        except EncodeError as error:
            refusal = RefusedProductError(Reason.UNENCODABLE, f"no PS-PDU: {error.what}")
            mediated.refused.append(refusal)
            return
        kind = self.interface.gives
        mediated.outgoing += [Outgoing(kind, entry.liid, did, octets) for did in entry.dids]


def _record_pdu(header: Callable[[int], PSHeader], payload: Payload, number: int) -> bytes:
    return encode(PSPDU(header(number), payload))
