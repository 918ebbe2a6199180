"""tracking/n4.py, sessions.py, nodes.py: hosts that are no node of the network and say they are."""

from __future__ import annotations

import struct

from custodes.app import demo_nas as nas
from custodes.app import demo_packets as packets
from custodes.app.demo_nas import Phone
from custodes.functions.poi.capture.frame import Frame
from custodes.functions.poi.events import BlindReason, Content
from custodes.functions.poi.probe import Probe
from custodes.functions.poi.tracking.nodes import Nodes
from poi_run import decoder
from poi_scene import (
    ALICE,
    AMF,
    BOB,
    DL,
    GNB,
    GNB_2,
    GNB_N3,
    QFI,
    SMF,
    UL,
    UPF,
    UPF_N3,
    Scene,
    ngap,
)

HOST, SERVER = "203.0.113.99", "203.0.113.250"
NEW_GNB_N3 = "198.51.100.21"
FAKE_AMF = "203.0.113.251"


def n4_pair(
    scene: Scene, kind: int, seid: int, *ies: bytes, ends: tuple[str, str] = (HOST, SERVER)
) -> None:
    """Any two hosts play a PFCP exchange."""
    cp, up = ends
    request = nas.pfcp(kind, 77, seid, *ies)
    scene.ip(cp, up, 17, packets.udp(4000, 4001, request))
    reply = nas.pfcp(kind + 1, 77, 1, nas.node_id(up), nas.accepted(), nas.f_seid(0x77, up))
    scene.ip(up, cp, 17, packets.udp(4001, 4000, reply))


def claim(teid: int) -> bytes:
    """Create PDR: this tunnel is mine."""
    f_teid = nas.ie(21, b"\x01" + struct.pack(">I", teid) + packets.address(UPF_N3))
    return nas.ie(1, b"".join((nas.ie(56, b"\0\1"), nas.ie(2, nas.ie(20, b"\0"), f_teid))))


def forward(teid: int, address: str = GNB_N3) -> bytes:
    """Create FAR: downlink packets go into this tunnel."""
    tunnel = nas.ie(84, b"\x01\x00" + struct.pack(">I", teid) + packets.address(address))
    parameters = nas.ie(4, nas.ie(42, b"\0"), tunnel)
    return nas.ie(3, nas.ie(108, b"\0\0\0\2"), nas.ie(44, b"\x02"), parameters)


def two(*, n4: bool = True) -> Scene:
    scene = Scene()
    for number, phone in enumerate((ALICE, BOB), 1):
        scene.register(phone, number)
        if n4:
            scene.n4_open(phone, 0x10 + number, number)
        scene.open_session(phone, number, number)
        if n4:
            scene.n4_move(0x10 + number, GNB_N3, DL + number)
    return scene


def traffic(scene: Scene) -> None:
    for number, phone in enumerate((ALICE, BOB), 1):
        scene.up(phone, number)
        scene.down(phone, number)


def ways(scene: Scene) -> dict[str, int]:
    """Packets by subscriber; each must be the subscriber's own, by its address."""
    seen = scene.run()
    for content in seen.contents:
        phone = ALICE if content.subject.imsi == ALICE.imsi else BOB
        assert packets.address(phone.address) in (content.inner[12:16], content.inner[16:20])
    return {phone.imsi: seen.of(phone.imsi)[1] for phone in (ALICE, BOB)}


def fake_n2(scene: Scene, phone: Phone, teid: int, gnb: str = HOST) -> None:
    """A registration and a session on an association of two hosts that are no node."""
    ids = (900, 900)
    messages = (
        ngap().initial_ue_message(900, nas.registration_request(phone)),
        ngap().context_request(*ids, nas.registration_accept(phone)[7:]),
        ngap().uplink(*ids, nas.session_request()[7:]),
        ngap().session_request(*ids, nas.session_accept(phone, QFI)[7:], (UPF_N3, UL + teid), QFI),
        ngap().session_response(*ids, (GNB_N3, DL + teid), QFI),
    )
    for tsn, message in enumerate(messages):
        scene.ip(gnb, FAKE_AMF, 132, packets.sctp_data((7000, 7001), 9, tsn, 0, message))


def test_another_pair_cannot_name_a_confirmed_upfs_tunnel() -> None:
    scene = two()
    n4_pair(scene, 50, 0, nas.node_id(HOST), nas.f_seid(9, HOST), claim(UL + 1), forward(DL + 2))
    traffic(scene)
    assert ways(scene) == {ALICE.imsi: 2, BOB.imsi: 2}
    assert scene.run().counters.foreign_n4 == 1


def test_a_tunnel_named_before_its_session_by_two_pairs_is_followed_on_n2_alone() -> None:
    scene = Scene()
    scene.register(ALICE, 1)
    n4_pair(scene, 50, 0, nas.node_id(HOST), nas.f_seid(9, HOST), claim(UL + 1), forward(DL + 2))
    scene.n4_open(ALICE, 0x11, 1)
    scene.open_session(ALICE, 1, 1)
    traffic(scene)
    assert ways(scene) == {ALICE.imsi: 2, BOB.imsi: 0}
    assert [b.reason for b in scene.run().blind] == [BlindReason.N4_MISMATCH]


def test_without_n4_a_late_pair_that_does_not_know_the_ue_is_not_joined() -> None:
    scene = two(n4=False)
    n4_pair(scene, 50, 0, nas.node_id(HOST), nas.f_seid(9, HOST), claim(UL + 1), forward(DL + 2))
    traffic(scene)
    assert ways(scene) == {ALICE.imsi: 2, BOB.imsi: 2}


def test_a_live_downlink_tunnel_moved_to_another_subscriber_ends_both_and_says_so() -> None:
    scene = two()
    scene.n4_move(0x11, GNB_N3, DL + 2)
    traffic(scene)
    assert ways(scene) == {ALICE.imsi: 0, BOB.imsi: 0}
    assert [b.reason for b in scene.run().blind] == [BlindReason.CONFLICT] * 2


def test_a_downlink_of_n4_alone_brings_nobody_elses_packets() -> None:
    scene = two()
    scene.n4_move(0x11, GNB_N3, DL + 7)  # the tunnel of a phone the probe does not know
    scene.down(Phone("001010000000009", "0", 9, "203.0.113.19"), 7)
    scene.down(ALICE, 7)
    assert ways(scene) == {ALICE.imsi: 1, BOB.imsi: 0}
    seen = scene.run()
    assert seen.counters.wrong_address == 1
    assert [b.reason for b in seen.blind] == [BlindReason.N4_MISMATCH]


def test_an_association_setup_is_nothing_before_its_answer_and_for_others() -> None:
    scene = two()
    scene.ip(HOST, UPF, 17, packets.udp(1, 2, nas.pfcp(5, 1, None, nas.node_id(HOST))))
    scene.ip(SMF, UPF, 17, packets.udp(1, 2, nas.pfcp(5, 2, None, nas.node_id(SMF))))
    n4_pair(scene, 5, 0, nas.node_id(HOST))
    n4_pair(scene, 5, 0, nas.node_id(HOST), ends=(HOST, UPF))
    traffic(scene)
    assert ways(scene) == {ALICE.imsi: 2, BOB.imsi: 2}


def test_modification_and_deletion_are_the_pairs_own() -> None:
    scene = two()
    for ends in ((HOST, UPF), (HOST, SERVER)):
        n4_pair(scene, 52, 0x11, nas.downlink_tunnel(GNB_N3, DL + 7), ends=ends)
        n4_pair(scene, 54, 0x11, ends=ends)
    traffic(scene)
    assert ways(scene) == {ALICE.imsi: 2, BOB.imsi: 2}


def test_a_second_association_cannot_take_a_live_tunnel() -> None:
    scene = two()
    fake_n2(scene, ALICE, 2)  # frames BOB
    fake_n2(scene, ALICE, 2, gnb="203.0.113.98")  # and again, now that the tunnel has no owner
    traffic(scene)
    assert ways(scene) == {ALICE.imsi: 2, BOB.imsi: 0}
    assert [b.reason for b in scene.run().blind] == [BlindReason.CONFLICT] * 3


def test_the_tunnel_of_a_phone_nobody_knows_is_not_anothers() -> None:
    scene = Scene()
    scene.open_session(BOB, 2, 2)  # his context began before the capture
    fake_n2(scene, ALICE, 2)
    traffic(scene)
    assert ways(scene) == {ALICE.imsi: 0, BOB.imsi: 0}
    assert not scene.run().contents
    assert BlindReason.CONFLICT in [b.reason for b in scene.run().blind]


def test_the_tunnel_of_a_phone_nobody_knew_is_free_once_its_context_is_gone() -> None:
    scene = Scene()
    scene.open_session(BOB, 2, 1)
    scene.n2(ngap().initial_ue_message(2, nas.registration_request(BOB)))
    scene.register(ALICE, 1)
    scene.open_session(ALICE, 1, 1)
    scene.up(ALICE, 1)
    assert ways(scene) == {ALICE.imsi: 1, BOB.imsi: 0}


def test_an_answer_for_a_session_nobody_knows_ends_the_tunnels_owner_loudly() -> None:
    scene = two()
    scene.n2(ngap().session_response(999, 99, (GNB_N3, DL + 1), QFI), GNB_2)
    traffic(scene)
    assert ways(scene) == {ALICE.imsi: 0, BOB.imsi: 2}
    assert BlindReason.CONFLICT in [b.reason for b in scene.run().blind]


def test_n2_and_n4_that_name_two_ues_give_no_content() -> None:
    scene = Scene()
    scene.register(ALICE, 1)
    scene.n4_open(BOB, 0x11, 1)
    scene.open_session(ALICE, 1, 1)
    traffic(scene)
    assert not scene.run().contents


def test_after_a_handover_the_old_gnbs_release_takes_only_its_own_tunnel() -> None:
    scene = two()
    scene.n4_move(0x11, NEW_GNB_N3, DL + 9)
    scene.n2(ngap().initial_ue_message(1, nas.registration_request(BOB)))  # ends the old context
    scene.down(ALICE, 9, gnb_n3=NEW_GNB_N3)
    scene.down(ALICE, 1)  # the old gNB's tunnel is no longer hers
    scene.up(ALICE, 1)
    assert ways(scene)[ALICE.imsi] == 2


def test_a_session_that_another_context_holds_survives_the_first_ones_release() -> None:
    scene = two(n4=False)
    scene.register(ALICE, 5, gnb=GNB)
    bare = ngap().session_request(105, 5, b"\x7e\x00\x54", (UPF_N3, UL + 1), QFI)
    scene.n2(bare)
    scene.n2(ngap().session_response(105, 5, (GNB_N3, DL + 5), QFI))
    scene.n2(ngap().initial_ue_message(1, nas.registration_request(BOB)))
    scene.up(ALICE, 1)
    scene.down(ALICE, 5)
    assert ways(scene)[ALICE.imsi] == 2


def test_with_configured_nodes_nobody_else_is_heard() -> None:
    scene = two()
    fake_n2(scene, ALICE, 2)
    n4_pair(scene, 50, 0, nas.node_id(HOST), nas.f_seid(9, HOST), claim(UL + 1))
    traffic(scene)
    scene.ip(HOST, UPF_N3, 17, packets.udp(2152, 2152, b"\x30\xff\x00\x04" + bytes(8)))
    a = packets.address
    nodes = Nodes(
        n2=frozenset({a(GNB), a(AMF)}),
        n3=frozenset({a(UPF_N3), a(GNB_N3)}),
        n4=frozenset({a(SMF), a(UPF)}),
    )
    probe = Probe(decoder(), correlation_base=1, nodes=nodes)
    for now, octets in scene.frames:
        probe.receive_frame(Frame(now, 101, octets, len(octets)))
    assert probe.counters.unknown_node == 5 + 2 + 1
    assert not probe.counters.blind
    events = []
    while (event := probe.next_event()) is not None:
        events.append(event)
    assert sum(isinstance(e, Content) for e in events) == 4
