"""Mediation functions played at a lab receiver: they send, and again what is not confirmed.

Every PDU says which one it is, so that what a receiver wrote can be held against what was sent.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field

from custodes.app.lab import Lab
from custodes.base.errors import CustodesError
from custodes.base.ids import CIN, LIID
from custodes.model.address import Address
from custodes.model.party import Party
from custodes.net.stream import Stream, connect
from custodes.net.tls import Material
from custodes.session.handover.events import Confirmed
from custodes.session.handover.sender import Limits, Sender
from custodes.wire.handover.cc import CCItem
from custodes.wire.handover.iri import IRIItem
from custodes.wire.handover.pdu import HI4, PSPDU, CCs, IRIs, Payload, encode
from custodes.wire.handover.psheader import PSHeader
from custodes.wire.iri.payload import encode_cc, encode_iri, li_notification
from custodes.wire.iri.rules import IRIType

LIIDS = ("LOAD-1", "LOAD-2", "LOAD-3")
EMPTY = "LOAD-EMPTY"
CINS = (1, 2)
NS = 1_893_456_000_000_000_000
_BURST = 8
_PAUSE = 0.01
_GUTI = {"mCC": "001", "mNC": "01", "aMFRegionID": 1, "aMFSetID": 1, "aMFPointer": 0}


def registration(number: int) -> tuple[str, object]:
    """The ``number`` is the fiveGTMSI."""
    return (
        "registration",
        {
            "registrationType": "initial",
            "registrationResult": "threeGPPAccess",
            "sUPI": ("iMSI", "001010000000001"),
            "gUTI": {**_GUTI, "fiveGTMSI": number},
        },
    )


def packet(number: int) -> bytes:
    """An IP packet that carries the ``number``; of many lengths."""
    body = number.to_bytes(4, "big") + bytes(number * 37 % 900)
    head = bytes.fromhex("4500") + (20 + len(body)).to_bytes(2, "big") + bytes(4)
    return head + b"\x40\x11\0\0" + bytes([192, 0, 2, 1, 198, 51, 100, 1]) + body


@dataclass
class Load:
    """One mediation function. ``start``; ``finish`` sends no more and waits until all is confirmed.

    ``sent``: the numbers of what was given to be sent, in order, by (LIID, CIN).
    """

    name: str
    content: bool
    material: Material
    address: Address
    expected: Party
    per_second: float
    sent: dict[tuple[str, int], list[int]] = field(default_factory=lambda: defaultdict(list))
    connections: int = 0
    notices: int = 0
    confirmed: int = 0

    def __post_init__(self) -> None:
        template = PSHeader(liid=LIID("keep-alive"), operatorIdentifier=b"OP", sequenceNumber=0)
        self._sender = Sender(template, Limits(confirm_after=0.03, window_pdus=256))
        self._count = 0
        self._finishing = threading.Event()
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)
        self._began = time.monotonic()

    @classmethod
    def of(cls, lab: Lab, name: str, agency: str, per_second: float) -> Load:
        folder = lab.function("mdf")
        identity = folder / name
        material = Material(identity / "cert.pem", identity / "key.pem", folder / "ca.pem")
        enrolled = lab.registry().agency(agency)
        return cls(name, name == "mdf3", material, enrolled.hi2, enrolled.lemf, per_second)

    def start(self) -> None:
        now = time.monotonic()
        for liid in (EMPTY, *LIIDS):
            self._sender.send(self._pdu(liid, None, 0, HI4((li_notification("activation"),))), now)
            self.notices += 1
        self._began = now
        self._thread.start()

    def finish(self, timeout: float) -> None:
        self._finishing.set()
        self._thread.join(timeout)
        assert not self._thread.is_alive(), f"{self.name} was never confirmed"

    def _run(self) -> None:
        while not (self._finishing.is_set() and not self._sender.unconfirmed):
            try:
                stream = connect(
                    self.address.host, self.address.port, self.material, self.expected, 5.0
                )
            except CustodesError:
                time.sleep(_PAUSE)
                continue
            self.connections += 1
            self._sender.connect(time.monotonic())
            try:
                self._serve(stream)
            except CustodesError:
                self._sender.connection_lost()
            finally:
                stream.close()

    def _serve(self, stream: Stream) -> None:
        while self._sender.open and not (self._finishing.is_set() and not self._sender.unconfirmed):
            now = time.monotonic()
            self._produce(now)
            self._sender.handle_timer(now)
            if octets := self._sender.data_to_send():
                stream.send(octets, 5.0)
            if (arrived := stream.receive(_PAUSE)) is not None:
                self._sender.receive_data(arrived, time.monotonic())
            while (event := self._sender.next_event()) is not None:
                if isinstance(event, Confirmed):
                    self.confirmed += event.count

    def _produce(self, now: float) -> None:
        due = (now - self._began) * self.per_second
        for _ in range(_BURST):
            if self._finishing.is_set() or self._count >= due or not self._sender.window_open:
                return
            self._sender.send(self._next(), now)

    def _next(self) -> bytes:
        number, self._count = self._count, self._count + 1
        liid = LIIDS[number % len(LIIDS)]
        cin = CINS[number // len(LIIDS) % len(CINS)]
        numbers = self.sent[liid, cin]
        numbers.append(number)
        if self.content:
            inner = packet(number)
            gtpu = b"\x30\xff" + len(inner).to_bytes(2, "big") + b"\0\0\0\7" + inner
            item = CCItem(contents=("threeGPP33128DefinedCC", encode_cc(("uPFCCPDU", gtpu))))
            return self._pdu(liid, cin, len(numbers) - 1, CCs((item,)))
        contents = ("threeGPP33128DefinedIRI", encode_iri(registration(number)))
        return self._pdu(
            liid, cin, len(numbers) - 1, IRIs((IRIItem(contents=contents, type=IRIType.REPORT),))
        )

    def _pdu(self, liid: str, cin: int | None, number: int, payload: Payload) -> bytes:
        header = PSHeader(
            liid=LIID(liid),
            operatorIdentifier=b"OP",
            networkElementIdentifier=self.name.encode(),
            cin=None if cin is None else CIN(cin),
            sequenceNumber=number,
            timestamp=NS,
        )
        return encode(PSPDU(header, payload))
