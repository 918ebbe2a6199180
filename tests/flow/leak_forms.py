"""Every form in which an identity could lie about, and a search for all of them in octets.

Forms of a number: its digits; TBCD (TS 29.002: two digits an octet, the first in the low half, an
odd number of them filled with F), also from the second digit on (as where the first shares its
octet with a type), and with the halves not swapped; the number as an integer; a digest of it
without a salt, which whoever can count finds again. Each of them plain, as hexadecimal, as base64
at each of three alignments, and percent-encoded; digits also as UTF-16 and as escapes of JSON, XML.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

_LEAST = 5  # octets: a shorter needle is found by chance
_DIGESTS: Mapping[str, Callable[[bytes], bytes]] = {
    "md5": lambda octets: hashlib.md5(octets, usedforsecurity=False).digest(),
    "sha1": lambda octets: hashlib.sha1(octets, usedforsecurity=False).digest(),
    "sha256": lambda octets: hashlib.sha256(octets).digest(),
}


@dataclass(frozen=True, slots=True)
class Found:
    """Which identity, in which form: never the identity itself."""

    name: str
    form: str


class Search:
    """``identities``: what it is called in a report -> its digits."""

    def __init__(self, identities: Mapping[str, str]) -> None:
        self._needles = {
            needle: Found(name, form)
            for name, digits in identities.items()
            for form, needle in forms(digits)
        }

    def __call__(self, octets: bytes) -> set[Found]:
        found = {one for needle, one in self._needles.items() if needle in octets}
        joined = octets.translate(None, b"\r\n")  # base64 is written in lines
        if len(joined) != len(octets):
            found |= {one for needle, one in self._needles.items() if needle in joined}
        return found


def forms(digits: str) -> Iterator[tuple[str, bytes]]:
    """Of the whole number, and of an IMSI without its country and without its network."""
    for what, part in (("", digits), (" without MCC", digits[3:]), (" without MNC", digits[5:])):
        for form, octets in _octets(part):
            for written, needle in _written(octets):
                if len(needle) >= _LEAST:
                    yield f"{form}{what}, {written}", needle
        yield f"UTF-16{what}, little-endian", part.encode("utf-16-le")
        yield f"UTF-16{what}, big-endian", part.encode("utf-16-be")
        yield f"escapes of JSON{what}", "".join(f"\\u{ord(d):04x}" for d in part).encode()
        yield f"escapes of XML{what}, decimal", "".join(f"&#{ord(d)};" for d in part).encode()
        yield f"escapes of XML{what}, hex", "".join(f"&#x{ord(d):x};" for d in part).encode()


def _octets(digits: str) -> Iterator[tuple[str, bytes]]:
    yield "digits", digits.encode()
    even = digits[: len(digits) // 2 * 2]
    yield "TBCD", _tbcd(even)
    if len(digits) % 2:
        yield "TBCD filled", _tbcd(digits + "F")
    rest = digits[1:]
    yield "TBCD from the second digit", _tbcd(rest[: len(rest) // 2 * 2])
    yield "BCD", bytes.fromhex(even)
    number = int(digits)
    length = (number.bit_length() + 7) // 8
    yield "integer, big-endian", number.to_bytes(length, "big")
    yield "integer, little-endian", number.to_bytes(length, "little")
    for name, digest in _DIGESTS.items():
        yield name, digest(digits.encode())
        yield f"{name} of imsi-", digest(f"imsi-{digits}".encode())


def _tbcd(digits: str) -> bytes:
    return bytes(int(digits[at + 1] + digits[at], 16) for at in range(0, len(digits), 2))


def _written(octets: bytes) -> Iterator[tuple[str, bytes]]:
    yield "plain", octets
    yield "hex", octets.hex().encode()
    yield "hex in capitals", octets.hex().upper().encode()
    yield "URL", "".join(f"%{o:02x}" for o in octets).encode()
    yield "URL in capitals", "".join(f"%{o:02X}" for o in octets).encode()
    for shift in range(3):
        whole = (shift + len(octets)) * 8 // 6  # the last character may hold what follows too
        first = -(-shift * 8 // 6)
        yield f"base64 at {shift}", base64.b64encode(bytes(shift) + octets)[first:whole]
        yield f"base64url at {shift}", base64.urlsafe_b64encode(bytes(shift) + octets)[first:whole]
