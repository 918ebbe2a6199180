"""Target identifiers: from X1's names to those of the IRI (TS 33.128 V19.7.0, 5.5.5).

X1 and the X2 attributes 17 and 18 name an identifier by its element in TS 103 221-1; the IRI wants
the TargetIdentifier CHOICE of the TS 33.128 module. What has no counterpart there is reported as
unmapped and counted by the caller.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from ipaddress import IPv4Address, IPv6Address
from typing import Any

from lxml import etree

from custodes.base.errors import DecodeError

Identifier = tuple[str, Any]

MATCHED_ON = "matchedOn"
OTHER = "other"
OBSERVED = "observed"
LEA_PROVIDED = "lEAProvided"


def _mac(text: str) -> bytes:
    return bytes.fromhex(text.replace(":", "").replace("-", ""))


_FROM_X1: Mapping[str, Callable[[str], Identifier]] = {
    "supiimsi": lambda text: ("sUPI", ("iMSI", text)),
    "supinai": lambda text: ("sUPI", ("nAI", text)),
    "gpsiMsisdn": lambda text: ("gPSI", ("mSISDN", text)),
    "gpsiNai": lambda text: ("gPSI", ("nAI", text)),
    "peiImei": lambda text: ("pEI", ("iMEI", text)),
    "peiImeiCheckDigit": lambda text: ("pEI", ("iMEI", text[:14])),
    "peiImeisv": lambda text: ("pEI", ("iMEISV", text)),
    "imsi": lambda text: ("iMSI", text),
    "imei": lambda text: ("iMEI", text),
    "nai": lambda text: ("nAI", text),
    "e164Number": lambda text: ("e164Number", text),
    "emailAddress": lambda text: ("emailAddress", text),
    "sipUri": lambda text: ("iMPU", ("sIPURI", text)),
    "telUri": lambda text: ("iMPU", ("tELURI", text)),
    "impi": lambda text: ("iMPI", text),
    "ipv4Address": lambda text: ("iPv4Address", IPv4Address(text).packed),
    "ipv6Address": lambda text: ("iPv6Address", IPv6Address(text).packed),
    "macAddress": lambda text: ("ethernetAddress", _mac(text)),
}

SUPPORTED = frozenset(_FROM_X1)

# Fields of a record that are identifiers, by the record's own names.
_OBSERVABLE = ("sUPI", "pEI", "gPSI", "iMSI", "iMEI", "mSISDN")
_ENDPOINTS = ("iPv4Address", "iPv6Address", "ethernetAddress")


def from_x1(name: str, text: str) -> Identifier | None:
    """The TargetIdentifier of one X1 identifier, or None where the IRI has no such alternative."""
    convert = _FROM_X1.get(name)
    if convert is None:
        return None
    try:
        return convert(text.strip())
    except ValueError:
        raise DecodeError(f"the value of a target identifier {name} is not one") from None


def from_xml(fragment: str) -> Identifier | None:
    """From attribute 17 or 18: one X1 identifier element, alone or inside targetIdentifier."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        element = etree.fromstring(fragment.encode(), parser)
    except (etree.XMLSyntaxError, ValueError):
        raise DecodeError("a target identifier attribute is not XML") from None
    if etree.QName(element).localname == "targetIdentifier":
        children = [child for child in element if isinstance(child.tag, str)]
        if len(children) != 1:
            raise DecodeError("a target identifier attribute holds no single identifier")
        element = children[0]
    return from_x1(etree.QName(element).localname, element.text or "")


def observed(event: Mapping[str, Any]) -> list[Identifier]:
    """The identifiers that stand in the record itself."""
    found: list[Identifier] = [(name, event[name]) for name in _OBSERVABLE if name in event]
    endpoints = event.get("uEEndpoint")
    if isinstance(endpoints, list):
        found += [(name, value) for name, value in endpoints if name in _ENDPOINTS]
    return found


def listed(groups: Iterable[tuple[str, Iterable[Identifier]]]) -> list[dict[str, Any]]:
    """IRITargetIdentifier values, each identifier and provenance once, in the order given."""
    entries: list[dict[str, Any]] = []
    for provenance, identifiers in groups:
        for identifier in identifiers:
            entry = {"identifier": identifier, "provenance": provenance}
            if entry not in entries:
                entries.append(entry)
    return entries
