"""Small scenes on N2, N4 and N3 for the probe's tests: say what happens, get the events."""

from __future__ import annotations

import struct
from functools import cache

from custodes.app import demo_nas as nas
from custodes.app import demo_packets as packets
from custodes.app.demo_nas import Phone
from custodes.app.demo_ngap import NGAPEncoder
from poi_run import Seen, run

AMF, GNB, GNB_2 = "192.0.2.10", "192.0.2.20", "192.0.2.21"
SMF, UPF = "192.0.2.30", "192.0.2.40"
UPF_N3, GNB_N3 = "198.51.100.40", "198.51.100.20"
PEER = "203.0.113.200"
ALICE = Phone("001010000000001", "0010170000000101", 0x10000001, "203.0.113.11")
BOB = Phone("001010000000002", "0010170000000201", 0x10000002, "203.0.113.12")
START_NS = 1_767_603_600_000_000_000
UL, DL, QFI = 0x100, 0x200, 9


@cache
def ngap() -> NGAPEncoder:
    return NGAPEncoder()


class Scene:
    """Each step is one frame, a millisecond after the last."""

    def __init__(self) -> None:
        self.frames: list[tuple[int, bytes]] = []
        self.now = START_NS
        self._tsn = 0
        self._pfcp = 0

    def run(self) -> Seen:
        return run(packets.pcap(self.frames))

    def wait(self, seconds: float) -> None:
        self.now += int(seconds * 1_000_000_000)

    def ip(self, source: str, destination: str, protocol: int, payload: bytes) -> None:
        self.frames.append((self.now, packets.ipv4(source, destination, protocol, payload)))
        self.now += 1_000_000

    def n2(self, message: bytes, gnb: str = GNB) -> None:
        self._tsn += 1
        self.ip(gnb, AMF, 132, packets.sctp_data((9487, 38412), 7, self._tsn, 0, message))

    def register(
        self,
        phone: Phone,
        ran: int,
        *,
        request: bytes | None = None,
        command: bytes | None = None,
        complete: bytes | None = None,
        gnb: str = GNB,
    ) -> None:
        ids = (100 + ran, ran)
        self.n2(ngap().initial_ue_message(ran, request or nas.registration_request(phone)), gnb)
        self.n2(ngap().downlink(*ids, command or nas.security_mode_command()), gnb)
        self.n2(ngap().uplink(*ids, complete or nas.security_mode_complete(phone)), gnb)
        self.n2(ngap().context_request(*ids, nas.registration_accept(phone)), gnb)

    def open_session(
        self, phone: Phone, ran: int, teid: int, *, answer: bool = True, gnb: str = GNB
    ) -> None:
        ids = (100 + ran, ran)
        self.n2(ngap().uplink(*ids, nas.session_request()), gnb)
        accept = nas.session_accept(phone, QFI)
        self.n2(ngap().session_request(*ids, accept, (UPF_N3, UL + teid), QFI), gnb)
        if answer:
            self.n2(ngap().session_response(*ids, (GNB_N3, DL + teid), QFI), gnb)

    def n4(
        self, kind: int, seid: int | None, answer_seid: int, *ies: bytes, cause: int = 1
    ) -> None:
        """A request and its answer."""
        self._pfcp += 1
        request = nas.pfcp(kind, self._pfcp, seid, *ies)
        self.ip(SMF, UPF, 17, packets.udp(8805, 8805, request))
        answers = [nas.node_id(UPF), nas.ie(19, bytes([cause]))]
        if kind == 50:
            answers.append(nas.f_seid(answer_seid, UPF))
        reply = nas.pfcp(kind + 1, self._pfcp, 1, *answers)
        self.ip(UPF, SMF, 17, packets.udp(8805, 8805, reply))

    def n4_open(self, phone: Phone, seid: int, teid: int) -> None:
        self.n4(50, 0, seid, nas.session_establishment(phone, SMF, seid, UPF_N3, UL + teid))

    def n4_move(self, seid: int, gnb_n3: str, teid: int, cause: int = 1) -> None:
        self.n4(52, seid, seid, nas.downlink_tunnel(gnb_n3, teid), cause=cause)

    def up(self, phone: Phone, teid: int) -> None:
        inner = packets.ipv4(phone.address, PEER, 1, packets.icmp_echo(1, reply=False))
        message = packets.gtpu(UL + teid, inner, QFI, uplink=True)
        self.ip(GNB_N3, UPF_N3, 17, packets.udp(2152, 2152, message))

    def down(self, phone: Phone, teid: int, gnb_n3: str = GNB_N3) -> None:
        inner = packets.ipv4(PEER, phone.address, 1, packets.icmp_echo(1, reply=True))
        message = packets.gtpu(DL + teid, inner, QFI, uplink=False)
        self.ip(UPF_N3, gnb_n3, 17, packets.udp(2152, 2152, message))


def concealed_request() -> bytes:
    """A registration request with a SUCI of protection scheme A (ECIES)."""
    suci = b"\x01" + nas.PLMN + b"\xf0\xff\x01\x01" + bytes(range(45))
    return b"\x7e\x00\x41\x79" + struct.pack(">H", len(suci)) + suci + b"\x2e\x02\xe0\xe0"


def guti_request(phone: Phone) -> bytes:
    guti = b"\xf2" + nas.PLMN + b"\x01\x00\x40" + phone.tmsi.to_bytes(4)
    return b"\x7e\x00\x41\x79" + struct.pack(">H", len(guti)) + guti + b"\x2e\x02\xe0\xe0"


def ciphering_command(algorithm: int) -> bytes:
    message = bytes([0x7E, 0, 0x5D, algorithm << 4 | 2, 0, 2, 0xE0, 0xE0])
    return nas.protected(3, 0, message)
