"""signalling/elements.py, signalling/values.py: NAS elements from their octets (TS 24.501 9.11)."""

from __future__ import annotations

import pytest

from custodes.functions.poi.signalling import elements, values
from custodes.functions.poi.signalling.nas import RejectedSnssai, SecurityHeader, open_envelope
from custodes.functions.poi.signalling.values import (
    Amf,
    Guti,
    Pei,
    PeiKind,
    Plmn,
    Snssai,
    Suci,
    Tai,
)

TEST = bytes.fromhex("00f110")


def test_plmn_of_two_and_three_digits() -> None:
    assert values.plmn(TEST) == Plmn("001", "01")
    assert values.plmn(bytes.fromhex("214365")) == Plmn("123", "564")


def test_suci_of_the_null_scheme_shows_the_imsi() -> None:
    suci = elements.mobile_identity(bytes.fromhex("0100f110f0ff00000000000010"))
    assert isinstance(suci, Suci)
    assert suci.imsi() == "001010000000001"
    assert suci.routing_indicator == "0"


@pytest.mark.parametrize(
    "octets",
    [
        "0100f110f0ff0101" + "11" * 45,
        "0100f110f0ff0100" + "0000000010",
        "0100f110f0ff0000",
        "0100f110f0ff0000aabb",
        "0100f110f0ff0000" + "11" * 9,
    ],
)
def test_no_imsi_is_made_up(octets: str) -> None:
    suci = elements.mobile_identity(bytes.fromhex(octets))
    assert isinstance(suci, Suci)
    assert suci.imsi() is None


@pytest.mark.parametrize("octets", ["", "00", "01", "0100f110", "1161", "f200f110", "05", "0a"])
def test_what_is_cut_is_nobody(octets: str) -> None:
    assert elements.mobile_identity(bytes.fromhex(octets)) is None


def test_guti() -> None:
    guti = elements.mobile_identity(bytes.fromhex("f200f110cafe0100000007"))
    assert guti == Guti(Plmn("001", "01"), Amf(202, 1016, 1), 7)


@pytest.mark.parametrize(
    ("octets", "kind", "digits"),
    [
        ("151100000000000000", PeiKind.IMEISV, "1110000000000000"),
        ("0500000000000000f1", PeiKind.IMEISV, "0000000000000001"),
        ("0b10325476981032", PeiKind.IMEI, "00123456789012"),
    ],
)
def test_pei_has_as_many_digits_as_the_standard_says(
    octets: str, kind: PeiKind, digits: str
) -> None:
    assert elements.mobile_identity(bytes.fromhex(octets)) == Pei(kind, digits)


def test_slices() -> None:
    assert elements.nssai(bytes.fromhex("0101" + "0401010203" + "020102" + "05")) == (
        Snssai(1),
        Snssai(1, b"\1\2\3"),
        Snssai(1, None, 2),
    )
    assert elements.snssai(bytes(8)) == Snssai(0, bytes(3), 0, bytes(3))
    assert elements.snssai(bytes(3)) is None
    assert elements.rejected_nssai(bytes.fromhex("1101" + "4201010203")) == (
        RejectedSnssai(1, Snssai(1)),
        RejectedSnssai(2, Snssai(1, b"\1\2\3")),
    )


def test_tai_lists() -> None:
    plmn = Plmn("001", "01")
    assert elements.tai_list(b"\x01" + TEST + b"\0\0\1\0\0\5") == (
        Tai(plmn, b"\0\0\1"),
        Tai(plmn, b"\0\0\5"),
    )
    assert [t.tac for t in elements.tai_list(b"\x22" + TEST + b"\0\0\xff")] == [
        b"\0\0\xff",
        b"\0\1\0",
        b"\0\1\1",
    ]
    assert elements.tai_list(b"\x40" + TEST + b"\0\0\7") == (Tai(plmn, b"\0\0\7"),)
    assert elements.tai_list(b"\x05" + TEST + b"\0\0\1") == ()


def test_dnn() -> None:
    assert elements.dnn(b"\x08internet\x02de") == "internet.de"
    assert elements.dnn(b"\x09internet") is None
    assert elements.dnn(b"") is None


def test_envelopes() -> None:
    envelope = open_envelope(b"\x7e\x02macs\x01inner")
    assert envelope is not None
    assert (envelope.header, envelope.message) == (SecurityHeader.CIPHERED, b"inner")
    assert envelope.header.ciphered
    assert not SecurityHeader.INTEGRITY_NEW_CONTEXT.ciphered
    for octets in (b"", b"\x2e\0\0", b"\x7e\x05macs\x01inner", b"\x7e\x02macs\x01"):
        assert open_envelope(octets) is None


def test_nothing_that_names_a_person_is_printed() -> None:
    suci = elements.mobile_identity(bytes.fromhex("0100f110f0ff00000000000010"))
    pei = elements.mobile_identity(bytes.fromhex("0500000000000000f1"))
    assert "0000000001" not in repr((suci, pei))
