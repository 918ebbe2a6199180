"""What goes where in the readable files, and what is counted. Pure.

Nothing that arrives is left out: what was never announced, what is no PS-PDU and what holds no
payload of TS 33.128 has its place, and is counted.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from custodes.base.errors import DecodeError
from custodes.base.ids import LIID
from custodes.functions.lemf import layout, records
from custodes.session.handover.events import Continuity, PDUReceived
from custodes.wire.gtpu import ip_packet
from custodes.wire.handover.cc import TS33128_CC, CCItem
from custodes.wire.handover.iri import TS33128_IRI, IRIItem
from custodes.wire.handover.pdu import HI4, TRI, CCs, IRIs
from custodes.wire.handover.psheader import PSHeader
from custodes.wire.iri.notification import LINotificationPayload
from custodes.wire.iri.payload import decode_cc, decode_iri

_ACTIVATION = "activation"


@dataclass(frozen=True, slots=True)
class Folder:
    """Make a folder."""

    name: str


@dataclass(frozen=True, slots=True)
class Addition:
    """Add to a file, after ``header`` where it is new."""

    name: str
    octets: bytes
    header: bytes = b""


Step = Folder | Addition


@dataclass(slots=True)
class _Draft:
    """What one value leads to; it counts only once it is complete."""

    steps: list[Step] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    announced: set[str] = field(default_factory=set)


class Placement:
    """One folder's: it knows which orders were announced, and its counters. Not thread-safe."""

    def __init__(self) -> None:
        self.counters: Counter[str] = Counter()
        self._announced: set[str] = set()

    def pdu(self, event: PDUReceived) -> list[Step]:
        """Where one judged PS-PDU goes. Never fails: what this receiver trips over is kept whole,
        for a value that it could not place would be sent again for ever."""
        draft = _Draft()
        try:
            self._place(draft, event)
        except Exception as error:  # a fault of ours
            draft = _Draft()
            draft.counts["internal_errors"] += 1
            what = f"a fault of this receiver: {type(error).__name__}"
            _undecodable(draft, event.octets, what, event.pdu.header)
        if event.continuity is Continuity.GAP:
            draft.counts["gaps"] += 1
            draft.counts["missing"] += event.missing
        elif event.continuity is Continuity.OUT_OF_ORDER:
            draft.counts["out_of_order"] += 1
        return self._keep(draft)

    def undecodable(self, octets: bytes, what: str) -> list[Step]:
        """Where one BER value that is no PS-PDU goes."""
        draft = _Draft()
        _undecodable(draft, octets, what)
        return self._keep(draft)

    def _keep(self, draft: _Draft) -> list[Step]:
        self.counters["pdus"] += 1
        self.counters.update(draft.counts)
        self._announced |= draft.announced
        return draft.steps

    def _place(self, draft: _Draft, event: PDUReceived) -> None:
        payload, header = event.pdu.payload, event.pdu.header
        if isinstance(payload, IRIs):
            for iri in payload.items:
                self._iri(draft, event, iri)
        elif isinstance(payload, CCs):
            for cc in payload.items:
                self._cc(draft, event, cc)
        elif isinstance(payload, HI4):
            for notification in payload.items:
                self._hi4(draft, event, notification)
        elif isinstance(payload, TRI):
            draft.counts["transport"] += 1
            line = layout.line(records.transport(event, payload))
            draft.steps.append(Addition(layout.TRANSPORT, line))
        else:
            what = "a payload this receiver does not read"
            _undecodable(draft, event.octets, what, header)

    def _iri(self, draft: _Draft, event: PDUReceived, item: IRIItem) -> None:
        name, octets = item.contents
        header = event.pdu.header
        if name != TS33128_IRI:
            _undecodable(draft, event.octets, f"IRI contents {name}", header)
            return
        try:
            payload = decode_iri(octets)
        except DecodeError as error:
            _undecodable(draft, event.octets, f"an IRI payload: {error.what}", header)
            return
        draft.counts["iri"] += 1
        line = layout.line(records.iri(event, item, payload))
        folder = self._folder(draft, header.liid)
        draft.steps.append(Addition(f"{folder}/{layout.IRI}", line))

    def _cc(self, draft: _Draft, event: PDUReceived, item: CCItem) -> None:
        name, octets = item.contents
        header = event.pdu.header
        if name != TS33128_CC:
            _undecodable(draft, event.octets, f"CC contents {name}", header)
            return
        try:
            payload = decode_cc(octets)
        except DecodeError as error:
            _undecodable(draft, event.octets, f"a CC payload: {error.what}", header)
            return
        draft.counts["cc"] += 1
        folder = self._folder(draft, header.liid)
        packet = _packet(payload.pDU)
        if packet is None:
            draft.counts["other_content"] += 1
            line = layout.line(records.content(event, item, payload))
            draft.steps.append(Addition(f"{folder}/{layout.OTHER_CONTENT}", line))
            return
        record = layout.pcap_record(_time(header, item), packet)
        name = f"{folder}/{layout.CONTENT}"
        draft.steps.append(Addition(name, record, layout.pcap_header()))

    def _hi4(
        self, draft: _Draft, event: PDUReceived, item: LINotificationPayload | tuple[str, Any]
    ) -> None:
        draft.counts["hi4"] += 1
        folder = layout.folder_name(event.pdu.header.liid)
        kind = records.notification_type(item) if isinstance(item, LINotificationPayload) else None
        if kind == _ACTIVATION:
            draft.steps.append(Folder(folder))
            draft.announced.add(folder)
        elif folder not in self._announced | draft.announced:
            draft.counts["unannounced"] += 1
        line = layout.line(records.notification(event, item))
        draft.steps.append(Addition(layout.NOTIFICATIONS, line))

    def _folder(self, draft: _Draft, liid: LIID) -> str:
        name = layout.folder_name(liid)
        if name in self._announced or name in draft.announced:
            return name
        draft.counts["unannounced"] += 1
        return f"{layout.UNANNOUNCED}/{name}"


def _undecodable(draft: _Draft, octets: bytes, what: str, header: PSHeader | None = None) -> None:
    draft.counts["undecodable"] += 1
    line = layout.line(records.undecodable(octets, what, header))
    draft.steps.append(Addition(layout.UNDECODABLE, line))


def _packet(pdu: tuple[str, Any]) -> bytes | None:
    """The inner IP packet, or None where there is none."""
    name, value = pdu
    if name == "uPFCCPDU":
        try:
            return ip_packet(value)
        except DecodeError:
            return None
    if name == "extendedUPFCCPDU":
        kind, octets = value["payload"]
        if kind == "uPFIPCC" and isinstance(octets, bytes):
            return octets
    return None


def _time(header: PSHeader, item: CCItem) -> int:
    """0 where the sender gave none: the record is kept all the same."""
    return item.timestamp if item.timestamp is not None else header.timestamp or 0
