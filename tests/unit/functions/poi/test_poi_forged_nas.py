"""tracking/n2.py, registration.py, signalling/nas_direction.py: a UE that plays the network."""

from __future__ import annotations

import struct

import pytest

from custodes.app import demo_nas as nas
from custodes.app.demo_nas import Phone
from custodes.functions.poi.events import BlindReason
from custodes.functions.poi.signalling.nas_direction import (
    MM_DOWNLINK,
    MM_UPLINK,
    SM_DOWNLINK,
    SM_UPLINK,
    mm_allowed,
    sm_allowed,
)
from poi_scene import ALICE, BOB, Scene, guti_request, ngap

SUCI_ALICE = b"\x01" + nas.PLMN + b"\xf0\xff\x00\x00" + bytes.fromhex("0000000010")
BOTH = ["registration", "pDUSessionEstablishment"]


def identity_response(suci: bytes = SUCI_ALICE) -> bytes:
    return b"\x7e\x00\x5c" + struct.pack(">H", len(suci)) + suci


def plain(message: bytes) -> bytes:
    """Without its security header."""
    return message[7:]


def uplink(scene: Scene, ran: int, message: bytes) -> None:
    scene.n2(ngap().uplink(100 + ran, ran, message))


def downlink(scene: Scene, ran: int, message: bytes) -> None:
    scene.n2(ngap().downlink(100 + ran, ran, message))


def begun(phone: Phone, request: bytes | None = None) -> Scene:
    """Up to the security mode complete."""
    scene = Scene()
    scene.n2(ngap().initial_ue_message(1, request or nas.registration_request(phone)))
    downlink(scene, 1, nas.security_mode_command())
    uplink(scene, 1, nas.security_mode_complete(phone))
    return scene


def accept(scene: Scene, phone: Phone) -> None:
    scene.n2(ngap().context_request(101, 1, nas.registration_accept(phone)))


def test_no_type_belongs_to_both_directions() -> None:
    assert not MM_UPLINK & MM_DOWNLINK
    assert not SM_UPLINK & SM_DOWNLINK
    for kind in MM_DOWNLINK:
        assert not mm_allowed(bytes([0x7E, 0, kind]), uplink=True)
        assert mm_allowed(bytes([0x7E, 0, kind]), uplink=False)
    for kind in SM_UPLINK:
        assert sm_allowed(kind, uplink=True)
        assert not sm_allowed(kind, uplink=False)
    assert mm_allowed(b"\x7e\x00\x64", uplink=True)
    assert mm_allowed(b"\x7e\x00\x64", uplink=False)


def test_a_forged_accept_registers_nobody() -> None:
    scene = Scene()
    scene.n2(ngap().initial_ue_message(1, nas.registration_request(ALICE)))
    uplink(scene, 1, plain(nas.registration_accept(ALICE)))
    seen = scene.run()
    assert not seen.records
    assert seen.counters.wrong_direction == 1


def test_a_registered_ue_cannot_become_somebody_else() -> None:
    scene = Scene()
    scene.register(BOB, 1)
    uplink(scene, 1, nas.registration_request(ALICE))
    uplink(scene, 1, plain(nas.registration_accept(ALICE)))
    scene.open_session(BOB, 1, 1)
    scene.up(BOB, 1)
    seen = scene.run()
    assert seen.of(ALICE.imsi) == ([], 0)
    assert seen.of(BOB.imsi) == (BOTH, 1)
    assert (seen.counters.wrong_direction, seen.counters.unsolicited) == (1, 1)


def test_where_the_network_begins_anew_for_another_name_nobody_is_registered() -> None:
    scene = Scene()
    scene.register(BOB, 1)
    uplink(scene, 1, nas.registration_request(ALICE))
    downlink(scene, 1, nas.security_mode_command())
    accept(scene, ALICE)
    scene.open_session(ALICE, 1, 1)
    scene.up(ALICE, 1)
    seen = scene.run()
    assert [r.subject.imsi for r in seen.records] == [BOB.imsi]
    assert not seen.contents
    assert BlindReason.IDENTITY_CONFLICT in [b.reason for b in seen.blind]


@pytest.mark.parametrize("message", [b"\x7e\x00\x5d\x22\x00\x02\xe0\xe0", b"\x7e\x00\x44\x06"])
def test_a_ue_cannot_blind_the_probe_with_the_networks_messages(message: bytes) -> None:
    scene = Scene()
    scene.register(ALICE, 1)
    uplink(scene, 1, message)
    scene.open_session(ALICE, 1, 1)
    scene.up(ALICE, 1)
    seen = scene.run()
    assert seen.of(ALICE.imsi) == (BOTH, 1)
    assert not seen.blind


def test_an_unsolicited_identity_is_not_believed() -> None:
    scene = begun(BOB)
    uplink(scene, 1, identity_response())
    accept(scene, BOB)
    seen = scene.run()
    assert seen.of(BOB.imsi) == (["registration"], 0)
    assert seen.counters.unsolicited == 1


def test_an_identity_of_a_kind_not_asked_for_is_not_believed() -> None:
    scene = Scene()
    scene.n2(ngap().initial_ue_message(1, guti_request(BOB)))
    downlink(scene, 1, b"\x7e\x00\x5b\x05")  # the network asks for the IMEISV
    uplink(scene, 1, identity_response())
    downlink(scene, 1, nas.security_mode_command())
    accept(scene, BOB)
    seen = scene.run()
    assert not seen.records
    assert [b.reason for b in seen.blind] == [BlindReason.TEMPORARY_IDENTITY]


def test_two_answers_to_one_identity_request_are_nobody() -> None:
    scene = Scene()
    scene.n2(ngap().initial_ue_message(1, guti_request(BOB)))
    downlink(scene, 1, b"\x7e\x00\x5b\x01")
    uplink(scene, 1, identity_response())
    uplink(scene, 1, identity_response(SUCI_ALICE[:-1] + b"\x20"))
    downlink(scene, 1, nas.security_mode_command())
    accept(scene, BOB)
    seen = scene.run()
    assert not seen.records
    assert [b.reason for b in seen.blind] == [BlindReason.IDENTITY_CONFLICT]


def test_a_second_name_before_the_answer_is_nobody_until_the_context_begins_anew() -> None:
    scene = begun(BOB)
    uplink(scene, 1, nas.registration_request(ALICE))
    accept(scene, BOB)
    uplink(scene, 1, nas.registration_request(ALICE))
    accept(scene, ALICE)
    assert not scene.run().records
    scene.register(BOB, 1)
    seen = scene.run()
    assert [r.subject.imsi for r in seen.records] == [BOB.imsi]
    assert [b.reason for b in seen.blind] == [BlindReason.IDENTITY_CONFLICT]


def test_of_two_security_mode_completes_that_differ_none_is_believed() -> None:
    scene = Scene()
    scene.n2(ngap().initial_ue_message(1, guti_request(BOB)))
    downlink(scene, 1, nas.security_mode_command())
    uplink(scene, 1, nas.security_mode_complete(ALICE))  # its integrity cannot be seen
    uplink(scene, 1, nas.protected(4, 0, b"\x7e\x00\x5e"))
    accept(scene, BOB)
    seen = scene.run()
    assert not seen.records
    assert [b.reason for b in seen.blind] == [BlindReason.IDENTITY_CONFLICT]


@pytest.mark.parametrize("forged", [True, False])
def test_where_the_request_was_not_seen_two_completes_that_differ_are_nobody(
    forged: bool,
) -> None:
    scene = Scene()
    downlink(scene, 1, nas.security_mode_command())
    uplink(scene, 1, nas.security_mode_complete(ALICE))
    if forged:
        uplink(scene, 1, nas.protected(4, 0, b"\x7e\x00\x5e"))
    accept(scene, ALICE)
    assert len(scene.run().records) == (0 if forged else 1)


def test_an_accept_of_a_session_that_goes_uplink_is_counted_and_ignored() -> None:
    scene = Scene()
    scene.register(ALICE, 1)
    carried = plain(nas.session_accept(ALICE, 9))
    uplink(scene, 1, b"\x7e\x00\x67" + carried[3:])  # a UL NAS transport of what goes downlink
    seen = scene.run()
    assert seen.counters.wrong_direction == 1
    assert not seen.blind
