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


class Sessions:
    """Owns the tunnel table. A session's record leaves once, before its first packet."""

    def __init__(self, emit: Emit, correlation_base: int, maximum: int) -> None:
        self.tunnels = TunnelTable()
        self._emit = emit
        self._base = correlation_base
        self._maximum = maximum
        self._opened = 0
        self._live: OrderedDict[PDUSession, None] = OrderedDict()
        self._waiting: OrderedDict[PDUSession, None] = OrderedDict()

    def __len__(self) -> int:
        return len(self._live)

    def next_correlation_id(self) -> tuple[int, str]:
        """64 bits: the run's base above, a counter below; and a label without identity."""
        self._opened += 1
        return (self._base << 32 | self._opened & 0xFFFF_FFFF), f"session-{self._opened}"

    def open(self, session: PDUSession, now_ns: int) -> None:
        self._live[session] = None
        self.tunnels.add(session, (*session.uplink, *session.additional_uplink), uplink=True)
        if len(self._live) > self._maximum:
            oldest = next(iter(self._live))
            self._emit(Blind(BlindReason.EVICTED, oldest.label, now_ns))
            self.end(oldest)

    def accepted(self, session: PDUSession, now_ns: int) -> None:
        """The record's moment: the accept was seen. It leaves with :meth:`report`."""
        session.accepted_ns = now_ns
        self._waiting[session] = None

    def ran_answered(self, session: PDUSession, done: SessionSetupDone) -> None:
        session.downlink = done.downlink
        session.additional_downlink = done.additional_downlink
        ends = [t for ran in (done.downlink, *done.additional_downlink) if ran for t in ran.tunnels]
        self.tunnels.add(session, ends, uplink=False)
        self.report(session)

    def ran_released(self, session: PDUSession) -> None:
        """The radio side is gone; without N4 nothing tells how long the rest stays."""
        if session.on_n4:
            self.tunnels.remove_session(session, downlink_only=True)
        else:
            self.end(session)

    def add_addresses(self, session: PDUSession, addresses: Iterable[bytes]) -> None:
        known = session.subject.ue_addresses
        new = tuple(a for a in dict.fromkeys(addresses) if a not in known)
        if new:
            session.subject = replace(session.subject, ue_addresses=known + new)

    def downlink_moved(self, session: PDUSession, ends: tuple[Tunnel, ...]) -> None:
        """N4 sends packets into these tunnels from now on, and into no others."""
        self.tunnels.remove_session(session, downlink_only=True)
        self.tunnels.add(session, ends, uplink=False)

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

    def end(self, session: PDUSession) -> None:
        self.report(session)
        session.ended = True
        self._live.pop(session, None)
        self.tunnels.remove_session(session)
