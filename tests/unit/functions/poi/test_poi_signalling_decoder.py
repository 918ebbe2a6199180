"""signalling/pycrate_*.py: one error leaves the decoder, whatever comes in."""

from __future__ import annotations

import contextlib
import random

import pytest

from custodes.app import demo_nas as made
from custodes.functions.poi.signalling import nas
from custodes.functions.poi.signalling import ngap as values
from custodes.functions.poi.signalling.errors import SignallingError
from custodes.functions.poi.signalling.values import Access, Tunnel
from poi_run import decoder
from poi_scene import ALICE, QFI, UPF_N3, ngap

SETUP = ngap().session_request(101, 1, made.session_accept(ALICE, QFI), (UPF_N3, 0x101), QFI)
INITIAL = ngap().initial_ue_message(1, made.registration_request(ALICE))


def test_initial_ue_message() -> None:
    message = decoder().decode_ngap(INITIAL)
    assert isinstance(message, values.InitialUEMessage)
    assert message.ran_ue_id == 1
    assert message.nas == made.registration_request(ALICE)
    assert message.rrc_establishment_cause == "mo-Signalling"
    assert message.location is not None
    assert (message.location.access, message.location.cell) == (Access.NR, 0x10)


def test_setup_request_and_response() -> None:
    request = decoder().decode_ngap(SETUP)
    assert isinstance(request, values.PDUSessionResourceSetupRequest)
    (session,) = request.sessions
    assert session.uplink_tunnels == (Tunnel(bytes([198, 51, 100, 40]), 0x101),)
    response = decoder().decode_ngap(ngap().session_response(101, 1, ("198.51.100.20", 5), QFI))
    assert isinstance(response, values.SetupResponse)
    (done,) = response.sessions
    assert done.downlink == values.RanTunnel((Tunnel(bytes([198, 51, 100, 20]), 5),), (QFI,))


def test_what_is_of_no_use_is_none() -> None:
    assert decoder().decode_ngap(ngap().ng_setup_response()) is None


def test_session_accept() -> None:
    envelope = nas.open_envelope(made.session_accept(ALICE, QFI))
    assert envelope is not None
    message = decoder().decode_nas(envelope.message)
    assert isinstance(message, nas.DLNASTransport)
    accept = message.message
    assert isinstance(accept, nas.PDUSessionEstablishmentAccept)
    assert (accept.pdu_session_id, accept.session_type) == (made.SESSION_ID, 1)
    assert (accept.ipv4, accept.dnn) == (bytes([203, 0, 113, 11]), "internet")
    assert not accept.multi_access


def test_garbage_raises_the_one_error() -> None:
    for octets in (b"", b"\xff" * 9, bytes(40)):
        with pytest.raises(SignallingError):
            decoder().decode_ngap(octets)
        with pytest.raises(SignallingError):
            decoder().decode_nas(octets)


def test_mutations_raise_nothing_else() -> None:
    chance = random.Random(7)
    plain = made.registration_request(ALICE)
    for source, decode in ((SETUP, decoder().decode_ngap), (plain, decoder().decode_nas)):
        for _ in range(150):
            octets = bytearray(source)
            for _ in range(chance.randrange(1, 4)):
                octets[chance.randrange(len(octets))] = chance.randrange(256)
            with contextlib.suppress(SignallingError):
                decode(bytes(octets[: chance.randrange(1, len(octets) + 1)]))
