"""The probe's heart: frames in, events out. It reads no clock and knows no task.

Sources it reads: NGAP and NAS on N2 (SCTP, payload protocol 60), PFCP on N4 and GTP-U on N3 (UDP).
Each is recognised by what it is, not by a port. A G-PDU is content only where its destination
address and TEID are a tunnel that signalling gave to a known subscriber.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from custodes.functions.poi.capture.frame import Frame
from custodes.functions.poi.counters import Counters
from custodes.functions.poi.events import NE, Blind, Content, Direction, Event, XIRIEvent
from custodes.functions.poi.packet import ip, link, sctp, udp
from custodes.functions.poi.packet.fragments import Reassembler
from custodes.functions.poi.packet.sctp_messages import MessageAssembler
from custodes.functions.poi.packet.unreadable import UnreadableError
from custodes.functions.poi.pfcp import message as pfcp
from custodes.functions.poi.pfcp.tlv import PFCPError
from custodes.functions.poi.ports import SignallingDecoder
from custodes.functions.poi.signalling import ngap
from custodes.functions.poi.signalling.errors import SignallingError
from custodes.functions.poi.subject import Subject
from custodes.functions.poi.tracking.n2 import N2Tracker
from custodes.functions.poi.tracking.n4 import Endpoints, N4Tracker
from custodes.functions.poi.tracking.nodes import Nodes
from custodes.functions.poi.tracking.session_setup import SessionSetups
from custodes.functions.poi.tracking.sessions import Sessions
from custodes.wire import gtpu

# Some stacks give the payload protocol identifier in the order of their host.
PPID_NGAP = frozenset({ngap.PAYLOAD_PROTOCOL, ngap.PAYLOAD_PROTOCOL << 24})
PPID_NGAP_DTLS = frozenset({ngap.PAYLOAD_PROTOCOL_DTLS, ngap.PAYLOAD_PROTOCOL_DTLS << 24})

DEFAULT_MAXIMUM = 100_000


class Probe:
    """Feed frames with :meth:`receive_frame`, take events with :meth:`next_event`.

    ``correlation_base`` (32 bits) is new for every run, so that no two runs give one number to
    two sessions. ``wants_content`` is asked for every packet of a known subscriber's session and
    saves the making of events nobody has ordered; the same Subject object comes again for the
    same session until its identities change. ``maximum`` bounds UE contexts, PDU sessions and
    PFCP sessions each; what is over it is dropped, oldest first, and said (Blind EVICTED).
    Where ``nodes`` are given, nothing is read that is not between two of them.
    """

    def __init__(
        self,
        decoder: SignallingDecoder,
        *,
        correlation_base: int,
        wants_content: Callable[[Subject], bool] = lambda _: True,
        maximum: int = DEFAULT_MAXIMUM,
        nodes: Nodes | None = None,
    ) -> None:
        self.counters = Counters()
        self._decoder = decoder
        self._wants_content = wants_content
        self._nodes = nodes
        self._events: deque[Event] = deque()
        self._fragments = Reassembler()
        self._messages = MessageAssembler()
        self._sessions = Sessions(self._emit, correlation_base & 0xFFFF_FFFF, maximum)
        self._n4 = N4Tracker(self._sessions, self._emit, maximum, self.counters)
        setups = SessionSetups(self._sessions, self._n4.join)
        self._n2 = N2Tracker(decoder, setups, self._emit, maximum, self.counters)

    def receive_frame(self, frame: Frame) -> None:
        """Never raises for what a frame holds: what cannot be read is counted."""
        self.counters.frames += 1
        self._sessions.report_waiting(frame.timestamp_ns)
        try:
            octets = link.ip_packet(frame.linktype, frame.octets)
            if octets is None:
                self.counters.other += 1
                return
            packet = self._fragments.take(ip.parse(octets), frame.timestamp_ns)
            if packet is not None:
                self._packet(packet, frame.timestamp_ns)
        except UnreadableError as error:
            self.counters.unreadable[error.reason] += 1

    def next_event(self) -> Event | None:
        return self._events.popleft() if self._events else None

    def finish(self) -> None:
        """The capture is over: records that still wait for a field leave without it."""
        self._sessions.report_waiting(None)

    def _emit(self, event: Event) -> None:
        if isinstance(event, Blind):
            self.counters.blind[event.reason.value] += 1
        elif isinstance(event, XIRIEvent):
            self.counters.records += 1
        self._events.append(event)

    def _packet(self, packet: ip.Packet, now_ns: int) -> None:
        if packet.protocol == ip.UDP:
            self._udp(packet, now_ns)
        elif packet.protocol == ip.SCTP:
            self._sctp(packet, now_ns)
        else:
            self.counters.other += 1

    def _udp(self, packet: ip.Packet, now_ns: int) -> None:
        datagram = udp.parse(packet.payload)
        payload = datagram.payload
        if gtpu.looks_like(payload) and payload[1] == gtpu.G_PDU:
            if self._known(packet, None if self._nodes is None else self._nodes.n3):
                self._g_pdu(packet.destination, payload, now_ns)
        elif pfcp.looks_like(payload):
            ends = Endpoints(
                packet.source,
                datagram.source_port,
                packet.destination,
                datagram.destination_port,
            )
            if self._known(packet, None if self._nodes is None else self._nodes.n4):
                self._pfcp(ends, payload, now_ns)
        else:
            self.counters.other += 1

    def _known(self, packet: ip.Packet, nodes: frozenset[bytes] | None) -> bool:
        if nodes is None or (packet.source in nodes and packet.destination in nodes):
            return True
        self.counters.unknown_node += 1
        return False

    def _g_pdu(self, destination: bytes, payload: bytes, now_ns: int) -> None:
        self.counters.gtpu += 1
        found = self._sessions.tunnels.find(destination, gtpu.teid_of(payload))
        if found is None:
            self.counters.gtpu_unknown_tunnel += 1
            return
        session, uplink = found
        self._sessions.report(session)
        if not self._wants_content(session.subject):
            return
        message = gtpu.parse(payload)
        if message is None or not message.inner:
            self.counters.unreadable["GTP-U"] += 1
            return
        end = (destination, gtpu.teid_of(payload))
        if not self._sessions.belongs(session, end, message.inner, now_ns, uplink=uplink):
            self.counters.wrong_address += 1
            return
        self.counters.content += 1
        self._emit(
            Content(
                subject=session.subject,
                ne=NE.UPF,
                gtpu_packet=message.packet,
                inner=message.inner,
                timestamp_ns=now_ns,
                correlation_id=session.correlation_id,
                direction=Direction.FROM_TARGET if uplink else Direction.TO_TARGET,
                qfi=message.qfi,
            )
        )

    def _pfcp(self, ends: Endpoints, payload: bytes, now_ns: int) -> None:
        try:
            messages = pfcp.decode(payload)
        except PFCPError:
            self.counters.other += 1
            return
        for message in messages:
            self.counters.pfcp += 1
            self._n4.receive(ends, message, now_ns)

    def _sctp(self, packet: ip.Packet, now_ns: int) -> None:
        parsed = sctp.parse(packet.payload)
        source = (packet.source, parsed.source_port)
        destination = (packet.destination, parsed.destination_port)
        association = frozenset((source, destination))
        direction = (*source, *destination, parsed.verification_tag)
        for chunk in parsed.data:
            if chunk.protocol in PPID_NGAP_DTLS:
                self.counters.ngap_over_dtls += 1
                continue
            if chunk.protocol not in PPID_NGAP:
                self.counters.other += 1
                continue
            if not self._known(packet, None if self._nodes is None else self._nodes.n2):
                continue
            message = self._messages.take(direction, chunk)
            if message is not None:
                self._ngap(association, message.payload, now_ns)

    def _ngap(self, association: frozenset[tuple[bytes, int]], octets: bytes, now_ns: int) -> None:
        self.counters.ngap += 1
        try:
            message = self._decoder.decode_ngap(octets)
        except SignallingError:
            self.counters.ngap_undecodable += 1
            return
        if message is not None:
            self._n2.receive(association, message, now_ns)
