"""Loopback ports for a lab."""

from __future__ import annotations

import secrets
import socket
from contextlib import ExitStack

LOOPBACK = "127.0.0.1"
# Below the range from which systems take the source ports of outgoing connections, so that no
# connection made between choosing a port and listening on it can take it away.
_FIRST, _LAST = 10_000, 32_000


def free_ports(count: int) -> list[int]:
    """Loopback ports in a row that were free a moment ago.

    A row, because two labs made at the same moment then meet in one case of hundreds; ports drawn
    one by one would let any of one lab's meet any of the other's.
    """
    while True:
        first = _FIRST + secrets.randbelow(_LAST - _FIRST - count)
        ports = list(range(first, first + count))
        if _all_free(ports):
            return ports


def _all_free(ports: list[int]) -> bool:
    with ExitStack() as held:
        for port in ports:
            each = held.enter_context(socket.socket())
            try:
                each.bind((LOOPBACK, port))
            except OSError:
                return False
    return True
