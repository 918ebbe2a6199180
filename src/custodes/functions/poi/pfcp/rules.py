"""PDRs and FARs (3GPP TS 29.244, clauses 7.5.2.2, 7.5.2.3, 7.5.4.2, 7.5.4.3)."""

from __future__ import annotations

from dataclasses import dataclass

from custodes.functions.poi.pfcp import tlv, values
from custodes.functions.poi.signalling.values import Tunnel

FORWARD = 2  # bit FORW of Apply Action, clause 8.2.26


@dataclass(frozen=True, slots=True)
class PDR:
    """A packet detection rule; what an update leaves out is None."""

    pdr_id: int
    precedence: int | None
    source_interface: int | None
    f_teid: values.FTEID | None
    network_instance: str | None
    ue_addresses: tuple[bytes, ...]
    outer_header_removal: int | None
    far_id: int | None


@dataclass(frozen=True, slots=True)
class FAR:
    """A forwarding action rule; ``tunnel`` is where it sends packets by GTP-U.

    ``forwards`` is None where the message does not say: an update leaves out what stays.
    """

    far_id: int
    forwards: bool | None
    destination_interface: int | None
    tunnel: Tunnel | None


@dataclass(frozen=True, slots=True)
class CreatedPDR:
    """The F-TEID that the UPF chose (clause 7.5.3.2)."""

    pdr_id: int
    f_teid: values.FTEID | None


def read_pdr(octets: bytes) -> PDR | None:
    """Create PDR or Update PDR; None without its mandatory PDR ID."""
    ies = tlv.parse_ies(octets)
    pdr_id = values.integer(tlv.first(ies, tlv.PDR_ID), 2)
    if pdr_id is None:
        return None
    pdi = tlv.parse_ies(tlv.first(ies, tlv.PDI) or b"")
    return PDR(
        pdr_id=pdr_id,
        precedence=values.integer(tlv.first(ies, tlv.PRECEDENCE), 4),
        source_interface=values.interface(tlv.first(pdi, tlv.SOURCE_INTERFACE)),
        f_teid=values.f_teid(tlv.first(pdi, tlv.F_TEID)),
        network_instance=values.network_instance(tlv.first(pdi, tlv.NETWORK_INSTANCE)),
        ue_addresses=tuple(
            address
            for octets in tlv.every(pdi, tlv.UE_IP_ADDRESS)
            for address in values.ue_ip_address(octets)
        ),
        outer_header_removal=values.integer(tlv.first(ies, tlv.OUTER_HEADER_REMOVAL), 1),
        far_id=values.integer(tlv.first(ies, tlv.FAR_ID), 4),
    )


def read_far(octets: bytes) -> FAR | None:
    """Create FAR or Update FAR; None without its mandatory FAR ID."""
    ies = tlv.parse_ies(octets)
    far_id = values.integer(tlv.first(ies, tlv.FAR_ID), 4)
    if far_id is None:
        return None
    parameters = tlv.first(ies, tlv.FORWARDING_PARAMETERS)
    if parameters is None:
        parameters = tlv.first(ies, tlv.UPDATE_FORWARDING_PARAMETERS)
    inner = tlv.parse_ies(parameters or b"")
    action = values.integer(tlv.first(ies, tlv.APPLY_ACTION), 1)
    return FAR(
        far_id=far_id,
        forwards=None if action is None else bool(action & FORWARD),
        destination_interface=values.interface(tlv.first(inner, tlv.DESTINATION_INTERFACE)),
        tunnel=values.outer_header_creation(tlv.first(inner, tlv.OUTER_HEADER_CREATION)),
    )


def read_created_pdr(octets: bytes) -> CreatedPDR | None:
    ies = tlv.parse_ies(octets)
    pdr_id = values.integer(tlv.first(ies, tlv.PDR_ID), 2)
    if pdr_id is None:
        return None
    return CreatedPDR(pdr_id, values.f_teid(tlv.first(ies, tlv.F_TEID)))
