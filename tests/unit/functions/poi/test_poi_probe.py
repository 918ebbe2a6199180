"""probe.py, counters.py, targets.py: what is content, what is counted, who is meant."""

from __future__ import annotations

import random
import struct

from custodes.app import demo_packets as packets
from custodes.app.demo_capture import make_demo_capture
from custodes.functions.poi.capture.frame import Frame
from custodes.functions.poi.events import BlindReason, Content
from custodes.functions.poi.probe import Probe
from custodes.functions.poi.signalling.values import Pei, PeiKind
from custodes.functions.poi.subject import Subject
from custodes.functions.poi.targets import identifiers, matches
from custodes.wire.x1.target import TargetIdentifier
from poi_run import decoder, run
from poi_scene import ALICE, BOB, GNB, GNB_N3, UL, UPF_N3, Scene


def ready() -> Scene:
    scene = Scene()
    scene.register(ALICE, 1)
    scene.open_session(ALICE, 1, 1)
    return scene


def test_only_gpdus_are_content() -> None:
    scene = ready()
    for kind in (1, 26, 254):
        message = struct.pack(">BBHI", 0x30, kind, 4, UL + 1) + b"abcd"
        scene.ip(GNB_N3, UPF_N3, 17, packets.udp(2152, 2152, message))
    assert not scene.run().contents


def test_a_broken_gpdu_of_a_known_tunnel_is_counted() -> None:
    scene = ready()
    message = struct.pack(">BBHI", 0x34, 255, 4, UL + 1) + b"\0\0\0\x85"
    scene.ip(GNB_N3, UPF_N3, 17, packets.udp(2152, 2152, message))
    seen = scene.run()
    assert not seen.contents
    assert seen.counters.unreadable == {"GTP-U": 1}


def test_a_gpdu_in_ip_fragments_is_one_packet() -> None:
    scene = ready()
    scene.up(ALICE, 1)
    now, whole = scene.frames.pop()
    payload = whole[20:]
    for offset in (0, 40):
        part = payload[offset : offset + 40] if offset == 0 else payload[offset:]
        head = bytearray(whole[:20])
        head[2:4] = struct.pack(">H", 20 + len(part))
        head[6:8] = struct.pack(">H", offset // 8 | (0x2000 if offset == 0 else 0))
        scene.frames.append((now, bytes(head) + part))
    (content,) = scene.run().contents
    assert content.gtpu_packet == payload[8:]


def test_repeated_sctp_packets_give_one_record() -> None:
    scene = Scene()
    scene.register(ALICE, 1)
    scene.frames = [frame for frame in scene.frames for _ in range(2)]
    assert len(scene.run().records) == 1


def test_ngap_is_known_by_its_payload_protocol() -> None:
    for identifier, found in ((60, 1), (60 << 24, 1), (46, 0), (0, 0)):
        scene = Scene()
        scene.register(ALICE, 1)
        scene.frames = [
            (t, f.replace(struct.pack(">I", 60), struct.pack(">I", identifier), 1))
            for t, f in scene.frames
        ]
        assert len(scene.run().records) == found


def test_dtls_and_garbage_are_counted() -> None:
    scene = Scene()
    for identifier in (66, 60):
        data = packets.sctp_data((1, 2), 3, identifier, 0, b"garbage!")
        data = data.replace(struct.pack(">I", 60), struct.pack(">I", identifier))
        scene.ip(GNB, "192.0.2.10", 132, data)
    scene.frames.append((0, b"\x45junk"))
    counters = scene.run().counters
    assert (counters.ngap_over_dtls, counters.ngap, counters.ngap_undecodable) == (1, 1, 1)
    assert counters.unreadable == {"short IP header": 1}
    assert counters.frames == 3


def test_content_nobody_wants_is_not_made() -> None:
    scene = ready()
    scene.up(ALICE, 1)
    asked: list[Subject] = []

    def wants(subject: Subject) -> bool:
        asked.append(subject)
        return False

    probe = Probe(decoder(), correlation_base=1, wants_content=wants)
    for now, octets in scene.frames:
        probe.receive_frame(Frame(now, 101, octets, len(octets)))
    events = []
    while (event := probe.next_event()) is not None:
        events.append(event)
    assert [s.imsi for s in asked] == [ALICE.imsi]
    assert not [e for e in events if isinstance(e, Content)]


def test_state_is_bounded_and_eviction_is_told() -> None:
    scene = Scene()
    for ran in range(1, 6):
        scene.register(ALICE, ran)
    probe = Probe(decoder(), correlation_base=1, maximum=2)
    for now, octets in scene.frames:
        probe.receive_frame(Frame(now, 101, octets, len(octets)))
    assert probe.counters.blind[BlindReason.EVICTED] == 3


def test_whatever_a_frame_holds_nothing_is_raised() -> None:
    scene, chance = ready(), random.Random(3)
    scene.n4_open(ALICE, 0x11, 1)
    scene.up(ALICE, 1)
    for _ in range(40):
        probe = Probe(decoder(), correlation_base=1)
        for now, octets in scene.frames:
            changed = bytearray(octets)
            for _ in range(chance.randrange(4)):
                changed[chance.randrange(len(changed))] = chance.randrange(256)
            cut = bytes(
                changed[: chance.randrange(len(changed)) if chance.random() < 0.1 else None]
            )
            probe.receive_frame(Frame(now, 101, cut, len(octets)))
        probe.finish()
        assert probe.counters.frames == len(scene.frames)


def test_demo_capture_in_single_octets() -> None:
    scene = make_demo_capture()
    assert len(run(scene.capture, step=1).contents) == len(run(scene.capture).contents) == 48


def test_targets() -> None:
    subject = Subject(ALICE.imsi, Pei(PeiKind.IMEISV, ALICE.imeisv), "4915112345678")
    for name, value in (
        ("supiimsi", ALICE.imsi),
        ("peiImeisv", ALICE.imeisv),
        ("peiImei", ALICE.imeisv[:14]),
        ("gpsiMsisdn", "4915112345678"),
    ):
        assert matches(TargetIdentifier(name, value), subject)
        assert not matches(TargetIdentifier(name, value), Subject(BOB.imsi))
    assert not matches(TargetIdentifier("supiimsi", ALICE.imsi[:-1]), subject)
    assert not matches(TargetIdentifier("imsi", ALICE.imsi), subject)
    assert [i.name for i in identifiers(subject)] == ["supiimsi", "peiImeisv", "gpsiMsisdn"]
