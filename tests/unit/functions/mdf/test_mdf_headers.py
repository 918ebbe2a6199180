"""PS headers: what is configured must fit, what is absent stays absent."""

from __future__ import annotations

import pytest
from mdf_scene import NS, A, x2

from custodes.base.errors import ConfigurationError
from custodes.base.ids import CIN
from custodes.functions.mdf.headers import Origin
from custodes.wire.x2x3.attributes import IPID, NFID


@pytest.mark.parametrize(
    ("country", "operator", "element"),
    [
        ("xx", "OP", "mdf2"),
        ("XXX", "OP", "mdf2"),
        ("", "OP", "mdf2"),
        ("XX", "", "mdf2"),
        ("XX", "O" * 17, "mdf2"),
        ("XX", "OP", "m" * 17),
    ],
)
def test_what_does_not_fit_is_refused_at_start(country: str, operator: str, element: str) -> None:
    with pytest.raises(ConfigurationError):
        Origin.of(country, operator, element)


def test_absent_and_empty_identifiers_are_left_out() -> None:
    origin = Origin.of("XX", "OP", "mdf2")
    for attributes in ((), (NFID(b""), IPID(b""))):
        header = origin.product(x2(attributes=attributes), A, CIN(1), 0, NS)
        assert header.networkFunctionIdentifier is None
        assert header.extendedInterceptionPointID is None
