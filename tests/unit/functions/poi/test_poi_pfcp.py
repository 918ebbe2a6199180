"""pfcp/: elements, rules and messages; structure decides what is PFCP."""

from __future__ import annotations

import struct

import pytest

from custodes.app import demo_nas as made
from custodes.functions.poi.pfcp import message as pfcp
from custodes.functions.poi.pfcp import tlv, values
from custodes.functions.poi.pfcp.rules import read_far
from custodes.functions.poi.pfcp.tlv import PFCPError
from custodes.functions.poi.signalling.values import Tunnel

UPF, V6 = bytes([198, 51, 100, 40]), b"\x20\x01" + bytes(14)
PHONE = made.Phone("001010000000001", "0010170000000101", 1, "203.0.113.11")
REQUEST = made.pfcp(
    50, 7, 0, made.session_establishment(PHONE, "192.0.2.30", 5, "198.51.100.40", 0x101)
)


def test_session_establishment_request() -> None:
    (message,) = pfcp.decode(REQUEST)
    assert (message.type, message.seid, message.sequence, message.pdn_type) == (50, 0, 7, 1)
    assert message.f_seid == values.FSEID(5, (bytes([192, 0, 2, 30]),))
    uplink, downlink = message.pdrs
    assert uplink.f_teid == values.FTEID((Tunnel(UPF, 0x101),))
    assert (uplink.source_interface, uplink.network_instance) == (values.ACCESS, "internet")
    assert (downlink.source_interface, downlink.ue_addresses) == (
        values.CORE,
        (bytes([203, 0, 113, 11]),),
    )
    assert [f.forwards for f in message.fars] == [True, False]


def test_update_far_names_the_ran_tunnel() -> None:
    (message,) = pfcp.decode(made.pfcp(52, 8, 9, made.downlink_tunnel("198.51.100.20", 0x201)))
    (far,) = message.fars
    assert far.tunnel == Tunnel(bytes([198, 51, 100, 20]), 0x201)
    assert far.destination_interface == values.ACCESS


def test_several_messages_in_a_datagram() -> None:
    first = bytes([REQUEST[0] | pfcp.FLAG_FOLLOW_ON]) + REQUEST[1:]
    assert len(pfcp.decode(first + REQUEST)) == 2
    with pytest.raises(PFCPError):
        pfcp.decode(first)


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        REQUEST[:-1],
        REQUEST + b"\0",
        b"\x41" + REQUEST[1:],
        REQUEST[:1] + b"\x63" + REQUEST[2:],
        made.pfcp(50, 1, 0, b"\0\x3c\0\x09\0"),
        made.pfcp(50, 1, 0, b"\0\x3c\0"),
        made.pfcp(50, 1, 0, made.ie(1, b"\0\x38\0\x09")),
        struct.pack(">BBH", 0x21, 50, 4) + bytes(4),
        struct.pack(">BBH", 0x20, 5, 2) + bytes(6),
    ],
)
def test_not_pfcp(octets: bytes) -> None:
    with pytest.raises(PFCPError):
        pfcp.decode(octets)


def test_every_cut_is_refused() -> None:
    for size in range(len(REQUEST)):
        with pytest.raises(PFCPError):
            pfcp.decode(REQUEST[:size])


def test_spare_bits_are_masked() -> None:
    assert values.interface(b"\xa1") == 1
    assert values.f_teid(b"\xf1" + bytes(4) + UPF) == values.FTEID((Tunnel(UPF, 0),))


def test_f_teid_forms() -> None:
    assert values.f_teid(b"\x05") == values.FTEID((), choose=True)
    assert values.f_teid(b"\x03\0\0\0\2" + UPF + V6) == values.FTEID(
        (Tunnel(UPF, 2), Tunnel(V6, 2))
    )
    assert values.f_teid(b"\x02\0\0\0\2" + UPF) is None
    assert values.f_teid(b"") is None


def test_f_seid_leaves_out_the_unspecified_address() -> None:
    assert values.f_seid(b"\x03" + bytes(7) + b"\1" + UPF + bytes(16)) == values.FSEID(1, (UPF,))
    assert values.f_seid(b"\x02" + bytes(8)) is None


def test_outer_header_creation_forms() -> None:
    assert values.outer_header_creation(b"\2\0\0\0\0\1" + V6) == Tunnel(V6, 1)
    assert values.outer_header_creation(b"\4\0" + UPF) is None
    assert values.outer_header_creation(b"\1\0\0\0") is None


def test_network_instance_forms() -> None:
    assert values.network_instance(b"\x03net\x02de") == "net.de"
    assert values.network_instance(b"internet") == "internet"
    assert values.network_instance(None) is None


def test_a_rule_without_its_id_is_none() -> None:
    assert read_far(made.ie(44, b"\2")) is None
    assert tlv.first(tlv.parse_ies(made.ie(9, b"x")), 8) is None
