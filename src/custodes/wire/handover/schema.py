"""The tables of LI-PS-PDU version43 (ETSI TS 102 232-1), with what they take from TS 33.128.

Contents that other modules define (e-mail, multimedia, TS 33.108, …) are kept as raw elements.
"""

from __future__ import annotations

from functools import cache

from custodes.wire.ber.schema import Schema, load_table
from custodes.wire.iri.schema import tables

MODULE = "LI-PS-PDU"


@cache
def schema() -> Schema:
    return Schema(load_table("custodes.wire.handover", MODULE), *tables())
