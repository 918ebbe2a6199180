"""NAS by pycrate: it cuts a message into its elements, their values are read by us.

pycrate's own values differ by element and version; the octets of an element do not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from custodes.functions.poi.signalling import elements, nas
from custodes.functions.poi.signalling.values import Guti, Pei, Snssai

N1_SM = 1  # payload container type, TS 24.501 9.11.3.40


def nas_message(message: Any, parse: Callable[[bytes], Any]) -> nas.NASMessage:
    """A 5GMM message as pycrate cut it, as one of ours; ``parse`` cuts a contained message.

    Raises whatever an element that is not as expected makes it raise; the caller catches.
    """
    kind = message["5GMMHeader"]["Type"].get_val()
    reader = _READERS.get(kind)
    return nas.OtherNAS(kind) if reader is None else reader(message, parse)


def octets(message: Any, name: str) -> bytes | None:
    """Value of an element without tag and length, None where it is absent."""
    element = message[name]
    if element.get_trans():
        return None
    value: bytes = element[-1].to_bytes()
    return value


def half(message: Any, name: str) -> int | None:
    """Value of an element of half an octet (type 1), None where it is absent."""
    element = message[name]
    if element.get_trans():
        return None
    value: int = element[-1].to_uint()
    return value


def _registration_request(message: Any, _parse: Any) -> nas.RegistrationRequest:
    return nas.RegistrationRequest(
        registration_type=(half(message, "5GSRegType") or 0) & 7,
        identity=elements.mobile_identity(octets(message, "5GSID") or b""),
        capability=octets(message, "5GMMCap"),
        update_type=octets(message, "5GSUpdateType"),
    )


def _registration_accept(message: Any, _parse: Any) -> nas.RegistrationAccept:
    result = (octets(message, "5GSRegResult") or b"\0")[0]
    guti = elements.mobile_identity(octets(message, "GUTI") or b"")
    return nas.RegistrationAccept(
        result=result & 7,
        sms_allowed=bool(result & 8),
        emergency=bool(result & 32),
        guti=guti if isinstance(guti, Guti) else None,
        tai_list=elements.tai_list(octets(message, "5GSTAIList")),
        allowed=elements.nssai(octets(message, "AllowedNSSAI")),
        configured=elements.nssai(octets(message, "ConfiguredNSSAI")),
        rejected=elements.rejected_nssai(octets(message, "RejectedNSSAI")),
        equivalent_plmns=elements.plmn_list(octets(message, "EquivPLMNList")),
    )


def _registration_complete(_message: Any, _parse: Any) -> nas.RegistrationComplete:
    return nas.RegistrationComplete()


def _registration_reject(message: Any, _parse: Any) -> nas.RegistrationReject:
    return nas.RegistrationReject((octets(message, "5GMMCause") or b"\0")[0])


def _identity_request(message: Any, _parse: Any) -> nas.IdentityRequest:
    # Taken from its octet: pycrate's name of the element differs between its versions.
    return nas.IdentityRequest(message.to_bytes()[3] & 7)


def _identity_response(message: Any, _parse: Any) -> nas.IdentityResponse:
    return nas.IdentityResponse(elements.mobile_identity(octets(message, "5GSID") or b""))


def _authentication(message: Any, _parse: Any) -> nas.Authentication:
    return nas.Authentication(message["5GMMHeader"]["Type"].get_val())


def _security_mode_command(message: Any, _parse: Any) -> nas.SecurityModeCommand:
    algorithms = (octets(message, "NASSecAlgo") or b"\xff")[0]
    return nas.SecurityModeCommand(ciphering=algorithms >> 4)


def _security_mode_complete(message: Any, parse: Any) -> nas.SecurityModeComplete:
    pei = elements.mobile_identity(octets(message, "IMEISV") or b"")
    contained = octets(message, "NASContainer")
    request = None if contained is None else nas_message(parse(contained), parse)
    return nas.SecurityModeComplete(
        pei=pei if isinstance(pei, Pei) else None,
        container=request if isinstance(request, nas.RegistrationRequest) else None,
    )


def _service_request(_message: Any, _parse: Any) -> nas.ServiceRequest:
    return nas.ServiceRequest()


def _deregistration(message: Any, _parse: Any) -> nas.Deregistration:
    return nas.Deregistration(message["5GMMHeader"]["Type"].get_val())


def _uplink_transport(message: Any, parse: Any) -> nas.ULNASTransport:
    request_type = half(message, "RequestType")
    return nas.ULNASTransport(
        pdu_session_id=_session_id(message),
        request_type=None if request_type is None else request_type & 7,
        snssai=_snssai(message),
        dnn=elements.dnn(octets(message, "DNN")),
        message=_sm_message(message, parse),
    )


def _downlink_transport(message: Any, parse: Any) -> nas.DLNASTransport:
    return nas.DLNASTransport(_session_id(message), _sm_message(message, parse))


def _session_id(message: Any) -> int | None:
    value = octets(message, "PDUSessID")
    return value[0] if value else None


def _snssai(message: Any) -> Snssai | None:
    value = octets(message, "SNSSAI")
    return None if value is None else elements.snssai(value)


def _sm_message(message: Any, parse: Any) -> nas.SMMessage | None:
    container = octets(message, "PayloadContainer")
    if half(message, "PayloadContainerType") != N1_SM or container is None:
        return None
    inner = parse(container)
    header = inner["5GSMHeader"]
    session_id: int = header["PDUSessID"].get_val()
    match header["Type"].get_val():
        case 193:
            session_type = half(inner, "PDUSessType")
            return nas.PDUSessionEstablishmentRequest(
                session_id, None if session_type is None else session_type & 7
            )
        case 194:
            return _establishment_accept(inner, session_id)
        case 195:
            cause = (octets(inner, "5GSMCause") or b"\0")[0]
            return nas.PDUSessionEstablishmentReject(session_id, cause)
        case kind:
            return nas.OtherSM(session_id, kind)


def _establishment_accept(inner: Any, session_id: int) -> nas.PDUSessionEstablishmentAccept:
    """PDU address, TS 24.501 9.11.4.10: type, then interface identifier and/or IPv4 address."""
    address = octets(inner, "PDUAddress") or b"\0"
    kind, value = address[0] & 7, address[1:]
    ipv4 = {1: value[:4], 3: value[8:12]}.get(kind, b"")
    interface_id = value[:8] if kind in (2, 3) else b""
    return nas.PDUSessionEstablishmentAccept(
        pdu_session_id=session_id,
        session_type=(half(inner, "PDUSessType") or 0) & 7,
        ipv4=ipv4 if len(ipv4) == 4 else None,
        interface_id=interface_id if len(interface_id) == 8 else None,
        snssai=_snssai(inner),
        dnn=elements.dnn(octets(inner, "DNN")),
        multi_access=not inner["ATSSSContainer"].get_trans(),
    )


# Message types of TS 24.501, table 9.7.1.
_READERS: dict[int, Callable[[Any, Any], nas.NASMessage]] = {
    65: _registration_request,
    66: _registration_accept,
    67: _registration_complete,
    68: _registration_reject,
    69: _deregistration,
    70: _deregistration,
    71: _deregistration,
    72: _deregistration,
    76: _service_request,
    86: _authentication,
    87: _authentication,
    88: _authentication,
    89: _authentication,
    90: _authentication,
    91: _identity_request,
    92: _identity_response,
    93: _security_mode_command,
    94: _security_mode_complete,
    103: _uplink_transport,
    104: _downlink_transport,
}
