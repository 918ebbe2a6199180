"""The tables of LI-PS-PDU version43 (ETSI TS 102 232-1), with what they take from TS 33.128
and from the HI1 and HI2 modules of TS 101 671.

Contents that other modules define (e-mail, multimedia, TS 33.108, …) are kept as raw elements.
"""

from __future__ import annotations

from functools import cache

from custodes.wire.ber.schema import Schema, load_table
from custodes.wire.iri.schema import tables

MODULE = "LI-PS-PDU"
_TABLES = (MODULE, "HI1NotificationOperations", "HI2Operations")


@cache
def schema() -> Schema:
    own = (load_table("custodes.wire.handover", name) for name in _TABLES)
    return Schema(*own, *tables())
