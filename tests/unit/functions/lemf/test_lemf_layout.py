"""Names that stay inside their folder, JSON that keeps everything, pcap that tools read."""

from __future__ import annotations

import json
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custodes.base.ids import LIID
from custodes.functions.lemf.layout import (
    folder_name,
    is_made,
    line,
    pcap_header,
    pcap_record,
    plain,
    timestamp,
)

PRINTABLE = st.text(alphabet=[chr(c) for c in range(0x21, 0x7F)], min_size=1, max_size=25)


@pytest.mark.parametrize(
    ("liid", "name"),
    [
        ("XX-2030-0001", "XX-2030-0001"),
        ("../../etc", "%2E.%2F..%2Fetc"),
        (".", "%2E"),
        ("a/b", "a%2Fb"),
        ("unannounced", "%75nannounced"),
        ("manifest.json", "%6Danifest.json"),
        ("received.journal", "%72eceived.journal"),
        ("transport.jsonl", "%74ransport.jsonl"),
    ],
)
def test_folder_names(liid: str, name: str) -> None:
    assert folder_name(LIID(liid)) == name


@given(PRINTABLE, PRINTABLE)
def test_folder_names_are_one_part_and_differ(one: str, other: str) -> None:
    name = folder_name(LIID(one))
    assert len(PurePosixPath(name).parts) == 1
    assert not name.startswith(".")
    assert (name == folder_name(LIID(other))) == (one == other)


def test_values_become_json() -> None:
    value = {
        "octets": b"\x01\xff",
        "choice": ("iMSI", "001010000000001"),
        "list": [("nAI", {"x": None})],
        "oid": (4, 19, 19),
        "bits": (16, 36),
        "flag": True,
        "unknown": ("_unknown", b"\x9f\x50\x00"),
    }
    assert json.loads(line(value)) == {
        "octets": "01ff",
        "choice": {"iMSI": "001010000000001"},
        "list": [{"nAI": {"x": None}}],
        "oid": [4, 19, 19],
        "bits": [16, 36],
        "flag": True,
        "unknown": {"_unknown": "9f5000"},
    }
    assert line({"a": "b\nc"}).count(b"\n") == 1
    assert plain(bytearray(b"\x02")) == "02"


def test_times_keep_nanoseconds() -> None:
    assert timestamp(1_893_456_000_123_456_789) == "2030-01-01T00:00:00.123456789Z"
    assert timestamp(None) is None


def test_pcap() -> None:
    header = pcap_header()
    assert header.hex() == "4d3cb2a1020004000000000000000000000004006500" + "0000"
    record = pcap_record(1_000_000_002, b"\x45\x00")
    assert record == bytes.fromhex("010000000200000002000000020000004500")


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("notifications.jsonl", True),
        ("A-1/iri.jsonl", True),
        ("unannounced/A-1/content.pcap", True),
        ("A-1/notifications.jsonl", False),
        ("iri.jsonl", False),
        ("received.journal", False),
        ("manifest.json", False),
        ("A-1/notes.txt", False),
    ],
)
def test_what_is_made_from_the_journal(name: str, made: bool) -> None:
    assert is_made(name) is made
