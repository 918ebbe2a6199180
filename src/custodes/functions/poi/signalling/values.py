"""Values that several interfaces share. Those that name a person never print what they hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


@dataclass(frozen=True, slots=True)
class Plmn:
    """Mobile country code (3 digits) and mobile network code (2 or 3 digits)."""

    mcc: str
    mnc: str


@dataclass(frozen=True, slots=True)
class Tunnel:
    """One end of a GTP-U tunnel: an address of 4 or 16 octets, and the TEID that it chose."""

    address: bytes
    teid: int


@dataclass(frozen=True, slots=True)
class Snssai:
    """Slice: service type, and differentiator of 3 octets (TS 23.003, 28.4.2)."""

    sst: int
    sd: bytes | None = None
    mapped_sst: int | None = None
    mapped_sd: bytes | None = None


@dataclass(frozen=True, slots=True)
class Tai:
    plmn: Plmn
    tac: bytes


@dataclass(frozen=True, slots=True)
class Amf:
    """Which AMF: region (8 bits), set (10 bits), pointer (6 bits), TS 23.003 2.10.1."""

    region: int
    set: int
    pointer: int


class Access(Enum):
    """The access that a user location speaks of (TS 38.413, 9.3.1.16)."""

    NR = "NR"
    EUTRA = "EUTRA"
    NON_3GPP = "non-3GPP"


@dataclass(frozen=True, slots=True)
class UserLocation:
    """``cell`` is the NR cell identity (36 bits) or the E-UTRA cell identity (28 bits)."""

    access: Access
    tai: Tai | None
    cell_plmn: Plmn | None
    cell: int | None


@dataclass(frozen=True, slots=True)
class Guti:
    plmn: Plmn
    amf: Amf
    tmsi: int = field(repr=False)


@dataclass(frozen=True, slots=True)
class Suci:
    """Subscription concealed identifier (TS 24.501, 9.11.3.4).

    ``supi_format`` 0 is IMSI; ``scheme`` 0 is the null scheme, whose ``output`` is the MSIN in
    BCD: only then the SUPI can be read.
    """

    supi_format: int
    plmn: Plmn
    routing_indicator: str
    scheme: int
    key_id: int
    output: bytes = field(repr=False)

    def imsi(self) -> str | None:
        """Digits of the IMSI where the SUCI does not conceal it."""
        if self.supi_format or self.scheme:
            return None
        msin = bcd(self.output)
        imsi = self.plmn.mcc + self.plmn.mnc + msin
        return imsi if imsi.isdigit() and 6 <= len(imsi) <= 15 else None


class PeiKind(Enum):
    IMEI = "iMEI"
    IMEISV = "iMEISV"


@dataclass(frozen=True, slots=True)
class Pei:
    """Permanent equipment identifier: 14 digits of an IMEI or 16 of an IMEISV."""

    kind: PeiKind
    digits: str = field(repr=False)


def plmn(octets: bytes) -> Plmn:
    """Three octets of TS 24.008 10.5.1.3; the caller gives exactly three."""
    a, b, c = octets
    mcc = f"{a & 15:x}{a >> 4:x}{b & 15:x}"
    mnc = f"{c & 15:x}{c >> 4:x}" + ("" if b >> 4 == 15 else f"{b >> 4:x}")
    return Plmn(mcc, mnc)


def bcd(octets: bytes) -> str:
    """Digits, low half octet first; a half octet 15 ends them."""
    text = "".join(f"{octet & 15:x}{octet >> 4:x}" for octet in octets)
    return text.split("f", 1)[0]
