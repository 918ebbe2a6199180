"""Which PDU session a GTP-U tunnel belongs to, and which way its packets go."""

from __future__ import annotations

from collections.abc import Iterable

from custodes.functions.poi.signalling.values import Tunnel
from custodes.functions.poi.tracking.session import PDUSession


class TunnelTable:
    """Keyed by the receiving end: a packet's destination address and TEID.

    A tunnel has one owner. Who may have it is decided in :mod:`.sessions`, never here.
    """

    def __init__(self) -> None:
        self._owner: dict[tuple[bytes, int], tuple[PDUSession, bool]] = {}
        self._of_session: dict[PDUSession, set[tuple[bytes, int]]] = {}

    def __len__(self) -> int:
        return len(self._owner)

    def find(self, address: bytes, teid: int) -> tuple[PDUSession, bool] | None:
        """Session, and whether the packet goes uplink."""
        return self._owner.get((address, teid))

    def owner(self, tunnel: Tunnel) -> PDUSession | None:
        found = self._owner.get((tunnel.address, tunnel.teid))
        return None if found is None else found[0]

    def add(self, session: PDUSession, tunnels: Iterable[Tunnel], *, uplink: bool) -> None:
        for tunnel in tunnels:
            self.remove(tunnel)
            key = (tunnel.address, tunnel.teid)
            self._owner[key] = (session, uplink)
            self._of_session.setdefault(session, set()).add(key)

    def remove(self, tunnel: Tunnel) -> None:
        key = (tunnel.address, tunnel.teid)
        found = self._owner.pop(key, None)
        if found is not None:
            self._of_session[found[0]].discard(key)

    def remove_session(self, session: PDUSession, *, downlink_only: bool = False) -> None:
        keys = self._of_session.get(session, set())
        for key in tuple(keys):
            if downlink_only and self._owner[key][1]:
                continue
            del self._owner[key]
            keys.discard(key)
        if not keys:
            self._of_session.pop(session, None)
