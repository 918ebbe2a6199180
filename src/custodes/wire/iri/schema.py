"""The tables of TS 33.128, module TS33128Payloads r19 version3, read once."""

from __future__ import annotations

from functools import cache
from typing import Any

from custodes.wire.ber.schema import Schema, load_table

MODULE = "TS33128Payloads"
_PACKAGE = "custodes.wire.iri"


@cache
def tables() -> tuple[dict[str, Any], ...]:
    """TS33128Payloads and what it refers to."""
    return tuple(load_table(_PACKAGE, n) for n in (MODULE, "IPAccessPDU", "Common-Parameters"))


@cache
def schema() -> Schema:
    return Schema(*tables())
