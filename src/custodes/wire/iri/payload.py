"""The payloads of TS 33.128: XIRIPayload, IRIPayload, CCPayload, LINotificationPayload."""

from __future__ import annotations

from custodes.wire.iri.cc import CCPayload, decode_cc, encode_cc
from custodes.wire.iri.iri import IRIPayload, decode_iri, encode_iri, target_identifier
from custodes.wire.iri.notification import (
    LINotificationPayload,
    check_notification,
    decode_notification,
    encode_notification,
    li_notification,
)
from custodes.wire.iri.xiri import XIRIPayload, decode_xiri, encode_xiri

__all__ = [
    "CCPayload",
    "IRIPayload",
    "LINotificationPayload",
    "XIRIPayload",
    "check_notification",
    "decode_cc",
    "decode_iri",
    "decode_notification",
    "decode_xiri",
    "encode_cc",
    "encode_iri",
    "encode_notification",
    "encode_xiri",
    "li_notification",
    "target_identifier",
]
