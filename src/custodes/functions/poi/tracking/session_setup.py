"""5GSM over N2: request, accept, tunnels become a PDU session (TS 24.501 6.4.1, TS 38.413 8.2.1).

requested (UL NAS transport)  --setup request with the accept-->  open, record waiting
open  --setup response-->  downlink tunnel known, record sent
"""

from __future__ import annotations

from typing import Protocol

from custodes.functions.poi.events import BlindReason
from custodes.functions.poi.signalling import nas
from custodes.functions.poi.signalling.ngap import SessionSetup, SessionSetupDone
from custodes.functions.poi.signalling.values import Tunnel
from custodes.functions.poi.subject import Subject
from custodes.functions.poi.tracking import records
from custodes.functions.poi.tracking.session import PDUSession
from custodes.functions.poi.tracking.sessions import Sessions
from custodes.functions.poi.tracking.ue import UE, SessionRequest

MAXIMUM_TUNNELS = 32  # of one session that one UE context remembers
MAXIMUM_REQUESTS = 16  # a UE has no more PDU sessions at a time than this (TS 24.501, 6.4.1)


class Joiner(Protocol):
    """N4, as far as N2 needs it."""

    def __call__(self, session: PDUSession, now_ns: int) -> None: ...


class SessionSetups:
    """``join`` is called for each session whose uplink tunnel has become known."""

    def __init__(self, sessions: Sessions, join: Joiner) -> None:
        self._sessions = sessions
        self._join = join

    def requested(self, ue: UE, message: nas.ULNASTransport) -> None:
        if not isinstance(message.message, nas.PDUSessionEstablishmentRequest):
            return
        if len(ue.requests) >= MAXIMUM_REQUESTS:
            ue.requests.pop(next(iter(ue.requests)))
        ue.requests[message.message.pdu_session_id] = SessionRequest(
            message.request_type, message.dnn, message.snssai
        )

    def answered_by_nas(self, ue: UE, message: nas.DLNASTransport, now_ns: int) -> None:
        answer = message.message
        if isinstance(answer, nas.PDUSessionEstablishmentReject):
            ue.requests.pop(answer.pdu_session_id, None)
        elif isinstance(answer, nas.PDUSessionEstablishmentAccept):
            if len(ue.accepts) >= MAXIMUM_REQUESTS:
                ue.accepts.pop(next(iter(ue.accepts)))
            ue.accepts[answer.pdu_session_id] = answer

    def set_up(self, ue: UE, setup: SessionSetup, now_ns: int) -> BlindReason | None:
        """A setup request gives the UPF's tunnel; returns why it can be nobody's."""
        request = ue.requests.pop(setup.pdu_session_id, None)
        accept = ue.accepts.pop(setup.pdu_session_id, None)
        if ue.imsi is None:
            return None if self._kept_by_n4(ue, setup, now_ns) else BlindReason.SESSION_UNATTRIBUTED
        if accept is None and self._reactivated(ue, setup):
            return None
        correlation_id, label = self._sessions.next_correlation_id()
        session = PDUSession(
            label=label,
            correlation_id=correlation_id,
            pdu_session_id=setup.pdu_session_id,
            subject=Subject(ue.imsi, ue.pei),
            uplink=setup.uplink_tunnels,
            additional_uplink=setup.additional_uplink_tunnels,
            ran=ue.label,
            association=ue.association,
        )
        former = ue.sessions.get(setup.pdu_session_id)
        if former is not None:
            self._sessions.end(former)
        ue.sessions[setup.pdu_session_id] = session
        self._sessions.open(session, now_ns)
        if session.ended:
            return None  # its tunnel is somebody else's too; said already
        if accept is not None:
            if accept.ipv4 is not None:
                self._sessions.add_addresses(session, [accept.ipv4])
            known = request or SessionRequest(None, None, None)
            session.record = records.establishment(ue, known, accept, setup)
            self._sessions.accepted(session, now_ns)
        self._join(session, now_ns)
        return BlindReason.INCOMPLETE if accept is None else None

    def answered(self, ue: UE, done: tuple[SessionSetupDone, ...], now_ns: int) -> None:
        for one in done:
            session = ue.sessions.get(one.pdu_session_id)
            if session is not None and not session.ended:
                before = ue.announced.get(one.pdu_session_id, ())
                ue.announced[one.pdu_session_id] = _joined(before, one.tunnels())
                self._sessions.ran_answered(session, one, now_ns)
                continue
            kept = ue.kept.get(one.pdu_session_id)
            for tunnel in one.tunnels():
                owner = self._sessions.tunnels.owner(tunnel)
                if owner is not None and owner is not kept:
                    self._sessions.conflict(tunnel, None, now_ns)
            if kept is None and ue.imsi is None:
                self._unowned(ue, one.pdu_session_id, one.tunnels())

    def released(self, ue: UE, pdu_session_ids: tuple[int, ...]) -> None:
        for pdu_session_id in pdu_session_ids:
            ue.kept.pop(pdu_session_id, None)
            self._sessions.free_unowned(ue.unowned.pop(pdu_session_id, ()), ue.label)
            announced = ue.announced.pop(pdu_session_id, ())
            session = ue.sessions.pop(pdu_session_id, None)
            if session is not None and not session.ended:
                self._sessions.ran_released(session, ue.label, announced)

    def gone(self, ue: UE) -> None:
        """The UE context is gone, with all it held."""
        self.released(ue, tuple({*ue.sessions, *ue.unowned, *ue.kept}))

    def _unowned(self, ue: UE, pdu_session_id: int, tunnels: tuple[Tunnel, ...]) -> None:
        self._sessions.set_unowned(tunnels, ue.label)
        ue.unowned[pdu_session_id] = _joined(ue.unowned.get(pdu_session_id, ()), tunnels)

    def _reactivated(self, ue: UE, setup: SessionSetup) -> bool:
        """The radio side of a session comes back: same subscriber, same id, same UPF tunnel."""
        for tunnel in setup.uplink_tunnels:
            owner = self._sessions.tunnels.owner(tunnel)
            if (
                owner is not None
                and owner.subject.imsi == ue.imsi
                and owner.pdu_session_id == setup.pdu_session_id
            ):
                ue.sessions[setup.pdu_session_id] = owner
                owner.ran, owner.association = ue.label, ue.association
                return True
        return False

    def _kept_by_n4(self, ue: UE, setup: SessionSetup, now_ns: int) -> bool:
        """An unknown UE context names a UPF tunnel.

        Where N4 still holds the session of that tunnel, it is that session (a service request
        names its UE by a temporary identity); otherwise the tunnel has two claimants.
        """
        kept = False
        ends = (*setup.uplink_tunnels, *setup.additional_uplink_tunnels)
        for tunnel in ends:
            owner = self._sessions.tunnels.owner(tunnel)
            if owner is None:
                continue
            if owner.on_n4 and owner.pdu_session_id == setup.pdu_session_id:
                kept = True
                ue.kept[setup.pdu_session_id] = owner
            else:
                self._sessions.conflict(tunnel, None, now_ns)
        if not kept:
            self._unowned(ue, setup.pdu_session_id, ends)
        return kept


def _joined(before: tuple[Tunnel, ...], new: tuple[Tunnel, ...]) -> tuple[Tunnel, ...]:
    return tuple(dict.fromkeys((*before, *new)))[-MAXIMUM_TUNNELS:]
