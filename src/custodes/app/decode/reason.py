"""The sentence of a codec's error, without the place: places here count from the source."""

from __future__ import annotations

from custodes.base.errors import DecodeError


def reason(error: DecodeError) -> str:
    suffix = f" at octet {error.offset}"
    return error.what.removesuffix(suffix) if error.offset is not None else error.what
