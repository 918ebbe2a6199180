"""Tags of BER as people name them."""

from __future__ import annotations

from custodes.wire.ber.tlv import tag_text

_UNIVERSAL = {
    1: "BOOLEAN",
    2: "INTEGER",
    3: "BIT STRING",
    4: "OCTET STRING",
    5: "NULL",
    6: "OBJECT IDENTIFIER",
    10: "ENUMERATED",
    12: "UTF8String",
    13: "RELATIVE-OID",
    16: "SEQUENCE",
    17: "SET",
    18: "NumericString",
    19: "PrintableString",
    22: "IA5String",
    23: "UTCTime",
    24: "GeneralizedTime",
    26: "VisibleString",
}


def tag_name(tag: int) -> str:
    """``[4]``, or the type that a universal tag is of."""
    return _UNIVERSAL.get(tag) or tag_text(tag)
