"""Loopback ports for a lab."""

from __future__ import annotations

import secrets
import socket

LOOPBACK = "127.0.0.1"
# Below the range from which systems take the source ports of outgoing connections, so that no
# connection made between choosing a port and listening on it can take it away.
_FIRST, _LAST = 20_000, 32_000


def free_ports(count: int) -> list[int]:
    """Loopback ports that were free a moment ago; held together, so that all differ."""
    sockets: list[socket.socket] = []
    try:
        while len(sockets) < count:
            candidate = socket.socket()
            try:
                candidate.bind((LOOPBACK, _FIRST + secrets.randbelow(_LAST - _FIRST)))
            except OSError:
                candidate.close()
                continue
            sockets.append(candidate)
        return [int(each.getsockname()[1]) for each in sockets]
    finally:
        for each in sockets:
            each.close()
