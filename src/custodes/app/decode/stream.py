"""One stream of octets (a file, or a direction of a TCP connection) to messages. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from custodes.app.decode import frames, http, payload, pspdu, recognise, x1, x2x3
from custodes.app.decode.frames import Cutter, Measure, NoBoundaryError
from custodes.app.decode.item import Item, Shape
from custodes.app.decode.message import Message
from custodes.app.decode.readable import octets_shown

KINDS = ("x1", "x2x3", "pspdu", "xiri", "iri", "cc", "notification")
MAX_XML = 64 * 1024 * 1024
SHOWN_REST = 4096
_MEASURES: dict[str, Callable[[], Measure]] = {
    "x2x3": frames.x2x3,
    "ber": frames.ber,
    "http": http.measure,
}
_STREAM_OF: dict[str, tuple[str, ...]] = {
    "x1": ("xml", "http"),
    "x2x3": ("x2x3",),
    **dict.fromkeys(("pspdu", "xiri", "iri", "cc", "notification"), ("ber",)),
}


class StreamDecoder:
    """Give it octets as they come; take messages from the iterators.

    ``forced``: one of KINDS, or None to recognise by content. ``segments``: the octets come as
    somebody sent them (TCP), so after a loss a new piece may begin a message; and a stream that
    is none of ours is named, not an error. At most one message is held.
    """

    def __init__(
        self, source: str, stream: str | None, forced: str | None = None, segments: bool = False
    ) -> None:
        self._source, self._stream = source, stream
        self._forced, self._segments = forced, segments
        self._kind: str | None = None
        self._last = forced
        self._cutter: Cutter | None = None
        self._head = bytearray()
        self._offset = 0
        self._skip = 0
        self._aside = 0
        self._aside_from = 0
        self._first = b""
        self._lost = False
        self._refused: tuple[recognise.Mismatch, ...] = ()
        self.time_ns: int | None = None

    def receive(self, octets: bytes) -> Iterator[Message]:
        """What the octets complete."""
        if self._skip:
            dropped = min(self._skip, len(octets))
            self._skip -= dropped
            self._offset += dropped
            octets = octets[dropped:]
        if not octets:
            return
        if self._kind in ("tls", "unrecognised"):
            self._put_aside(octets)
            return
        if self._kind in (None, "lost") and not self._recognise(octets):
            return
        if self._kind == "xml":
            self._head += octets
            if len(self._head) > MAX_XML:
                yield self._whole_xml()
            return
        if self._cutter is not None:
            self._cutter.receive(octets)
            yield from self._cut()

    def gap(self, count: int) -> Iterator[Message]:
        """``count`` octets are missing from the capture at this point."""
        item = Item("gap", self._position(), count, note="these octets are not in the capture")
        item.value = count
        item.shown = f"{count} octets are missing from the capture"
        yield self._message("gap", item)
        missing = self._cutter.missing() if self._cutter is not None else None
        if self._cutter is not None and self._cutter.pending:
            yield self._rest("the octets of a gap are missing here")
        elif self._head:
            self._put_aside(bytes(self._head))
            self._head.clear()
        self._offset = self._position() + count
        if self._cutter is not None and self._kind in _MEASURES:
            known = missing is not None and missing >= count
            self._skip = missing - count if known and missing is not None else 0
            self._offset_cutter(self._offset + self._skip)
            if not known:
                self._lose()
        elif self._kind == "xml":
            self._lose()

    def finish(self) -> Iterator[Message]:
        """The stream is over: what was begun and not completed."""
        if self._kind is None and self._head:
            self._finish_short()
        elif self._kind == "lost" and self._head:
            self._put_aside(bytes(self._head))
            self._head.clear()
        if self._kind == "xml" and self._head:
            yield from self._documents()
        if self._cutter is not None and self._cutter.pending:
            yield self._rest("the octets end within a message")
        if self._aside:
            yield self._named()
        elif not self._segments and not self._position():
            item = Item("unrecognised", 0, 0)
            item.bad(0, "there are no octets", "a message")
            yield self._message("unrecognised", item)

    # Recognition

    def _recognise(self, octets: bytes) -> bool:
        """True: ``octets`` go to what was recognised. They may be in the head already."""
        if self._forced not in (None, "x1") and self._kind != "lost":
            return self._begin(_STREAM_OF[str(self._forced)][0])
        self._head += octets
        found = recognise.recognise(bytes(self._head[:4096]))
        if self._forced is not None and found is not None:
            found = self._as_forced(found, _STREAM_OF[self._forced])
        if found is None:
            return False
        if isinstance(found, tuple):
            self._refused = found
            if self._kind != "lost":
                self._kind = "unrecognised"
            self._put_aside(bytes(self._head))
            self._head.clear()
            return False
        head = bytes(self._head[: len(self._head) - len(octets)])
        self._head.clear()
        self._begin(found)
        if found == "tls":
            self._put_aside(head + octets)
            return False
        if self._cutter is not None:
            self._cutter.receive(head)
        else:
            self._head += head
        return True

    def _as_forced(
        self, found: str | tuple[recognise.Mismatch, ...], wanted: tuple[str, ...]
    ) -> str | tuple[recognise.Mismatch, ...]:
        """What was recognised where one kind only is to be read."""
        if found in wanted or (self._segments and found == "tls"):
            return found
        if self._segments:
            return found if isinstance(found, tuple) else ()
        return wanted[0]

    def _begin(self, kind: str) -> bool:
        self._kind = kind
        make = _MEASURES.get(kind)
        self._cutter = Cutter(make, self._offset) if make is not None else None
        return True

    def _lose(self) -> None:
        """No boundary is known. A connection's next segment may begin a message, a file's not."""
        self._offset = self._position()
        self._cutter = None
        self._lost = True
        self._kind = "lost" if self._segments else "unrecognised"

    def _put_aside(self, octets: bytes) -> None:
        if not self._aside:
            self._aside_from = self._offset
            self._first = octets[:16]
        self._aside += len(octets)
        self._offset += len(octets)

    def _position(self) -> int:
        if self._cutter is not None:
            return self._cutter.offset + self._cutter.pending
        return self._offset + len(self._head)

    def _offset_cutter(self, offset: int) -> None:
        if self._kind is not None:
            self._cutter = Cutter(_MEASURES[self._kind], offset)

    # Messages

    def _cut(self) -> Iterator[Message]:
        cutter = self._cutter
        while cutter is not None:
            try:
                found = cutter.next()
            except NoBoundaryError as error:
                yield self._rest(error.what, error)
                self._lose()
                return
            if found is None:
                return
            if self._kind == "http":
                yield self._http(*found)
            else:
                yield self._one(*found)

    def _one(self, offset: int, octets: bytes) -> Message:
        if self._kind == "x2x3":
            return self._message("x2x3", x2x3.pdu(octets, offset))
        kind = self._forced or recognise.ber_kind(octets)
        if not isinstance(kind, str):
            kind = self._last or "pspdu"
        self._last = kind
        tree = pspdu.ps_pdu(octets, offset) if kind == "pspdu" else None
        return self._message(kind, tree or payload.payload(kind, octets, offset))

    def _rest(self, why: str, error: NoBoundaryError | None = None) -> Message:
        """A message that is not whole: as far as it goes, and why no further."""
        cutter = self._cutter
        assert cutter is not None  # noqa: S101 - only streams that are cut come here
        announced = cutter.missing() is not None
        offset, octets = cutter.take_all()
        if self._kind == "http":
            message = self._http(offset, octets)
            # A response may end with its stream; and a stream that is not X1 is not ours to judge.
            whole = error is None and not announced and http.ends_with_stream(octets)
            if whole or (self._segments and message.kind == "http"):
                return message
        else:
            message = self._one(offset, octets if error is None else octets[:SHOWN_REST])
        message.item.length = len(octets)
        if not message.undecodable:
            at = offset + (len(octets) if error is None else error.offset or 0)
            message.item.bad(at, why, "" if error is None else error.expected)
        return message

    def _http(self, offset: int, octets: bytes) -> Message:
        found = http.read(octets)
        tree = None
        if found.body[:1] == b"<":
            tree, _ = x1.document(found.body, offset + found.body_at)
        if tree is not None and x1.is_x1(tree):
            tree.note = found.start_line
            tree.offset, tree.length = offset, len(octets)
            return self._message("x1", tree)
        item = Item("HTTP", offset, len(octets), Shape.STRUCT, note="not X1")
        item.leaf("startLine", offset, len(found.start_line), found.start_line)
        item.leaf("bodyLength", offset + found.body_at, len(found.body), len(found.body))
        return self._message("http", item)

    def _documents(self) -> Iterator[Message]:
        octets, at, base = bytes(self._head), 0, self._offset
        end = len(octets.rstrip())
        while at < end:
            tree, stop = x1.document(octets, base, at)
            yield self._message("x1", tree)
            if stop <= at:
                break
            at = stop
        self._offset += len(octets)
        self._head.clear()

    def _whole_xml(self) -> Message:
        item = Item("X1", self._offset, len(self._head))
        item.bad(self._offset + MAX_XML, "the XML is too long", f"at most {MAX_XML} octets")
        self._kind = "unrecognised"
        self._put_aside(bytes(self._head))
        self._head.clear()
        return self._message("x1", item)

    def _finish_short(self) -> None:
        """Too few octets to be sure: said as the kind they may still be."""
        octets = bytes(self._head)
        self._head.clear()
        kind = recognise.partly(octets)
        if kind in ("x2x3", "xml") and len(octets) >= 4:
            self._begin(kind)
            if self._cutter is not None:
                self._cutter.receive(octets)
            else:
                self._head += octets
            return
        self._kind = "unrecognised"
        refused = recognise.recognise(octets + b"\xff" * 64)
        self._refused = refused if isinstance(refused, tuple) else ()
        self._put_aside(octets)

    def _named(self) -> Message:
        """What was put aside: encrypted, or nothing we know."""
        kind = "tls" if self._kind == "tls" else "unrecognised"
        item = Item(kind, self._aside_from, self._aside, value=self._aside)
        if kind == "tls":
            item.shown = f"{self._aside} octets, encrypted"
            item.note = "TLS: what it carries cannot be read here"
            return self._message(kind, item)
        item.shown = f"{self._aside} octets, beginning with {octets_shown(self._first)}"
        expected = "; ".join(f"{m.kind}: octet {m.offset}: {m.expected}" for m in self._refused)
        if self._lost and self._segments:
            item.bad(self._aside_from, "not decoded: no boundary is known behind a gap or an error")
        elif self._segments:
            item.note = "none of X1, X2/X3, PS-PDU, TS 33.128"
        elif self._refused:
            at = self._aside_from + min(max(m.offset for m in self._refused), self._aside)
            item.bad(at, "none of the formats fits", expected)
        else:
            item.note = "not decoded: no boundary is known behind the error"
        return self._message(kind, item)

    def _message(self, kind: str, item: Item) -> Message:
        repeatable = x1.repeatable() if kind == "x1" else frozenset()
        return Message(self._source, self._stream, kind, item, self.time_ns, repeatable)
