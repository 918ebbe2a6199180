"""A source (file or standard input) to messages: capture, text or octets, by its first octets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from custodes.app.decode import gunzip, text
from custodes.app.decode.capture import CaptureDecoder
from custodes.app.decode.item import Blame, Item
from custodes.app.decode.lenient import Reading
from custodes.app.decode.message import Message
from custodes.app.decode.reason import reason
from custodes.app.decode.recognise import recognise
from custodes.app.decode.stream import StreamDecoder
from custodes.base.errors import DecodeError
from custodes.functions.poi.capture.open import PCAPNG
from custodes.functions.poi.capture.pcap import MAGIC

CHUNK = 1 << 18
MAX_BASE64 = 64 * 1024 * 1024
_CAPTURES = frozenset({PCAPNG, *MAGIC})


class Octets(Protocol):
    """A binary file: what ``open(path, "rb")`` and ``sys.stdin.buffer`` give."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(slots=True)
class Source:
    """``progress`` is told the octets read so far; ``summary`` holds lines for people when done."""

    name: str
    octets: Octets
    forced: str | None = None
    progress: Callable[[int], None] | None = None
    summary: tuple[str, ...] = ()
    reading: Reading = field(default_factory=Reading)

    def messages(self) -> Iterator[Message]:
        """Every message; errors of the peer are messages too. OSError where reading fails."""
        first = self._read()
        if first.startswith(gunzip.MAGIC):
            self._unpacked = gunzip.Gunzip(first, self._packed)
            self._done = 0
            first = self._read()
        if first or not self._damaged:
            yield from self._content(first)
        if self._damaged:
            yield self._wrong("gzip", self._done, self._damaged, "whole gzip data")

    def _content(self, first: bytes) -> Iterator[Message]:
        if first[:4] in _CAPTURES:
            yield from self._capture(first)
        elif text.looks_hex(first):
            yield from self._hex(first)
        elif text.looks_base64(first) and self.forced != "x1":
            yield from self._base64(first)
        elif text.begins_hex(first) and isinstance(recognise(first[:4096]), tuple):
            yield from self._hex(first)
        else:
            decoder = self._stream()
            while first:
                yield from decoder.receive(first)
                first = self._read()
            yield from decoder.finish()

    _done: int = 0
    _taken: int = 0
    _unpacked: gunzip.Gunzip | None = None
    _damaged: str = ""

    def _read(self) -> bytes:
        try:
            octets = self._packed() if self._unpacked is None else self._unpacked.read(CHUNK)
        except DecodeError as error:
            self._damaged, octets = reason(error), b""
        self._done += len(octets)
        return octets

    def _packed(self) -> bytes:
        """What the file itself has next."""
        octets = self.octets.read(CHUNK)
        self._taken += len(octets)
        if self.progress is not None:
            self.progress(self._taken)
        return octets

    def _stream(self) -> StreamDecoder:
        return StreamDecoder(self.name, None, self.forced, reading=self.reading)

    def _capture(self, first: bytes) -> Iterator[Message]:
        decoder = CaptureDecoder(self.name, self.forced, self.reading)
        decoded = 0
        kinds: dict[str, int] = {}
        failed: Message | None = None
        try:
            while first:
                for message in decoder.receive(first):
                    kinds[message.kind] = kinds.get(message.kind, 0) + 1
                    decoded += message.decoded
                    yield message
                first = self._read()
        except DecodeError as error:
            failed = self._wrong("capture", self._done - decoder.cut, reason(error), "a frame")
        for message in decoder.finish():
            kinds[message.kind] = kinds.get(message.kind, 0) + 1
            decoded += message.decoded
            yield message
        if failed is None and decoder.cut:
            what = f"the capture ends within a frame, {decoder.cut} octets of it are there"
            failed = self._wrong("capture", self._done - decoder.cut, what, "a whole frame")
        if failed is not None:
            yield failed
        counts = decoder.counts
        found = ", ".join(f"{n} {kind}" for kind, n in sorted(kinds.items())) or "nothing"
        unreadable = ", ".join(f"{n} ({why})" for why, n in sorted(counts.unreadable.items()))
        self.summary = (
            f"{self.name}: {counts.frames} frames, {counts.segments} TCP segments,"
            f" {counts.streams} streams: {found}",
            *([f"{self.name}: frames that cannot be read: {unreadable}"] if unreadable else []),
        )
        if not decoded and not kinds.get("tls") and failed is None:
            yield self._wrong(
                "capture", 0, "no stream carries anything known", "X1, X2/X3, PS-PDU, TS 33.128"
            )

    def _hex(self, first: bytes) -> Iterator[Message]:
        reader, decoder = text.HexReader(), self._stream()
        wrong: Message | None = None
        try:
            while first:
                yield from decoder.receive(reader.receive(first))
                first = self._read()
            yield from decoder.receive(reader.finish())
        except DecodeError as error:
            wrong = self._wrong("text", error.offset or 0, reason(error), "hex")
        if wrong is None:
            yield from decoder.finish()
            return
        yield from (m for m in decoder.finish() if m.kind != "unrecognised")
        yield wrong

    def _base64(self, first: bytes) -> Iterator[Message]:
        pieces, size = [], 0
        while first and size <= MAX_BASE64:
            pieces.append(first)
            size += len(first)
            first = self._read()
        octets = b"".join(pieces)
        decoded = text.from_base64(octets) if size <= MAX_BASE64 else None
        # Unambiguous only where what comes out is something.
        plain = decoded is None or not (self.forced or isinstance(recognise(decoded[:4096]), str))
        decoder = self._stream()
        yield from decoder.receive(octets if plain or decoded is None else decoded)
        while first:
            yield from decoder.receive(first)
            first = self._read()
        yield from decoder.finish()

    def _wrong(self, kind: str, offset: int, what: str, expected: str) -> Message:
        item = Item(kind, offset, 0)
        item.bad(offset, what, expected, blame=Blame.FILE)
        return Message(self.name, None, "unrecognised", item)
