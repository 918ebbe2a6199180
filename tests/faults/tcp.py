"""A bad wire for tests: between a client and a server on loopback, below TLS and without its keys.

It delays, cuts (FIN or RST) at an exact octet, stops reading, and drops, repeats or swaps
segments, which TCP would never do: TLS must notice, so that a connection breaks and never lies.
"""

from __future__ import annotations

import contextlib
import select
import socket
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from custodes.model.address import Address
from custodes.net.ports import LOOPBACK

_PIECE = 16 * 1024
_POLL_MILLISECONDS = 50
_STUCK_SECONDS = 60.0
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class Kind(Enum):
    """What happens at one octet of what a client sends."""

    NOTHING = "nothing"
    FIN = "both ends see an end of file"
    RST = "both ends see a reset"
    STALL = "nothing more is read from the client"
    DROP = "a segment vanishes"
    REPEAT = "a segment comes twice"
    SWAP = "two segments change places"


@dataclass(frozen=True)
class Fault:
    """``after`` so many octets from the client; each piece is ``delay`` s late, both ways.

    ``segment``: octets dropped, repeated or swapped.
    """

    kind: Kind = Kind.NOTHING
    after: int = 0
    delay: float = 0.0
    segment: int = 100


GOOD = Fault()


class Wire:
    """Listens at ``address`` and leads to ``target``; ``fault_of`` gives each connection its fault.

    Connections count from 0.
    """

    def __init__(self, target: Address, fault_of: Callable[[int], Fault] = lambda _: GOOD) -> None:
        self._target = target
        self.fault_of = fault_of
        self.connections = 0
        self.happened = 0
        self._open: set[_Connection] = set()
        self._lock = threading.Lock()
        self._listener = socket.create_server((LOOPBACK, 0))
        self.address = Address(LOOPBACK, self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Wire:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def mend(self) -> None:
        """No faults from now on; what is stalled or open is cut."""
        self.fault_of = lambda _: GOOD
        self.cut()

    def cut(self, *, reset: bool = True) -> None:
        with self._lock:
            found = list(self._open)
        for connection in found:
            connection.end(reset=reset)

    def close(self) -> None:
        # close alone does not wake a thread in accept
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            fault = self.fault_of(self.connections)
            self.connections += 1
            try:
                server = socket.create_connection((self._target.host, self._target.port))
            except OSError:
                client.close()
                continue
            connection = _Connection(self, client, server, fault)
            with self._lock:
                self._open.add(connection)
            connection.start()

    def ended(self, connection: _Connection) -> None:
        with self._lock:
            self._open.discard(connection)

    def happens(self) -> None:
        with self._lock:
            self.happened += 1


class _Connection:
    def __init__(
        self, wire: Wire, client: socket.socket, server: socket.socket, fault: Fault
    ) -> None:
        self._wire = wire
        self._client = client
        self._server = server
        self._fault = fault
        self._ended = threading.Event()
        self._reset = False
        self._lock = threading.Lock()
        self._threads = 2

    def start(self) -> None:
        for side in (self._client, self._server):
            side.settimeout(_STUCK_SECONDS)
        for work in (self._there, self._back):
            threading.Thread(target=self._until_the_end, args=(work,), daemon=True).start()

    def end(self, *, reset: bool) -> None:
        """Both sides end as soon as neither thread uses them: at most a poll later."""
        self._reset = self._reset or reset
        self._ended.set()

    def _until_the_end(self, work: Callable[[], None]) -> None:
        try:
            work()
        except OSError:
            self.end(reset=True)
        else:
            self.end(reset=False)
        with self._lock:
            self._threads -= 1
            if self._threads:
                return
        for side in (self._client, self._server):
            with contextlib.suppress(OSError):
                if self._reset:
                    side.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
                else:
                    side.shutdown(socket.SHUT_RDWR)
            side.close()
        self._wire.ended(self)

    def _there(self) -> None:
        left = self._fault.after if self._fault.kind is not Kind.NOTHING else None
        while octets := self._read(self._client, _PIECE if left is None else left):
            self._server.sendall(octets)
            if left is not None:
                left -= len(octets)
                if left <= 0:
                    left = None
                    self._strike()

    def _back(self) -> None:
        while octets := self._read(self._server, _PIECE):
            self._client.sendall(octets)

    def _strike(self) -> None:
        kind = self._fault.kind
        self._wire.happens()
        if kind in (Kind.FIN, Kind.RST):
            self.end(reset=kind is Kind.RST)
        elif kind is Kind.STALL:
            self._ended.wait()
        else:
            first = self._segment()
            second = self._segment() if kind is Kind.SWAP else first
            if kind is not Kind.DROP:
                self._server.sendall(second + first)

    def _segment(self) -> bytes:
        octets = b""
        while len(octets) < self._fault.segment:
            more = self._read(self._client, self._fault.segment - len(octets))
            if not more:
                break
            octets += more
        return octets

    def _read(self, side: socket.socket, most: int) -> bytes:
        poll = select.poll()
        poll.register(side, select.POLLIN)
        while not self._ended.is_set():
            if poll.poll(_POLL_MILLISECONDS):
                break
        else:
            return b""
        octets = side.recv(most)
        if self._fault.delay and octets:
            time.sleep(self._fault.delay)
        return octets
