"""The published schemas of X1 as one validator.

V1.22.1 imports without schemaLocation, and the schema of destination sets names a file that is not
there; xs:any in extensions is strict. So a wrapper imports everything, and a resolver gives each
namespace its file. Our own grant schema is among them.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from lxml import etree

_XS = "http://www.w3.org/2001/XMLSchema"
_X1 = "http://uri.etsi.org/03221/X1/2017/10"


def schema_files(shared: Path) -> dict[str, Path]:
    """Namespace -> file, in an order in which each import is already known."""
    etsi = shared / "standards" / "etsi"
    x1 = etsi / "ts_103_221_1_v1.22.1"
    threegpp = shared / "standards" / "3gpp" / "x1_extensions"
    grant = Path(str(files("custodes.wire.x1") / "custodes_x1_grant.xsd"))
    return {
        "http://uri.etsi.org/03280/common/2017/07": x1 / "TS_103_280.xsd",
        _X1: x1 / "TS_103_221_01.xsd",
        f"{_X1}/HashedID": x1 / "TS_103_221_01_HashedID.xsd",
        f"{_X1}/DestinationSet": x1 / "TS_103_221_01_DestinationSet.xsd",
        "urn:3GPP:ns:li:3GPPX1Extensions:r19:v2": threegpp / "urn_3GPP_ns_li_3GPPX1Extensions.xsd",
        "urn:3GPP:ns:li:3GPPStateTransfer:r19:v0": threegpp
        / "urn_3GPP_ns_li_3GPPStateTransfer.xsd",
        "urn:custodes:x1:grant:1": grant,
    }


class _Resolver(etree.Resolver):
    """Every file that an import names is taken from the published set."""

    def __init__(self, known: dict[str, Path]) -> None:
        super().__init__()
        self._known = {path.name: path for path in known.values()}

    def resolve(self, url: str, public_id: str, context: object) -> object:
        name = url.rsplit("/", 1)[-1]
        if name.startswith("TS_103_280"):
            name = "TS_103_280.xsd"
        path = self._known.get(name)
        return self.resolve_filename(str(path), context) if path else None


def x1_schema(shared: Path) -> etree.XMLSchema:
    """A validator of whole X1 messages with our own and 3GPP's extensions."""
    known = schema_files(shared)
    imports = "".join(
        f'<xs:import namespace="{namespace}" schemaLocation="{path.as_uri()}"/>'
        for namespace, path in known.items()
    )
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Resolver(known))
    wrapper = etree.fromstring(
        f'<xs:schema xmlns:xs="{_XS}" elementFormDefault="qualified">{imports}</xs:schema>', parser
    )
    return etree.XMLSchema(wrapper)
