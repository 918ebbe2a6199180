"""tracking/registration.py, tracking/n2.py: who is registered, and where the probe is blind."""

from __future__ import annotations

import pytest

from custodes.app import demo_nas as nas
from custodes.functions.poi.events import BlindReason
from poi_scene import (
    ALICE,
    BOB,
    GNB_2,
    Scene,
    ciphering_command,
    concealed_request,
    guti_request,
    ngap,
)


def reasons(scene: Scene) -> list[str]:
    return [b.reason for b in scene.run().blind]


def test_registration_is_reported_once() -> None:
    scene = Scene()
    scene.register(ALICE, 1)
    seen = scene.run()
    assert seen.of(ALICE.imsi) == (["registration"], 0)
    assert not seen.blind
    record = seen.records[0].event[1]
    assert record["pEI"] == ("iMEISV", ALICE.imeisv)
    assert record["gUTI"]["fiveGTMSI"] == ALICE.tmsi
    assert record["nASTransportInitialInformation"] == {"rANUENGAPID": 1}


def test_a_claim_that_is_not_accepted_is_nobody() -> None:
    scene = Scene()
    scene.n2(ngap().initial_ue_message(1, nas.registration_request(ALICE)))
    scene.n2(ngap().downlink(101, 1, nas.security_mode_command()))
    scene.n2(ngap().downlink(101, 1, b"\x7e\x00\x44\x03"))  # registration reject
    scene.n2(ngap().context_request(101, 1, nas.registration_accept(ALICE)))
    assert scene.run().records == []


def test_concealed_suci_is_blind_and_never_guessed() -> None:
    scene = Scene()
    complete = nas.protected(4, 0, b"\x7e\x00\x5e")
    scene.register(ALICE, 1, request=concealed_request(), complete=complete)
    scene.open_session(ALICE, 1, 1)
    scene.up(ALICE, 1)
    seen = scene.run()
    assert [b.reason for b in seen.blind] == [
        BlindReason.CONCEALED_SUCI,
        BlindReason.SESSION_UNATTRIBUTED,
    ]
    assert not seen.records
    assert not seen.contents
    assert seen.counters.blind == {"concealed SUCI": 1, "PDU session of an unknown subscriber": 1}


def test_temporary_identity_alone_is_blind() -> None:
    scene = Scene()
    complete = nas.protected(4, 0, b"\x7e\x00\x5e")
    scene.register(ALICE, 1)
    scene.register(ALICE, 2, request=guti_request(ALICE), complete=complete)
    seen = scene.run()
    assert len(seen.records) == 1
    assert [b.reason for b in seen.blind] == [BlindReason.TEMPORARY_IDENTITY]


def test_identity_response_helps_a_temporary_identity() -> None:
    scene = Scene()
    suci = b"\x01" + nas.PLMN + b"\xf0\xff\x00\x00" + bytes.fromhex("0000000010")
    scene.n2(ngap().initial_ue_message(1, guti_request(BOB)))
    scene.n2(ngap().downlink(101, 1, b"\x7e\x00\x5b\x01"))
    scene.n2(ngap().uplink(101, 1, b"\x7e\x00\x5c\x00" + bytes([len(suci)]) + suci))
    scene.n2(ngap().downlink(101, 1, nas.security_mode_command()))
    scene.n2(ngap().context_request(101, 1, nas.registration_accept(ALICE)))
    seen = scene.run()
    assert seen.of(ALICE.imsi) == (["registration"], 0)
    assert seen.records[0].event[1]["oldGUTI"][1]["fiveGTMSI"] == BOB.tmsi


@pytest.mark.parametrize("algorithm", [1, 2, 3])
def test_ciphered_nas_is_blind(algorithm: int) -> None:
    scene = Scene()
    scene.register(ALICE, 1, command=ciphering_command(algorithm))
    seen = scene.run()
    assert [b.reason for b in seen.blind] == [BlindReason.CIPHERED_NAS]
    assert not seen.records


def test_unknown_ciphering_is_blind() -> None:
    scene = Scene()
    scene.n2(ngap().initial_ue_message(1, nas.registration_request(ALICE)))
    scene.n2(ngap().context_request(101, 1, nas.registration_accept(ALICE)))
    assert reasons(scene) == [BlindReason.CIPHERING_UNKNOWN]


def test_undecodable_nas_is_blind() -> None:
    scene = Scene()
    scene.n2(ngap().initial_ue_message(1, b"\x7e\x00\x41"))
    scene.n2(ngap().initial_ue_message(2, b"\x00\x00\x00"))
    assert reasons(scene) == [BlindReason.UNDECODABLE_NAS] * 2


def test_two_identities_in_one_registration_are_nobody() -> None:
    scene = Scene()
    scene.register(ALICE, 1, complete=nas.security_mode_complete(BOB))
    seen = scene.run()
    assert [b.reason for b in seen.blind] == [BlindReason.IDENTITY_CONFLICT]
    assert not seen.records


def test_a_context_that_began_before_the_capture_is_told_once() -> None:
    scene = Scene()
    scene.n2(ngap().uplink(101, 1, nas.authentication_response(ALICE)))
    scene.n2(ngap().uplink(101, 1, nas.authentication_response(ALICE)))
    assert reasons(scene) == [BlindReason.CONTEXT_UNKNOWN]


def test_a_ran_id_given_to_somebody_else_carries_no_identity_over() -> None:
    scene = Scene()
    scene.register(ALICE, 1)
    scene.n2(ngap().uplink(999, 1, nas.session_request()))
    seen = scene.run()
    assert seen.blind[0].reason == BlindReason.CONTEXT_MISMATCH
    scene.open_session(BOB, 1, 1)
    assert not scene.run().of(ALICE.imsi)[1]


def test_the_same_ids_at_another_gnb_are_another_phone() -> None:
    scene = Scene()
    scene.register(ALICE, 1)
    scene.register(BOB, 1, gnb=GNB_2)
    seen = scene.run()
    assert [r.subject.imsi for r in seen.records] == [ALICE.imsi, BOB.imsi]


def test_ng_setup_forgets_the_contexts() -> None:
    scene = Scene()
    scene.register(ALICE, 1)
    scene.n2(ngap().ng_setup_request())
    scene.n2(ngap().uplink(101, 1, nas.session_request()))
    assert BlindReason.CONTEXT_UNKNOWN in reasons(scene)


def test_a_mandatory_field_not_seen_means_no_record() -> None:
    scene = Scene()
    complete = nas.security_mode_complete(ALICE)
    scene.n2(ngap().initial_ue_message(1, nas.registration_request(ALICE)))
    scene.n2(ngap().downlink(101, 1, nas.security_mode_command()))
    scene.n2(ngap().uplink(101, 1, complete))
    accept = nas.protected(2, 1, b"\x7e\x00\x42\x01\x01")  # no 5G-GUTI
    scene.n2(ngap().context_request(101, 1, accept))
    seen = scene.run()
    assert not seen.records
    assert [(b.reason, b.detail) for b in seen.blind] == [(BlindReason.INCOMPLETE, "gUTI")]


def test_no_event_shows_an_identity() -> None:
    scene = Scene()
    scene.register(ALICE, 1)
    scene.register(BOB, 2, request=concealed_request())
    scene.open_session(ALICE, 1, 1)
    scene.up(ALICE, 1)
    seen = scene.run()
    text = repr((seen.records, seen.contents, seen.blind, seen.counters))
    for secret in (ALICE.imsi, ALICE.imeisv, BOB.imsi, ALICE.address):
        assert secret not in text
