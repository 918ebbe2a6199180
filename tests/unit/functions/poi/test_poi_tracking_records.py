"""tracking/records.py, tracking/record_values.py: our values as TS 33.128 types."""

from __future__ import annotations

import pytest

from custodes.functions.poi.signalling import nas
from custodes.functions.poi.signalling.ngap import RanTunnel, SessionSetup
from custodes.functions.poi.signalling.values import (
    Access,
    Amf,
    Guti,
    Plmn,
    Snssai,
    Suci,
    Tai,
    Tunnel,
    UserLocation,
)
from custodes.functions.poi.subject import Subject
from custodes.functions.poi.tracking import record_values as values
from custodes.functions.poi.tracking import records
from custodes.functions.poi.tracking.session import PDUSession
from custodes.functions.poi.tracking.ue import UE, SessionRequest
from custodes.wire.iri.payload import decode_xiri, encode_xiri
from custodes.wire.iri.rules import rule_for

TEST = Plmn("001", "01")
GUTI = Guti(TEST, Amf(1, 2, 3), 4)
IMSI = "001010000000001"
EUTRA = UserLocation(Access.EUTRA, Tai(TEST, b"\0\0\1"), TEST, 0x1234567)
V4, V6 = bytes([198, 51, 100, 1]), b"\x20\x01\x0d\xb8" + bytes(12)


def accept(**changed: object) -> nas.RegistrationAccept:
    fields = {
        "result": 1,
        "sms_allowed": True,
        "emergency": False,
        "guti": GUTI,
        "tai_list": (Tai(TEST, b"\0\0\1"),),
        "allowed": (Snssai(1, b"\1\2\3", 2, b"\4\5\6"),),
        "configured": (Snssai(1),),
        "rejected": (nas.RejectedSnssai(1, Snssai(3)),),
        "equivalent_plmns": (Plmn("999", "70"),),
    }
    return nas.RegistrationAccept(**{**fields, **changed})  # type: ignore[arg-type]


def phone(registration_type: int = 2) -> UE:
    ue = UE("ue-1", 7, imsi=IMSI, location=EUTRA, rrc_establishment_cause="mo-VoiceCall")
    ue.request = nas.RegistrationRequest(registration_type, GUTI, b"\7", b"\1")
    return ue


def session_accept(**changed: object) -> nas.PDUSessionEstablishmentAccept:
    fields = {
        "pdu_session_id": 5,
        "session_type": 3,
        "ipv4": V4,
        "interface_id": bytes(8),
        "snssai": None,
        "dnn": "Internet",
        "multi_access": False,
    }
    return nas.PDUSessionEstablishmentAccept(**{**fields, **changed})  # type: ignore[arg-type]


def test_the_mandatory_fields_are_the_standards() -> None:
    for name, fields in records.MANDATORY.items():
        assert set(rule_for(name).mandatory) == set(fields)


def test_registration_with_everything_survives_the_wire() -> None:
    event = records.registration(phone(), IMSI, accept())
    assert decode_xiri(encode_xiri(event)).event == event
    record = event[1]
    assert record["registrationType"] == "mobility"
    assert record["oldGUTI"][0] == "fiveGGUTI"
    assert record["slice"]["rejectedNSSAI"] == [
        {"causeValue": 1, "sNSSAI": {"sliceServiceType": 3}}
    ]
    assert record["equivalentPLMNList"] == [{"mCC": "999", "mNC": "70"}]
    assert record["sMSOverNasIndicator"] == "sMSOverNASAllowed"
    assert record["rATType"] == "eUTRA"
    place = record["location"]["locationInfo"]["userLocation"]["eUTRALocation"]
    assert place["eCGI"]["eUTRACellID"] == (0x1234567, 28)


def test_a_registration_without_a_new_guti_uses_the_one_it_came_with() -> None:
    record = records.registration(phone(), IMSI, accept(guti=None))
    assert records.missing(record) == ()
    assert record[1]["gUTI"]["fiveGTMSI"] == 4


@pytest.mark.parametrize(
    ("registration_type", "result", "lacking"),
    [(0, 1, ("registrationType",)), (1, 0, ("registrationResult",))],
)
def test_reserved_values_are_not_mapped(
    registration_type: int, result: int, lacking: tuple[str, ...]
) -> None:
    record = records.registration(phone(registration_type), IMSI, accept(result=result))
    assert records.missing(record) == lacking


def test_session_with_everything_survives_the_wire() -> None:
    setup = SessionSetup(5, None, Snssai(1), (Tunnel(V4, 1), Tunnel(V6, 1)))
    session = PDUSession("session-1", 1, 5, Subject(IMSI, None, None, (V4, V6)))
    session.uplink = setup.uplink_tunnels
    session.additional_uplink = (Tunnel(V4, 2),)
    session.downlink = RanTunnel((Tunnel(V6, 3),), (1, 2))
    session.additional_downlink = (RanTunnel((Tunnel(V4, 4),), (3,)),)
    request = SessionRequest(6, "internet", Snssai(9))
    session.record = records.establishment(phone(), request, session_accept(), setup)
    event = records.complete(session)
    assert records.missing(event) == ()
    assert decode_xiri(encode_xiri(event)).event == event
    record = event[1]
    assert record["requestType"] == "initialRequest"
    assert record["pDUSessionType"] == "iPv4v6"
    assert record["uEEndpoint"] == [("iPv4Address", V4), ("iPv6Address", V6)]
    assert record["gTPTunnelID"] == {"tEID": 1, "iPv4Address": V4, "iPv6Address": V6}
    assert record["sNSSAI"] == {"sliceServiceType": 1}
    assert "selectedDNN" not in record


def test_another_dnn_than_asked_for_is_the_selected_one() -> None:
    setup = SessionSetup(5, None, None, (Tunnel(V4, 1),))
    request = SessionRequest(None, "ims", None)
    record = records.establishment(phone(), request, session_accept(), setup)
    assert (record["dNN"], record["selectedDNN"]) == ("ims", "Internet")
    assert record["requestType"] == "initialRequest"


def test_suci_forms() -> None:
    suci = Suci(0, TEST, "0012", 0, 0, b"\x10")
    value = values.sUCI(suci)
    assert value is not None
    assert (value["routingIndicator"], value["routingIndicatorLength"]) == (12, 4)
    assert values.sUCI(Suci(0, TEST, "", 0, 0, b"")) is None


def test_a_non_3gpp_location_is_not_made_a_cell() -> None:
    assert values.location(UserLocation(Access.NON_3GPP, None, None, None), None) is None
    assert values.location(None, None) is None
