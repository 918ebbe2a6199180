"""Accepting TLS connections: one thread accepts, and each connection has a thread of its own."""

from __future__ import annotations

import select
import socket
import ssl
import time
from collections.abc import Callable, Iterable
from threading import Lock, Thread, current_thread

from custodes.base.errors import ConfigurationError, CustodesError
from custodes.model.party import Role
from custodes.net.duplex import Stream
from custodes.net.handshake import handshake
from custodes.net.tls import Directory

MAX_PORT = 65535
_BACKLOG = 128
_JOIN = 5.0
# A listener that cannot accept (no descriptors left) must not spin.
_PAUSE = 0.05


class Server:
    """A listening socket and its connections. Made by ``serve``.

    The handshake and the identification happen in the connection's thread: a slow or hostile
    client holds up itself only. Above ``max_connections`` new ones are refused and counted.
    """

    def __init__(
        self,
        listener: socket.socket,
        context: ssl.SSLContext,
        directory: Directory,
        admitted: Iterable[Role],
        on_connection: Callable[[Stream], None],
        on_refused: Callable[[str], None] | None,
        handshake_timeout: float,
        max_connections: int,
    ) -> None:
        self._context = context
        # No session tickets: a peer that only sends would leave them unread, and closing a socket
        # with unread octets resets the connection and may destroy what it sent last.
        self._context.num_tickets = 0
        self._directory = directory
        self._admitted = frozenset(admitted)
        self._on_connection = on_connection
        self._on_refused = on_refused
        self._handshake_timeout = handshake_timeout
        self._max_connections = max_connections
        self._lock = Lock()
        self._closed = False
        self._streams: set[Stream] = set()
        self._threads: set[Thread] = set()
        self._listener = listener
        self._listener.setblocking(False)
        self._wake, self._woken = socket.socketpair()
        self._acceptor = Thread(target=self._accept, name="accept", daemon=True)
        self._acceptor.start()

    @property
    def port(self) -> int:
        """The TCP port, also where 0 was asked for."""
        return int(self._listener.getsockname()[1])

    def close(self) -> None:
        """Stop accepting, close every stream and wait for the threads that served them."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        self._wake.send(b"\0")  # never read, so it wakes the acceptor and every handshake
        # The acceptor first: it alone starts threads.
        self._acceptor.join(_JOIN)
        with self._lock:
            streams, threads = list(self._streams), list(self._threads)
        for stream in streams:
            stream.close()
        for thread in threads:
            if thread is not current_thread():
                thread.join(_JOIN)
        self._listener.close()
        self._wake.close()
        self._woken.close()

    def _accept(self) -> None:
        poll = select.poll()
        poll.register(self._listener, select.POLLIN)
        poll.register(self._woken, select.POLLIN)
        while True:
            poll.poll()
            if self._closed:
                return
            try:
                connection, _ = self._listener.accept()
            except (BlockingIOError, ConnectionAbortedError):
                continue
            except OSError as error:
                self._refused(f"accept failed: {error.strerror}")
                time.sleep(_PAUSE)
                continue
            self._start(connection)

    def _start(self, connection: socket.socket) -> None:
        thread = Thread(target=self._serve, args=(connection,), name="connection", daemon=True)
        with self._lock:
            room = len(self._threads) < self._max_connections
            if room:
                self._threads.add(thread)
        if room:
            try:
                thread.start()
                return
            except RuntimeError:  # the system has no more threads
                with self._lock:
                    self._threads.discard(thread)
        connection.close()
        self._refused("too many connections")

    def _serve(self, connection: socket.socket) -> None:
        try:
            stream = self._identified(connection)
            if stream is None:
                return
            try:
                self._on_connection(stream)
            finally:
                with self._lock:
                    self._streams.discard(stream)
                stream.close()
        finally:
            with self._lock:
                self._threads.discard(current_thread())

    def _identified(self, connection: socket.socket) -> Stream | None:
        """The stream to an admitted party; None, with nothing left open, where it is none."""
        secured: ssl.SSLSocket | None = None
        try:
            secured = handshake(
                connection,
                self._context,
                server_side=True,
                timeout=self._handshake_timeout,
                cancelled=self._woken.fileno(),
            )
            peer = self._directory.identify(secured.getpeercert(True), self._admitted)
        except (CustodesError, OSError, ValueError) as error:
            (secured or connection).close()
            self._refused(str(error) if isinstance(error, CustodesError) else "bad certificate")
            return None
        stream = Stream(secured, peer)
        with self._lock:
            if not self._closed:
                self._streams.add(stream)
                return stream
        stream.close()
        return None

    def _refused(self, reason: str) -> None:
        if self._on_refused is not None and not self._closed:
            self._on_refused(reason)


def listen(host: str, port: int) -> socket.socket:
    """A listening TCP socket, IPv4 or IPv6 by its address."""
    if not 0 <= port <= MAX_PORT:  # getaddrinfo would take it modulo 65536
        raise ConfigurationError(f"cannot listen on {host}: {port} is no port")
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        return socket.create_server(address[:2], family=family, backlog=_BACKLOG)
    except (OSError, ValueError, OverflowError) as error:
        why = getattr(error, "strerror", None) or "not an address"
        raise ConfigurationError(f"cannot listen on {host} port {port}: {why}") from error
