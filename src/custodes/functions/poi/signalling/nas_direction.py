"""Which way a NAS message may go (3GPP TS 24.501 V18, tables 9.7.1 and 9.7.2).

A UE can put any octets into an uplink NAS PDU: only what the network sends downlink is the
network's word. Types that stand in neither set (5GMM STATUS, 5GSM STATUS, unknown) go both ways.
"""

from __future__ import annotations

MM_UPLINK = frozenset({65, 67, 69, 72, 76, 79, 81, 85, 87, 89, 92, 94, 95, 102, 103, 105, 109})
MM_DOWNLINK = frozenset(
    {66, 68, 70, 71, 77, 78, 80, 82, 84, 86, 88, 90, 91, 93, 101, 104, 106, 107, 108}
)
SM_UPLINK = frozenset({193, 198, 201, 204, 205, 209, 212, 217, 218})
SM_DOWNLINK = frozenset({194, 195, 197, 199, 202, 203, 210, 211, 216, 219})


def mm_allowed(message: bytes, *, uplink: bool) -> bool:
    """``message`` is a 5GMM message whose security header is off; its third octet is its type."""
    return len(message) < 3 or message[2] not in (MM_DOWNLINK if uplink else MM_UPLINK)


def sm_allowed(message_type: int, *, uplink: bool) -> bool:
    return message_type not in (SM_DOWNLINK if uplink else SM_UPLINK)
