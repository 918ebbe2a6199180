"""N4: PFCP sessions and the PDU sessions they carry (3GPP TS 29.244, clauses 6.3 and 7.5).

A PFCP session belongs to the pair of addresses, CP function and UP function, that established it.
It is joined to a PDU session by the UPF's N3 tunnel (address and TEID), which N4 names first and
N2 confirms; the UE address must agree where both say it. Nothing takes effect before the UPF has
accepted it. A confirmed N3 address is that UP function's for the run, and no other may name it:
any two hosts in a capture can play a PFCP exchange, and N2 alone says whose a session is.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from custodes.functions.poi.counters import Counters
from custodes.functions.poi.events import Blind, BlindReason, Event
from custodes.functions.poi.pfcp import message as pfcp
from custodes.functions.poi.pfcp.values import ACCESS
from custodes.functions.poi.signalling.values import Tunnel
from custodes.functions.poi.tracking.session import PDUSession
from custodes.functions.poi.tracking.sessions import Sessions

ASSOCIATION_SETUP_REQUEST = 5
MAXIMUM_DISPUTED = MAXIMUM_NODES = 65_536
REQUESTS = frozenset(
    {
        ASSOCIATION_SETUP_REQUEST,
        pfcp.ESTABLISHMENT_REQUEST,
        pfcp.MODIFICATION_REQUEST,
        pfcp.DELETION_REQUEST,
    }
)
MAXIMUM_PENDING = 4096


_Key = tuple[bytes, bytes, int]


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Addresses and UDP ports of a datagram."""

    source: bytes
    source_port: int
    destination: bytes
    destination_port: int


@dataclass(slots=True, eq=False)
class N4Session:
    """``pair`` is CP and UP function as their datagrams said.

    ``keys`` are (CP address, UP address, UP function's SEID): where requests for it will go.
    ``refused`` are tunnels that it named and that are not its own.
    """

    pair: tuple[bytes, bytes]
    keys: set[_Key] = field(default_factory=set)
    refused: set[Tunnel] = field(default_factory=set)
    uplink: dict[int, tuple[Tunnel, ...]] = field(default_factory=dict)
    endpoints: set[Tunnel] = field(default_factory=set)
    ue_addresses: set[bytes] = field(default_factory=set)
    fars: dict[int, tuple[int | None, Tunnel | None]] = field(default_factory=dict)
    joined: PDUSession | None = None

    def tunnels(self) -> set[Tunnel]:
        return self.named() - self.refused

    def named(self) -> set[Tunnel]:
        return {tunnel for tunnels in self.uplink.values() for tunnel in tunnels} | self.endpoints

    def access(self) -> list[Tunnel]:
        own = [tunnel for tunnels in self.uplink.values() for tunnel in tunnels]
        return [tunnel for tunnel in own if tunnel not in self.refused]

    def downlink(self) -> tuple[Tunnel, ...]:
        return tuple(t for interface, t in self.fars.values() if interface == ACCESS and t)


class N4Tracker:
    """Takes PFCP messages with the datagram's ends."""

    def __init__(
        self,
        sessions: Sessions,
        emit: Callable[[Event], None],
        maximum: int,
        counters: Counters,
    ) -> None:
        self._sessions = sessions
        self._emit = emit
        self._maximum = maximum
        self._counters = counters
        self._by_key: OrderedDict[_Key, N4Session] = OrderedDict()
        self._by_tunnel: dict[Tunnel, N4Session] = {}
        self._n3: dict[bytes, bytes] = {}  # confirmed N3 address -> UP function
        self._disputed: OrderedDict[Tunnel, None] = OrderedDict()
        self._pending: OrderedDict[tuple[Endpoints, int], pfcp.PFCPMessage] = OrderedDict()

    def __len__(self) -> int:
        return len(self._by_key)

    def receive(self, ends: Endpoints, message: pfcp.PFCPMessage, now_ns: int) -> None:
        if message.type in REQUESTS:
            self._pending[ends, message.sequence] = message
            if len(self._pending) > MAXIMUM_PENDING:
                self._pending.popitem(last=False)
        elif message.type - 1 in REQUESTS:
            self._answered(ends, message, now_ns)

    def join(self, session: PDUSession, now_ns: int) -> None:
        """A PDU session's uplink tunnel has become known on N2."""
        for tunnel in (*session.uplink, *session.additional_uplink):
            n4 = self._by_tunnel.get(tunnel)
            if n4 is not None:
                self._join(n4, session, tunnel, now_ns)
                return
            if tunnel in self._disputed:  # N2 alone is followed
                self._emit(Blind(BlindReason.N4_MISMATCH, session.label, now_ns))

    def _answered(self, ends: Endpoints, response: pfcp.PFCPMessage, now_ns: int) -> None:
        asked = Endpoints(ends.destination, ends.destination_port, ends.source, ends.source_port)
        request = self._pending.get((asked, response.sequence))
        if request is None or request.type + 1 != response.type:
            return
        del self._pending[asked, response.sequence]
        if not response.accepted:
            return
        if request.type == ASSOCIATION_SETUP_REQUEST:
            self._association(ends)
            return
        if request.type == pfcp.ESTABLISHMENT_REQUEST:
            self._established((ends.destination, ends.source), request, response, now_ns)
            return
        n4 = self._by_key.get((ends.destination, ends.source, request.seid or 0))
        if n4 is None:
            return
        if request.type == pfcp.DELETION_REQUEST:
            self._end(n4)
        else:
            self._changed(n4, request, response, now_ns)

    def _established(
        self,
        pair: tuple[bytes, bytes],
        request: pfcp.PFCPMessage,
        response: pfcp.PFCPMessage,
        now_ns: int,
    ) -> None:
        if response.f_seid is None:
            return
        n4 = N4Session(pair)
        for address in (pair[1], *response.f_seid.addresses):
            key = (pair[0], address, response.f_seid.seid)
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
        n4.refused &= n4.named()
        for gone in before - n4.tunnels():
            if self._by_tunnel.get(gone) is n4:
                del self._by_tunnel[gone]
            if n4.joined is not None and self._sessions.tunnels.owner(gone) is n4.joined:
                self._sessions.tunnels.remove(gone)
        for tunnel in n4.tunnels() - before:
            self._claim(n4, tunnel, now_ns)
        if n4.joined is not None:
            # Only what this very request says of the downlink: a tunnel of an earlier one may
            # long be somebody else's.
            self._follow(n4, n4.joined, now_ns, downlink_stated=bool(request.fars))

    def _claim(self, n4: N4Session, tunnel: Tunnel, now_ns: int) -> None:
        """A PFCP session names a tunnel as its UPF's own."""
        former = self._by_tunnel.get(tunnel)
        owner = self._sessions.tunnels.owner(tunnel)
        if self._n3.get(tunnel.address, n4.pair[1]) != n4.pair[1]:
            self._refuse(n4, tunnel)
        elif former is not None and former.joined is not None and not former.joined.ended:
            self._refuse(n4, tunnel)
            self._sessions.conflict(tunnel, n4.joined, now_ns)
        elif former is not None and former.pair != n4.pair:
            # Two pairs, and N2 has confirmed neither: N4 says nothing about this tunnel.
            self._refuse(n4, tunnel)
            self._refuse(former, tunnel)
            del self._by_tunnel[tunnel]
            self._disputed[tunnel] = None
            if len(self._disputed) > MAXIMUM_DISPUTED:
                self._disputed.popitem(last=False)
        elif tunnel in self._disputed:
            self._refuse(n4, tunnel)
        elif owner is not None and owner is not n4.joined:
            # A UPF's tunnel is on N4 before it is on N2. Late, N4 must name the UE too.
            if n4.joined is None and n4.ue_addresses & set(owner.subject.ue_addresses):
                self._by_tunnel[tunnel] = n4
                self._join(n4, owner, tunnel, now_ns)
            else:
                self._refuse(n4, tunnel)
        else:
            if former is not None:
                self._end(former)  # the UPF gave the TEID again: we missed the deletion
            self._by_tunnel[tunnel] = n4

    def _refuse(self, n4: N4Session, tunnel: Tunnel) -> None:
        n4.refused.add(tunnel)
        self._counters.foreign_n4 += 1

    def _join(self, n4: N4Session, session: PDUSession, tunnel: Tunnel, now_ns: int) -> None:
        known = {address for address in session.subject.ue_addresses if len(address) == 4}
        named = {address for address in n4.ue_addresses if len(address) == 4}
        if known and named and not known & named:
            self._emit(Blind(BlindReason.N4_MISMATCH, session.label, now_ns))
            self._sessions.end(session)  # one of the two speaks of somebody else
            return
        for end in {tunnel, *session.uplink, *session.additional_uplink} & n4.tunnels():
            if len(self._n3) < MAXIMUM_NODES:
                self._n3.setdefault(end.address, n4.pair[1])
        n4.joined = session
        session.on_n4 = True
        self._follow(n4, session, now_ns, downlink_stated=bool(n4.downlink()))

    def _follow(
        self, n4: N4Session, session: PDUSession, now_ns: int, *, downlink_stated: bool
    ) -> None:
        if session.ended:
            return
        self._sessions.add_addresses(session, sorted(n4.ue_addresses))
        access = [t for t in n4.access() if self._n3.get(t.address) == n4.pair[1]]
        self._sessions.claim(session, access, now_ns, uplink=True)
        if downlink_stated and not session.ended:
            self._sessions.downlink_moved(session, n4.downlink(), now_ns)

    def _association(self, ends: Endpoints) -> None:
        """Setting an association up ends the sessions of a former one (clause 6.2.6.1)."""
        nodes = {ends.source, ends.destination}
        for n4 in {id(s): s for s in self._by_key.values() if set(s.pair) == nodes}.values():
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
