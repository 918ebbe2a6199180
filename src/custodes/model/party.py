"""Who is who: a party is a certificate's key, a name and one role. No role, no access."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a certificate may be used for; each interface names the roles it admits."""

    ADMF = "admf"
    X1GATE = "x1gate"
    ELEMENT = "element"
    MDF = "mdf"
    LEMF = "lemf"
    OFFICER = "officer"
    ADMINISTRATOR = "administrator"
    MONITOR = "monitor"


@dataclass(frozen=True, slots=True)
class Party:
    """An enrolled party.

    ``name`` is its identifier (for X1 the admfIdentifier or neIdentifier), ``fingerprint`` the
    SHA-256 of its certificate's SubjectPublicKeyInfo in lower-case hex, ``person`` the human
    behind an officer's key: two keys of one person are one person.
    """

    name: str
    role: Role
    fingerprint: str
    person: str = ""
