"""A capture to messages: frames, IP, TCP, streams. Pure but for what it is fed."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import ip_address

from custodes.app.decode import tcp
from custodes.app.decode.lenient import Reading
from custodes.app.decode.message import Message
from custodes.app.decode.stream import StreamDecoder
from custodes.app.decode.tcp import Direction, Gap, Segment
from custodes.functions.poi.capture.frame import Frame
from custodes.functions.poi.capture.open import CaptureReader
from custodes.functions.poi.packet import fragments, ip, link
from custodes.functions.poi.packet.ip import Packet
from custodes.functions.poi.packet.unreadable import UnreadableError

MAX_STREAMS = 16_384
MAX_HELD = 256 * 1024 * 1024

Key = tuple[bytes, int, bytes, int]


@dataclass(slots=True)
class Counts:
    """What a capture held; ``unreadable`` frames are not decoded, and are said."""

    frames: int = 0
    segments: int = 0
    streams: int = 0
    unreadable: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Stream:
    decoder: StreamDecoder
    direction: Direction = field(default_factory=Direction)
    # Kept after its end: what is sent again must not become a stream of its own.
    over: bool = False


class CaptureDecoder:
    """pcap or pcapng octets in, messages out."""

    def __init__(
        self, source: str, forced: str | None = None, reading: Reading | None = None
    ) -> None:
        self._source, self._forced = source, forced
        self._reading = Reading() if reading is None else reading
        self._frames = CaptureReader()
        self._fragments = fragments.Reassembler()
        self._streams: OrderedDict[Key, _Stream] = OrderedDict()
        self._held = 0
        self.counts = Counts()

    def receive(self, octets: bytes) -> Iterator[Message]:
        """Raises DecodeError where the rest of the capture cannot be trusted."""
        self._frames.receive_data(octets)
        while (frame := self._frames.next_frame()) is not None:
            self.counts.frames += 1
            try:
                segment = self._segment(frame)
            except UnreadableError as error:
                reasons = self.counts.unreadable
                reasons[error.reason] = reasons.get(error.reason, 0) + 1
                continue
            if segment is not None:
                yield from self._take(*segment, frame.timestamp_ns)

    def finish(self) -> Iterator[Message]:
        """The capture is over."""
        while self._streams:
            _, stream = self._streams.popitem(last=False)
            yield from self._close(stream)

    @property
    def cut(self) -> int:
        """Octets of a frame that the file does not have whole."""
        return self._frames.pending()

    def _segment(self, frame: Frame) -> tuple[Packet, Segment] | None:
        octets = link.ip_packet(frame.linktype, frame.octets)
        if octets is None:
            return None
        packet = ip.parse(octets)
        if packet.protocol != tcp.PROTOCOL:
            return None
        whole = self._fragments.take(packet, frame.timestamp_ns)
        return None if whole is None else (whole, tcp.parse(whole.payload))

    def _take(self, packet: Packet, segment: Segment, time_ns: int) -> Iterator[Message]:
        self.counts.segments += 1
        key = (packet.source, segment.source_port, packet.destination, segment.destination_port)
        stream = self._streams.get(key)
        if stream is not None and stream.direction.starts_anew(segment):
            del self._streams[key]
            yield from self._close(stream)
            stream = None
        if stream is None:
            if not (segment.syn or segment.payload):
                return
            while len(self._streams) >= MAX_STREAMS:
                _, oldest = self._streams.popitem(last=False)
                yield from self._close(oldest)
            stream = self._streams[key] = _Stream(self._decoder(key))
            self.counts.streams += 1
        if stream.over:
            return
        self._streams.move_to_end(key)
        stream.decoder.time_ns = time_ns
        before = stream.direction.held
        for piece in stream.direction.take(segment):
            yield from _feed(stream, piece)
        self._held += stream.direction.held - before
        if self._held > MAX_HELD:
            yield from self._relieve()
        if stream.direction.finished or segment.rst:
            yield from self._close(stream)

    def _relieve(self) -> Iterator[Message]:
        """The streams together hold too much: the oldest end here."""
        while self._held > MAX_HELD and self._streams:
            _, oldest = self._streams.popitem(last=False)
            yield from self._close(oldest)

    def _close(self, stream: _Stream) -> Iterator[Message]:
        if stream.over:
            return
        stream.over = True
        self._held -= stream.direction.held
        for piece in stream.direction.flush():
            yield from _feed(stream, piece)
        yield from stream.decoder.finish()

    def _decoder(self, key: Key) -> StreamDecoder:
        name = f"{_end(key[0], key[1])} > {_end(key[2], key[3])}"
        return StreamDecoder(self._source, name, self._forced, True, self._reading)


def _feed(stream: _Stream, piece: bytes | Gap) -> Iterator[Message]:
    if isinstance(piece, Gap):
        return stream.decoder.gap(piece.count)
    return stream.decoder.receive(piece)


def _end(address: bytes, port: int) -> str:
    text = str(ip_address(address))
    return f"[{text}]:{port}" if ":" in text else f"{text}:{port}"
