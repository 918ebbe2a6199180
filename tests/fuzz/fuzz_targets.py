"""One target per reader. A target raises for a fault of ours, never for what the octets are.

Each checks what its codec promises: DecodeError is the only error; what arrives in pieces reads
the same as in one; what is accepted and can be written again reads the same again.
"""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any
from zlib import crc32

from fuzz_mutation import mutate
from fuzz_shapes import Mutator, ber, xml

from custodes.app.decode import lenient
from custodes.app.decode.lenient import Option, Reading
from custodes.app.decode.message import to_object
from custodes.app.decode.render import lines
from custodes.app.decode.source import Source
from custodes.base.errors import DecodeError, EncodeError
from custodes.functions.lemf import layout
from custodes.functions.lemf.frames import Frame as JournalFrame
from custodes.functions.lemf.journal import Journal, JournalDamagedError
from custodes.functions.poi.capture.frame import Frame
from custodes.functions.poi.capture.open import CaptureReader
from custodes.functions.poi.packet import fragments, ip, link, sctp, udp
from custodes.functions.poi.packet.sctp_messages import MessageAssembler
from custodes.functions.poi.pfcp import message as pfcp
from custodes.functions.poi.probe import Probe
from custodes.functions.poi.signalling import elements, nas
from custodes.functions.poi.signalling.errors import SignallingError
from custodes.functions.poi.signalling.pycrate_decoder import PycrateDecoder
from custodes.wire import gtpu
from custodes.wire.ber.errors import BERDecodeError
from custodes.wire.ber.schema import Schema
from custodes.wire.ber.tlv import Extent, header
from custodes.wire.handover import pdu as ps_pdu
from custodes.wire.handover import schema as handover_schema
from custodes.wire.handover.reader import Reader as PSReader
from custodes.wire.iri import payload as iri
from custodes.wire.iri import schema as iri_schema
from custodes.wire.x1 import message as x1
from custodes.wire.x2x3 import pdu as x2x3
from custodes.wire.x2x3.quirks import Quirks
from custodes.wire.x2x3.reader import Reader as X2X3Reader


def pieces(octets: bytes) -> Iterable[bytes]:
    """The input cut up in a way that its own octets decide."""
    step = 1 + crc32(octets) % 97
    return (octets[at : at + step] for at in range(0, len(octets), step))


def x1_request(octets: bytes) -> None:
    try:
        messages = x1.decode_request(octets)
    except DecodeError:
        messages = None
    try:
        x1.read_request(octets)
    except DecodeError:
        assert messages is None, "read_request refuses what decode_request accepts"
    if messages is None:
        return
    try:
        again = x1.encode_request(messages)
    except EncodeError:  # an operation we know and do not implement
        return
    assert x1.decode_request(again) == messages


def x1_response(octets: bytes) -> None:
    try:
        found = x1.decode_response(octets)
    except DecodeError:
        return
    if isinstance(found, x1.TopLevelErrorResponse):
        again = x1.encode_top_level_error(found)
    else:
        again = x1.encode_response(found)
    assert x1.decode_response(again) == found


def _x2x3_all(parts: Iterable[bytes]) -> tuple[list[x2x3.PDU], bool]:
    reader = X2X3Reader(max_pdu=1 << 20)
    found: list[x2x3.PDU] = []
    for part in parts:
        reader.receive_data(part)
        try:
            while (pdu := reader.next_pdu()) is not None:
                found.append(pdu)
        except DecodeError:
            return found, True
    return found, False


def x2x3_quirks(octets: bytes) -> None:
    """A peer's habit changes what is taken, never what is written back."""
    reader = X2X3Reader(max_pdu=1 << 20, quirks=Quirks(swappedVersion=True))
    reader.receive_data(octets)
    written = b""
    with contextlib.suppress(DecodeError):
        while (pdu := reader.next_pdu()) is not None:
            written += x2x3.encode(pdu)
    assert octets.startswith(written)


def x2x3_stream(octets: bytes) -> None:
    found, refused = _x2x3_all([octets])
    assert (found, refused) == _x2x3_all(pieces(octets))
    written = b"".join(x2x3.encode(pdu) for pdu in found)
    assert octets.startswith(written), "a PDU is not written as it came"
    for pdu in found:
        same = x2x3.PDU(*pdu[:5], pdu.attributes, pdu.payload, pdu.version)
        # Attribute 21 alone may come with padding of its own; all others are canonical.
        assert x2x3.decode(x2x3.encode(same)).attributes == pdu.attributes


def ber_tlv(octets: bytes) -> None:
    try:
        end: int | None = header(octets, 0, len(octets))[4]
    except BERDecodeError:
        end = None
    extent, limit = Extent(), 0
    try:
        for part in pieces(octets):
            limit += len(part)
            if extent.advance(octets, limit) is not None:
                break
    except BERDecodeError:
        assert end is None, "Extent refuses what header accepts"
    if end is not None:
        assert extent.end == end


def _type(schema: Callable[[], Schema], module: str, name: str, octets: bytes) -> None:
    try:
        value = schema().decode(module, name, octets)
    except DecodeError:
        return
    layout.line({"value": value})  # what is read can be written down as evidence
    try:
        again = schema().encode(module, name, value)
    except EncodeError:  # a reader takes more than a writer sends: bounds, alphabets
        return
    assert schema().decode(module, name, again) == value


def _payload(name: str, decode: Callable[[bytes], object]) -> Callable[[bytes], None]:
    def target(octets: bytes) -> None:
        with contextlib.suppress(DecodeError):
            decode(octets)
        _type(iri_schema.schema, iri_schema.MODULE, name, octets)

    return target


xiri_payload = _payload("XIRIPayload", iri.decode_xiri)
iri_payload = _payload("IRIPayload", iri.decode_iri)
cc_payload = _payload("CCPayload", iri.decode_cc)
li_notification_payload = _payload("LINotificationPayload", iri.decode_notification)


def ps_pdu_value(octets: bytes) -> None:
    _type(handover_schema.schema, handover_schema.MODULE, "PS-PDU", octets)
    try:
        found = ps_pdu.decode(octets)
    except DecodeError:
        return
    layout.timestamp(found.header.timestamp)
    if isinstance(found.payload, ps_pdu.CCs | ps_pdu.IRIs):
        for item in found.payload.items:
            layout.timestamp(item.timestamp)
            layout.pcap_record(item.timestamp or 0, b"")
    try:
        again = ps_pdu.encode(found)
    except EncodeError:
        return
    assert ps_pdu.decode(again) == found


def _ps_all(parts: Iterable[bytes]) -> tuple[list[bytes], bool]:
    reader = PSReader(limit=1 << 20)
    found: list[bytes] = []
    for part in parts:
        reader.receive_data(part)
        try:
            while (pdu := reader.next_pdu()) is not None:
                found.append(pdu)
        except DecodeError:
            return found, True
    return found, False


def ps_pdu_stream(octets: bytes) -> None:
    found, refused = _ps_all([octets])
    assert (found, refused) == _ps_all(pieces(octets))
    assert octets.startswith(b"".join(found))
    for pdu in found:
        assert header(pdu, 0, len(pdu))[4] == len(pdu)


def _frames(parts: Iterable[bytes]) -> tuple[list[Frame], bool]:
    reader = CaptureReader()
    found: list[Frame] = []
    for part in parts:
        try:
            reader.receive_data(part)
            while (frame := reader.next_frame()) is not None:
                found.append(frame)
        except DecodeError:
            return found, True
    return found, False


def capture(octets: bytes) -> None:
    frames, refused = _frames([octets])
    assert (frames, refused) == _frames(pieces(octets))
    assert sum(len(frame.octets) for frame in frames) <= len(octets)


def packet(octets: bytes) -> None:
    """The first octet names the link type, so that all of them are tried."""
    kinds = (0, 1, 12, 14, 101, 108, 113, 228, 229, 276, 7)
    linktype = kinds[octets[0] % len(kinds)] if octets else 1
    try:
        found = link.ip_packet(linktype, octets[1:])
        if found is None:
            return
        read = ip.parse(found)
        assert len(read.payload) <= len(found)
        ip.total_length(found)
    except DecodeError:
        return
    for reader in (udp.parse, sctp.parse):
        with contextlib.suppress(DecodeError):
            reader(read.payload)


def sctp_messages(octets: bytes) -> None:
    """Two octets make a chunk: a step of the TSN, and flags with a length."""
    assembler, tsn, given, taken = MessageAssembler(), 0, 0, 0
    for step, how in zip(octets[::2], octets[1::2], strict=False):
        tsn = (tsn + step - 4) & 0xFFFF_FFFF
        payload = bytes(1 + (how >> 3))
        given += len(payload)
        flags = (bool(how & 1), bool(how & 2), False)
        message = assembler.take(
            (b"", 1, b"", 2, 3), sctp.DataChunk(tsn, 0, 0, 60, *flags, payload)
        )
        taken += 0 if message is None else len(message.payload)
    assert taken <= given


def ip_fragments(octets: bytes) -> None:
    """Three octets make a fragment: identification, offset, and length with the flag."""
    reassembler, given, taken = fragments.Reassembler(limit_octets=65_536), 0, 0
    for at in range(0, len(octets) - 2, 3):
        name, offset, how = octets[at : at + 3]
        place = ip.FragmentPlace(name, offset * 8, bool(how & 1))
        part = ip.Packet(b"a", b"b", 17, bytes(how & 0xFE), place)
        given += how & 0xFE
        try:
            whole = reassembler.take(part, at * 1_000_000)
        except DecodeError:
            continue
        taken += 0 if whole is None else len(whole.payload)
    assert taken <= given


def gtpu_packet(octets: bytes) -> None:
    message = gtpu.parse(octets)
    try:
        inner = gtpu.ip_packet(octets)
    except DecodeError:
        inner = None
    if message is not None:
        assert octets.startswith(message.packet)
        assert message.packet.endswith(message.inner)
    if inner is not None:
        assert message is not None
        assert message.inner == inner


def pfcp_datagram(octets: bytes) -> None:
    try:
        pfcp.decode(octets)
    except DecodeError:
        return
    assert pfcp.looks_like(octets)


def nas_elements(octets: bytes) -> None:
    """None of them raises: what is not of the form is left out."""
    nas.open_envelope(octets)
    elements.mobile_identity(octets)
    elements.snssai(octets)
    elements.nssai(octets)
    elements.rejected_nssai(octets)
    elements.tai_list(octets)
    elements.plmn_list(octets)
    elements.dnn(octets)


@cache
def _decoder() -> PycrateDecoder:
    return PycrateDecoder()


def n2_message(octets: bytes) -> None:
    for decode in (_decoder().decode_ngap, _decoder().decode_nas):
        with contextlib.suppress(SignallingError):
            decode(octets)


def probe_capture(octets: bytes) -> None:
    """A whole capture through the probe, which never raises for what a frame holds."""
    probe = Probe(_decoder(), correlation_base=1)
    frames, _ = _frames([octets])
    for frame in frames:
        probe.receive_frame(frame)
    probe.finish()
    while probe.next_event() is not None:
        pass


def decode_command(octets: bytes) -> None:
    """Whatever a file holds, each message of it can be shown to people and to machines."""
    for options in (frozenset[Option](), lenient.ALL):
        for message in Source("fuzzed", io.BytesIO(octets), reading=Reading(options)).messages():
            json.dumps(to_object(message, offsets=True))
            for line in lines(message, offsets=True):
                str(line)


class _Memory:
    """custodes.functions.lemf.ports.GrowingFile in memory."""

    def __init__(self, octets: bytes) -> None:
        self.octets = bytearray(octets)

    def size(self) -> int:
        return len(self.octets)

    def append(self, octets: bytes) -> None:
        self.octets += octets

    def sync(self) -> None: ...

    def cut(self, length: int) -> None:
        del self.octets[length:]

    def read(self, offset: int, size: int) -> bytes:
        return bytes(self.octets[offset : offset + size])

    def close(self) -> None: ...


def lemf_journal(octets: bytes) -> None:
    """A damaged journal is refused and left alone; a torn one is cut, and then reads the same."""
    file, found = _Memory(octets), list[JournalFrame]()
    try:
        Journal(file, bytes(16)).recover(0, found.append)
    except JournalDamagedError:
        assert file.octets == octets
        return
    again = list[JournalFrame]()
    assert Journal(file, bytes(16)).recover(0, again.append).cut == 0
    assert again == found


@dataclass(frozen=True, slots=True)
class Target:
    """``run`` takes any octets. Work is bounded by lines of Python per octet; pycrate's own
    decoding is not, so ``heavy`` targets are only timed."""

    run: Callable[[bytes], Any]
    mutator: Mutator = mutate
    heavy: bool = False


TARGETS: dict[str, Target] = {
    "x1_request": Target(x1_request, xml),
    "x1_response": Target(x1_response, xml),
    "x2x3_stream": Target(x2x3_stream),
    "x2x3_quirks": Target(x2x3_quirks),
    "ber_tlv": Target(ber_tlv, ber),
    "xiri_payload": Target(xiri_payload, ber),
    "iri_payload": Target(iri_payload, ber),
    "cc_payload": Target(cc_payload, ber),
    "li_notification_payload": Target(li_notification_payload, ber),
    "ps_pdu_value": Target(ps_pdu_value, ber),
    "ps_pdu_stream": Target(ps_pdu_stream, ber),
    "capture": Target(capture),
    "packet": Target(packet),
    "sctp_messages": Target(sctp_messages),
    "ip_fragments": Target(ip_fragments),
    "gtpu_packet": Target(gtpu_packet),
    "pfcp_datagram": Target(pfcp_datagram),
    "nas_elements": Target(nas_elements),
    "n2_message": Target(n2_message, heavy=True),
    "decode_command": Target(decode_command, ber, heavy=True),
    "lemf_journal": Target(lemf_journal),
    "probe_capture": Target(probe_capture, heavy=True),
}
