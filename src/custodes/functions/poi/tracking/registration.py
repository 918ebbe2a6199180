"""5GMM: from a claimed identity to a registered subscriber (3GPP TS 24.501, clause 5.5.1).

claimed  --authentication, security mode-->  protected  --registration accept-->  registered
"""

from __future__ import annotations

from collections.abc import Callable

from custodes.functions.poi.counters import Counters
from custodes.functions.poi.events import NE, Blind, BlindReason, Direction, Event, XIRIEvent
from custodes.functions.poi.signalling import nas
from custodes.functions.poi.signalling.values import Pei, Suci
from custodes.functions.poi.subject import Subject
from custodes.functions.poi.tracking import records
from custodes.functions.poi.tracking.ue import UE

AUTHENTICATION_RESPONSE = 87
ASKED_SUCI = 1
ASKED_PEI = frozenset({3, 5})


class Registration:
    """Handles the 5GMM messages of all UEs; the state is in the UE."""

    def __init__(self, emit: Callable[[Event], None], counters: Counters) -> None:
        self._emit = emit
        self._counters = counters

    def blind(self, ue: UE, reason: BlindReason, now_ns: int, detail: str = "") -> None:
        """Told once per UE context and reason."""
        if (reason, detail) not in ue.blind:
            ue.blind.add((reason, detail))
            self._emit(Blind(reason, ue.label, now_ns, detail))

    def requested(self, ue: UE, message: nas.RegistrationRequest, now_ns: int) -> None:
        """A request names who the UE says it is; a second name before the answer is a conflict.

        A registered UE that names another subscriber is not believed. The AMF may begin anew for
        that name, which shows in another security mode command: then nobody is registered.
        """
        named = message.identity
        if ue.imsi is not None and isinstance(named, Suci) and named.imsi() != ue.imsi:
            self._counters.unsolicited += 1
            ue.contested = True
            return
        pending = ue.request is not None and not ue.answered
        if pending and ue.request is not None and not _same(ue.request.identity, named):
            self._conflict(ue, now_ns)
            return
        ue.request, ue.answered = message, False
        if isinstance(named, Suci):
            self._identified(ue, named, now_ns)
        elif not pending:  # temporary: whoever is registered in this context, or nobody yet
            ue.claimed = ue.imsi

    def identity_request(self, ue: UE, message: nas.IdentityRequest) -> None:
        ue.asked_identity = message.identity_type

    def identity_response(self, ue: UE, message: nas.IdentityResponse, now_ns: int) -> None:
        """Taken only as an answer to the network, and only of the kind it asked for."""
        if isinstance(message.identity, Suci):
            if ue.asked_identity != ASKED_SUCI or ue.imsi is not None:
                self._counters.unsolicited += 1
            elif ue.suci is not None and not _same(ue.suci, message.identity):
                self._conflict(ue, now_ns)
            else:
                self._identified(ue, message.identity, now_ns)
        elif isinstance(message.identity, Pei):
            if ue.asked_identity not in ASKED_PEI:
                self._counters.unsolicited += 1
            else:
                ue.pei = message.identity

    def authentication(self, ue: UE, message: nas.Authentication) -> None:
        if message.message_type == AUTHENTICATION_RESPONSE:
            ue.authenticated = True

    def security_mode_command(self, ue: UE, message: nas.SecurityModeCommand, now_ns: int) -> None:
        ue.ciphering = message.ciphering
        ue.commanded = True
        if ue.contested:
            self._conflict(ue, now_ns)
        if message.ciphering != nas.NULL_CIPHERING:
            self.blind(ue, BlindReason.CIPHERED_NAS, now_ns)

    def security_mode_complete(
        self, ue: UE, message: nas.SecurityModeComplete, now_ns: int
    ) -> None:
        if not ue.commanded:
            self._counters.unsolicited += 1
            return
        again = None if message.container is None else message.container.identity
        suci = again if isinstance(again, Suci) else None
        # Whether its integrity holds cannot be seen: of two that differ, one is forged.
        said = (None if suci is None else _identity(suci), message.pei)
        if ue.completed not in (None, said):
            self._conflict(ue, now_ns)
            return
        ue.completed = said
        ue.pei = message.pei or ue.pei
        if message.container is None:
            return
        first, ue.request = ue.request, message.container
        if suci is None:
            return
        if ue.imsi not in (None, suci.imsi()):
            self._conflict(ue, now_ns)
        elif first is not None and not isinstance(first.identity, Suci) and ue.suci is None:
            self._conflict(ue, now_ns)  # the container repeats the request, and that one differs
        elif ue.suci is not None and not _same(ue.suci, suci):
            self._conflict(ue, now_ns)
        elif ue.suci is None:
            self._identified(ue, suci, now_ns)

    def accepted(self, ue: UE, message: nas.RegistrationAccept, now_ns: int) -> None:
        ue.emergency = message.emergency
        ue.guti = message.guti or ue.guti
        ue.asked_identity, ue.completed, ue.commanded = None, None, False
        ue.answered = True
        if ue.conflicting or ue.claimed is None:
            ue.imsi = None
            if not ue.blind & {
                (BlindReason.CONCEALED_SUCI, ""),
                (BlindReason.IDENTITY_CONFLICT, ""),
                (BlindReason.CONTEXT_UNKNOWN, ""),
            }:
                self.blind(ue, BlindReason.TEMPORARY_IDENTITY, now_ns)
            return
        ue.imsi = ue.claimed
        record = records.registration(ue, ue.imsi, message)
        lacking = records.missing(record)
        for field in lacking:
            self.blind(ue, BlindReason.INCOMPLETE, now_ns, field)
        if not lacking:
            subject = Subject(ue.imsi, ue.pei)
            self._emit(XIRIEvent(subject, NE.AMF, record, now_ns, 0, Direction.FROM_TARGET))

    def rejected(self, ue: UE) -> None:
        """The procedure is over; a request after it is a fresh one."""
        ue.claimed = ue.imsi = ue.request = ue.suci = ue.asked_identity = ue.completed = None
        ue.conflicting = ue.contested = ue.commanded = False

    def _conflict(self, ue: UE, now_ns: int) -> None:
        """Nobody, whatever this context says from here on, until it begins anew."""
        ue.claimed = ue.imsi = None
        ue.conflicting = True
        self.blind(ue, BlindReason.IDENTITY_CONFLICT, now_ns)

    def _identified(self, ue: UE, suci: Suci, now_ns: int) -> None:
        ue.suci = suci
        ue.claimed = None if ue.conflicting else suci.imsi()
        if suci.imsi() is None:
            self.blind(ue, BlindReason.CONCEALED_SUCI, now_ns)


def _identity(suci: Suci) -> str:
    """What tells two SUCIs apart; one that conceals differs each time it is made."""
    return suci.imsi() or f"{suci.plmn.mcc}-{suci.plmn.mnc}-{suci.routing_indicator}"


def _same(one: nas.MobileIdentity, other: nas.MobileIdentity) -> bool:
    if isinstance(one, Suci) and isinstance(other, Suci):
        return _identity(one) == _identity(other)
    return one == other
