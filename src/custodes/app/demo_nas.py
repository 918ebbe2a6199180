"""NAS and PFCP messages of the demo's capture (3GPP TS 24.501, TS 29.244). Encoders only.

The algorithms are 5G-EA0 and 128-5G-IA2; the message authentication codes are made up, as no
key exists.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from custodes.app.demo_packets import address

PLMN = bytes.fromhex("00f110")  # 001-01, the test network
TAC = bytes.fromhex("000001")
AMF_REGION, AMF_SET, AMF_POINTER = 1, 1, 0
DNN = b"\x08internet"
SESSION_ID = 5
SECURITY_CAPABILITY = bytes.fromhex("e0e0")


@dataclass(frozen=True, slots=True)
class Phone:
    """One subscriber: IMSI of 001-01, IMEISV of a test TAC, 5G-TMSI, UE address."""

    imsi: str
    imeisv: str
    tmsi: int
    address: str


def _bcd(digits: str) -> bytes:
    padded = digits + "f" * (len(digits) % 2)
    return bytes(int(padded[i + 1] + padded[i], 16) for i in range(0, len(padded), 2))


def _lv_e(octets: bytes) -> bytes:
    return struct.pack(">H", len(octets)) + octets


def protected(header: int, number: int, message: bytes) -> bytes:
    """Security header type ``header`` and a sequence number over a message (9.1.1)."""
    mac = struct.pack(">I", 0xC0DE0000 | header << 8 | number)
    return bytes([0x7E, header]) + mac + bytes([number]) + message


def registration_request(phone: Phone) -> bytes:
    """Initial registration by a SUCI of the null scheme."""
    suci = b"\x01" + PLMN + b"\xf0\xff\x00\x00" + _bcd(phone.imsi[5:])
    capability = b"\x10\x01\x00\x2e\x02" + SECURITY_CAPABILITY
    return b"\x7e\x00\x41\x79" + _lv_e(suci) + capability


def authentication_request(phone: Phone) -> bytes:
    rand = phone.tmsi.to_bytes(16)
    return b"\x7e\x00\x56\x00\x02\x00\x00\x21" + rand + b"\x20\x10" + bytes(6) + b"\x80" + bytes(9)


def authentication_response(phone: Phone) -> bytes:
    return b"\x7e\x00\x57\x2d\x10" + phone.tmsi.to_bytes(16)


def security_mode_command() -> bytes:
    message = b"\x7e\x00\x5d\x02\x00\x02" + SECURITY_CAPABILITY + b"\xe1\x36\x01\x00"
    return protected(3, 0, message)


def security_mode_complete(phone: Phone) -> bytes:
    digits = phone.imeisv
    identity = bytes([int(digits[0]) << 4 | 5]) + _bcd(digits[1:])
    message = b"\x7e\x00\x5e\x77" + _lv_e(identity)
    return protected(4, 0, message + b"\x71" + _lv_e(registration_request(phone)))


def registration_accept(phone: Phone) -> bytes:
    amf = struct.pack(">BH", AMF_REGION, AMF_SET << 6 | AMF_POINTER)
    guti = b"\xf2" + PLMN + amf + struct.pack(">I", phone.tmsi)
    message = b"\x7e\x00\x42\x01\x01\x77" + _lv_e(guti)
    message += b"\x54\x07\x00" + PLMN + TAC + b"\x15\x02\x01\x01" + b"\x5e\x01\x06"
    return protected(2, 1, message)


def registration_complete() -> bytes:
    return protected(2, 1, b"\x7e\x00\x43")


def session_request() -> bytes:
    """UL NAS transport with PDU Session Establishment Request, IPv4."""
    inner = bytes([0x2E, SESSION_ID, 1, 0xC1, 0xFF, 0xFF, 0x91])
    message = b"\x7e\x00\x67\x01" + _lv_e(inner) + bytes([0x12, SESSION_ID, 0x81])
    message += b"\x22\x01\x01" + b"\x25" + bytes([len(DNN)]) + DNN
    return protected(2, 2, message)


def session_accept(phone: Phone, qfi: int) -> bytes:
    """DL NAS transport with PDU Session Establishment Accept."""
    rule = bytes([1, 0, 6, 0x31, 0x31, 1, 1, 255, qfi])
    inner = bytes([0x2E, SESSION_ID, 1, 0xC2, 0x11]) + _lv_e(rule)
    inner += bytes.fromhex("060603e80603e8") + b"\x29\x05\x01" + address(phone.address)
    inner += b"\x22\x01\x01" + b"\x25" + bytes([len(DNN)]) + DNN
    message = b"\x7e\x00\x68\x01" + _lv_e(inner) + bytes([0x12, SESSION_ID])
    return protected(2, 2, message)


# PFCP


def ie(kind: int, *parts: bytes) -> bytes:
    value = b"".join(parts)
    return struct.pack(">HH", kind, len(value)) + value


def pfcp(kind: int, sequence: int, seid: int | None, *ies: bytes) -> bytes:
    header = b"" if seid is None else struct.pack(">Q", seid)
    body = header + (sequence << 8).to_bytes(4) + b"".join(ies)
    return struct.pack(">BBH", 0x20 | (seid is not None), kind, len(body)) + body


def node_id(text: str) -> bytes:
    return ie(60, b"\0", address(text))


def f_seid(seid: int, text: str) -> bytes:
    return ie(57, b"\x02", struct.pack(">Q", seid), address(text))


def session_establishment(phone: Phone, smf: str, seid: int, upf_n3: str, teid: int) -> bytes:
    """Elements of a Session Establishment Request: one PDR and one FAR each way."""
    f_teid = ie(21, b"\x01", struct.pack(">I", teid), address(upf_n3))
    uplink = ie(2, ie(20, b"\0"), f_teid, ie(22, b"internet"))
    downlink = ie(2, ie(20, b"\x01"), ie(93, b"\x06", address(phone.address)))
    return b"".join(
        (
            node_id(smf),
            f_seid(seid, smf),
            ie(1, _pdr(1), uplink, ie(95, b"\0"), _far(1)),
            ie(1, _pdr(2), downlink, _far(2)),
            ie(3, _far(1), ie(44, b"\x02"), ie(4, ie(42, b"\x01"))),
            ie(3, _far(2), ie(44, b"\x0c")),  # buffered until the RAN's tunnel is known
            ie(113, b"\x01"),
        )
    )


def downlink_tunnel(gnb_n3: str, teid: int) -> bytes:
    """Update FAR of a Session Modification Request."""
    creation = ie(84, b"\x01\x00", struct.pack(">I", teid), address(gnb_n3))
    return ie(10, _far(2), ie(44, b"\x02"), ie(11, ie(42, b"\0"), creation))


def accepted() -> bytes:
    return ie(19, b"\x01")


def recovery() -> bytes:
    return ie(96, struct.pack(">I", 3976592400))


def _pdr(number: int) -> bytes:
    return ie(56, struct.pack(">H", number)) + ie(29, struct.pack(">I", 255))


def _far(number: int) -> bytes:
    return ie(108, struct.pack(">I", number))
