"""XML namespaces of X1 and of what rides in it.

Sources: ETSI TS 103 221-1 schema V1.22.1, ETSI TS 103 280 schema V2.15.1, 3GPP TS 33.128 r19.
"""

from __future__ import annotations

X1 = "http://uri.etsi.org/03221/X1/2017/10"
COMMON = "http://uri.etsi.org/03280/common/2017/07"
HASHED_ID = "http://uri.etsi.org/03221/X1/2017/10/HashedID"
DESTINATION_SET = "http://uri.etsi.org/03221/X1/2017/10/DestinationSet"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
# One per release: r18:v6 and r19:v2 are different namespaces, hence different elements.
THREEGPP = "urn:3GPP:ns:li:3GPPX1Extensions:r19:v2"
STATE_TRANSFER = "urn:3GPP:ns:li:3GPPStateTransfer:r19:v0"
GRANT = "urn:custodes:x1:grant:1"

XML_SCHEMA = "http://www.w3.org/2001/XMLSchema"

XSI_TYPE = f"{{{XSI}}}type"

# The prefixes we write. X1 has one too: no default namespace is ever in scope, so a foreign
# element's raw octets mean the same wherever they stand.
PREFIXES = {
    X1: "x1",
    COMMON: "c",
    HASHED_ID: "h",
    DESTINATION_SET: "d",
    THREEGPP: "t",
    STATE_TRANSFER: "s",
    GRANT: "g",
}
