"""Content PS-PDUs at line rate: what stays the same for a communication is encoded once.

The PS-PDUs of one (LIID, CIN, interception point) differ in sequence number, time, direction and
packet only. Everything else is cut out of a PS-PDU that ``pdu.encode`` made, so the layout is
known in one place; tests/unit/wire/test_wire_handover_fast_cc.py holds both to the same octets.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from custodes.base.errors import EncodeError
from custodes.base.ids import LIID
from custodes.wire.ber.primitive import integer_octets
from custodes.wire.ber.tlv import context, header, identifier, length_octets
from custodes.wire.handover.cc import TS33128_CC, CCItem
from custodes.wire.handover.direction import PayloadDirection
from custodes.wire.handover.pdu import PSPDU, CCs, encode
from custodes.wire.handover.psheader import PSHeader
from custodes.wire.handover.times import END_SECONDS
from custodes.wire.iri.cc import encode_cc

_HIGHEST = 0xFFFF_FFFF
_SECOND = 1_000_000_000
_SEQUENCE_NUMBER = context(4)
_MICROSECOND_TIME_STAMP = context(7)
_NOBODY = PSHeader(liid=LIID("-"), operatorIdentifier=b"-", sequenceNumber=0, timestamp=0)

_length = lru_cache(maxsize=1 << 16)(length_octets)
_NUMBER_HEADS = tuple(identifier(_SEQUENCE_NUMBER, False) + bytes((w,)) for w in range(6))


class CCEncoder:
    """Writes the content PS-PDUs that share ``template`` in all but number and time.

    Making one raises EncodeError where the template cannot be sent.
    """

    __slots__ = ("_after", "_before", "_between", "_constant")

    def __init__(self, template: PSHeader) -> None:
        sample = encode(_sample(replace(template, sequenceNumber=0, timestamp=0), 0, None))
        _, _, at, end, _ = header(sample, header(sample, 0, len(sample))[2], len(sample))
        start = at
        cuts: dict[int, tuple[int, int]] = {}
        while at < end:
            tag, _, _, _, after = header(sample, at, end)
            cuts.setdefault(tag, (at, after))
            at = after
        number, time = cuts[_SEQUENCE_NUMBER], cuts[_MICROSECOND_TIME_STAMP]
        self._before = sample[start : number[0]]
        self._between = sample[number[1] : time[0]]
        self._after = sample[time[1] : end]
        self._constant = len(self._before) + len(self._between) + len(self._after)

    def encode(
        self, number: int, ns: int, direction: PayloadDirection | None, packet: bytes
    ) -> bytes:
        """One PS-PDU with one uPFCCPDU; ``ns`` since 1970. The octets ``pdu.encode`` would give.

        EncodeError where number or time are out of their ranges.
        """
        seconds, rest = divmod(ns, _SECOND)
        if not (0 <= number <= _HIGHEST and 0 <= seconds < END_SECONDS):
            raise EncodeError("a sequence number or a time is out of range")
        micro = rest // 1000
        wide = micro.bit_length() // 8
        time = _time_heads(seconds)[wide] + micro.to_bytes(wide + 1, "big")
        width = number.bit_length() // 8 + 1
        lead = _payload_lead(len(packet), direction)
        size = self._constant + 2 + width + len(time)
        head = _header_head(size)
        return b"".join(
            (
                b"\x30",
                _length(len(head) + size + len(lead) + len(packet)),
                head,
                self._before,
                _NUMBER_HEADS[width],
                number.to_bytes(width, "big"),
                self._between,
                time,
                self._after,
                lead,
                packet,
            )
        )


def _sample(header_: PSHeader, size: int, direction: PayloadDirection | None) -> PSPDU:
    contents = (TS33128_CC, encode_cc(("uPFCCPDU", bytes(size))))
    return PSPDU(header_, CCs((CCItem(contents=contents, payloadDirection=direction),)))


@lru_cache(maxsize=4096)
def _payload_lead(size: int, direction: PayloadDirection | None) -> bytes:
    """The payload element up to a packet of ``size`` octets, which ends it."""
    sample = encode(_sample(_NOBODY, size, direction))
    start = header(sample, header(sample, 0, len(sample))[2], len(sample))[4]
    return sample[start : len(sample) - size]


@lru_cache(maxsize=64)
def _time_heads(seconds: int) -> tuple[bytes, ...]:
    """microSecondTimeStamp up to the microseconds, for 1, 2 and 3 octets of them."""
    octets = integer_octets(seconds)
    lead = identifier(context(0), False) + bytes((len(octets),)) + octets
    outer, micro = identifier(_MICROSECOND_TIME_STAMP, True), identifier(context(1), False)
    return tuple(
        outer + bytes((len(lead) + 2 + w,)) + lead + micro + bytes((w,)) for w in (1, 2, 3)
    )


@lru_cache(maxsize=1024)
def _header_head(size: int) -> bytes:
    """Identifier and length of a pSHeader whose contents are ``size`` octets."""
    return identifier(context(1), True) + length_octets(size)
