"""Identifiers of X1 become those of the IRI, with their provenance (TS 33.128 5.5.5)."""

from __future__ import annotations

import pytest

from custodes.base.errors import DecodeError
from custodes.functions.mdf.identifiers import from_x1, from_xml, listed, observed

IMSI = "001010000000001"
NS = "http://uri.etsi.org/03221/X1/2017/10"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("supiimsi", IMSI, ("sUPI", ("iMSI", IMSI))),
        ("gpsiMsisdn", "491700000000", ("gPSI", ("mSISDN", "491700000000"))),
        ("peiImeiCheckDigit", "490154203237518", ("pEI", ("iMEI", "49015420323751"))),
        ("peiImeisv", "4901542032375101", ("pEI", ("iMEISV", "4901542032375101"))),
        ("ipv4Address", "192.0.2.1", ("iPv4Address", bytes([192, 0, 2, 1]))),
        ("macAddress", "00:00:5e:00:53:01", ("ethernetAddress", bytes.fromhex("00005e005301"))),
        ("tcpPort", "80", None),
    ],
)
def test_names_and_values(name: str, text: str, expected: object) -> None:
    assert from_x1(name, text) == expected


def test_xml_fragments_alone_or_wrapped() -> None:
    wanted = ("sUPI", ("iMSI", IMSI))
    assert from_xml(f"<supiimsi>{IMSI}</supiimsi>") == wanted
    assert from_xml(f'<supiimsi xmlns="{NS}">{IMSI}</supiimsi>') == wanted
    wrapped = f'<targetIdentifier xmlns="{NS}"><supiimsi>{IMSI}</supiimsi></targetIdentifier>'
    assert from_xml(wrapped) == wanted


@pytest.mark.parametrize(
    "fragment",
    [
        "",
        "no xml",
        "<targetIdentifier/>",
        "<targetIdentifier><a/><b/></targetIdentifier>",
        "<ipv4Address>192.0.2.999</ipv4Address>",
        "<macAddress>zz</macAddress>",
        '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><ipv4Address>&b;</ipv4Address>',
    ],
)
def test_what_is_no_identifier_is_refused(fragment: str) -> None:
    with pytest.raises(DecodeError):
        from_xml(fragment)


def test_observed_reads_the_record() -> None:
    event = {
        "sUPI": ("iMSI", IMSI),
        "uEEndpoint": [("iPv4Address", b"\xc0\0\2\1")],
        "dNN": "internet",
    }
    assert observed(event) == [("sUPI", ("iMSI", IMSI)), ("iPv4Address", b"\xc0\0\2\1")]


def test_listed_keeps_provenances_apart_and_repeats_out() -> None:
    one = ("sUPI", ("iMSI", IMSI))
    assert listed([("matchedOn", [one, one]), ("lEAProvided", [one])]) == [
        {"identifier": one, "provenance": "matchedOn"},
        {"identifier": one, "provenance": "lEAProvided"},
    ]
