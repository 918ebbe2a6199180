"""5GMM: from a claimed identity to a registered subscriber (3GPP TS 24.501, clause 5.5.1).

claimed  --authentication, security mode-->  protected  --registration accept-->  registered
"""

from __future__ import annotations

from collections.abc import Callable

from custodes.functions.poi.events import NE, Blind, BlindReason, Direction, Event, XIRIEvent
from custodes.functions.poi.signalling import nas
from custodes.functions.poi.signalling.values import Pei, Suci
from custodes.functions.poi.subject import Subject
from custodes.functions.poi.tracking import records
from custodes.functions.poi.tracking.ue import UE

AUTHENTICATION_RESPONSE = 87


class Registration:
    """Handles the 5GMM messages of all UEs; the state is in the UE."""

    def __init__(self, emit: Callable[[Event], None]) -> None:
        self._emit = emit

    def blind(self, ue: UE, reason: BlindReason, now_ns: int, detail: str = "") -> None:
        """Told once per UE context and reason."""
        if (reason, detail) not in ue.blind:
            ue.blind.add((reason, detail))
            self._emit(Blind(reason, ue.label, now_ns, detail))

    def requested(self, ue: UE, message: nas.RegistrationRequest, now_ns: int) -> None:
        ue.request = message
        ue.conflicting = False
        if isinstance(message.identity, Suci):
            self._identified(ue, message.identity, now_ns)
        else:  # temporary: whoever is registered in this context, or an identity response to come
            ue.claimed = ue.imsi

    def identity_response(self, ue: UE, message: nas.IdentityResponse, now_ns: int) -> None:
        if isinstance(message.identity, Suci):
            self._identified(ue, message.identity, now_ns)
        elif isinstance(message.identity, Pei):
            ue.pei = message.identity

    def authentication(self, ue: UE, message: nas.Authentication) -> None:
        if message.message_type == AUTHENTICATION_RESPONSE:
            ue.authenticated = True

    def security_mode_command(self, ue: UE, message: nas.SecurityModeCommand, now_ns: int) -> None:
        ue.ciphering = message.ciphering
        if message.ciphering != nas.NULL_CIPHERING:
            self.blind(ue, BlindReason.CIPHERED_NAS, now_ns)

    def security_mode_complete(
        self, ue: UE, message: nas.SecurityModeComplete, now_ns: int
    ) -> None:
        if message.pei is not None:
            ue.pei = message.pei
        if message.container is None:
            return
        ue.request = message.container
        again = message.container.identity
        if not isinstance(again, Suci):
            return
        if ue.suci is not None and (again.imsi(), again.plmn) != (ue.suci.imsi(), ue.suci.plmn):
            ue.claimed = None
            ue.conflicting = True
            self.blind(ue, BlindReason.IDENTITY_CONFLICT, now_ns)
        elif ue.suci is None:
            self._identified(ue, again, now_ns)

    def accepted(self, ue: UE, message: nas.RegistrationAccept, now_ns: int) -> None:
        ue.emergency = message.emergency
        ue.guti = message.guti or ue.guti
        if ue.claimed is None:
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
        ue.claimed = ue.imsi = None

    def _identified(self, ue: UE, suci: Suci, now_ns: int) -> None:
        ue.suci = suci
        ue.claimed = suci.imsi()
        if ue.claimed is None:
            self.blind(ue, BlindReason.CONCEALED_SUCI, now_ns)
