"""One stream of octets (a file, or a direction of a TCP connection) to messages. Pure."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import replace

from custodes.app.decode import frames, http, payload, pspdu, recognise, search, x1, x2x3
from custodes.app.decode.frames import Cutter, Measure, NoBoundaryError
from custodes.app.decode.item import Blame, Item, Shape
from custodes.app.decode.lenient import Option, Reading
from custodes.app.decode.message import Message
from custodes.app.decode.readable import octets_shown

KINDS = ("x1", "x2x3", "pspdu", "xiri", "iri", "cc", "notification")
# Each change of what follows costs a copy of what is there: that many of so much.
LARGE = 1 << 20
MAX_CHANGES = 1000
_SPACE = b" \t\r\n"
_SPACES = frozenset({b" ", b"\t", b"\r", b"\n"})
_HTTP_2 = b"PRI * HTTP/2"
MAX_XML = 64 * 1024 * 1024
SHOWN_REST = 4096
_MEASURES: dict[str, Callable[[], Measure]] = {
    "x2x3": frames.x2x3,
    "ber": frames.ber,
    "http": http.measure,
}
_ALL = ("x2x3", "ber", "http", "xml")
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
        self,
        source: str,
        stream: str | None,
        forced: str | None = None,
        segments: bool = False,
        reading: Reading | None = None,
    ) -> None:
        self._source, self._stream = source, stream
        self._forced, self._segments = forced, segments
        self._reading = Reading() if reading is None else reading
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
        # The end of what is no message so far: the next one may begin in it.
        self._tail = b""
        self._changes = 0
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
        if self._kind in (None, "lost", "unrecognised"):
            found = self._beginning(octets)
            if found is None:
                return
            kind, octets = found
            if self._aside:
                yield self._named(found=True)
            self._begin(kind)
        yield from self._feed(octets)

    def _feed(self, octets: bytes) -> Iterator[Message]:
        if self._kind == "tls":
            self._put_aside(octets)
        elif self._kind == "xml":
            self._head += octets
            if len(self._head) > MAX_XML:
                yield self._whole_xml()
        elif self._cutter is not None:
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
            yield self._rest("the octets of a gap are missing here", Blame.CAPTURE)
        elif self._head:
            self._put_aside(bytes(self._head))
            self._head.clear()
        self._offset = self._position() + count
        self._tail = b""
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
        while self._kind == "xml" and self._head:
            yield from self._documents()
        if self._cutter is not None and self._cutter.pending:
            yield self._rest("the octets end within a message", Blame.CUT)
        if self._aside:
            yield self._named()
        elif not self._segments and not self._position():
            item = Item("unrecognised", 0, 0)
            item.bad(0, "there are no octets", "a message")
            yield self._message("unrecognised", item)

    # Recognition

    def _beginning(self, octets: bytes) -> tuple[str, bytes] | None:
        """(kind of stream, octets from its first message on); None: not known, or none so far."""
        if self._kind == "unrecognised":
            return self._search(octets)
        self._head += octets
        head = bytes(self._head)
        found = self._recognised(head)
        if found is None:
            return None
        self._head.clear()
        if isinstance(found, str):
            return found, head
        self._refused = found
        if self._kind is None:
            self._kind = "unrecognised"
        return self._search(head)

    def _recognised(self, head: bytes) -> str | tuple[recognise.Mismatch, ...] | None:
        if self._forced not in (None, "x1") and self._kind != "lost":
            return _STREAM_OF[str(self._forced)][0]
        found = recognise.recognise(head[:4096])
        if self._forced is not None and found is not None:
            found = self._as_forced(found, _STREAM_OF[self._forced])
        return found

    def _search(self, octets: bytes) -> tuple[str, bytes] | None:
        """Octets that are nothing known are put aside, up to the next that begin a message."""
        searched = self._tail + octets
        found = search.first(searched, self._wanted())
        if found is None:
            self._put_aside(octets)
            self._tail = searched[-search.OVERLAP :]
            return None
        at, kind = found
        fresh = at - len(self._tail)
        self._tail = b""
        if fresh >= 0:
            self._put_aside(octets[:fresh])
        else:
            self._aside = max(0, self._aside + fresh)
            self._offset += fresh
        return kind, searched[at:]

    def _wanted(self) -> tuple[str, ...]:
        """Kinds of streams to look for."""
        wanted = _ALL if self._forced is None else _STREAM_OF[self._forced]
        return tuple(kind for kind in wanted if kind != "xml" or not self._segments)

    def _as_forced(
        self, found: str | tuple[recognise.Mismatch, ...], wanted: tuple[str, ...]
    ) -> str | tuple[recognise.Mismatch, ...]:
        """What was recognised where one kind only is to be read."""
        if found in wanted or (self._segments and found == "tls"):
            return found
        if self._segments:
            return found if isinstance(found, tuple) else ()
        return wanted[0]

    def _begin(self, kind: str) -> None:
        self._kind = kind
        make = _MEASURES.get(kind)
        self._cutter = Cutter(make, self._offset) if make is not None else None

    def _lose(self) -> None:
        """No boundary is known. A connection's next segment may begin a message, a file's not."""
        self._offset = self._position()
        self._cutter = None
        self._lost = True
        self._kind = "lost" if self._segments else "unrecognised"

    def _put_aside(self, octets: bytes) -> None:
        if not self._aside:
            self._aside_from = self._offset
            self._first = octets[:64]
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
        while (cutter := self._cutter) is not None:
            try:
                found = cutter.next()
            except NoBoundaryError as error:
                rest = yield from self._past(cutter, error)
                if rest and self._cutter is None:
                    self._head += rest
                elif rest and self._cutter is not None:
                    self._cutter.receive(rest)
                continue
            if found is None:
                return
            if self._kind == "http":
                yield self._http(*found)
            else:
                yield self._one(*found)

    def _past(
        self, cutter: Cutter, error: NoBoundaryError
    ) -> Generator[Message, None, bytes | None]:
        """Say what is wrong; the octets from the next message on, where one begins in sight."""
        offset, octets = cutter.take_all()
        if len(octets) > LARGE:
            self._changes += 1
        if self._changes > MAX_CHANGES:
            yield self._broken(offset, octets, error)
            self._lose()
            return None
        other = search.begins(octets, tuple(k for k in self._wanted() if k != self._kind))
        if other is not None:
            # Not wrong: messages of another kind follow in the same file.
            self._offset = offset
            self._begin(other)
            return octets
        found = search.first(octets, self._wanted(), 1)
        end = len(octets) if found is None else found[0]
        yield self._broken(offset, octets[:end], error)
        self._lose()
        if found is None:
            self._tail = octets[1:][-search.OVERLAP :]
            return None
        self._offset = offset + end
        self._begin(found[1])
        return octets[end:]

    def _one(self, offset: int, octets: bytes) -> Message:
        if self._kind == "x2x3":
            swapped = Option.SWAPPED_VERSION in self._reading.options
            return self._message("x2x3", x2x3.pdu(octets, offset, swapped), octets)
        kind = self._forced or recognise.ber_kind(octets)
        if not isinstance(kind, str):
            kind = self._last or "pspdu"
        self._last = kind
        tree = pspdu.ps_pdu(octets, offset) if kind == "pspdu" else None
        return self._message(kind, tree or payload.payload(kind, octets, offset), octets)

    def _broken(self, offset: int, octets: bytes, error: NoBoundaryError) -> Message:
        """Octets that do not begin a message where one must begin, up to the next."""
        if self._kind == "http":
            message = self._http(offset, octets)
            if self._segments and message.kind == "http":
                return message
        else:
            message = self._one(offset, octets[:SHOWN_REST])
        message.item.length = len(octets)
        if not message.undecodable:
            message.item.bad(offset + (error.offset or 0), error.what, error.expected)
        return message

    def _rest(self, why: str, blame: Blame) -> Message:
        """A message that is not whole: as far as it goes, and why no further."""
        cutter = self._cutter
        assert cutter is not None  # noqa: S101 - only streams that are cut come here
        announced = cutter.missing() is not None
        offset, octets = cutter.take_all()
        if self._kind == "http":
            message = self._http(offset, octets)
            # A response may end with its stream; and a stream that is not X1 is not ours to judge.
            whole = not announced and http.ends_with_stream(octets)
            if whole or (self._segments and message.kind == "http"):
                return message
        else:
            message = self._one(offset, octets)
        message.item.length = len(octets)
        blame = Blame.CAPTURE if self._segments else blame
        if not message.undecodable:
            message.item.bad(offset + len(octets), why, blame=blame)
        for part in message.item.walk():
            part.faults[:] = [
                replace(fault, blame=blame) if fault.blame is Blame.CUT else fault
                for fault in part.faults
            ]
        return message

    def _http(self, offset: int, octets: bytes) -> Message:
        found = http.read(octets)
        tree = None
        shown = octets[: found.body_at] + found.body
        if found.body[:1] == b"<":
            tree, _ = x1.document(found.body, offset + found.body_at, 0, self._reading)
        if tree is not None and x1.is_x1(tree):
            tree.note = found.start_line
            tree.offset, tree.length = offset, len(octets)
            return self._message("x1", tree, shown)
        item = Item("HTTP", offset, len(octets), Shape.STRUCT, note="not X1")
        item.leaf("startLine", offset, len(found.start_line), found.start_line)
        item.leaf("bodyLength", offset + found.body_at, len(found.body), len(found.body))
        if found.packed:
            item.note = ""
            what = f"the body is packed ({found.packed}); custodes does not unpack it"
            if found.xml:
                item.bad(offset + found.body_at, what, "XML as it stands")
            else:
                item.breach(what)
        return self._message("http", item, shown)

    def _documents(self) -> Iterator[Message]:
        """One document after another; what follows and is no XML is looked at anew."""
        octets, at, base = bytes(self._head), 0, self._offset
        self._head.clear()
        end = len(octets.rstrip(_SPACE))
        while at < end:
            at = _past_space(octets, at)
            if octets[at : at + 1] != b"<":
                found = search.first(octets, self._wanted(), at)
                self._offset = base + at
                if found is None or found[1] != "xml":
                    self._kind = "unrecognised"
                    yield from self.receive(octets[at:])
                    return
                self._put_aside(octets[at : found[0]])
                yield self._named(found=True)
                at = found[0]
            tree, stop = x1.document(octets, base, at, self._reading)
            if tree.faults:
                # Not well-formed: another document may begin behind the place.
                behind = search.first(octets, ("xml",), max(tree.faults[0].offset - base, at + 1))
                stop = behind[0] if behind is not None else stop
                tree.length = stop - at
            yield self._message("x1", tree, octets[at:stop])
            if stop <= at:
                break
            at = stop
        self._offset = base + len(octets)

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

    def _named(self, found: bool = False) -> Message:
        """What was put aside: encrypted, or nothing we know. ``found``: a message follows it."""
        kind = "tls" if self._kind == "tls" else "unrecognised"
        item = Item(kind, self._aside_from, self._aside, value=self._aside)
        self._aside = 0
        if kind == "tls":
            item.shown = f"{item.length} octets, encrypted"
            item.note = "TLS: what it carries cannot be read here"
            return self._message(kind, item)
        item.shown = f"{item.length} octets, beginning with {octets_shown(self._first[:16])}"
        self._judge_aside(item, found)
        return self._message(kind, item, self._first[: item.length])

    def _judge_aside(self, item: Item, found: bool) -> None:
        at, segments = item.offset, self._segments
        if self._first.startswith(_HTTP_2):
            item.note = "HTTP/2, which custodes does not read"
        elif self._lost and segments:
            what = "not decoded: no boundary is known behind a gap or an error"
            item.bad(at, what, blame=Blame.CAPTURE)
        elif segments and found:
            what = "the stream begins within a message, or with something else"
            item.bad(at, what, blame=Blame.CAPTURE)
        elif segments:
            item.note = "none of X1, X2/X3, PS-PDU, TS 33.128"
        elif self._refused and not self._lost:
            expected = "; ".join(f"{m.kind}: octet {m.offset}: {m.expected}" for m in self._refused)
            at += min(max(m.offset for m in self._refused), item.length)
            item.bad(at, "none of the formats fits", expected, blame=Blame.FILE)
        elif found:
            item.bad(at, "these octets are part of no message")
        else:
            item.bad(at, "not decoded: no boundary is known behind the error")

    def _message(self, kind: str, item: Item, octets: bytes = b"") -> Message:
        repeatable = x1.repeatable() if kind == "x1" else frozenset()
        return Message(self._source, self._stream, kind, item, self.time_ns, repeatable, octets)


def _past_space(octets: bytes, at: int) -> int:
    while octets[at : at + 1] in _SPACES:
        at += 1
    return at
