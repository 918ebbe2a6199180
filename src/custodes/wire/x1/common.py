"""Simple types of ETSI TS 103 280 (schema V2.15.1) and of XML Schema that X1 uses."""

from __future__ import annotations

import re
from binascii import Error, unhexlify
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

from custodes.base.errors import DecodeError
from custodes.base.ids import DID, LIID, XID
from custodes.wire.x1.simple import Refusal, Simple, WhiteSpace, integer, pattern, text

_UUID = re.compile(r"[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}")
_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6})"
    r"(Z|([+-])([0-9]{2}):([0-9]{2}))"
)
# Spaces may stand in it: XML Schema escapes them before it looks (and collapses them around it).
_URI = re.compile(
    r"(?:[A-Za-z][A-Za-z0-9+.-]*:|(?![^/?#]*:))"
    r"(?://(?:(?:[^/?#%@\[\]]|%[0-9A-Fa-f]{2})*@)?"
    r"(?:\[[^\]]*\]|(?:[^/?#%:@\[\]]|%[0-9A-Fa-f]{2})*)(?::0*[0-9]{1,8})?(?=[/?#]|\Z)"
    r"|(?!//))"
    r"(?:[^?#%\[\]]|%[0-9A-Fa-f]{2})*"
    r"(?:\?(?:[^#%\[\]]|%[0-9A-Fa-f]{2})*)?"
    r"(?:#(?:[^#%]|%[0-9A-Fa-f]{2})*)?"
)


def _uuid(value: str) -> UUID:
    if not _UUID.fullmatch(value):
        raise Refusal("is not a lower-case UUID")
    return UUID(value)


def _liid(value: str) -> LIID:
    try:
        return LIID(value)
    except DecodeError as error:
        raise Refusal(f"is no LIID: {error.what}") from None


def _moment(value: str) -> datetime:
    found = _TIME.fullmatch(value)
    if not found:
        raise Refusal("is not a date and time with 6 fractional digits and a zone")
    zone: timezone = UTC
    if found[2] != "Z":
        offset = timedelta(hours=int(found[4]), minutes=int(found[5]))
        if offset > timedelta(hours=14) or int(found[5]) > 59:
            raise Refusal("has a zone beyond 14 hours")
        zone = timezone(-offset if found[3] == "-" else offset)
    midnight = found[1].endswith("T24:00:00.000000")
    written = found[1].replace("T24", "T00") if midnight else found[1]
    try:
        moment = datetime.fromisoformat(written) + timedelta(days=int(midnight))
        return moment.replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refusal("is not a moment of the calendar") from None


def _stamp(value: datetime) -> str:
    if value.tzinfo is None:
        raise ValueError
    moment = value.astimezone(UTC).replace(tzinfo=None)
    return moment.isoformat(timespec="microseconds") + "Z"


def _boolean(value: str) -> bool:
    if value not in ("true", "false", "1", "0"):
        raise Refusal("is neither true nor false")
    return value in ("true", "1")


def _boolean_text(value: Any) -> str:
    if not isinstance(value, bool):
        raise TypeError
    return "true" if value else "false"


def _octets(value: str) -> bytes:
    try:
        return unhexlify(value)
    except (Error, ValueError):
        raise Refusal("is not an even number of hexadecimal digits") from None


def longer_octets(name: str, least: int) -> Simple:
    """hexBinary of at least so many octets."""

    def parse(value: str) -> bytes:
        octets = _octets(value)
        if len(octets) < least:
            raise Refusal(f"has fewer than {least} octets")
        return octets

    return Simple(name, parse, lambda value: bytes(value).hex())


def _wrapped(name: str, kind: type[XID] | type[DID]) -> Simple:
    return Simple(name, lambda value: kind(_uuid(value)), str)


UUID_TEXT = Simple("UUID", _uuid, str)
X_ID = _wrapped("XId", XID)
D_ID = _wrapped("DId", DID)
LIID_TEXT = Simple("LIID", _liid, str, WhiteSpace.REPLACE)
MICROSECOND_TIME = Simple("QualifiedMicrosecondDateTime", _moment, _stamp)
STRING = text("string")
TOKEN = text("token", space=WhiteSpace.COLLAPSE)
SHORT_STRING = text("ShortString", longest=255)
BOOLEAN = Simple("boolean", _boolean, _boolean_text)
INTEGER = integer("integer")
# Its own object: a reader takes note of codes that are none of the standard's.
ERROR_CODE = integer("integer")
UNSIGNED_INT = integer("unsignedInt", 0, 2**32 - 1)
UNSIGNED_LONG = integer("unsignedLong", 0, 2**64 - 1)
COUNT = integer("nonNegativeInteger", 0)
HEX_BINARY = Simple("hexBinary", _octets, lambda value: bytes(value).hex())
EMPTY = pattern("empty element", "", space=WhiteSpace.PRESERVE)
ANY_URI = pattern("anyURI", _URI.pattern, longest=2048)

_E164 = "[0-9]{1,15}"
_OCTET = "(25[0-5]|2[0-4][0-9]|[01]?[0-9]?[0-9])"
_V4 = rf"({_OCTET}\.){{3}}{_OCTET}"
_V6 = r"([0-9a-f]{4}:){7}([0-9a-f]{4})"
_LABEL = "[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_URI_CHARACTERS = r"[a-zA-Z0-9!#$&-;=?-\[\]_~%]+"

INTERNATIONAL_E164 = pattern("InternationalE164", _E164, expected="1 to 15 digits")
IMSI = pattern("IMSI", "[0-9]{6,15}", expected="6 to 15 digits")
SUPI_IMSI = pattern("SUPIIMSI", "[0-9]{6,15}", expected="6 to 15 digits")
IMEI = pattern("IMEI", "[0-9]{14}", expected="14 digits")
IMEI_CHECK_DIGIT = pattern("IMEICheckDigit", "[0-9]{15}", expected="15 digits")
IMEISV = pattern("IMEISV", "[0-9]{16}", expected="16 digits")
GPSI_MSISDN = pattern("GPSIMSISDN", _E164, expected="1 to 15 digits")
IPV4_ADDRESS = pattern("IPv4Address", _V4, expected="a dotted IPv4 address")
IPV6_ADDRESS = pattern("IPv6Address", _V6, expected="an IPv6 address of 8 groups of 4 digits")
IPV4_CIDR = pattern("IPv4CIDR", rf"{_V4}/([1-2]?[0-9]|3[0-2])")
IPV6_CIDR = pattern("IPv6CIDR", rf"{_V6}/(([1-9][0-9]?)|(1[0-1][0-9])|(12[0-8]))")
MAC_ADDRESS = pattern("MACAddress", "([a-f0-9]{2}:){5}[a-f0-9]{2}")
EUI_64 = pattern("EUI64", "([a-f0-9]{2}:){7}[a-f0-9]{2}")
EMAIL_ADDRESS = pattern(
    "EmailAddress",
    rf"[a-zA-Z0-9.!#$%&'*+\\/=?^_`{{|}}~-]+@{_LABEL}(\.{_LABEL})*",
    longest=255,
    space=WhiteSpace.PRESERVE,
)
INTERNATIONALIZED_EMAIL_ADDRESS = pattern(
    "InternationalizedEmailAddress",
    r"[^\n\r]+@[^\n\r]+",
    longest=255,
    space=WhiteSpace.PRESERVE,
)
SIP_URI = pattern("SIPURI", f"sips?:{_URI_CHARACTERS}")
TEL_URI = pattern("TELURI", f"tel:{_URI_CHARACTERS}")
H323_URI = pattern("H323URI", f"h323:{_URI_CHARACTERS}", longest=255, space=WhiteSpace.PRESERVE)
IMPU = pattern("IMPU", _URI_CHARACTERS, longest=255, space=WhiteSpace.PRESERVE)
# The schema's own lower bound excludes port 1 (minExclusive); carried over as it stands.
TCP_PORT = integer("TCPPort", 2, 65535)
UDP_PORT = integer("UDPPort", 0, 65535)
