"""IntegrityCheck: a hash or a signature over PS-PDUs (TS 102 232-1 clause 7.2.3), as data.

Nothing is computed or judged here; which checks an agency gets is policy.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from custodes.base.errors import DecodeError, EncodeError
from custodes.wire.ber.node import UNKNOWN
from custodes.wire.handover.names import read_name, write_name

_HIGHEST = 0xFFFF_FFFF


class CheckType(Enum):
    HASH = "hash"
    SIGNATURE = "signature"


class DataType(Enum):
    """What was checked."""

    IRI = "iRI"
    CC = "cC"
    ILHI = "iLHI"


class HashAlgorithm(Enum):
    SHA_1 = "sHA-1"
    SHA_256 = "sHA-256"
    SHA_384 = "sHA-384"
    SHA_512 = "sHA-512"


class SignatureAlgorithm(Enum):
    DSA = "dSA"
    ECDSA = "eCDSA"
    EDDSA = "edDSA"


_LEGACY = (HashAlgorithm.SHA_1, SignatureAlgorithm.DSA)
_DIGEST_OCTETS = {
    HashAlgorithm.SHA_1: 20,
    HashAlgorithm.SHA_256: 32,
    HashAlgorithm.SHA_384: 48,
    HashAlgorithm.SHA_512: 64,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegrityCheck:
    """``includedSequenceNumbers``: the PS-PDUs checked, in the order they were processed.

    ``checkValue``: the digest, or the signature (DER where the algorithm has a structure). A
    number in place of a name is one of a later module. ``dataType`` is absent before version 5.
    """

    includedSequenceNumbers: tuple[int, ...]
    checkType: CheckType | int
    checkValue: bytes
    dataType: DataType | int | None = None
    hashAlgorithm: HashAlgorithm | int | None = None
    signatureAlgorithm: SignatureAlgorithm | int | None = None
    unknown: tuple[tuple[str, bytes], ...] = ()


def to_value(check: IntegrityCheck) -> dict[str, Any]:
    """The table value; raises EncodeError where the module does not let a new writer send it."""
    _sendable(check)
    value: dict[str, Any] = {
        "includedSequenceNumbers": list(check.includedSequenceNumbers),
        **write_name("checkType", check.checkType),
        **write_name("dataType", check.dataType),
        "checkValue": check.checkValue,
        **write_name("hashAlgorithm", check.hashAlgorithm),
        **write_name("signatureAlgorithm", check.signatureAlgorithm),
    }
    if check.unknown:
        value[UNKNOWN] = list(check.unknown)
    return value


def from_value(value: dict[str, Any]) -> IntegrityCheck:
    """From the table value; raises DecodeError."""
    numbers = value["includedSequenceNumbers"]
    if any(not 0 <= number <= _HIGHEST for number in numbers):
        raise DecodeError("an included sequence number does not fit in 32 bits")
    kind = read_name(CheckType, value["checkType"])
    assert kind is not None  # noqa: S101 - mandatory in the table
    return IntegrityCheck(
        includedSequenceNumbers=tuple(numbers),
        checkType=kind,
        checkValue=value["checkValue"],
        dataType=read_name(DataType, value.get("dataType")),
        hashAlgorithm=read_name(HashAlgorithm, value.get("hashAlgorithm")),
        signatureAlgorithm=read_name(SignatureAlgorithm, value.get("signatureAlgorithm")),
        unknown=tuple(value.get(UNKNOWN, ())),
    )


def _sendable(check: IntegrityCheck) -> None:
    if not check.includedSequenceNumbers:
        raise EncodeError("an integrity check of no PDU")
    if not check.checkValue:
        raise EncodeError("an integrity check without a value")
    if isinstance(check.checkType, CheckType) and check.dataType is None:
        raise EncodeError("an integrity check does not say what data it is of")
    if check.checkType is CheckType.HASH and check.signatureAlgorithm is not None:
        raise EncodeError("a hash with a signature algorithm")
    if check.checkType is CheckType.SIGNATURE and check.hashAlgorithm is not None:
        raise EncodeError("a signature with a hash algorithm")
    if check.hashAlgorithm in _LEGACY or check.signatureAlgorithm in _LEGACY:
        raise EncodeError("an algorithm that is not for new implementations")
    octets = _DIGEST_OCTETS.get(check.hashAlgorithm)  # type: ignore[arg-type]
    if octets is not None and len(check.checkValue) != octets:
        raise EncodeError(f"a hash of this algorithm has {octets} octets")
