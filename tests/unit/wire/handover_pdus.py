"""PS-PDUs that several tests share: every field of the header, every kind of payload."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from iri_records import ESTABLISHMENT

from custodes.base.ids import CIN, LIID
from custodes.wire.handover.cc import TS33128_CC, CCItem
from custodes.wire.handover.direction import PayloadDirection
from custodes.wire.handover.encryption import (
    EncryptedPayloadType,
    EncryptionContainer,
    EncryptionType,
)
from custodes.wire.handover.integrity import (
    CheckType,
    DataType,
    HashAlgorithm,
    IntegrityCheck,
    SignatureAlgorithm,
)
from custodes.wire.handover.iri import TS33128_IRI, IRIItem
from custodes.wire.handover.operator_message import OperatorLeaMessage, OperatorLeaMessagePriority
from custodes.wire.handover.options import PDU_ACKNOWLEDGEMENT, OptionRequest, OptionResponse
from custodes.wire.handover.pdu import (
    HI1,
    HI4,
    KEEP_ALIVE,
    KEEP_ALIVE_RESPONSE,
    PSPDU,
    TRI,
    CCs,
    IRIs,
)
from custodes.wire.handover.psheader import PSHeader
from custodes.wire.handover.times import TimeStampQualifier
from custodes.wire.iri.payload import encode_cc, encode_iri, li_notification
from custodes.wire.iri.rules import IRIType

HEADER = PSHeader(
    liid=LIID("ZZ-LAB-0001"),
    authorizationCountryCode="ZZ",
    operatorIdentifier=b"99970",
    networkElementIdentifier=b"smf",
    cin=CIN(0xFFFF_FFFF),
    deliveryCountryCode="ZZ",
    sequenceNumber=0xFFFF_FFFF,
    timestamp=1_767_225_600_123_456_000,
    timeStampQualifier=TimeStampQualifier.INTERCEPTION,
    interceptionPointID="poi-1",
    extendedInterceptionPointID=b"smf.poi",
    networkFunctionIdentifier=b"smf",
)
IRI = IRIItem(
    contents=(TS33128_IRI, encode_iri(ESTABLISHMENT)),
    type=IRIType.BEGIN,
    timestamp=HEADER.timestamp,
    timeStampQualifier=TimeStampQualifier.INTERCEPTION,
    sessionDirection=PayloadDirection.TO_TARGET,
    payloadDirection=PayloadDirection.NOT_APPLICABLE,
)
CC = CCItem(
    contents=(TS33128_CC, encode_cc(("uPFCCPDU", bytes(200)))),
    payloadDirection=PayloadDirection.FROM_TARGET,
    timestamp=HEADER.timestamp,
    timeStampQualifier=TimeStampQualifier.MEDIATION,
)
NOTIFICATION = li_notification(
    "activation",
    target=("sUPI", ("iMSI", "001010000000001")),
    delivery=[{"hI2DeliveryIPAddress": ("iPv4Address", b"\xc0\x00\x02\x01")}],
    start=datetime(2026, 1, 1, tzinfo=UTC),
    end=datetime(2026, 2, 1, 12, 30, 1, 500000, tzinfo=UTC),
)
BARE = replace(HEADER, cin=None, timestamp=None, timeStampQualifier=None)
HASH = IntegrityCheck(
    includedSequenceNumbers=(1, 2, 0xFFFF_FFFF),
    checkType=CheckType.HASH,
    dataType=DataType.IRI,
    checkValue=bytes(32),
    hashAlgorithm=HashAlgorithm.SHA_256,
)
SIGNATURE = IntegrityCheck(
    includedSequenceNumbers=(3,),
    checkType=CheckType.SIGNATURE,
    dataType=DataType.CC,
    checkValue=bytes.fromhex("3006020101020101"),
    signatureAlgorithm=SignatureAlgorithm.ECDSA,
)
ALARM = {
    "domainID": (0, 4, 0, 2, 2, 0, 1, 6),
    "communicationIdentifier": {"network-Identifier": {"operator-Identifier": b"99970"}},
    "timeStamp": ("utcTime", "260101000000Z"),
    "alarm-information": b"delivery is late",
    "national-HI1-ASN1parameters": {"countryCode": "ZZ"},
}
ENCRYPTED = EncryptionContainer(
    encryptionType=EncryptionType.AES_256_CBC,
    encryptedPayload=bytes(range(32)),
    encryptedPayloadType=EncryptedPayloadType.PART1,
)
PLAIN_TRI = (
    "testPDU",
    "firstSegmentFlag",
    "lastSegmentFlag",
    "cINReset",
    "optionComplete",
    "pDUAcknowledgementRequest",
    "pDUAcknowledgementResponse",
)
PDUS = {
    "iri": PSPDU(HEADER, IRIs((IRI, replace(IRI, type=IRIType.END)))),
    "cc": PSPDU(HEADER, CCs((CC, CC))),
    "keep-alive": PSPDU(BARE, KEEP_ALIVE),
    "keep-aliveResponse": PSPDU(BARE, KEEP_ALIVE_RESPONSE),
    "padding": PSPDU(BARE, TRI(("paddingPDU", bytes(3)))),
    "integrity": PSPDU(BARE, TRI(("integrityCheck", HASH))),
    "signature": PSPDU(BARE, TRI(("integrityCheck", SIGNATURE))),
    "operator-message": PSPDU(
        BARE,
        TRI(
            (
                "operatorLeaMessage",
                OperatorLeaMessage(
                    messagePriority=OperatorLeaMessagePriority.ERROR, message=b"delivery is late"
                ),
            )
        ),
    ),
    "option-request": PSPDU(
        BARE, TRI(("optionRequest", OptionRequest(requestedOptions=(PDU_ACKNOWLEDGEMENT,))))
    ),
    "option-response": PSPDU(
        BARE, TRI(("optionResponse", OptionResponse(declinedOptions=(PDU_ACKNOWLEDGEMENT,))))
    ),
    **{name: PSPDU(BARE, TRI((name, None))) for name in PLAIN_TRI},
    "hi1": PSPDU(BARE, HI1(("alarms-indicator", ALARM))),
    "encrypted": PSPDU(BARE, ENCRYPTED),
    "hi4": PSPDU(BARE, HI4((NOTIFICATION,))),
}
