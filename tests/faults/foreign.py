"""A POI of somebody else's: it sends as fast as it is told to, and never sends anything twice."""

from __future__ import annotations

import threading
import time
from uuid import UUID

from custodes.app import demo_packets
from custodes.app.lab import Lab
from custodes.base.errors import CustodesError
from custodes.net.stream import Stream, connect
from custodes.session.x2x3.events import KeepaliveAcknowledged
from custodes.session.x2x3.sender import Sender
from custodes.wire.x2x3.attributes import IPID, NFID, SequenceNumber, Timestamp
from custodes.wire.x2x3.pdu import PDU, PayloadDirection, PayloadFormat, PDUType
from flow.between import stolen

_NS = 1_700_000_000_123_456_000
_CORRELATION = 0x1_0000_0007
_BODY_AT = 28


def packet(number: int) -> bytes:
    body = number.to_bytes(4, "big") + bytes(200)
    udp = demo_packets.udp(4000, 4000, body)
    return demo_packets.ipv4("203.0.113.7", "203.0.113.9", 17, udp, number)


def number_of(inner: bytes) -> int:
    return int.from_bytes(inner[_BODY_AT : _BODY_AT + 4], "big")


class ForeignUPF:
    """Sends X3 of one XID with the key of ``upf``, in batches, over connections made again.

    ``sent``: packets given to any socket, from 0. ``vouched``: how many of the first of them a
    keepalive's acknowledgement spoke for on the connection that carried them, as ranges.
    """

    def __init__(self, lab: Lab, xid: UUID, batch: int = 400) -> None:
        self.sent = 0
        self.vouched: list[range] = []
        self.connections = 0
        self._lab = lab
        self._xid = xid
        self._batch = batch
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def finish(self) -> None:
        """After one more batch, which is waited for."""
        self._stop.set()
        self._thread.join(60.0)
        assert not self._thread.is_alive()

    def _run(self) -> None:
        registry = self._lab.registry()
        mdf = registry.element("mdf3")
        assert mdf.intake is not None
        material = stolen(self._lab, "upf")
        while True:
            try:
                stream = connect(mdf.intake.host, mdf.intake.port, material, mdf.party)
            except CustodesError:
                time.sleep(0.05)
                continue
            self.connections += 1
            try:
                if self._serve(stream):
                    return
            except CustodesError:
                pass  # what this connection carried is not sent again
            finally:
                stream.close()

    def _serve(self, stream: Stream) -> bool:
        """Whether all is done; False where the connection ended before."""
        sender, first = Sender(time.monotonic()), self.sent
        while True:
            last = self._stop.is_set()
            for _ in range(self._batch):
                sender.send(self._pdu(self.sent), time.monotonic())
                self.sent += 1
            asked, upto = sender.drain(time.monotonic()), self.sent
            while True:
                if octets := sender.data_to_send():
                    stream.send(octets)
                octets = stream.receive(30.0) or b""
                if not octets:
                    return False
                sender.receive_data(octets, time.monotonic())
                if _acknowledged(sender, asked):
                    break
            self.vouched.append(range(first, upto))
            first = upto
            if last:
                return True

    def _pdu(self, number: int) -> PDU:
        inner = packet(number)
        attributes = (NFID(b"upf"), IPID(b"foreign"), SequenceNumber(number), Timestamp(_NS))
        gtpu = b"\x30\xff" + len(inner).to_bytes(2, "big") + b"\0\0\0\7" + inner
        return PDU(
            PDUType.X3,
            PayloadFormat.GTP_U,
            PayloadDirection.FROM_TARGET,
            self._xid,
            _CORRELATION,
            attributes,
            gtpu,
        )


def _acknowledged(sender: Sender, asked: int) -> bool:
    found = False
    while (event := sender.next_event()) is not None:
        found = found or event == KeepaliveAcknowledged(asked)
    return found
