from __future__ import annotations

import pytest

from custodes.functions.admf.redact import redacted


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("unknown target imsi-001010000000077!", "unknown target imsi-…!"),
        ("sip:a.b@example.org\nnot here", "… not here"),
        ("error 3001", "error 3001"),
        ("x" * 400, "x" * 300),
    ],
)
def test_no_identity_stays(text: str, left: str) -> None:
    assert redacted(text) == left
