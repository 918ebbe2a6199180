"""The last check before a socket: streams never cross.

What mediation decided is not believed here. The LIID and the kind of payload are read again from
the octets that are about to leave, and held against what the order's grant allowed and against the
key that the peer on this very connection has shown.
"""

from __future__ import annotations

import threading

from custodes.base.errors import CustodesError, DecodeError
from custodes.base.ids import DID, LIID
from custodes.functions.mdf.outbox_port import Outbox
from custodes.model.outgoing import Kind, Outgoing, Route
from custodes.model.party import Party
from custodes.wire.handover.pdu import HI4, CCs, IRIs, decode
from custodes.wire.handover.psheader import liid_octets

_PAYLOADS: dict[Kind, type] = {Kind.HI2: IRIs, Kind.HI3: CCs, Kind.HI4: HI4}


class MisroutedError(CustodesError):
    """A PDU was about to reach somebody it is not for; it was not sent."""


class Routes:
    """What granted orders allow. Safe from any thread.

    A route outlives its order, and a restart: what was taken in before the end is delivered after
    it.
    """

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._lock = threading.Lock()
        self._routes: dict[LIID, tuple[Route, ...]] = dict(outbox.routes())

    def allow(self, liid: LIID, routes: tuple[Route, ...]) -> None:
        """The order's routes from now on; earlier ones of the order hold no more."""
        with self._lock:
            if self._routes.get(liid) != routes:
                self._outbox.allow(liid, routes)
                self._routes[liid] = routes

    def check(self, outgoing: Outgoing, did: DID, peer: Party) -> None:
        """Raise MisroutedError unless every step holds.

        Steps: (1) the PDU was queued for this destination; (2) its octets are a PS-PDU; (3) of the
        order it was made for; (4) with the payload of its kind; (5) a route of that order leads to
        this destination and this peer's key, for this kind.
        """
        if outgoing.did != did:  # 1
            raise MisroutedError("a PDU stood in the queue of another destination")
        try:  # 2
            pdu = decode(outgoing.octets)
        except DecodeError as error:
            raise MisroutedError("what stood in the queue is not a PS-PDU") from error
        if liid_octets(pdu.header.liid) != liid_octets(outgoing.liid):  # 3
            raise MisroutedError("a PDU carries another order's LIID than it was made for")
        if not isinstance(pdu.payload, _PAYLOADS[outgoing.kind]):  # 4
            raise MisroutedError("a PDU carries another payload than it was made for")
        with self._lock:  # 5
            routes = self._routes.get(outgoing.liid, ())
        if not any(
            r.did == did and r.fingerprint == peer.fingerprint and outgoing.kind in r.kinds
            for r in routes
        ):
            raise MisroutedError("no order allows this PDU at this destination")
