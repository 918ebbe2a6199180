"""PDU sessions of known subscribers: their tunnels, their one record, their end."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import replace

from custodes.functions.poi.events import NE, Blind, BlindReason, Direction, Event, XIRIEvent
from custodes.functions.poi.signalling.ngap import SessionSetupDone
from custodes.functions.poi.signalling.values import Tunnel
from custodes.functions.poi.tracking import records
from custodes.functions.poi.tracking.session import PDUSession
from custodes.functions.poi.tracking.tunnels import TunnelTable

Emit = Callable[[Event], None]

# The record waits this long, in capture time, for the RAN's answer with the downlink tunnel.
RECORD_WAIT_NS = 1_000_000_000
MAXIMUM_CONTESTED = 65_536


class Sessions:
    """Owns the tunnel table. A session's record leaves once, before its first packet.

    A live tunnel never moves to another subscriber: where two claim it, both sessions end as
    sources of content, the tunnel is nobody's from then on, and Blind CONFLICT says so. What was
    overheard cannot tell which of the two spoke the truth.
    """

    def __init__(self, emit: Emit, correlation_base: int, maximum: int) -> None:
        self.tunnels = TunnelTable()
        self._emit = emit
        self._base = correlation_base
        self._maximum = maximum
        self._opened = 0
        self._live: OrderedDict[PDUSession, None] = OrderedDict()
        self._waiting: OrderedDict[PDUSession, None] = OrderedDict()
        self._contested: OrderedDict[Tunnel, None] = OrderedDict()
        self._unowned: OrderedDict[Tunnel, str] = OrderedDict()

    def __len__(self) -> int:
        return len(self._live)

    def next_correlation_id(self) -> tuple[int, str]:
        """64 bits: the run's base above, a counter below; and a label without identity."""
        self._opened += 1
        return (self._base << 32 | self._opened & 0xFFFF_FFFF), f"session-{self._opened}"

    def open(self, session: PDUSession, now_ns: int) -> None:
        self._live[session] = None
        ends = (*session.uplink, *session.additional_uplink)
        session.on_n2.update((tunnel.address, tunnel.teid) for tunnel in ends)
        self.claim(session, ends, now_ns, uplink=True)
        if len(self._live) > self._maximum:
            oldest = next(iter(self._live))
            self._emit(Blind(BlindReason.EVICTED, oldest.label, now_ns))
            self.end(oldest)

    def accepted(self, session: PDUSession, now_ns: int) -> None:
        """The record's moment: the accept was seen. It leaves with :meth:`report`."""
        session.accepted_ns = now_ns
        self._waiting[session] = None

    def claim(
        self, session: PDUSession, ends: Iterable[Tunnel], now_ns: int, *, uplink: bool
    ) -> None:
        """Give the session these tunnels; ends it, and who has one of them, in a conflict."""
        for tunnel in ends:
            owner = self.tunnels.owner(tunnel)
            if tunnel in self._contested or self._unowned.get(tunnel, session.ran) != session.ran:
                self.conflict(tunnel, session, now_ns)
            elif owner is not None and owner is not session:
                if _same_source(owner, session):
                    self.end(owner)  # the same person's former session; we missed its end
                else:
                    self.conflict(tunnel, session, now_ns)
            if session.ended:
                return
            self.tunnels.add(session, [tunnel], uplink=uplink)

    def set_unowned(self, tunnels: Iterable[Tunnel], ran: str) -> None:
        """A UE context that the probe cannot identify has these: they are nobody else's."""
        for tunnel in tunnels:
            self._unowned[tunnel] = ran
            if len(self._unowned) > MAXIMUM_CONTESTED:
                self._unowned.popitem(last=False)

    def free_unowned(self, tunnels: Iterable[Tunnel], ran: str) -> None:
        for tunnel in tunnels:
            if self._unowned.get(tunnel) == ran:
                del self._unowned[tunnel]

    def conflict(self, tunnel: Tunnel, session: PDUSession | None, now_ns: int) -> None:
        """Two claim this tunnel: its owner, and ``session`` (None where that one is nobody's)."""
        self._contested[tunnel] = None
        if len(self._contested) > MAXIMUM_CONTESTED:
            self._contested.popitem(last=False)
        for claimant in (self.tunnels.owner(tunnel), session):
            if claimant is not None and not claimant.ended:
                self._emit(Blind(BlindReason.CONFLICT, claimant.label, now_ns))
                self.end(claimant)

    def ran_answered(self, session: PDUSession, done: SessionSetupDone, now_ns: int) -> None:
        session.downlink = done.downlink
        session.additional_downlink = done.additional_downlink
        ends = done.tunnels()
        session.on_n2.update((tunnel.address, tunnel.teid) for tunnel in ends)
        self.claim(session, ends, now_ns, uplink=False)
        self.report(session)

    def ran_released(self, session: PDUSession, ran: str, announced: Iterable[Tunnel]) -> None:
        """A UE context is gone, and with it the downlink tunnels that it announced itself.

        After a handover another context holds the radio side, or N4 has moved the downlink on.
        """
        for tunnel in announced:
            session.on_n2.discard((tunnel.address, tunnel.teid))
            if self.tunnels.owner(tunnel) is session:
                self.tunnels.remove(tunnel)
        if session.ran == ran:
            session.ran = ""
            if not session.on_n4:  # nothing else tells how long the rest stays
                self.end(session)

    def add_addresses(self, session: PDUSession, addresses: Iterable[bytes]) -> None:
        """Of each family only what was said first: N2 speaks before N4 does."""
        known = session.subject.ue_addresses
        families = {len(address) for address in known}
        new = tuple(a for a in dict.fromkeys(addresses) if len(a) not in families)
        if new:
            session.subject = replace(session.subject, ue_addresses=known + new)

    def downlink_moved(self, session: PDUSession, ends: tuple[Tunnel, ...], now_ns: int) -> None:
        """N4 sends packets into these tunnels from now on, and into no others."""
        self.tunnels.remove_session(session, downlink_only=True)
        self.claim(session, ends, now_ns, uplink=False)

    def report(self, session: PDUSession) -> None:
        """Send the record if it waits; nothing otherwise."""
        if session not in self._waiting:
            return
        del self._waiting[session]
        record = records.complete(session)
        lacking = records.missing(record)
        for field in lacking:
            self._emit(Blind(BlindReason.INCOMPLETE, session.label, session.accepted_ns, field))
        if lacking:
            return
        self._emit(
            XIRIEvent(
                subject=session.subject,
                ne=NE.SMF,
                event=record,
                timestamp_ns=session.accepted_ns,
                correlation_id=session.correlation_id,
                direction=Direction.FROM_TARGET,
            )
        )

    def report_waiting(self, now_ns: int | None) -> None:
        """Send the records that have waited long enough; all of them where ``now_ns`` is None."""
        while self._waiting:
            oldest = next(iter(self._waiting))
            if now_ns is not None and now_ns - oldest.accepted_ns <= RECORD_WAIT_NS:
                return
            self.report(oldest)

    def belongs(
        self,
        session: PDUSession,
        end: tuple[bytes, int],
        inner: bytes,
        now_ns: int,
        *,
        uplink: bool,
    ) -> bool:
        """Whether a packet is the session's: N2 named its tunnel, or its own address says so.

        N4 alone may move a tunnel, but a UPF sends nobody packets for somebody else's address.
        """
        if end in session.on_n2 or _address(inner, uplink=uplink) in {
            address if len(address) == 4 else address[:8]
            for address in session.subject.ue_addresses
        }:
            return True
        if not session.mismatch_said:
            session.mismatch_said = True
            self._emit(Blind(BlindReason.N4_MISMATCH, session.label, now_ns))
        return False

    def end(self, session: PDUSession) -> None:
        self.report(session)
        session.ended = True
        self._live.pop(session, None)
        self.tunnels.remove_session(session)


def _same_source(owner: PDUSession, session: PDUSession) -> bool:
    same_person = owner.subject.imsi == session.subject.imsi
    return same_person and owner.association == session.association


def _address(inner: bytes, *, uplink: bool) -> bytes:
    """The UE's IPv4 address, or the 64 bits of its IPv6 prefix; empty where it is no IP packet."""
    match inner[:1] and inner[0] >> 4:
        case 4 if len(inner) >= 20:
            return inner[12:16] if uplink else inner[16:20]
        case 6 if len(inner) >= 40:
            return inner[8:16] if uplink else inner[24:32]
        case _:
            return b""
