"""Keep-alive PDUs of the handover interfaces (TS 102 232-1, tRIPayload [3] and [4]).

The response echoes the number of the keep-alive in its header's sequence number [I].
"""

from __future__ import annotations

from dataclasses import replace

from custodes.wire.handover.pdu import KEEP_ALIVE, KEEP_ALIVE_RESPONSE, PSPDU, TRI, encode
from custodes.wire.handover.psheader import PSHeader

REQUEST = KEEP_ALIVE.payload[0]
RESPONSE = KEEP_ALIVE_RESPONSE.payload[0]


def request(template: PSHeader, number: int) -> bytes:
    return encode(PSPDU(replace(template, sequenceNumber=number), KEEP_ALIVE))


def response(header: PSHeader) -> bytes:
    """The answer to the keep-alive that came with ``header``."""
    return encode(PSPDU(header, KEEP_ALIVE_RESPONSE))


def alternative(pdu: PSPDU) -> str | None:
    """Which tRIPayload a PDU carries, or None where it carries anything else."""
    return pdu.payload.payload[0] if isinstance(pdu.payload, TRI) else None
