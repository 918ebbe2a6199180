from __future__ import annotations

import pytest
from admf_scene import SUBJECT

from custodes.functions.admf.redact import names_subject, redacted


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


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (f"case {SUBJECT}", True),
        (f"imsi-{SUBJECT}x", True),
        (f"9{SUBJECT}9", True),
        (f"001-01 {SUBJECT[5:]}", True),
        ("".join(chr(0xFF10 + int(d)) for d in SUBJECT), True),
        ("202611", True),
        ("20261101", False),
        ("2026-11", False),
        (SUBJECT[:-1], False),
        ("§ 100a, 001010000000099", False),
        ("", False),
    ],
)
def test_a_subject_is_found_in_a_text(text: str, names: bool) -> None:
    assert names_subject(text, [SUBJECT, "202611"]) is names
