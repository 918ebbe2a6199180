"""PS headers of one side (TS 102 232-1 clause 5.2; TS 33.128 V19.7.0, 5.5.1)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from custodes.base.errors import ConfigurationError
from custodes.base.ids import CIN, LIID
from custodes.wire.handover.psheader import PSHeader
from custodes.wire.handover.times import TimeStampQualifier
from custodes.wire.x2x3.attributes import IPID, NFID
from custodes.wire.x2x3.pdu import PDU

_LONGEST = 16
_KEEP_ALIVE = LIID("keep-alive")


@dataclass(frozen=True, slots=True)
class Origin:
    """Who sends: country (ISO 3166-1 alpha-2), operator and network element, 1 to 16 octets."""

    country: str
    operator: bytes
    element: bytes

    @classmethod
    def of(cls, country: str, operator: str, ne_identifier: str) -> Origin:
        if len(country) != 2 or not country.isalpha() or not country.isupper():
            raise ConfigurationError(f"country {country!r} is not two capital letters")
        for name, text in (("operator", operator), ("NE identifier", ne_identifier)):
            if not 1 <= len(text.encode()) <= _LONGEST:
                raise ConfigurationError(f"the {name} is not 1 to {_LONGEST} octets long")
        return cls(country, operator.encode(), ne_identifier.encode())

    def keep_alive(self) -> PSHeader:
        """The template of keep-alives, which belong to no interception."""
        return PSHeader(
            liid=_KEEP_ALIVE,
            authorizationCountryCode=self.country,
            operatorIdentifier=self.operator,
            networkElementIdentifier=self.element,
            sequenceNumber=0,
        )

    def header(
        self, liid: LIID, cin: CIN | None, number: int, ns: int, qualifier: TimeStampQualifier
    ) -> PSHeader:
        return replace(
            self.keep_alive(),
            liid=liid,
            cin=cin,
            deliveryCountryCode=self.country,
            sequenceNumber=number,
            timestamp=ns,
            timeStampQualifier=qualifier,
        )

    def product(self, pdu: PDU, liid: LIID, cin: CIN | None, number: int, ns: int) -> PSHeader:
        """Of product: the time of the xIRI or xCC, and where it was intercepted."""
        nfid, ipid = pdu.attribute(NFID), pdu.attribute(IPID)
        return replace(
            self.header(liid, cin, number, ns, TimeStampQualifier.INTERCEPTION),
            networkFunctionIdentifier=nfid.value if nfid and nfid.value else None,
            extendedInterceptionPointID=ipid.value if ipid and ipid.value else None,
        )
