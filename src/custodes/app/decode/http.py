"""HTTP/1.1 (RFC 9112) as far as X1 needs it: where a message ends, and its body."""

from __future__ import annotations

from dataclasses import dataclass

from custodes.app.decode import recognise
from custodes.app.decode.frames import MAX_MESSAGE, Measure, NoBoundaryError

MAX_HEADER = 65_536
_END = b"\r\n\r\n"
_EMPTY = b"\r\n"  # lines without anything, which a reader lets pass (RFC 9112 2.2)
_FIRST = 64


@dataclass(frozen=True, slots=True)
class HTTPMessage:
    """``body`` is without chunk framing; ``body_at`` is its offset, exact where not chunked.

    ``packed``: the Content-Encoding, or nothing; ``xml``: what the Content-Type says of the body.
    """

    start_line: str
    body: bytes
    body_at: int
    packed: str = ""
    xml: bool = False


def measure() -> Measure:
    """Content-Length, chunks, or (a response with neither) the end of the stream."""
    sought = -1
    chunk_at = -1
    begins = False

    def find(buf: bytearray, start: int) -> int | None:
        nonlocal sought, chunk_at, begins
        first = bytes(buf[start : start + _FIRST])
        head = start + len(first) - len(first.lstrip(_EMPTY))
        begins = begins or _begins(first.lstrip(_EMPTY))
        end = buf.find(_END, max(head, sought))
        if end < 0:
            sought = max(head, len(buf) - 3)
            if len(buf) - start > MAX_HEADER:
                raise NoBoundaryError("an HTTP header without end", 0, f"{MAX_HEADER} octets")
            return None
        sought = end
        fields = _fields(bytes(buf[start:end]))
        if b"chunked" in fields.get(b"transfer-encoding", b"").lower():
            if chunk_at < 0:
                chunk_at = end + 4
            stop, chunk_at = _chunks(buf, chunk_at, start)
            return stop
        return _by_length(first.lstrip(_EMPTY), fields, end + 4 - start)

    return find


def _begins(first: bytes) -> bool:
    """Whether it begins with a method or a version of HTTP; False while that is not known."""
    verdict = recognise.http(first)
    if isinstance(verdict, recognise.Mismatch):
        raise NoBoundaryError("no HTTP message begins here", 0, verdict.expected)
    return verdict


def _by_length(first: bytes, fields: dict[bytes, bytes], head: int) -> int | None:
    length = fields.get(b"content-length")
    if length is not None:
        if not length.isdigit() or len(length) > 9 or int(length) > MAX_MESSAGE:
            raise NoBoundaryError("a Content-Length that cannot be", 0, f"0 to {MAX_MESSAGE}")
        return head + int(length)
    if first.startswith(b"HTTP/") and first[9:12] not in (b"204", b"304") and first[9:10] != b"1":
        return None  # until the stream ends
    return head


def _chunks(buf: bytearray, pos: int, start: int) -> tuple[int | None, int]:
    """(length of the whole message or None, where the next chunk begins)."""
    while True:
        line = buf.find(b"\r\n", pos, pos + 64)
        if line < 0:
            if len(buf) - pos >= 64:
                raise NoBoundaryError("a chunk without its size", pos - start, "hex digits")
            return None, pos
        digits = bytes(buf[pos:line]).split(b";")[0].strip()
        try:
            size = int(digits, 16)
        except ValueError:
            raise NoBoundaryError("a chunk without its size", pos - start, "hex digits") from None
        if not 0 <= size <= MAX_MESSAGE or line - start > MAX_MESSAGE:
            raise NoBoundaryError("a chunk that is too long", pos - start, f"at most {MAX_MESSAGE}")
        if size == 0:
            end = buf.find(b"\r\n", line + 2)
            if end < 0:
                return None, pos
            if end == line + 2:
                return end + 2 - start, pos
            trailer = buf.find(_END, line + 2)
            return (None, pos) if trailer < 0 else (trailer + 4 - start, pos)
        if len(buf) < line + 2 + size + 2:
            return None, pos
        pos = line + 2 + size + 2


def read(octets: bytes) -> HTTPMessage:
    """One whole message that ``measure`` cut, or the rest of a stream."""
    end = octets.find(_END, len(octets) - len(octets.lstrip(_EMPTY)))
    if end < 0:
        return HTTPMessage(_line(octets), b"", len(octets))
    fields, body = _fields(octets[:end]), octets[end + 4 :]
    if b"chunked" in fields.get(b"transfer-encoding", b"").lower():
        body = _unchunked(body)
    packed = fields.get(b"content-encoding", b"").strip().lower()
    return HTTPMessage(
        _line(octets),
        body,
        end + 4,
        "" if packed == b"identity" else packed[:40].decode("latin-1"),
        b"xml" in fields.get(b"content-type", b"").lower(),
    )


def ends_with_stream(octets: bytes) -> bool:
    """Whether nothing but the end of the stream ends the message (RFC 9112 6.3, rule 8)."""
    octets = octets.lstrip(_EMPTY)
    end = octets.find(_END)
    if end < 0 or not octets.startswith(b"HTTP/"):
        return False
    fields = _fields(octets[:end])
    return not fields.keys() & {b"content-length", b"transfer-encoding"}


def _line(octets: bytes) -> str:
    return octets.lstrip(_EMPTY).split(b"\r\n", 1)[0][:200].decode("latin-1")


def _fields(head: bytes) -> dict[bytes, bytes]:
    fields: dict[bytes, bytes] = {}
    for line in head.split(b"\r\n")[1:]:
        name, colon, value = line.partition(b":")
        if colon:
            fields[name.strip().lower()] = value.strip()
    return fields


def _unchunked(body: bytes) -> bytes:
    pieces, pos = [], 0
    while (line := body.find(b"\r\n", pos)) >= 0:
        try:
            size = int(body[pos:line].split(b";")[0], 16)
        except ValueError:
            break
        if size <= 0:
            break
        pieces.append(body[line + 2 : line + 2 + size])
        pos = line + 2 + size + 2
    return b"".join(pieces)
