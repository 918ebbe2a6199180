"""Writes what arrives, once, where it belongs. See ``layout`` for the files.

Nothing that arrives is left out: what was never announced, what is no PS-PDU and what holds no
payload of TS 33.128 has its place, and is counted. Only exact repeats are not written again.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Mapping
from typing import Any

from custodes.base.errors import DecodeError
from custodes.base.ids import LIID
from custodes.functions.lemf import layout, records
from custodes.functions.lemf.ports import Files
from custodes.session.handover.events import Continuity, PDUReceived
from custodes.wire.gtpu import ip_packet
from custodes.wire.handover.cc import TS33128_CC, CCItem
from custodes.wire.handover.iri import TS33128_IRI, IRIItem
from custodes.wire.handover.pdu import HI4, CCs, IRIs
from custodes.wire.handover.psheader import PSHeader
from custodes.wire.iri.notification import LINotificationPayload
from custodes.wire.iri.payload import decode_cc, decode_iri

ABOUT = "lab receiver, not a LEMF for production"
_ACTIVATION = "activation"
_COUNTED = (
    "pdus",
    "iri",
    "cc",
    "hi4",
    "gaps",
    "missing",
    "out_of_order",
    "repeats",
    "undecodable",
    "unannounced",
    "other_content",
    "unexpected",
)


class Evidence:
    """Thread-safe. Every method returns when the operating system has what it wrote."""

    def __init__(self, files: Files, who: Mapping[str, str]) -> None:
        self._files = files
        self._who = dict(who)
        self._lock = threading.Lock()
        self._counters: Counter[str] = Counter()
        # A receiver that is started again knows its orders by their folders.
        self._announced = {name for name in files.folders() if name != layout.UNANNOUNCED}
        self._dirty = True

    def receive(self, event: PDUReceived) -> None:
        """Write one PS-PDU."""
        with self._lock:
            self._dirty = True
            self._counters["pdus"] += 1
            if event.continuity is Continuity.REPEAT:
                self._counters["repeats"] += 1
                return
            if event.continuity is Continuity.GAP:
                self._counters["gaps"] += 1
                self._counters["missing"] += event.missing
            elif event.continuity is Continuity.OUT_OF_ORDER:
                self._counters["out_of_order"] += 1
            self._write(event)

    def undecodable(self, octets: bytes, what: str) -> None:
        """Keep one BER value that is no PS-PDU."""
        with self._lock:
            self._dirty = True
            self._counters["pdus"] += 1
            self._undecodable(octets, what)

    def count(self, name: str) -> None:
        with self._lock:
            self._counters[name] += 1
            self._dirty = True

    def counters(self) -> dict[str, int]:
        with self._lock:
            return self._snapshot()

    def settle(self) -> None:
        """Write receiver.json, then the manifest that covers it, where anything has changed."""
        with self._lock:
            if not self._dirty:
                return
            about = {"receiver": ABOUT, **self._who, "counters": self._snapshot()}
            self._files.replace(layout.RECEIVER, _document(about))
            listed = self._files.manifest(layout.MANIFEST)
            self._files.replace(
                layout.MANIFEST, _document({"algorithm": "SHA-256", "files": listed})
            )
            self._dirty = False

    def _write(self, event: PDUReceived) -> None:
        payload = event.pdu.payload
        if isinstance(payload, IRIs):
            for iri in payload.items:
                self._iri(event, iri)
        elif isinstance(payload, CCs):
            for cc in payload.items:
                self._cc(event, cc)
        elif isinstance(payload, HI4):
            for notification in payload.items:
                self._hi4(event, notification)
        else:
            self._undecodable(event.octets, "a payload this receiver does not read", event)

    def _iri(self, event: PDUReceived, item: IRIItem) -> None:
        name, octets = item.contents
        if name != TS33128_IRI:
            self._undecodable(event.octets, f"IRI contents {name}", event)
            return
        try:
            payload = decode_iri(octets)
        except DecodeError as error:
            self._undecodable(event.octets, f"an IRI payload: {error.what}", event)
            return
        self._counters["iri"] += 1
        line = layout.line(records.iri(event, item, payload))
        self._files.append(f"{self._folder(event.pdu.header.liid)}/{layout.IRI}", line)

    def _cc(self, event: PDUReceived, item: CCItem) -> None:
        name, octets = item.contents
        if name != TS33128_CC:
            self._undecodable(event.octets, f"CC contents {name}", event)
            return
        try:
            payload = decode_cc(octets)
        except DecodeError as error:
            self._undecodable(event.octets, f"a CC payload: {error.what}", event)
            return
        self._counters["cc"] += 1
        folder = self._folder(event.pdu.header.liid)
        packet = _packet(payload.pDU)
        if packet is None:
            self._counters["other_content"] += 1
            line = layout.line(records.content(event, item, payload))
            self._files.append(f"{folder}/{layout.OTHER_CONTENT}", line)
            return
        record = layout.pcap_record(_time(event.pdu.header, item), packet)
        self._files.append(f"{folder}/{layout.CONTENT}", record, layout.pcap_header())

    def _hi4(self, event: PDUReceived, item: LINotificationPayload | tuple[str, Any]) -> None:
        self._counters["hi4"] += 1
        folder = layout.folder_name(event.pdu.header.liid)
        kind = records.notification_type(item) if isinstance(item, LINotificationPayload) else None
        if kind == _ACTIVATION:
            self._files.folder(folder)
            self._announced.add(folder)
        elif folder not in self._announced:
            self._counters["unannounced"] += 1
        line = layout.line(records.notification(event, item))
        self._files.append(layout.NOTIFICATIONS, line)

    def _undecodable(self, octets: bytes, what: str, event: PDUReceived | None = None) -> None:
        self._counters["undecodable"] += 1
        header = None if event is None else event.pdu.header
        line = layout.line(records.undecodable(octets, what, header))
        self._files.append(layout.UNDECODABLE, line)

    def _folder(self, liid: LIID) -> str:
        name = layout.folder_name(liid)
        if name in self._announced:
            return name
        self._counters["unannounced"] += 1
        return f"{layout.UNANNOUNCED}/{name}"

    def _snapshot(self) -> dict[str, int]:
        names = [*_COUNTED, *sorted(set(self._counters) - set(_COUNTED))]
        return {name: self._counters[name] for name in names}


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


def _document(value: dict[str, Any]) -> bytes:
    return json.dumps(value, indent=2, ensure_ascii=False).encode() + b"\n"
