"""The range of versions of X1, at its edges."""

from __future__ import annotations

import pytest

from custodes.model.registry import NEWEST_X1
from custodes.session.x1.versions import supported
from custodes.wire.x1.header import CURRENT_VERSION


@pytest.mark.parametrize("version", ["v1.6.1", "v1.6.2", "v1.10.1", "v1.21.9", "v1.22.1"])
def test_what_is_spoken(version: str) -> None:
    assert supported(version)


@pytest.mark.parametrize(
    "version", ["v1.6.0", "v1.5.9", "v1.22.2", "v1.23.1", "v2.10.1", "v1.6", "", "v1.6.1 "]
)
def test_what_is_not(version: str) -> None:
    assert not supported(version)


def test_what_is_sent_by_default_is_the_newest() -> None:
    assert NEWEST_X1 == CURRENT_VERSION
    assert supported(NEWEST_X1)
