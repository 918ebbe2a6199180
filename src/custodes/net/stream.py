"""Mutually authenticated TLS 1.3 streams in threads: X2, X3, HI2 and HI3 ride on them.

Content moves in threads over sockets because asyncio transports were measured at 1.7 times the
cost (DESIGN). Who the peer is, is decided by its key before anything else is read from it.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterable

from custodes.base.errors import RefusedError
from custodes.model.party import Party, Role
from custodes.net.duplex import Stream, StreamError
from custodes.net.handshake import handshake
from custodes.net.listener import MAX_PORT, Server, listen
from custodes.net.tls import Directory, Material, client_context, server_context

__all__ = ["Server", "Stream", "StreamError", "connect", "serve"]

HANDSHAKE_TIMEOUT = 10.0
MAX_CONNECTIONS = 512


def serve(
    host: str,
    port: int,
    material: Material,
    directory: Directory,
    admitted: Iterable[Role],
    on_connection: Callable[[Stream], None],
    on_refused: Callable[[str], None] | None = None,
    *,
    handshake_timeout: float = HANDSHAKE_TIMEOUT,
    max_connections: int = MAX_CONNECTIONS,
) -> Server:
    """Listen, and run ``on_connection`` in a thread for every peer enrolled in an admitted role.

    Any other peer is closed before a single octet of it is read, and ``on_refused`` gets the reason
    (in the thread it happened in; it must not raise). The stream is closed when ``on_connection``
    returns. Raises ConfigurationError for bad material or an address that cannot be listened on.
    """
    # Before the socket: bad material must not leave one open.
    context = server_context(material)
    return Server(
        listen(host, port),
        context,
        directory,
        admitted,
        on_connection,
        on_refused,
        handshake_timeout,
        max_connections,
    )


def connect(
    host: str, port: int, material: Material, expected: Party, timeout: float = HANDSHAKE_TIMEOUT
) -> Stream:
    """A stream to ``expected``, known by its key, within ``timeout`` seconds.

    RefusedError where somebody else answers or TLS is refused, StreamError where nobody does. In
    TLS 1.3 a server judges our certificate after we are done: its refusal shows on first use.
    """
    deadline = time.monotonic() + timeout
    context = client_context(material)
    if not 0 < port <= MAX_PORT:
        raise StreamError(f"{expected.name} cannot be reached at {host}: {port} is no port")
    try:
        connection = socket.create_connection((host, port), timeout=timeout)
    except (OSError, ValueError, OverflowError) as error:
        raise StreamError(f"{expected.name} cannot be reached at {host} port {port}") from error
    secured = handshake(
        connection,
        context,
        server_side=False,
        timeout=max(0.0, deadline - time.monotonic()),
    )
    try:
        peer = Directory([expected]).identify(secured.getpeercert(True), [expected.role])
    except (RefusedError, ValueError) as error:
        secured.close()
        raise RefusedError(f"who answers at {host} port {port} is not {expected.name}") from error
    return Stream(secured, peer)
