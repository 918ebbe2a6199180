"""One TLS connection that one thread may send on while another receives.

An SSLSocket must not be used by two threads at once, and a blocking read inside it would keep a
writer out for as long as the peer is silent. So the socket does not block: every TLS call is made
under a lock and returns at once, and waiting happens outside the lock, in poll. Reading is tried
before waiting, because records already decrypted inside TLS never make the socket readable.
"""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
import time
from collections.abc import Iterator
from threading import Lock

from custodes.base.errors import CustodesError, Fault
from custodes.model.party import Party

_PIECE = 64 * 1024
_STALL = 60.0


class StreamError(CustodesError):
    """The connection failed; nothing more can be sent or received on it."""

    fault = Fault.PEER


def wait(
    descriptor: int, events: int, deadline: float | None, cancelled: int | None = None
) -> bool:
    """Wait until a socket is ready or broken: True. False once the monotonic deadline has passed.

    ``cancelled`` is a descriptor that, once readable, ends the wait with False as well.
    """
    poll = select.poll()
    poll.register(descriptor, events)
    if cancelled is not None:
        poll.register(cancelled, select.POLLIN)
    timeout = None if deadline is None else max(0.0, deadline - time.monotonic()) * 1000
    ready = [number for number, _ in poll.poll(timeout)]
    return bool(ready) and cancelled not in ready


class Stream:
    """A connection to an identified party. Made by ``serve`` and ``connect`` only."""

    def __init__(self, connection: ssl.SSLSocket, peer: Party) -> None:
        connection.setblocking(False)
        self._socket = connection
        self._peer = peer
        self._tls = Lock()  # held for one TLS call, never while waiting
        self._sending = Lock()  # keeps the octets of one send together
        self._users = 0
        self._closed = False
        self._state = Lock()

    @property
    def peer(self) -> Party:
        """Who is at the other end, known by its key."""
        return self._peer

    @property
    def closed(self) -> bool:
        """Whether this side has closed it."""
        return self._closed

    def send(self, octets: bytes, timeout: float | None = _STALL) -> None:
        """Send all of it; StreamError where the peer takes nothing more for ``timeout`` seconds.

        After an error part of it may have been sent, so the stream is closed.
        """
        with self._sending, self._in_use() as usable:
            if not usable:
                raise StreamError("the stream is closed")
            view = memoryview(octets)
            while view:
                sent = self._send_piece(view[:_PIECE], timeout)
                view = view[sent:]

    def receive(self, timeout: float | None = None) -> bytes | None:
        """What has arrived: None after ``timeout`` seconds without any, b"" once closed.

        ``timeout`` None waits for ever, 0 does not wait. b"" also where the peer vanished without a
        goodbye: Python's TLS does not tell a reset from an end, and every protocol that rides here
        knows its own boundaries. StreamError where TLS itself failed (the peer refused us, say).
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        with self._in_use() as usable:
            while usable and not self._closed:
                try:
                    with self._tls:
                        return b"" if self._closed else self._socket.recv(_PIECE)
                except ssl.SSLWantReadError:
                    events = select.POLLIN
                except ssl.SSLWantWriteError:
                    events = select.POLLOUT
                except (ssl.SSLEOFError, ssl.SSLZeroReturnError):
                    return b""
                except OSError as error:
                    return self._broken(error)
                if not wait(self._socket.fileno(), events, deadline):
                    return None
        return b""

    def close(self) -> None:
        """Say goodbye and end; a thread inside ``receive`` gets b"", one inside ``send`` an error.

        May be called from any thread and more than once. What the peer has not read may be lost:
        a protocol that minds asks for an acknowledgement first.
        """
        with self._state:
            if self._closed:
                return
            self._closed = True
            self._users += 1
        with self._tls:
            # Sends close_notify. It does not block, and a peer that is gone does not matter.
            with contextlib.suppress(OSError, ValueError):
                self._socket.unwrap()
            # Wakes every poll on this socket. Not SSLSocket.shutdown: that drops TLS, and a reader
            # that came in just then would read the connection in the clear.
            with contextlib.suppress(OSError):
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
        self._leave()

    def _send_piece(self, piece: memoryview, timeout: float | None) -> int:
        deadline = None if timeout is None else time.monotonic() + timeout
        while True:
            try:
                with self._tls:
                    if self._closed:
                        raise StreamError("the stream was closed while sending")
                    return self._socket.send(piece)
            except ssl.SSLWantReadError:
                events = select.POLLIN
            except ssl.SSLWantWriteError:
                events = select.POLLOUT
            except OSError as error:
                self.close()
                raise StreamError("the connection broke while sending") from error
            if not wait(self._socket.fileno(), events, deadline):
                self.close()
                raise StreamError(f"{self._peer.name} took nothing for {timeout} s")

    def _broken(self, error: OSError) -> bytes:
        if self._closed:
            return b""
        self.close()
        raise StreamError(f"the connection to {self._peer.name} broke") from error

    @contextlib.contextmanager
    def _in_use(self) -> Iterator[bool]:
        """Keep the descriptor open while a thread is inside: a number closed under it is reused."""
        with self._state:
            usable = not self._closed
            self._users += usable
        try:
            yield usable
        finally:
            if usable:
                self._leave()

    def _leave(self) -> None:
        with self._state:
            self._users -= 1
            last = self._closed and self._users == 0
        if last:
            self._socket.close()
