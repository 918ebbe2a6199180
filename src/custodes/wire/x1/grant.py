"""Our own extension of X1: the grants that cover a request (no proof, no tap).

Namespace ``urn:custodes:x1:grant:1``; schema ``custodes_x1_grant.xsd`` beside this file. It rides
in taskDetailsExtensions and destinationDetailsExtensions whose Owner is ``custodes``. The fields
are those of model/intent.py and model/grant.py; times are UTC with 6 fractional digits.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from custodes.base.ids import DID, LIID, XID
from custodes.wire.x1 import names
from custodes.wire.x1.common import BOOLEAN, D_ID, LIID_TEXT, MICROSECOND_TIME, X_ID
from custodes.wire.x1.fields import Sequence, listing, many, one, sequence
from custodes.wire.x1.simple import WhiteSpace, enumeration, integer, pattern

OWNER = "custodes"


class GrantPurpose(StrEnum):
    X2 = "X2"
    X3 = "X3"
    HI2 = "HI2"
    HI3 = "HI3"


class GrantProduct(StrEnum):
    X2 = "X2Only"
    X3 = "X3Only"
    BOTH = "X2andX3"


# Text that means the same before and after XML: no leading, trailing or doubled white space.
_LINE = pattern("line", r"\S+( \S+)*", longest=255, space=WhiteSpace.PRESERVE)
_DIGEST = pattern("digest", "[0-9a-f]{64}", expected="64 lower-case hexadecimal digits")
_HOST = pattern("host", "[0-9a-f:.]{2,45}", expected="an IP address")
_PORT = integer("port", 1, 65535)


@sequence
class GrantSubject(Sequence):
    """``kind`` is a target identifier's name (supiimsi), ``value`` its text."""

    NAMESPACE: ClassVar[str] = names.GRANT
    kind: str = one(_LINE)
    value: str = one(_LINE)

    def __repr__(self) -> str:
        return f"GrantSubject({self.kind})"


@sequence
class GrantHeaderReporting(Sequence):
    """``kind`` is none, PDHR or PDSR; ``agreement`` names the agreement it rests on."""

    NAMESPACE: ClassVar[str] = names.GRANT
    kind: str = one(_LINE)
    agreement: str = one(_LINE)


@sequence
class GrantElement(Sequence):
    NAMESPACE: ClassVar[str] = names.GRANT
    neIdentifier: str = one(_LINE)
    product: GrantProduct = one(enumeration("product", GrantProduct))


@sequence
class GrantDelivery(Sequence):
    NAMESPACE: ClassVar[str] = names.GRANT
    dId: DID = one(D_ID)
    purpose: GrantPurpose = one(enumeration("purpose", GrantPurpose))
    host: str = one(_HOST)
    port: int = one(_PORT)


@sequence
class GrantIntent(Sequence):
    """Everything an intent says; its digest can be computed again from these fields."""

    NAMESPACE: ClassVar[str] = names.GRANT
    reference: str = one(_LINE)
    authority: str = one(_LINE)
    agency: str = one(_LINE)
    legalBasis: str = one(pattern("legal basis", r"(?s).*\S.*", space=WhiteSpace.PRESERVE))
    start: datetime = one(MICROSECOND_TIME)
    end: datetime = one(MICROSECOND_TIME)
    subject: GrantSubject = one(GrantSubject)
    content: bool = one(BOOLEAN)
    location: bool = one(BOOLEAN)
    headerReporting: GrantHeaderReporting = one(GrantHeaderReporting)
    xId: XID = one(X_ID)
    liid: LIID = one(LIID_TEXT)
    elements: tuple[GrantElement, ...] = listing("element", GrantElement)
    deliveries: tuple[GrantDelivery, ...] = listing("delivery", GrantDelivery)


@sequence
class GrantApproval(Sequence):
    """One officer's consent; ``fingerprint`` and ``intentDigest`` are lower-case SHA-256."""

    NAMESPACE: ClassVar[str] = names.GRANT
    officer: str = one(_LINE)
    fingerprint: str = one(_DIGEST)
    approvedAt: datetime = one(MICROSECOND_TIME)
    intentDigest: str = one(_DIGEST)


@sequence
class Grant(Sequence):
    NAMESPACE: ClassVar[str] = names.GRANT
    intent: GrantIntent = one(GrantIntent)
    approvals: tuple[GrantApproval, ...] = listing("approval", GrantApproval)


@sequence
class Grants(Sequence):
    """The extension's root element."""

    NAMESPACE: ClassVar[str] = names.GRANT
    TAG: ClassVar[str] = "grants"
    grant: tuple[Grant, ...] = many(Grant, 1)
