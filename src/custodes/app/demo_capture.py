"""The capture of ``custodes demo``: a small 5G network that never was, the same every time.

Two phones of the test network 001-01 register, open one PDU session each, ping and resolve
names. Addresses are those of RFC 5737. A third subscriber is absent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from custodes.app import demo_nas as nas
from custodes.app import demo_packets as packets
from custodes.app.demo_nas import Phone
from custodes.app.demo_ngap import NGAPEncoder

AMF, GNB = "192.0.2.10", "192.0.2.20"
SMF, UPF = "192.0.2.30", "192.0.2.40"
UPF_N3, GNB_N3 = "198.51.100.40", "198.51.100.20"
PEER, RESOLVER = "203.0.113.200", "203.0.113.53"

SCTP, UDP, ICMP = 132, 17, 1
NGAP_PORTS = (38412, 9487)
PFCP_PORT, GTPU_PORT, DNS_PORT = 8805, 2152, 53

START_NS = 1_767_603_600_000_000_000  # 2026-01-05 09:00:00 UTC
STEP_NS = 3_141_592
QFI = 9
TAG_TO_AMF, TAG_TO_GNB = 0x0A0A0A0A, 0x0B0B0B0B

PINGS = (5, 3)  # of the first and the second phone; each is a request and a reply
LOOKUPS = (10, 6)

PHONES = (
    Phone("001010000000001", "0010170000000101", 0x10000001, "203.0.113.11"),
    Phone("001010000000002", "0010170000000201", 0x10000002, "203.0.113.12"),
)


@dataclass(frozen=True, slots=True)
class Expected:
    """What the capture holds of one subscriber."""

    registrations: int
    sessions: int
    uplink: int
    downlink: int


@dataclass(frozen=True, slots=True)
class DemoScene:
    """The pcap, the subscribers in it, one that is not, and exactly what must come out."""

    capture: bytes
    target: str
    other: str
    absent: str
    expected: Mapping[str, Expected]


def make_demo_capture() -> DemoScene:
    """Takes about three seconds, nearly all of it pycrate's import."""
    network = _Network()
    network.set_up()
    for number, phone in enumerate(PHONES, 1):
        network.register(number, phone)
    for number, phone in enumerate(PHONES, 1):
        network.open_session(number, phone)
    network.traffic()
    subscribers = [f"imsi-{phone.imsi}" for phone in PHONES]
    absent = "imsi-001010000000003"
    expected = {absent: Expected(0, 0, 0, 0)}
    for name, pings, lookups in zip(subscribers, PINGS, LOOKUPS, strict=True):
        expected[name] = Expected(1, 1, pings + lookups, pings + lookups)
    target, other = subscribers
    return DemoScene(packets.pcap(network.frames), target, other, absent, expected)


class _Network:
    """Writes down what passes on N2, N4 and N3."""

    def __init__(self) -> None:
        self.frames: list[tuple[int, bytes]] = []
        self._ngap = NGAPEncoder()
        self._tsn = {True: 1000, False: 2000}

    def set_up(self) -> None:
        self._n4(5, 1, None, nas.node_id(SMF), nas.recovery())
        self._n4(6, 1, None, nas.node_id(UPF), nas.accepted(), nas.recovery())
        self._n2(True, self._ngap.ng_setup_request())
        self._n2(False, self._ngap.ng_setup_response())

    def register(self, number: int, phone: Phone) -> None:
        ngap, ids = self._ngap, (100 + number, number)
        self._n2(True, ngap.initial_ue_message(number, nas.registration_request(phone)))
        self._n2(False, ngap.downlink(*ids, nas.authentication_request(phone)))
        self._n2(True, ngap.uplink(*ids, nas.authentication_response(phone)))
        self._n2(False, ngap.downlink(*ids, nas.security_mode_command()))
        self._n2(True, ngap.uplink(*ids, nas.security_mode_complete(phone)))
        self._n2(False, ngap.context_request(*ids, nas.registration_accept(phone)))
        self._n2(True, ngap.context_response(*ids))
        self._n2(True, ngap.uplink(*ids, nas.registration_complete()))

    def open_session(self, number: int, phone: Phone) -> None:
        ngap, ids = self._ngap, (100 + number, number)
        upf, gnb = (UPF_N3, 0x100 + number), (GNB_N3, 0x200 + number)
        self._n2(True, ngap.uplink(*ids, nas.session_request()))
        sequence = 2 * number
        establishment = nas.session_establishment(phone, SMF, number, *upf)
        self._n4(50, sequence, 0, establishment)
        seid = 0x1000 + number
        answer = (nas.node_id(UPF), nas.accepted(), nas.f_seid(seid, UPF))
        self._n4(51, sequence, number, *answer)
        accept = nas.session_accept(phone, QFI)
        self._n2(False, ngap.session_request(*ids, accept, upf, QFI))
        self._n2(True, ngap.session_response(*ids, gnb, QFI))
        self._n4(52, sequence + 1, seid, nas.downlink_tunnel(*gnb))
        self._n4(53, sequence + 1, number, nas.accepted())

    def traffic(self) -> None:
        """Both phones at the same time, so that their packets stand between each other's."""
        for turn in range(max(*PINGS, *LOOKUPS)):
            for number, phone in enumerate(PHONES, 1):
                if turn < PINGS[number - 1]:
                    self._ping(number, phone, turn)
                if turn < LOOKUPS[number - 1]:
                    self._lookup(number, phone, turn)

    def _ping(self, number: int, phone: Phone, turn: int) -> None:
        there = packets.icmp_echo(turn, reply=False)
        back = packets.icmp_echo(turn, reply=True)
        self._n3(True, number, packets.ipv4(phone.address, PEER, ICMP, there, turn))
        self._n3(False, number, packets.ipv4(PEER, phone.address, ICMP, back, turn))

    def _lookup(self, number: int, phone: Phone, turn: int) -> None:
        name, port = f"host{turn}.example", 40_000 + turn
        there = packets.udp(port, DNS_PORT, packets.dns(turn, name, None))
        back = packets.udp(DNS_PORT, port, packets.dns(turn, name, PEER))
        self._n3(True, number, packets.ipv4(phone.address, RESOLVER, UDP, there, turn))
        self._n3(False, number, packets.ipv4(RESOLVER, phone.address, UDP, back, turn))

    def _n2(self, to_amf: bool, message: bytes) -> None:
        tsn = self._tsn[to_amf]
        self._tsn[to_amf] += 1
        source, destination = (GNB, AMF) if to_amf else (AMF, GNB)
        ports = NGAP_PORTS[::-1] if to_amf else NGAP_PORTS
        tag = TAG_TO_AMF if to_amf else TAG_TO_GNB
        payload = packets.sctp_data((ports[0], ports[1]), tag, tsn, tsn % 1000, message)
        self._frame(packets.ipv4(source, destination, SCTP, payload, tsn))

    def _n4(self, kind: int, sequence: int, seid: int | None, *ies: bytes) -> None:
        request = kind in (5, 50, 52)
        ends = (SMF, UPF) if request else (UPF, SMF)
        payload = packets.udp(PFCP_PORT, PFCP_PORT, nas.pfcp(kind, sequence, seid, *ies))
        self._frame(packets.ipv4(*ends, UDP, payload))

    def _n3(self, uplink: bool, number: int, inner: bytes) -> None:
        ends = (GNB_N3, UPF_N3) if uplink else (UPF_N3, GNB_N3)
        teid = (0x100 if uplink else 0x200) + number
        message = packets.gtpu(teid, inner, QFI, uplink=uplink)
        self._frame(packets.ipv4(*ends, UDP, packets.udp(GTPU_PORT, GTPU_PORT, message)))

    def _frame(self, octets: bytes) -> None:
        self.frames.append((START_NS + len(self.frames) * STEP_NS, octets))
