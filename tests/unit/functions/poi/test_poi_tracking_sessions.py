"""tracking/session_setup.py, sessions.py, tunnels.py, n4.py: whose packet is it, and until when."""

from __future__ import annotations

from custodes.app import demo_nas as nas
from custodes.functions.poi.events import BlindReason, Direction
from poi_scene import ALICE, BOB, DL, GNB_N3, QFI, UL, UPF_N3, Scene, ngap


def two() -> Scene:
    scene = Scene()
    scene.register(ALICE, 1)
    scene.register(BOB, 2)
    return scene


def test_packets_of_two_subscribers_stay_apart() -> None:
    scene = two()
    scene.open_session(ALICE, 1, 1)
    scene.open_session(BOB, 2, 2)
    for _ in range(2):
        scene.up(ALICE, 1)
        scene.down(BOB, 2)
    seen = scene.run()
    assert seen.of(ALICE.imsi)[1] == seen.of(BOB.imsi)[1] == 2
    ids = {c.subject.imsi: c.correlation_id for c in seen.contents}
    assert len(set(ids.values())) == 2
    assert all(i >> 32 == 0xABCD for i in ids.values())
    ways = {c.subject.imsi: c.direction for c in seen.contents}
    assert ways == {ALICE.imsi: Direction.FROM_TARGET, BOB.imsi: Direction.TO_TARGET}


def test_a_packet_of_an_unknown_tunnel_is_never_content() -> None:
    scene = two()
    scene.up(ALICE, 1)
    scene.open_session(ALICE, 1, 1)
    scene.up(ALICE, 3)
    scene.down(ALICE, 1, gnb_n3="198.51.100.99")
    seen = scene.run()
    assert not seen.contents
    assert seen.counters.gtpu_unknown_tunnel == 3


def test_the_record_leaves_before_the_first_packet() -> None:
    scene = two()
    scene.open_session(ALICE, 1, 1, answer=False)
    scene.up(ALICE, 1)
    seen = scene.run()
    assert seen.order[-2:] == ["XIRIEvent", "Content"]
    tunnels = seen.records[-1].event[1]["gTPTunnelInfo"]["fiveGSGTPTunnels"]
    assert "dLRANTunnelInformation" not in tunnels


def test_the_record_waits_a_second_and_no_longer() -> None:
    scene = two()
    scene.open_session(ALICE, 1, 1, answer=False)
    accepted = scene.now - 1_000_000
    scene.wait(1.5)
    scene.register(ALICE, 3)
    record = scene.run().records
    assert [r.event[0] for r in record][2:] == ["pDUSessionEstablishment", "registration"]
    assert record[2].timestamp_ns == accepted


def test_a_record_that_still_waits_leaves_at_the_end() -> None:
    scene = two()
    scene.open_session(ALICE, 1, 1, answer=False)
    assert scene.run().of(ALICE.imsi)[0] == ["registration", "pDUSessionEstablishment"]


def test_a_live_tunnel_claimed_for_another_subscriber_is_nobodys() -> None:
    scene = two()
    scene.open_session(ALICE, 1, 1)
    scene.open_session(BOB, 2, 1)
    scene.up(BOB, 1)
    scene.down(BOB, 1)
    scene.open_session(ALICE, 1, 1)  # and it stays nobody's
    scene.up(ALICE, 1)
    seen = scene.run()
    assert not seen.contents
    assert [b.reason for b in seen.blind] == [BlindReason.CONFLICT] * 3


def test_a_tunnel_given_to_an_unknown_phone_is_nobodys() -> None:
    scene = two()
    scene.open_session(ALICE, 1, 1)
    scene.open_session(BOB, 7, 1)  # a context that was not seen to begin
    scene.up(BOB, 1)
    scene.down(BOB, 1)
    seen = scene.run()
    assert not seen.contents
    assert BlindReason.SESSION_UNATTRIBUTED in [b.reason for b in seen.blind]


def test_without_n4_a_new_context_with_the_same_ran_id_ends_the_session() -> None:
    scene = two()
    scene.open_session(ALICE, 1, 1)
    scene.n2(ngap().initial_ue_message(1, nas.registration_request(BOB)))
    scene.up(ALICE, 1)
    assert not scene.run().contents


def test_with_n4_the_session_outlives_its_radio_side() -> None:
    scene = two()
    scene.n4_open(ALICE, 0x11, 1)
    scene.open_session(ALICE, 1, 1)
    scene.n2(ngap().initial_ue_message(1, nas.registration_request(BOB)))
    scene.down(ALICE, 1)  # the RAN's tunnel went with the context
    scene.n4_move(0x11, GNB_N3, DL + 9)
    scene.down(ALICE, 9)
    scene.up(ALICE, 1)
    seen = scene.run()
    assert seen.of(ALICE.imsi)[1] == 2
    assert seen.of(BOB.imsi)[1] == 0


def test_n4_deletion_ends_the_session() -> None:
    scene = two()
    scene.n4_open(ALICE, 0x11, 1)
    scene.open_session(ALICE, 1, 1)
    scene.up(ALICE, 1)
    scene.n4(54, 0x11, 0x11)
    scene.up(ALICE, 1)
    scene.down(ALICE, 1)
    assert len(scene.run().contents) == 1


def test_n4_gives_the_downlink_tunnel_after_n2_or_before() -> None:
    for early in (True, False):
        scene = two()
        if early:
            scene.n4_open(ALICE, 0x11, 1)
        scene.open_session(ALICE, 1, 1, answer=False)
        if not early:
            scene.n4_open(ALICE, 0x11, 1)
        scene.n4_move(0x11, GNB_N3, DL + 5)
        scene.down(ALICE, 5)
        seen = scene.run()
        assert [c.direction for c in seen.contents] == [Direction.TO_TARGET]


def test_what_the_upf_refused_has_no_effect() -> None:
    scene = two()
    scene.n4_open(ALICE, 0x11, 1)
    scene.open_session(ALICE, 1, 1)
    scene.n4_move(0x11, GNB_N3, DL + 5, cause=64)
    scene.down(ALICE, 5)
    scene.down(ALICE, 1)
    (content,) = scene.run().contents
    assert content.gtpu_packet[4:8] == (DL + 1).to_bytes(4)


def test_a_downlink_that_the_upf_buffers_has_no_tunnel() -> None:
    scene = two()
    scene.n4_open(ALICE, 0x11, 1)
    scene.open_session(ALICE, 1, 1)
    scene.n4_move(0x11, GNB_N3, DL + 1)
    scene.down(ALICE, 1)
    scene.n4(52, 0x11, 0x11, nas.ie(10, nas.ie(108, b"\0\0\0\2"), nas.ie(44, b"\x0c")))
    scene.down(ALICE, 1)
    assert len(scene.run().contents) == 1


def test_the_record_has_the_tunnel_of_the_rans_answer() -> None:
    scene = two()
    scene.open_session(ALICE, 1, 1, answer=False)
    scene.wait(0.5)
    scene.n2(ngap().session_response(101, 1, (GNB_N3, DL + 1), QFI))
    record = scene.run().records[-1].event[1]
    ran = record["gTPTunnelInfo"]["fiveGSGTPTunnels"]["dLRANTunnelInformation"]
    assert ran["dLQOSFlowTunnelInformation"] == {
        "uPTunnelInformation": {"tEID": DL + 1, "iPv4Address": bytes([198, 51, 100, 20])},
        "associatedQOSFlowList": [{"qFI": QFI}],
    }


def test_a_teid_given_again_by_the_upf_ends_the_former_session() -> None:
    scene = two()
    scene.n4_open(ALICE, 0x11, 1)
    scene.open_session(ALICE, 1, 1)
    scene.n4_open(BOB, 0x12, 1)
    scene.up(BOB, 1)
    assert not scene.run().contents


def test_an_old_downlink_tunnel_does_not_come_back() -> None:
    scene = two()
    scene.n4_open(ALICE, 0x11, 1)
    scene.open_session(ALICE, 1, 1)
    scene.n4_move(0x11, GNB_N3, DL + 1)
    scene.n2(ngap().initial_ue_message(1, nas.registration_request(ALICE)))  # idle, and back
    scene.n4(52, 0x11, 0x11, nas.ie(9, nas.ie(56, b"\0\2")))  # a rule changes, no tunnel
    scene.down(BOB, 1)  # meanwhile the RAN gave that tunnel to somebody we do not know
    assert not scene.run().contents


def test_n2_and_n4_must_agree_on_the_address() -> None:
    scene = two()
    scene.n4_open(BOB, 0x11, 1)
    scene.open_session(ALICE, 1, 1)
    assert [b.reason for b in scene.run().blind] == [BlindReason.N4_MISMATCH]


def test_a_new_association_ends_what_the_upf_held() -> None:
    scene = two()
    scene.n4_open(ALICE, 0x11, 1)
    scene.open_session(ALICE, 1, 1)
    scene.n4(5, None, 0, nas.node_id("192.0.2.30"))
    scene.up(ALICE, 1)
    assert not scene.run().contents


def test_a_mandatory_field_not_seen_means_no_record_but_content() -> None:
    scene = two()
    bare = nas.protected(
        2, 2, b"\x7e\0\x68\1\0\x0e" + bytes.fromhex("2e0501c2110000060603e80603e8") + b"\x12\x05"
    )
    scene.n2(ngap().session_request(101, 1, bare, (UPF_N3, UL + 1), QFI))
    scene.up(ALICE, 1)
    seen = scene.run()
    assert seen.of(ALICE.imsi) == (["registration"], 1)
    assert [(b.reason, b.detail) for b in seen.blind] == [(BlindReason.INCOMPLETE, "dNN")]


def test_release_of_the_session_ends_it_without_n4() -> None:
    scene = two()
    scene.open_session(ALICE, 1, 1)
    scene.n2(
        ngap().uplink(
            101, 1, nas.protected(2, 3, b"\x7e\0\x45\x09" + b"\0\x0b\xf2" + nas.PLMN + bytes(7))
        )
    )
    scene.up(ALICE, 1)  # the UE's word alone ends nothing
    scene.n2(ngap().downlink(101, 1, nas.protected(2, 3, b"\x7e\0\x46")))
    scene.up(ALICE, 1)
    assert len(scene.run().contents) == 1
