"""Makes the vectors of the PS-PDU that pycrate writes, and the malformed ones.

    python tools/make_handover_vectors.py ../shared/standards [destination, default vectors]

Vectors of other makers that the files hold already stay in front, as they are. None of the codec
is used: pycrate and the published modules make the octets, and the values in the files are what
pycrate was given. Always the same files for the same modules.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from random import Random
from typing import Any

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(REPOSITORY / "tools"), str(REPOSITORY / "tests" / "conformance")]
from asn1_oracle import compiled, plain  # noqa: E402
from pycrate_core.utils import PycrateErr  # noqa: E402

from handover_malformed import malformed  # noqa: E402
from pycrate_values import DEEP, sample  # noqa: E402

SPEC = "ETSI TS 102 232-1, LI-PS-PDU version43"
MADE = "pycrate 0.8.1 with the published modules (tools/make_handover_vectors.py)"
VERIFIED = "custodes reads the same value (tests/unit/wire/test_wire_vectors.py)"
OPENED = {
    "HI1NotificationOperations", "Common-Parameters", "TS33128Payloads", "LI-PS-PDU",
    "IPAccessPDU.IPIRIPacketReport", "IPAccessPDU.PacketReport", "IPAccessPDU.PacketReportHeader",
    "HI2Operations.CommunicationIdentifier", "HI2Operations.LawfulInterceptionIdentifier",
    "HI2Operations.LocalTimeStamp", "HI2Operations.Network-Element-Identifier",
    "HI2Operations.Network-Identifier", "HI2Operations.TimeStamp",
}  # fmt: skip
"""Modules, and types, whose values the codec opens; of all others it keeps the element."""

NETWORK = {"operatorIdentifier": b"99970"}
BARE = {
    "li-psDomainId": (0, 4, 0, 2, 2, 5, 1, 43),
    "lawfulInterceptionIdentifier": b"ZZ-LAB-0001",
    "communicationIdentifier": {"networkIdentifier": NETWORK},
    "sequenceNumber": 0,
}
TIME = {"seconds": 1_767_225_600, "microSeconds": 123_456}
DELIVERED = BARE | {
    "authorizationCountryCode": "ZZ",
    "communicationIdentifier": {
        "networkIdentifier": NETWORK,
        "communicationIdentityNumber": 7,
        "deliveryCountryCode": "ZZ",
    },
    "sequenceNumber": 128,
    "microSecondTimeStamp": TIME,
    "timeStampQualifier": "timeOfInterception",
}
RELEASE = (4, 19, 19, 3)
IMSI = ("iMSI", "001010000000001")
MOMENT = ("2026", "01", "01", "00", "00", "00", None, "Z")
HASH = {
    "includedSequenceNumbers": [0, 127, 128, 0xFFFF_FFFF],
    "checkType": "hash",
    "dataType": "iRI",
    "checkValue": bytes(range(32)),
    "hashAlgorithm": "sHA-256",
}
SIGNATURE = {
    "includedSequenceNumbers": [1],
    "checkType": "signature",
    "dataType": "cC",
    "checkValue": bytes.fromhex("3006020101020101"),
    "signatureAlgorithm": "eCDSA",
}
OPTION = [("pDUAcknowledgement", 0)]
TRI = {
    "integrityCheck": HASH,
    "paddingPDU": bytes(5),
    "operatorLeaMessage": {"messagePriority": "informational", "message": b"maintenance"},
    "optionRequest": {"requestedOptions": OPTION},
    "optionResponse": {"acceptedOptions": OPTION, "declinedOptions": []},
}
NOTICE = {
    "domainID": (0, 4, 0, 2, 2, 0, 1, 6),
    "lawfulInterceptionIdentifier": b"ZZ-LAB-0001",
    "communicationIdentifier": {
        "communication-Identity-Number": b"7",
        "network-Identifier": {"operator-Identifier": b"99970"},
    },
    "timeStamp": (
        "localTime",
        {"generalizedTime": MOMENT, "winterSummerIndication": "winterTime"},
    ),
    "target-Information": b"001010000000001",
}
HI1 = {
    "liActivated": NOTICE,
    "liDeactivated": NOTICE | {"timeStamp": ("utcTime", ("26", "01", "01", "00", "00", "00", "Z"))},
    "liModified": NOTICE | {"national-HI1-ASN1parameters": {"countryCode": "ZZ"}},
    "alarms-indicator": {
        "timeStamp": ("utcTime", ("26", "01", "01", "00", "00", "00", "Z")),
        "alarm-information": b"delivery is late",
    },
    "national-HI1-ASN1parameters": {"countryCode": "ZZ"},
}
WORD = {"owner": "ZZ", "name": "service", "value": "all"}
HI4_NOTICE = {
    "activationTime": MOMENT,
    "deactivationTime": MOMENT,
    "targetIdentifiers": [
        (
            "targetIdentifierFormat",
            {"formatOwner": "ETSI", "formatName": "IMSI", "targetValue": "001010000000001"},
        )
    ],
    "serviceType": WORD,
    "targetIdentifierSubtype": WORD,
    "interceptType": "iriAndCc",
    "ownerIdentifier": "ZZ",
    "authorizationReference": "ZZ-1",
}


def notification(kind: str, **times: Any) -> tuple[str, Any]:
    inner = {"notificationType": kind, "appliedTargetID": ("sUPI", IMSI), **times}
    oid = (*RELEASE, 5)
    body = {"lINotificationPayloadOID": oid, "notification": ("lINotification", inner)}
    return "threeGPP-LI-Notification", body


class Maker:
    def __init__(self, standards: Path) -> None:
        module = compiled(standards / "etsi" / "asn1").LI_PS_PDU
        self.pdu = module.PS_PDU
        self.choices = {"iRI": module.IRIContents, "cC": module.CCContents}
        self.payload = module.Payload
        self.header = module.PSHeader
        self.made: list[dict[str, Any]] = []

    def add(
        self, name: str, payload: Any, header: Any = DELIVERED, clause: str = "annex A", **more: Any
    ) -> None:
        value = {"pSHeader": header, "payload": payload}
        self.pdu.set_val(value)
        octets = bytes(self.pdu.to_ber())
        self.made.append(
            {
                "name": f"made-{name}",
                "spec": SPEC,
                "clause": clause,
                "module": "LI-PS-PDU",
                "type": "PS-PDU",
                "hex": octets.hex(),
                "valid": True,
                "canonical": True,
                "made_by": MADE,
                "verified_by": VERIFIED,
                "value": self.json(self.pdu, value),
                **more,
            }
        )

    def json(self, kind: Any, value: Any) -> Any:
        """The value as the files have it: contents of foreign modules as octets."""
        if kind.TYPE == "NULL":
            return None
        if self._is_foreign(kind):
            kind.set_val(value)
            return bytes(kind.to_ber()).hex()
        if getattr(kind, "_const_cont", None) is not None:
            kind._const_cont.set_val(value[1])
            return bytes(kind._const_cont.to_ber()).hex()
        if isinstance(value, dict):
            return {name: self.json(kind._cont[name], inner) for name, inner in value.items()}
        if kind.TYPE in ("SEQUENCE OF", "SET OF"):
            return [self.json(kind._cont, inner) for inner in value]
        if kind.TYPE == "CHOICE":
            return [value[0], self.json(kind._cont[value[0]], value[1])]
        if kind.TYPE == "UTCTime":
            return "".join(value)
        value = plain(value)
        if isinstance(value, bytes):
            return value.hex()
        return list(value) if isinstance(value, tuple) else value

    @staticmethod
    def _is_foreign(kind: Any) -> bool:
        reference = getattr(kind, "_typeref", None)
        called = getattr(reference, "called", None)
        return bool(called) and called[0] not in OPENED and ".".join(called[:2]) not in OPENED

    def headers(self) -> None:
        tri = ("tRIPayload", ("keep-alive", 0))
        self.add("header-bare", tri, BARE, "5.2")
        extension = self.header._cont["communicationIdentifier"]._cont["cINExtension"]
        whole = DELIVERED | {
            "interceptionPointID": "poi-0001",
            "extendedInterceptionPointID": b"upf.poi",
            "networkFunctionIdentifier": b"upf",
            "communicationIdentifier": {
                "networkIdentifier": {
                    "operatorIdentifier": bytes(range(16)),
                    "networkElementIdentifier": b"upf",
                    "eTSI671NEID": ("dNS-Format", b"upf.example"),
                },
                "communicationIdentityNumber": 0xFFFF_FFFF,
                "deliveryCountryCode": "ZZ",
                "cINExtension": sample(extension, Random("header"), DEEP),  # noqa: S311
            },
            "sequenceNumber": 0xFFFF_FFFF,
        }
        self.add("header-whole", tri, whole, "5.2")
        self.add("header-liid-1", tri, BARE | {"lawfulInterceptionIdentifier": b"1"}, "5.2.2")
        self.add("header-liid-25", tri, BARE | {"lawfulInterceptionIdentifier": b"Z" * 25}, "5.2.2")
        octets = BARE | {"lawfulInterceptionIdentifier": bytes(range(13))}
        self.add("header-liid-octets", tri, octets, "5.2.2; TS 103 280 LIID")
        for qualifier in ("unknown", "timeOfMediation", "timeOfAggregation"):
            header = DELIVERED | {"timeStampQualifier": qualifier}
            self.add(f"header-{qualifier}", tri, header, "5.2.6")
        older = BARE | {"timeStamp": (*MOMENT[:6], "25", "Z")}
        self.add("header-timeStamp", tri, older, "5.2.6", canonical=False)
        padded = BARE | {"li-psDomainId": (0, 4, 0, 2, 2, 5, 1, 17, 0)}
        self.add("header-padded-domain", tri, padded, "5.2.1")

    def contents(self) -> None:
        """Each alternative of iRIContents and cCContents, and both sequences with several."""
        for which, kind in self.choices.items():
            for name in kind._cont:
                inner = kind._cont[name]
                nested = (
                    inner._cont if inner.TYPE == "CHOICE" and not self._is_foreign(inner) else ()
                )
                for below in nested or (None,):
                    random = Random(f"{which}/{name}/{below}")  # noqa: S311 - not a secret
                    value = sample(inner._cont[below] if below else inner, random, DEEP)
                    value = (below, value) if below else value
                    label = f"{which}-{name}" + (f"-{below}" if below else "")
                    self.add(label, self._items(which, [(name, value)]))
            older = {f"{which}Contents": (name, value), "timeStamp": MOMENT}
            payload = (f"{which}PayloadSequence", [older])
            self.add(f"{which}-timeStamp", payload, clause="5.2.6", canonical=False)
        values = [("threeGPP33128DefinedIRI", self._iri(number)) for number in range(4)]
        self.add("iRI-of-every-type", self._items("iRI", values), clause="5.2.10")
        values = [("threeGPP33128DefinedCC", self._cc(number)) for number in range(5)]
        self.add("cC-aggregated", self._items("cC", values), clause="6.2.3; TS 33.128 5.5.3")

    def _items(self, which: str, contents: list[tuple[str, Any]]) -> tuple[str, Any]:
        types = ("iRI-Begin", "iRI-Continue", "iRI-End", "iRI-Report")
        ways = ("fromTarget", "toTarget", "indeterminate", "combined", "notapplicable")
        items = []
        for number, value in enumerate(contents):
            item: dict[str, Any] = {f"{which}Contents": value, "payloadDirection": ways[number]}
            item["microSecondTimeStamp"] = TIME | {"microSeconds": number}
            item["timeStampQualifier"] = "timeOfInterception"
            if which == "iRI":
                item |= {"iRIType": types[number], "sessionDirection": ways[number]}
            items.append(item)
        return f"{which}PayloadSequence", items

    def _iri(self, number: int) -> tuple[str, Any]:
        names = (
            "pDUSessionEstablishment",
            "pDUSessionModification",
            "pDUSessionRelease",
            "deregistration",
        )
        contents = self.choices["iRI"]._cont["threeGPP33128DefinedIRI"]
        events = contents._const_cont._cont["event"]._cont
        random = Random(f"event {number}")  # noqa: S311 - not a secret
        event = names[number], sample(events[names[number]], random, DEEP)
        payload = {"iRIPayloadOID": (*RELEASE, 3), "event": event}
        payload["targetIdentifiers"] = [{"identifier": IMSI, "provenance": "matchedOn"}]
        return "IRIPayload", payload

    def _cc(self, number: int) -> tuple[str, Any]:
        pdu = ("uPFCCPDU", bytes((0x30, 0xFF, 0, number)))
        return "CCPayload", {"cCPayloadOID": (*RELEASE, 4), "pDU": pdu}

    def tri(self) -> None:
        for name in self.payload._cont["tRIPayload"]._cont:
            self.add(f"tRI-{name}", ("tRIPayload", (name, TRI.get(name, 0))), BARE)
        checks = {"signature": SIGNATURE}
        for algorithm, size in (("sHA-384", 48), ("sHA-512", 64)):
            checks[algorithm] = HASH | {"hashAlgorithm": algorithm, "checkValue": bytes(size)}
        checks["edDSA"] = SIGNATURE | {"signatureAlgorithm": "edDSA", "dataType": "iLHI"}
        for name, value in checks.items():
            payload = ("tRIPayload", ("integrityCheck", value))
            self.add(f"tRI-integrityCheck-{name}", payload, BARE, "7.2.3")
        early = {name: HASH[name] for name in HASH if name != "dataType"}
        legacy = {"sHA-1": HASH | {"hashAlgorithm": "sHA-1", "checkValue": bytes(20)}}
        legacy["dSA"] = SIGNATURE | {"signatureAlgorithm": "dSA"}
        for name, value in {"before-version5": early, **legacy}.items():
            payload = ("tRIPayload", ("integrityCheck", value))
            label = f"tRI-integrityCheck-{name}"
            self.add(label, payload, BARE, "7.2.3: read, not sent", canonical=False)

    def others(self) -> None:
        for name, value in HI1.items():
            self.add(f"hI1-{name}", ("hI1-Operation", (name, value)), BARE)
        kinds = self.payload._cont["encryptionContainer"]._cont
        for number, name in enumerate(kinds["encryptionType"]._cont):
            container: dict[str, Any] = {"encryptionType": name, "encryptedPayload": bytes(16)}
            if number:
                names = list(kinds["encryptedPayloadType"]._cont)
                container["encryptedPayloadType"] = names[number]
            self.add(f"encryption-{name}", ("encryptionContainer", container))
        for name in ("threeGPP-HI1-Operation", "iLHIPayload"):
            random = Random(name)  # noqa: S311 - not a secret
            self.add(name, (name, sample(self.payload._cont[name], random, DEEP)))
        clause = "annex A; TS 33.128 5.6.2"
        items = [
            notification("activation", appliedStartTime=MOMENT),
            notification("modification"),
            notification("deactivation", appliedEndTime=MOMENT),
        ]
        self.add("hI4-threeGPP-LI-Notification", ("hI4Payload", items), BARE, clause)
        for name in ("liActivated", "liDeactivated", "liModified"):
            item = ("hi4Notification", (name, HI4_NOTICE))
            self.add(f"hI4-hi4Notification-{name}", ("hI4Payload", [item]), BARE)

    def refuses(self, octets: bytes) -> bool:
        """Whether pycrate refuses a PS-PDU; where pycrate itself fails, it has judged nothing."""
        try:
            self.pdu.from_ber(octets)
        except PycrateErr:
            return True
        except IndexError:
            return False
        return False

    def all(self) -> list[dict[str, Any]]:
        self.headers()
        self.contents()
        self.tri()
        self.others()
        return self.made


def kept(name: str) -> list[dict[str, Any]]:
    """The vectors of other makers."""
    found = json.loads((REPOSITORY / "vectors" / name).read_text(encoding="utf-8"))
    return [vector for vector in found if not vector["name"].startswith(("made-", "malformed-"))]


def make(standards: Path) -> dict[str, str]:
    """File name -> its text."""
    maker = Maker(standards)
    made = {
        "handover_valid.json": maker.all(),
        "handover_invalid.json": malformed(SPEC, maker.refuses),
    }
    return {
        name: json.dumps(kept(name) + vectors, indent=1, ensure_ascii=False) + "\n"
        for name, vectors in made.items()
    }


def main() -> None:
    destination = Path(sys.argv[2]) if len(sys.argv) > 2 else REPOSITORY / "vectors"
    for name, text in make(Path(sys.argv[1])).items():
        (destination / name).write_text(text, encoding="utf-8")
        print(f"{name}: {text.count(chr(34) + 'name' + chr(34))} vectors")


if __name__ == "__main__":
    main()
