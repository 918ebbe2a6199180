"""Hash and signature as data: what is read, and what is not sent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from handover_pdus import BARE, HASH, SIGNATURE

from custodes.base.errors import DecodeError, EncodeError
from custodes.wire.handover.integrity import (
    CheckType,
    DataType,
    HashAlgorithm,
    IntegrityCheck,
    SignatureAlgorithm,
    from_value,
    to_value,
)
from custodes.wire.handover.pdu import PSPDU, TRI, decode, encode

READ: dict[str, Any] = {
    "includedSequenceNumbers": [1, 2],
    "checkType": "hash",
    "checkValue": b"x",
}


@pytest.mark.parametrize("check", [HASH, SIGNATURE])
def test_a_check_comes_back_as_it_went(check: IntegrityCheck) -> None:
    pdu = PSPDU(BARE, TRI(("integrityCheck", check)))
    assert decode(encode(pdu)) == pdu


@pytest.mark.parametrize(
    ("algorithm", "octets"),
    [(HashAlgorithm.SHA_256, 32), (HashAlgorithm.SHA_384, 48), (HashAlgorithm.SHA_512, 64)],
)
def test_a_digest_has_the_length_of_its_algorithm(algorithm: HashAlgorithm, octets: int) -> None:
    check = replace(HASH, hashAlgorithm=algorithm, checkValue=bytes(octets))
    assert from_value(to_value(check)) == check
    for wrong in (octets - 1, octets + 1):
        with pytest.raises(EncodeError, match=f"{octets} octets"):
            to_value(replace(check, checkValue=bytes(wrong)))


@pytest.mark.parametrize("kind", SignatureAlgorithm)
def test_only_current_signatures_are_sent(kind: SignatureAlgorithm) -> None:
    check = replace(SIGNATURE, signatureAlgorithm=kind)
    if kind is SignatureAlgorithm.DSA:
        with pytest.raises(EncodeError, match="not for new"):
            to_value(check)
    else:
        assert from_value(to_value(check)) == check


@pytest.mark.parametrize(
    ("check", "says"),
    [
        (replace(HASH, includedSequenceNumbers=()), "of no PDU"),
        (replace(HASH, checkValue=b"", hashAlgorithm=None), "without a value"),
        (replace(HASH, dataType=None), "what data"),
        (replace(SIGNATURE, dataType=None), "what data"),
        (replace(HASH, signatureAlgorithm=SignatureAlgorithm.ECDSA), "signature algorithm"),
        (replace(SIGNATURE, hashAlgorithm=HashAlgorithm.SHA_256), "hash algorithm"),
        (replace(HASH, hashAlgorithm=HashAlgorithm.SHA_1, checkValue=bytes(20)), "not for new"),
        (replace(HASH, includedSequenceNumbers=(1 << 32,)), "above"),
        (replace(HASH, includedSequenceNumbers=(-1,)), "below"),
    ],
)
def test_what_is_not_sent(check: IntegrityCheck, says: str) -> None:
    with pytest.raises(EncodeError, match=says):
        encode(PSPDU(BARE, TRI(("integrityCheck", check))))


def test_what_older_writers_send_is_read() -> None:
    check = from_value(READ)
    assert check.checkType is CheckType.HASH
    assert (check.dataType, check.hashAlgorithm, check.signatureAlgorithm) == (None, None, None)
    assert from_value(READ | {"hashAlgorithm": "sHA-1"}).hashAlgorithm is HashAlgorithm.SHA_1
    assert from_value(READ | {"dataType": "iLHI"}).dataType is DataType.ILHI


def test_names_of_later_modules_stay_numbers() -> None:
    later = READ | {"checkType": 9, "dataType": 8, "hashAlgorithm": 7, "signatureAlgorithm": 6}
    later["_unknown"] = [("checkValue", b"\x9f\x50\x00")]
    check = from_value(later)
    assert (check.checkType, check.dataType) == (9, 8)
    assert (check.hashAlgorithm, check.signatureAlgorithm) == (7, 6)
    assert to_value(check) == later


@pytest.mark.parametrize("number", [-1, 1 << 32])
def test_a_number_no_pdu_has_is_refused(number: int) -> None:
    with pytest.raises(DecodeError):
        from_value(READ | {"includedSequenceNumbers": [0, number]})
