"""A small scene for the tests of mediation: two agencies, one subject, product of a test PLMN."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from custodes.base.ids import CIN, DID, LIID, XID
from custodes.wire.iri.payload import encode_xiri
from custodes.wire.x2x3.attributes import (
    IPID,
    NFID,
    Attribute,
    MatchedTargetIdentifier,
    OtherTargetIdentifier,
    SequenceNumber,
    Timestamp,
)
from custodes.wire.x2x3.pdu import PDU, PayloadDirection, PayloadFormat, PDUType

START = datetime(2030, 1, 1, tzinfo=UTC)
NS = 1_893_456_000_123_456_789
X = XID(UUID(int=1))
A, B = LIID("A-1"), LIID("B-1")
DA, DB = DID(UUID(int=10)), DID(UUID(int=11))
IMSI = "001010000000001"
SOURCE = "amf"
SOURCES = frozenset({SOURCE})
PLMN = {"mCC": "001", "mNC": "01"}
CELL = {"pLMNID": PLMN, "nRCellID": (0x10, 36)}
LOCATION = {
    "locationInfo": {
        "userLocation": {"nRLocation": {"tAI": {"pLMNID": PLMN, "tAC": b"\0\0\1"}, "nCGI": CELL}}
    }
}
REGISTRATION: tuple[str, Any] = (
    "registration",
    {
        "registrationType": "initial",
        "registrationResult": "threeGPPAccess",
        "sUPI": ("iMSI", IMSI),
        "gUTI": {
            "mCC": "001",
            "mNC": "01",
            "aMFRegionID": 1,
            "aMFSetID": 1,
            "aMFPointer": 0,
            "fiveGTMSI": 1,
        },
        "location": LOCATION,
    },
)
FTEID = {"tEID": 7, "iPv4Address": bytes([192, 0, 2, 9])}
ESTABLISHMENT: tuple[str, Any] = (
    "pDUSessionEstablishment",
    {
        "sUPI": ("iMSI", IMSI),
        "pDUSessionID": 1,
        "gTPTunnelID": FTEID,
        "pDUSessionType": "iPv4",
        "uEEndpoint": [("iPv4Address", bytes([198, 51, 100, 7]))],
        "location": LOCATION,
        "dNN": "internet",
        "requestType": "initialRequest",
        "gTPTunnelInfo": {"fiveGSGTPTunnels": {"uLNGUUPTunnelInformation": FTEID}},
    },
)
INNER = bytes.fromhex("4500001400000000400100000a000001") + bytes([192, 0, 2, 1])
GTPU = b"\x30\xff" + len(INNER).to_bytes(2, "big") + b"\0\0\0\7" + INNER


class Clock:
    """A clock that tests move."""

    def __init__(self, now: datetime = START) -> None:
        self.wall, self.ticks = now, 100.0

    def now(self) -> datetime:
        return self.wall

    def now_ns(self) -> int:
        return int(self.wall.timestamp()) * 1_000_000_000

    def monotonic(self) -> float:
        return self.ticks

    def pass_(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.ticks += seconds


class MemoryStore:
    """custodes.functions.mdf.ports.CorrelationStore in memory."""

    def __init__(self) -> None:
        self.cins: dict[tuple[LIID, object], CIN] = {}
        self.numbers: dict[str, int] = {}

    def cin(self, liid: LIID, xid: XID, correlation: int) -> CIN:
        return self.cins.setdefault((liid, (xid, correlation)), CIN(len(self.cins) + 1))

    def new_cin(self, liid: LIID) -> CIN:
        return self.cins.setdefault((liid, object()), CIN(len(self.cins) + 1))

    def next_numbers(self, stream: str) -> int:
        return self.numbers.get(stream, 0)

    def reserve(self, stream: str, end: int) -> None:
        self.numbers[stream] = end


def x2(event: tuple[str, Any] = REGISTRATION, **changes: Any) -> PDU:
    fields: dict[str, Any] = {
        "type": PDUType.X2,
        "payload_format": PayloadFormat.TS_33_128,
        "payload_direction": PayloadDirection.FROM_TARGET,
        "xid": X.value,
        "correlation_id": 0 if event[0] == "registration" else 77,
        "attributes": attributes(),
        "payload": changes.pop("payload", None) or encode_xiri(event),
    }
    return PDU(**(fields | changes))


def x3(**changes: Any) -> PDU:
    fields: dict[str, Any] = {
        "type": PDUType.X3,
        "payload_format": PayloadFormat.GTP_U,
        "payload_direction": PayloadDirection.FROM_TARGET,
        "xid": X.value,
        "correlation_id": 77,
        "attributes": attributes(),
        "payload": GTPU,
    }
    return PDU(**(fields | changes))


def attributes(number: int = 0) -> tuple[Attribute, ...]:
    return (
        NFID(b"amf.example.org"),
        IPID(b"poi-1"),
        SequenceNumber(number),
        Timestamp(NS),
        MatchedTargetIdentifier(f"<supiimsi>{IMSI}</supiimsi>"),
        OtherTargetIdentifier("<gpsiMsisdn>491700000000</gpsiMsisdn>"),
    )
