"""Documents that the schema allows and the codec refuses on purpose, and the other way round.

The page docs/interfaces/x1.md lists the same by the same names, each with its reason.
"""

from __future__ import annotations

_X1 = "http://uri.etsi.org/03221/X1/2017/10"
_3GPP = "urn:3GPP:ns:li:3GPPX1Extensions:r19:v2"
_QUERY = "urn:3GPP:ns:li:3GPPLIQueryExtensions:r19:v0"
_ID = "00000000-0000-0000-0000-000000000001"
_ROOT = (
    f'<X1Request xmlns="{_X1}" xmlns:x="{_X1}" xmlns:t="{_3GPP}" xmlns:q="{_QUERY}"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
)
_DESTINATION = (
    f"<destinationDetails><dId>{_ID}</dId><deliveryType>X2Only</deliveryType>"
    "<deliveryAddress><uri>%s</uri></deliveryAddress></destinationDetails>"
)
_TASK = (
    f"<xId>{_ID}</xId><targetIdentifiers><targetIdentifier>%s</targetIdentifier>"
    "</targetIdentifiers><deliveryType>X2Only</deliveryType><listOfDIDs/>%s"
)
_TARGET = "<supiimsi>001010000000001</supiimsi>"


def message(
    body: str = "",
    kind: str = ' xsi:type="x:PingRequest"',
    *,
    version: str = "v1.22.1",
    moment: str = "2026-01-02T03:04:05.678901Z",
    before: str = "",
) -> str:
    """A request of one message; ``before`` stands before the root."""
    return (
        f"{before}{_ROOT}<x1RequestMessage{kind}><admfIdentifier>admf</admfIdentifier>"
        f"<neIdentifier>ne</neIdentifier><messageTimestamp>{moment}</messageTimestamp>"
        f"<version>{version}</version><x1TransactionId>{_ID}</x1TransactionId>{body}"
        "</x1RequestMessage></X1Request>"
    )


def task(more: str = "", target: str = _TARGET) -> str:
    body = f"<taskDetails>{_TASK % (target, more)}</taskDetails>"
    return message(body, ' xsi:type="x:ActivateTaskRequest"')


def _uri(uri: str) -> str:
    return message(_DESTINATION % uri, ' xsi:type="x:CreateDestinationRequest"')


def nested(levels: int) -> str:
    """Tasks within tasks, by DelegatedTaskStatus: the one place where the schema recurs."""
    more = ""
    for _ in range(levels):
        more = (
            "<taskDetailsExtensions><Owner>3GPP</Owner><t:DelegatedTaskStatus>"
            "<t:ListOfDelegatedTasks><t:DelegatedTask><t:NEID>ne</t:NEID>"
            f"<t:TaskDetails>{_TASK % (_TARGET, more)}</t:TaskDetails></t:DelegatedTask>"
            "</t:ListOfDelegatedTasks></t:DelegatedTaskStatus></taskDetailsExtensions>"
        )
    return task(more)


def _declaring(count: int) -> str:
    more = "".join(f' xmlns:n{n}="urn:n:{n}"' for n in range(count))
    return message().replace("<X1Request", f"<X1Request{more}")


# By name: valid documents, and what the one line of the refusal says.
REFUSED: dict[str, tuple[str, list[str | bytes]]] = {
    "version digits": (
        "version is not v1.x.y",
        [message(version="v1.1234567890.1"), message(version="v1.٢٢.1")],
    ),
    "integer digits": (
        "correlationID is not an integer",
        [
            task(f"<correlationID>{'1' * 25}</correlationID>"),
            task(f"<correlationID>{'0' * 24}1</correlationID>"),
        ],
    ),
    "URI length": ("uri is not a value of anyURI", [_uri("urn:" + "a" * 2045)]),
    "calendar": (
        "not a moment of the calendar",
        [
            message(moment="0001-01-01T00:00:00.000000+14:00"),
            message(moment="9999-12-31T23:59:59.999999-14:00"),
        ],
    ),
    "message type": (
        "x1RequestMessage\\[1\\] has (no xsi:type|an xsi:type that is no request)",
        [message(kind=""), message(kind=' xsi:type="x:X1RequestMessage"')],
    ),
    "inner type": (
        "has an attribute that the schema does not allow",
        [
            message().replace("<version>", '<version xsi:type="x:Version">'),
            message().replace("<X1Request ", '<X1Request xsi:type="x:RequestContainer" '),
        ],
    ),
    "document type": (
        "document type definition",
        [
            message(before="<!DOCTYPE X1Request>"),
            message(before="<!-- <!DOCTYPE X1Request> -->"),
            message(before='<!DOCTYPE X1Request [<!ENTITY e "ne">]>').replace(">ne<", ">&e;<"),
            message().replace(">ne<", "><![CDATA[<!ENTITY]]><"),
        ],
    ),
    "encoding": (
        "is not UTF-8|another encoding than UTF-8",
        [
            message(before='<?xml version="1.0" encoding="UTF-16"?>').encode("utf-16"),
            message().encode("utf-16"),
            message(before='<?xml version="1.0" encoding="ISO-8859-1"?>')
            .replace(">ne<", ">né<")
            .encode("latin-1"),
            message(before='<?xml version="1.0" encoding="UTF-7"?>'),
        ],
    ),
    "declaration length": (
        "declaration does not end",
        [message(before=f'<?xml version="1.0"{" " * 250}?>')],
    ),
    "document size": ("longer than 4194304 octets", [message(before=f"<!--{' ' * 4194304}-->")]),
    "depth": ("deeper than 48", [nested(9)]),
    "namespaces": ("more than 256 namespaces", [_declaring(256)]),
}

# By name: documents that the judge refuses for want of a schema, or against its own rules.
TAKEN: dict[str, list[str]] = {
    "unknown extension": [
        task(
            "<taskDetailsExtensions><Owner>o</Owner>"
            '<u:a xmlns:u="urn:example:unknown">1</u:a></taskDetailsExtensions>'
        )
    ],
    "unknown object": [
        message(
            f'<createObject xmlns:u="urn:example:unknown" xsi:type="u:Policy">'
            f"<objectId>{_ID}</objectId><u:a>1</u:a></createObject>",
            ' xsi:type="x:CreateObjectRequest"',
        )
    ],
    "unread request": [message("<q:any/>", ' xsi:type="q:LIQueryRequest"')],
    "URI of SIP": [
        task(target="<sipUri>sip:a@[2001:db8::1]:5060</sipUri>"),
        task(target="<telUri>tel:%</telUri>"),
    ],
    "spaces in a type": [message(kind=' xsi:type=" x:PingRequest "')],
}
