"""N4: PFCP sessions and the PDU sessions they carry (3GPP TS 29.244, clauses 6.3 and 7.5).

A PFCP session is joined to a PDU session by the UPF's N3 tunnel (address and TEID), which both
N2 and N4 name; the UE address must agree where both say it. Nothing takes effect before the UPF
has accepted it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from custodes.functions.poi.events import Blind, BlindReason, Event
from custodes.functions.poi.pfcp import message as pfcp
from custodes.functions.poi.pfcp.values import ACCESS
from custodes.functions.poi.signalling.values import Tunnel
from custodes.functions.poi.tracking.session import PDUSession
from custodes.functions.poi.tracking.sessions import Sessions

ASSOCIATION_SETUP_REQUEST = 5
MAXIMUM_PENDING = 4096


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Addresses and UDP ports of a datagram."""

    source: bytes
    source_port: int
    destination: bytes
    destination_port: int


@dataclass(slots=True, eq=False)
class N4Session:
    """``keys`` are (UPF address, UPF's SEID): where requests for it will be sent."""

    keys: set[tuple[bytes, int]] = field(default_factory=set)
    uplink: dict[int, tuple[Tunnel, ...]] = field(default_factory=dict)
    endpoints: set[Tunnel] = field(default_factory=set)
    ue_addresses: set[bytes] = field(default_factory=set)
    fars: dict[int, tuple[int | None, Tunnel | None]] = field(default_factory=dict)
    joined: PDUSession | None = None

    def tunnels(self) -> set[Tunnel]:
        return {tunnel for tunnels in self.uplink.values() for tunnel in tunnels} | self.endpoints

    def downlink(self) -> tuple[Tunnel, ...]:
        return tuple(t for interface, t in self.fars.values() if interface == ACCESS and t)


class N4Tracker:
    """Takes PFCP messages with the datagram's ends."""

    def __init__(self, sessions: Sessions, emit: Callable[[Event], None], maximum: int) -> None:
        self._sessions = sessions
        self._emit = emit
        self._maximum = maximum
        self._by_key: OrderedDict[tuple[bytes, int], N4Session] = OrderedDict()
        self._by_tunnel: dict[Tunnel, N4Session] = {}
        self._pending: OrderedDict[tuple[Endpoints, int], pfcp.PFCPMessage] = OrderedDict()

    def __len__(self) -> int:
        return len(self._by_key)

    def receive(self, ends: Endpoints, message: pfcp.PFCPMessage, now_ns: int) -> None:
        match message.type:
            case pfcp.ESTABLISHMENT_REQUEST | pfcp.MODIFICATION_REQUEST | pfcp.DELETION_REQUEST:
                self._pending[ends, message.sequence] = message
                if len(self._pending) > MAXIMUM_PENDING:
                    self._pending.popitem(last=False)
            case pfcp.ESTABLISHMENT_RESPONSE | pfcp.MODIFICATION_RESPONSE | pfcp.DELETION_RESPONSE:
                self._answered(ends, message, now_ns)
            case n if n == ASSOCIATION_SETUP_REQUEST:
                self._association(ends)
            case _:
                pass

    def join(self, session: PDUSession, now_ns: int) -> None:
        """A PDU session's uplink tunnel has become known on N2."""
        for tunnel in (*session.uplink, *session.additional_uplink):
            n4 = self._by_tunnel.get(tunnel)
            if n4 is not None:
                self._join(n4, session, now_ns)
                return

    def _answered(self, ends: Endpoints, response: pfcp.PFCPMessage, now_ns: int) -> None:
        asked = Endpoints(ends.destination, ends.destination_port, ends.source, ends.source_port)
        request = self._pending.get((asked, response.sequence))
        if request is None or request.type + 1 != response.type:
            return
        del self._pending[asked, response.sequence]
        if not response.accepted:
            return
        if request.type == pfcp.ESTABLISHMENT_REQUEST:
            self._established(ends.source, request, response, now_ns)
            return
        n4 = self._by_key.get((ends.source, request.seid or 0))
        if n4 is None:
            return
        if request.type == pfcp.DELETION_REQUEST:
            self._end(n4)
        else:
            self._changed(n4, request, response, now_ns)

    def _established(
        self,
        upf: bytes,
        request: pfcp.PFCPMessage,
        response: pfcp.PFCPMessage,
        now_ns: int,
    ) -> None:
        if response.f_seid is None:
            return
        n4 = N4Session()
        for address in (upf, *response.f_seid.addresses):
            key = (address, response.f_seid.seid)
            if (former := self._by_key.get(key)) is not None:
                self._end(former)
            n4.keys.add(key)
            self._by_key[key] = n4
        while len(self._by_key) > self._maximum:
            self._evict(now_ns)
        self._changed(n4, request, response, now_ns)

    def _changed(
        self,
        n4: N4Session,
        request: pfcp.PFCPMessage,
        response: pfcp.PFCPMessage,
        now_ns: int,
    ) -> None:
        before = n4.tunnels()
        _apply(n4, request, response)
        for gone in before - n4.tunnels():
            if self._by_tunnel.get(gone) is n4:
                del self._by_tunnel[gone]
            if n4.joined is not None and self._sessions.tunnels.owner(gone) is n4.joined:
                self._sessions.tunnels.remove(gone)
        for tunnel in n4.tunnels() - before:
            former = self._by_tunnel.get(tunnel)
            if former is not None and former is not n4:
                self._end(former)  # the UPF gave the TEID again: we missed the deletion
            self._by_tunnel[tunnel] = n4
        if n4.joined is not None:
            # Only what this very request says of the downlink: a tunnel of an earlier one may
            # long be somebody else's.
            self._follow(n4, n4.joined, downlink_stated=bool(request.fars))
            return
        for tunnel in n4.tunnels():
            owner = self._sessions.tunnels.owner(tunnel)
            if owner is not None:
                self._join(n4, owner, now_ns)
                return

    def _join(self, n4: N4Session, session: PDUSession, now_ns: int) -> None:
        known = {address for address in session.subject.ue_addresses if len(address) == 4}
        named = {address for address in n4.ue_addresses if len(address) == 4}
        if known and named and not known & named:
            self._emit(Blind(BlindReason.N4_MISMATCH, session.label, now_ns))
            return
        n4.joined = session
        session.on_n4 = True
        self._follow(n4, session, downlink_stated=bool(n4.downlink()))

    def _follow(self, n4: N4Session, session: PDUSession, *, downlink_stated: bool) -> None:
        if session.ended:
            return
        self._sessions.add_addresses(session, sorted(n4.ue_addresses))
        access = [tunnel for tunnels in n4.uplink.values() for tunnel in tunnels]
        self._sessions.tunnels.add(session, access, uplink=True)
        if downlink_stated:
            self._sessions.downlink_moved(session, n4.downlink())

    def _association(self, ends: Endpoints) -> None:
        """Setting an association up ends the sessions of a former one (clause 6.2.6.1)."""
        nodes = {ends.source, ends.destination}
        for n4 in {id(s): s for key, s in self._by_key.items() if key[0] in nodes}.values():
            self._end(n4)

    def _end(self, n4: N4Session) -> None:
        for key in n4.keys:
            self._by_key.pop(key, None)
        for tunnel in n4.tunnels():
            if self._by_tunnel.get(tunnel) is n4:
                del self._by_tunnel[tunnel]
        if n4.joined is not None and not n4.joined.ended:
            self._sessions.end(n4.joined)

    def _evict(self, now_ns: int) -> None:
        oldest = next(iter(self._by_key.values()))
        label = oldest.joined.label if oldest.joined else "n4"
        self._emit(Blind(BlindReason.EVICTED, label, now_ns))
        self._end(oldest)


def _apply(n4: N4Session, request: pfcp.PFCPMessage, response: pfcp.PFCPMessage) -> None:
    """What a request changes, with the F-TEIDs that the UPF chose in its response."""
    for pdr in request.pdrs:
        n4.ue_addresses.update(pdr.ue_addresses)
        if pdr.source_interface == ACCESS and pdr.f_teid is not None:
            n4.uplink[pdr.pdr_id] = pdr.f_teid.tunnels
    for created in response.created_pdrs:
        if created.f_teid is not None and created.pdr_id in n4.uplink:
            n4.uplink[created.pdr_id] = created.f_teid.tunnels
    for pdr_id in request.removed_pdrs:
        n4.uplink.pop(pdr_id, None)
    n4.endpoints.update(request.endpoint_tunnels, response.endpoint_tunnels)
    for far in request.fars:
        interface, tunnel = n4.fars.get(far.far_id, (None, None))
        if far.destination_interface is not None:
            interface = far.destination_interface
        n4.fars[far.far_id] = (interface, None if far.forwards is False else far.tunnel or tunnel)
    for far_id in request.removed_fars:
        n4.fars.pop(far_id, None)
