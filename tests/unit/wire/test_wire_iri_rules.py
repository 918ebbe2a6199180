"""Facts of TS 33.128 about events."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from iri_records import ESTABLISHMENT, REGISTRATION

from custodes.base.errors import EncodeError
from custodes.wire.iri.rules import CINRule, IRIType, check_mandatory, rule_for
from custodes.wire.iri.schema import MODULE, schema


@pytest.mark.parametrize(
    ("event", "record", "iri_type", "cin"),
    [
        ("registration", "AMFRegistration", IRIType.REPORT, CINRule.OMITTED),
        ("deregistration", "AMFDeregistration", IRIType.REPORT, CINRule.OMITTED),
        (
            "startOfInterceptionWithRegisteredUE",
            "AMFStartOfInterceptionWithRegisteredUE",
            IRIType.REPORT,
            CINRule.OMITTED,
        ),
        (
            "pDUSessionEstablishment",
            "SMFPDUSessionEstablishment",
            IRIType.BEGIN,
            CINRule.SESSION,
        ),
        (
            "pDUSessionModification",
            "SMFPDUSessionModification",
            IRIType.CONTINUE,
            CINRule.SESSION,
        ),
        ("pDUSessionRelease", "SMFPDUSessionRelease", IRIType.END, CINRule.SESSION),
        (
            "startOfInterceptionWithEstablishedPDUSession",
            "SMFStartOfInterceptionWithEstablishedPDUSession",
            IRIType.BEGIN,
            CINRule.SESSION,
        ),
        ("unsuccessfulSMProcedure", "SMFUnsuccessfulProcedure", IRIType.REPORT, CINRule.SESSION),
        ("sMSMessage", "SMSMessage", IRIType.REPORT, CINRule.NEW),
        ("sMSReport", "SMSReport", IRIType.REPORT, CINRule.RELATED),
        ("lALSReport", "LALSReport", None, CINRule.RELATED),
        ("nEFdeviceTrigger", "NEFDeviceTrigger", IRIType.REPORT, CINRule.UNSPECIFIED),
        ("nEFUnsuccessfulProcedure", "NEFUnsuccessfulProcedure", None, CINRule.SESSION),
    ],
)
def test_type_and_cin_of_an_event(
    event: str, record: str, iri_type: IRIType | None, cin: CINRule
) -> None:
    rule = rule_for(event)
    assert (rule.record, rule.iri_type, rule.cin) == (record, iri_type, cin)


def test_what_each_record_must_have() -> None:
    assert rule_for("registration").mandatory == (
        "registrationType",
        "registrationResult",
        "sUPI",
        "gUTI",
    )
    assert rule_for("pDUSessionEstablishment").mandatory == (
        "pDUSessionID",
        "gTPTunnelID",
        "pDUSessionType",
        "dNN",
        "requestType",
        "gTPTunnelInfo",
    )


def test_an_event_without_a_rule_is_an_error() -> None:
    with pytest.raises(EncodeError):
        rule_for("n9HRPDUSessionInfo")
    with pytest.raises(EncodeError):
        check_mandatory(("noSuchEvent", {}))


def test_every_rule_is_about_an_event_of_the_module() -> None:
    known = {m.name for kind in ("XIRIEvent", "IRIEvent") for m in choice(kind).members}
    ruled = {name for name in known if _has_rule(name)}
    without = {name for name in known - ruled if not name.startswith(("mMS", "pTC"))}
    assert without == {
        "n9HRPDUSessionInfo",  # triggers at the mediation, never an IRI
        "s8HRBearerInfo",
        "iPIRIPacketReport",
        "separatedLocationReporting",
    }


@pytest.mark.parametrize("event", [REGISTRATION, ESTABLISHMENT], ids=lambda e: str(e[0]))
def test_a_record_lacking_any_mandatory_field_is_refused(event: tuple[str, Any]) -> None:
    check_mandatory(event)
    for name in rule_for(event[0]).mandatory:
        less = {key: value for key, value in event[1].items() if key != name}
        with pytest.raises(EncodeError, match=name):
            check_mandatory((event[0], less))


def test_what_is_missing_inside_is_named_too() -> None:
    event = deepcopy(REGISTRATION)
    del event[1]["gUTI"]["aMFSetID"]
    location = event[1]["location"]["locationInfo"]["userLocation"]["nRLocation"]
    del location["nCGI"]
    del event[1]["fiveGSTAIList"][0]["tAC"]
    with pytest.raises(EncodeError) as caught:
        check_mandatory(event)
    for path in ("gUTI.aMFSetID", "nRLocation.nCGI", "fiveGSTAIList[0].tAC"):
        assert path in str(caught.value)
    assert "001010000000001" not in str(caught.value)


def test_an_unknown_event_passes_as_it_came() -> None:
    check_mandatory(("_unknown", b"\xbf\x83\x68\x00"))


def choice(name: str) -> Any:
    return schema().type(MODULE, name)


def _has_rule(name: str) -> bool:
    try:
        rule_for(name)
    except EncodeError:
        return False
    return True
