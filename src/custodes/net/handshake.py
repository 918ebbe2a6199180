"""The TLS handshake, bounded as a whole: a peer that trickles octets gains no time."""

from __future__ import annotations

import select
import socket
import ssl
import time

from custodes.base.errors import RefusedError
from custodes.net.duplex import StreamError, wait


def handshake(
    connection: socket.socket,
    context: ssl.SSLContext,
    *,
    server_side: bool,
    timeout: float,
    cancelled: int | None = None,
) -> ssl.SSLSocket:
    """Complete TLS within ``timeout`` seconds, or close the connection and raise.

    ``cancelled`` is a descriptor that becomes readable when nobody wants it any more. RefusedError
    where the peer's certificate or TLS is not acceptable, StreamError where the connection broke or
    took too long.
    """
    deadline = time.monotonic() + timeout
    try:
        # Keepalives are small and their answers are waited for.
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setblocking(False)
        secured = context.wrap_socket(
            connection, server_side=server_side, do_handshake_on_connect=False
        )
    except (OSError, ValueError) as error:
        connection.close()
        raise StreamError("the connection ended before TLS began") from error
    try:
        _negotiate(secured, deadline, cancelled)
    except BaseException:
        secured.close()
        raise
    return secured


def _negotiate(secured: ssl.SSLSocket, deadline: float, cancelled: int | None) -> None:
    while True:
        try:
            secured.do_handshake()
            return
        except ssl.SSLWantReadError:
            events = select.POLLIN
        except ssl.SSLWantWriteError:
            events = select.POLLOUT
        except ssl.SSLEOFError as error:
            raise StreamError("the peer closed during the TLS handshake") from error
        except ssl.SSLError as error:
            raise RefusedError(f"TLS was refused: {error.reason or 'no reason given'}") from error
        except OSError as error:
            raise StreamError("the connection broke during the TLS handshake") from error
        if not wait(secured.fileno(), events, deadline, cancelled):
            raise StreamError("the TLS handshake took too long or was called off")
