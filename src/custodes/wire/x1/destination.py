"""Destinations: where product is delivered (TS 103 221-1 clauses 6.3.1.2 and 6.4.3.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import ClassVar

from custodes.base.ids import DID
from custodes.wire.x1 import common, names
from custodes.wire.x1.errors import X1EncodeError
from custodes.wire.x1.extension import Extension
from custodes.wire.x1.fault import ErrorInformation
from custodes.wire.x1.fields import (
    Choice,
    Item,
    Sequence,
    arm,
    listing,
    many,
    one,
    optional,
    sequence,
)
from custodes.wire.x1.simple import enumeration
from custodes.wire.x1.task import DELIVERY_TYPE, DeliveryType


class DestinationDeliveryStatus(StrEnum):
    ACTIVE_AND_WORKING = "activeAndWorking"
    DELIVERY_FAULT = "deliveryFault"


@dataclass(frozen=True, slots=True)
class IPAddress(Choice):
    """TS 103 280: IPv6 is written in full, 8 groups of 4 lower-case digits."""

    NAMESPACE = names.COMMON
    ARMS: ClassVar[Mapping[str, Item]] = {
        "IPv4Address": arm(common.IPV4_ADDRESS),
        "IPv6Address": arm(common.IPV6_ADDRESS),
    }


@dataclass(frozen=True, slots=True)
class Port(Choice):
    NAMESPACE = names.COMMON
    ARMS: ClassVar[Mapping[str, Item]] = {
        "TCPPort": arm(common.TCP_PORT),
        "UDPPort": arm(common.UDP_PORT),
    }


@sequence
class IPAddressPort(Sequence):
    NAMESPACE: ClassVar[str] = names.COMMON
    address: IPAddress = one(IPAddress)
    port: Port = one(Port)


@dataclass(frozen=True, slots=True)
class DeliveryAddress(Choice):
    ARMS: ClassVar[Mapping[str, Item]] = {
        "ipAddressAndPort": arm(IPAddressPort),
        "e164Number": arm(common.INTERNATIONAL_E164),
        "uri": arm(common.ANY_URI),
        "emailAddress": arm(common.EMAIL_ADDRESS),
    }


@sequence
class DestinationDetails(Sequence):
    dId: DID = one(common.D_ID)
    friendlyName: str | None = optional(common.STRING)
    deliveryType: DeliveryType = one(DELIVERY_TYPE)
    deliveryAddress: DeliveryAddress = one(DeliveryAddress)
    destinationDetailsExtensions: tuple[Extension, ...] = many(Extension)


@sequence
class DestinationStatus(Sequence):
    destinationDeliveryStatus: DestinationDeliveryStatus = one(
        enumeration("DestinationDeliveryStatus", DestinationDeliveryStatus)
    )
    listOfFaults: tuple[ErrorInformation, ...] = listing("unresolvedFault", ErrorInformation)


@sequence
class DestinationResponseDetails(Sequence):
    destinationDetails: DestinationDetails = one(DestinationDetails)
    destinationStatus: DestinationStatus = one(DestinationStatus)


def ip_delivery(host: str, port: int) -> DeliveryAddress:
    """An IP address and a TCP port as a delivery address; X1EncodeError for no IP address."""
    try:
        address = ip_address(host)
    except ValueError:
        raise X1EncodeError("the delivery address is not an IP address") from None
    if isinstance(address, IPv4Address):
        written = IPAddress("IPv4Address", str(address))
    else:
        written = IPAddress("IPv6Address", address.exploded)
    value = IPAddressPort(address=written, port=Port("TCPPort", port))
    return DeliveryAddress("ipAddressAndPort", value)


def ip_endpoint(address: DeliveryAddress) -> tuple[str, int] | None:
    """Canonical host and TCP port, or None where the address is of another type."""
    value = address.value
    if not isinstance(value, IPAddressPort) or value.port.name != "TCPPort":
        return None
    if value.address.name == "IPv6Address":
        return str(IPv6Address(value.address.value)), value.port.value
    try:
        return str(IPv4Address(value.address.value)), value.port.value
    except ValueError:  # the schema's pattern allows leading zeros and empty numbers
        return None
