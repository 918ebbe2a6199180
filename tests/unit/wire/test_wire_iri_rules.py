"""Facts of TS 33.128 about events."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from iri_records import ESTABLISHMENT, REGISTRATION

from custodes.base.errors import EncodeError
from custodes.wire.iri.rules import CINRule, DirectionRule, IRIType, check_mandatory, rule_for
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
        ("lALSReport", "LALSReport", None, CINRule.RELATED_IF_ANY),
        ("mDFCellSiteReport", "MDFCellSiteReport", IRIType.REPORT, CINRule.RELATED_IF_ANY),
        ("nEFdeviceTrigger", "NEFDeviceTrigger", IRIType.REPORT, CINRule.UNSPECIFIED),
        ("nEFUnsuccessfulProcedure", "NEFUnsuccessfulProcedure", None, CINRule.SESSION),
        ("mMSSend", "MMSSend", None, CINRule.UNSPECIFIED),
        ("pTCSessionStart", "PTCSessionStart", None, CINRule.UNSPECIFIED),
        ("separatedLocationReporting", "SeparatedLocationReporting", None, CINRule.UNSPECIFIED),
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
        rule_for("noSuchEvent")
    with pytest.raises(EncodeError):
        check_mandatory(("noSuchEvent", {}))


# The events of the module that nobody has read the clause of yet.
UNREAD: set[str] = set()


def test_every_event_of_the_module_has_a_rule() -> None:
    known = {m.name for kind in ("XIRIEvent", "IRIEvent") for m in choice(kind).members}
    assert {name for name in known if not _has_rule(name)} == UNREAD


def test_what_an_iri_cannot_have_says_why() -> None:
    never = {m.name for m in choice("XIRIEvent").members} - {
        m.name for m in choice("IRIEvent").members
    }
    assert never == {"n9HRPDUSessionInfo", "s8HRBearerInfo", "iPIRIPacketReport"}
    for name in never:
        assert not rule_for(name).delivered
        assert "no IRIEvent has this alternative" in rule_for(name).why
    assert rule_for("registration").delivered
    assert rule_for("mDFCellSiteReport").delivered


def test_what_the_clause_leaves_open_says_so() -> None:
    for kind in ("XIRIEvent", "IRIEvent"):
        for name in {m.name for m in choice(kind).members} - UNREAD:
            rule = rule_for(name)
            assert bool(rule.why) == (rule.iri_type is None), name


def test_of_two_types_the_first_is_sent_and_of_none_nothing() -> None:
    two, none, one = (
        rule_for(name) for name in ("nEFUnsuccessfulProcedure", "mMSSend", "registration")
    )
    assert (two.iri_types, two.sent) == ((IRIType.REPORT, IRIType.CONTINUE), IRIType.REPORT)
    assert (none.iri_types, none.sent) == ((), None)
    assert (one.iri_type, one.sent) == (IRIType.REPORT, IRIType.REPORT)


@pytest.mark.parametrize(
    ("event", "direction", "allowed"),
    [
        ("registration", DirectionRule.INITIATOR, {2, 3}),
        ("pDUSessionEstablishment", DirectionRule.INITIATOR, {2, 3}),
        ("startOfInterceptionWithRegisteredUE", DirectionRule.NOT_APPLICABLE, {5}),
        ("aMFIdentifierAssociation", DirectionRule.NOT_APPLICABLE, {5}),
        ("lALSReport", DirectionRule.NOT_APPLICABLE, {5}),
        ("iMSMessage", DirectionRule.OF_MESSAGE, {1, 2, 3, 4, 5}),
    ],
)
def test_the_direction_on_x2(event: str, direction: DirectionRule, allowed: set[int]) -> None:
    rule = rule_for(event)
    assert rule.direction is direction
    assert {number for number in range(7) if rule.direction.allows(number)} == allowed


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
