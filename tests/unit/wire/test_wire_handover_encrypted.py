"""The encryption container, and what stands inside once it is decrypted."""

from __future__ import annotations

from dataclasses import replace

import pytest
from handover_pdus import CC, ENCRYPTED, HASH, HEADER

from custodes.base.errors import DecodeError, EncodeError
from custodes.wire.handover.encrypted import EncryptedPayload, decode_encrypted, encode_encrypted
from custodes.wire.handover.encryption import (
    EncryptedPayloadType,
    EncryptionContainer,
    EncryptionType,
    from_value,
    to_value,
)
from custodes.wire.handover.pdu import PSPDU, TRI, CCs, decode, encode
from custodes.wire.handover.schema import MODULE, schema

EXTRA = (("", b"\x9f\x50\x00"),)


@pytest.mark.parametrize("kind", EncryptionType)
@pytest.mark.parametrize("payload", [None, *EncryptedPayloadType])
def test_a_container_comes_back_as_it_went(
    kind: EncryptionType, payload: EncryptedPayloadType | None
) -> None:
    container = replace(ENCRYPTED, encryptionType=kind, encryptedPayloadType=payload)
    assert decode(encode(PSPDU(HEADER, container))) == PSPDU(HEADER, container)


def test_the_names_are_those_of_the_module() -> None:
    kinds = schema().type(MODULE, "EncryptionType").numbers  # type: ignore[attr-defined]
    types = schema().type(MODULE, "EncryptedPayloadType").numbers  # type: ignore[attr-defined]
    assert {kind.value for kind in EncryptionType} == kinds.keys()
    assert {kind.value for kind in EncryptedPayloadType} == types.keys()


def test_what_later_modules_add_stays() -> None:
    container = EncryptionContainer(
        encryptionType=99, encryptedPayload=b"", encryptedPayloadType=98, unknown=EXTRA
    )
    assert from_value(to_value(container)) == container
    assert decode(encode(PSPDU(HEADER, container))).payload == container


@pytest.mark.parametrize("counter", [0, 1_767_225_600 << 32, (1 << 64) - 1])
def test_what_is_encrypted_comes_back_as_it_went(counter: int) -> None:
    for payload in (CCs((CC,)), TRI(("integrityCheck", HASH)), ENCRYPTED):
        inside = EncryptedPayload(counter, payload, EXTRA)
        assert decode_encrypted(encode_encrypted(inside)) == inside


@pytest.mark.parametrize("counter", [-1, 1 << 64])
def test_a_counter_beyond_64_bits_is_neither_written_nor_read(counter: int) -> None:
    with pytest.raises(EncodeError):
        encode_encrypted(EncryptedPayload(counter, CCs((CC,))))
    good = encode_encrypted(EncryptedPayload(0, TRI(("testPDU", None))))
    size = 2 if counter < 0 else 10
    contents = bytes.fromhex("80" + ("01ff" if counter < 0 else "09010000000000000000"))
    octets = b"\x30" + bytes((good[1] + len(contents) - 3,)) + contents + good[5:]
    assert len(contents) == size + 1
    with pytest.raises(DecodeError):
        decode_encrypted(octets)


@pytest.mark.parametrize("octets", [b"", b"\x30\x00", b"\xff" * 16])
def test_what_was_decrypted_with_a_wrong_key_is_refused(octets: bytes) -> None:
    with pytest.raises(DecodeError):
        decode_encrypted(octets)
