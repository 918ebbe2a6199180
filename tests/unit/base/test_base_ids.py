"""Identifiers: their formats, and that none is another."""

from __future__ import annotations

from uuid import UUID

import pytest

from custodes.base.errors import DecodeError
from custodes.base.ids import CIN, DID, LIID, XID

TEXT = "0f8fad5b-d9cb-469f-a165-70867728950e"


def test_a_uuid_is_lower_case() -> None:
    assert str(XID.parse(TEXT)) == TEXT
    for wrong in (TEXT.upper(), TEXT.replace("-", ""), f"{{{TEXT}}}", ""):
        with pytest.raises(DecodeError):
            XID.parse(wrong)


def test_one_is_never_the_other() -> None:
    assert XID(UUID(TEXT)) != DID(UUID(TEXT))


@pytest.mark.parametrize("text", ["1", "x" * 25, "0" * 26, "abcdef0123456789" * 3])
def test_liid(text: str) -> None:
    assert str(LIID(text)) == text


@pytest.mark.parametrize("text", ["", "with space", "x" * 26, "A" * 26, "0" * 51, "\n", "é"])
def test_not_a_liid(text: str) -> None:
    with pytest.raises(DecodeError):
        LIID(text)


def test_cin_has_32_bits() -> None:
    assert CIN(2**32 - 1).value == 2**32 - 1
    for wrong in (-1, 2**32):
        with pytest.raises(DecodeError):
            CIN(wrong)
