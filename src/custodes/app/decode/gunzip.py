"""gzip (RFC 1952) unpacked as it is read: a capture of any size, in bounded memory."""

from __future__ import annotations

import zlib
from collections.abc import Callable

from custodes.base.errors import DecodeError

MAGIC = b"\x1f\x8b"
_GZIP = 16 + zlib.MAX_WBITS


class Gunzip:
    """``read`` as of a file; the octets come from ``source`` (and ``first``, already read)."""

    def __init__(self, first: bytes, source: Callable[[], bytes]) -> None:
        self._packed, self._source = first, source
        self._member = zlib.decompressobj(_GZIP)

    def read(self, size: int) -> bytes:
        """At most ``size`` octets, b"" at the end; DecodeError where it is no whole gzip."""
        while True:
            if not self._packed:
                self._packed = self._source()
            if not self._packed:
                if not self._member.eof:
                    raise DecodeError("the gzip data end before their end mark")
                return b""
            if self._member.eof:
                # Another member, or the padding that some writers leave.
                self._packed = self._packed.lstrip(b"\0")
                if not self._packed:
                    continue
                self._member = zlib.decompressobj(_GZIP)
            try:
                octets = self._member.decompress(self._packed, size)
            except zlib.error:
                raise DecodeError("the gzip data are damaged") from None
            self._packed = self._member.unused_data or self._member.unconsumed_tail
            if octets:
                return octets
