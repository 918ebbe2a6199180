"""N2: UE contexts of all NG associations (3GPP TS 38.413, clause 8), bounded.

A context begins with Initial UE Message and is named by the RAN's id within its association.
Messages of a context that was not seen to begin are followed, but nothing is attributed to it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable

from custodes.functions.poi.counters import Counters
from custodes.functions.poi.events import Blind, BlindReason, Event
from custodes.functions.poi.ports import SignallingDecoder
from custodes.functions.poi.signalling import nas, nas_direction, ngap
from custodes.functions.poi.signalling.errors import SignallingError
from custodes.functions.poi.tracking.registration import Registration
from custodes.functions.poi.tracking.session_setup import SessionSetups
from custodes.functions.poi.tracking.ue import GNB, UE

_Key = tuple[Hashable, int]
MAXIMUM_GNBS = 65_536
UE_SIDE = frozenset({69, 72})  # deregistration request and accept that a UE sends


class N2Tracker:
    """Takes NGAP messages with the association they came on; emits what follows from them."""

    def __init__(
        self,
        decoder: SignallingDecoder,
        setups: SessionSetups,
        emit: Callable[[Event], None],
        maximum_ues: int,
        counters: Counters,
    ) -> None:
        self._decoder = decoder
        self._setups = setups
        self._emit = emit
        self._maximum = maximum_ues
        self._counters = counters
        self._registration = Registration(emit, counters)
        self._ues: OrderedDict[_Key, UE] = OrderedDict()
        self._gnbs: dict[Hashable, GNB] = {}
        self._contexts = 0

    def __len__(self) -> int:
        return len(self._ues)

    def receive(self, association: Hashable, message: ngap.NGAPMessage, now_ns: int) -> None:
        match message:
            case ngap.NGSetupRequest():
                self._ng_setup(association, message)
            case ngap.NGReset():
                self._ng_reset(association, message)
            case ngap.InitialUEMessage():
                ue = self._begin(association, message.ran_ue_id, now_ns)
                ue.location = message.location
                ue.rrc_establishment_cause = message.rrc_establishment_cause
                self._nas(ue, message.nas, now_ns, uplink=True)
            case ngap.UEContextReleaseCommand():
                pass  # the RAN's answer ends the context
            case ngap.UEContextReleaseComplete():
                self._end((association, message.ran_ue_id))
            case _:
                ue = self._context(association, message.amf_ue_id, message.ran_ue_id, now_ns)
                self._in_context(ue, message, now_ns)

    def _in_context(self, ue: UE, message: ngap.NGAPMessage, now_ns: int) -> None:
        match message:
            case ngap.UplinkNASTransport():
                ue.location = message.location or ue.location
                self._nas(ue, message.nas, now_ns, uplink=True)
            case ngap.DownlinkNASTransport():
                self._nas(ue, message.nas, now_ns, uplink=False)
            case ngap.InitialContextSetupRequest():
                ue.amf = message.amf or ue.amf
                ue.amf_plmn = message.amf_plmn or ue.amf_plmn
                self._nas(ue, message.nas, now_ns, uplink=False)
                self._setup(ue, message.sessions, now_ns)
            case ngap.PDUSessionResourceSetupRequest():
                self._nas(ue, message.nas, now_ns, uplink=False)
                self._setup(ue, message.sessions, now_ns)
            case ngap.SetupResponse():
                self._setups.answered(ue, message.sessions, now_ns)
            case ngap.PDUSessionResourceReleaseCommand():
                self._nas(ue, message.nas, now_ns, uplink=False)
                self._setups.released(ue, message.pdu_session_ids)

    def _setup(self, ue: UE, setups: tuple[ngap.SessionSetup, ...], now_ns: int) -> None:
        for setup in setups:
            self._nas(ue, setup.nas, now_ns, uplink=False)
            reason = self._setups.set_up(ue, setup, now_ns)
            if reason is not None:
                self._registration.blind(ue, reason, now_ns)

    # UE contexts

    def _begin(self, association: Hashable, ran_ue_id: int, now_ns: int) -> UE:
        key = (association, ran_ue_id)
        self._end(key)
        self._contexts += 1
        ue = UE(f"ue-{self._contexts}", ran_ue_id, association, gnb=self._gnbs.get(association))
        self._ues[key] = ue
        if len(self._ues) > self._maximum:
            oldest_key, oldest = next(iter(self._ues.items()))
            self._emit(Blind(BlindReason.EVICTED, oldest.label, now_ns))
            self._end(oldest_key)
        return ue

    def _context(self, association: Hashable, amf_ue_id: int, ran_ue_id: int, now_ns: int) -> UE:
        key = (association, ran_ue_id)
        ue = self._ues.get(key)
        if ue is None:
            ue = self._begin(association, ran_ue_id, now_ns)
            self._registration.blind(ue, BlindReason.CONTEXT_UNKNOWN, now_ns)
        elif ue.amf_ue_id not in (None, amf_ue_id):
            # The RAN's id was given to somebody else and we missed how.
            ue = self._begin(association, ran_ue_id, now_ns)
            self._registration.blind(ue, BlindReason.CONTEXT_MISMATCH, now_ns)
        else:
            self._ues.move_to_end(key)
        ue.amf_ue_id = amf_ue_id
        return ue

    def _end(self, key: _Key) -> None:
        ue = self._ues.pop(key, None)
        if ue is not None:
            self._setups.gone(ue)

    def _ng_setup(self, association: Hashable, message: ngap.NGSetupRequest) -> None:
        self._reset(association)
        if message.plmn is not None and message.gnb_id is not None:
            if len(self._gnbs) >= MAXIMUM_GNBS:
                self._gnbs.pop(next(iter(self._gnbs)))
            self._gnbs[association] = GNB(message.plmn, message.gnb_id)

    def _ng_reset(self, association: Hashable, message: ngap.NGReset) -> None:
        if message.everything:
            self._reset(association)
            return
        for key, ue in tuple(self._ues.items()):
            if key[0] == association and any(
                ran_ue_id == ue.ran_ue_id or (amf_ue_id is not None and amf_ue_id == ue.amf_ue_id)
                for amf_ue_id, ran_ue_id in message.ue_ids
            ):
                self._end(key)

    def _reset(self, association: Hashable) -> None:
        for key in [key for key in self._ues if key[0] == association]:
            self._end(key)

    # NAS

    def _nas(self, ue: UE, octets: bytes | None, now_ns: int, *, uplink: bool) -> None:
        if octets is None:
            return
        envelope = nas.open_envelope(octets)
        if envelope is None:
            self._registration.blind(ue, BlindReason.UNDECODABLE_NAS, now_ns)
            return
        if envelope.header.ciphered and ue.ciphering != nas.NULL_CIPHERING:
            reason = (
                BlindReason.CIPHERING_UNKNOWN if ue.ciphering is None else BlindReason.CIPHERED_NAS
            )
            self._registration.blind(ue, reason, now_ns)
            return
        if not nas_direction.mm_allowed(envelope.message, uplink=uplink):
            self._counters.wrong_direction += 1
            return
        try:
            message = self._decoder.decode_nas(envelope.message)
        except SignallingError:
            self._registration.blind(ue, BlindReason.UNDECODABLE_NAS, now_ns)
            return
        if isinstance(message, nas.ULNASTransport | nas.DLNASTransport):
            contained = None if message.message is None else nas.sm_type(message.message)
            if contained is not None and not nas_direction.sm_allowed(contained, uplink=uplink):
                self._counters.wrong_direction += 1
                return
        self._message(ue, message, now_ns)

    def _message(self, ue: UE, message: nas.NASMessage, now_ns: int) -> None:
        registration = self._registration
        match message:
            case nas.RegistrationRequest():
                registration.requested(ue, message, now_ns)
            case nas.IdentityRequest():
                registration.identity_request(ue, message)
            case nas.IdentityResponse():
                registration.identity_response(ue, message, now_ns)
            case nas.Authentication():
                registration.authentication(ue, message)
            case nas.SecurityModeCommand():
                registration.security_mode_command(ue, message, now_ns)
            case nas.SecurityModeComplete():
                registration.security_mode_complete(ue, message, now_ns)
            case nas.RegistrationAccept():
                registration.accepted(ue, message, now_ns)
            case nas.RegistrationReject():
                registration.rejected(ue)
            case nas.Deregistration() if message.message_type in UE_SIDE:
                pass  # a UE's word; the network's accept or release ends the sessions
            case nas.ServiceRequest():
                if ue.imsi is None:
                    registration.blind(ue, BlindReason.TEMPORARY_IDENTITY, now_ns)
            case nas.ULNASTransport():
                self._setups.requested(ue, message)
            case nas.DLNASTransport():
                self._setups.answered_by_nas(ue, message, now_ns)
            case nas.Deregistration():
                self._setups.gone(ue)
            case _:
                pass
