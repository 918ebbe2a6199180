"""BER: every legal form read, the shortest written, nothing but our two errors out."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custodes.wire.ber.errors import BERDecodeError, BEREncodeError
from custodes.wire.ber.node import UNKNOWN
from custodes.wire.ber.schema import Schema
from custodes.wire.ber.tlv import MAX_DEPTH, Extent, context, header, identifier, length_octets

TABLE: dict[str, Any] = {
    "module": "M",
    "types": {
        "Bool": "BOOLEAN",
        "Int": "INTEGER",
        "Byte": {"INTEGER": [0, 255]},
        "Colour": {"ENUMERATED": {"red": 1, "blue": -2}},
        "Octets": "OCTET STRING",
        "Four": {"OCTET STRING": [4, 4]},
        "Bits": "BIT STRING",
        "Text": "UTF8String",
        "Digits": {"NumericString": [1, 3]},
        "Time": "GeneralizedTime",
        "Nothing": "NULL",
        "Oid": "OBJECT IDENTIFIER",
        "Rel": "RELATIVE-OID",
        "List": {"SEQUENCE OF": ["Byte", 1, 3]},
        "Set": {"SET OF": ["Pick"]},
        "Pick": {"CHOICE": [["number", 1, "Int"], ["inner", 2, "Pick"], ["plain", None, "Bool"]]},
        "Flag": {"CHOICE": [["on", 7, "Nothing"], ["off", 8, "Byte"]]},
        "Seq": {
            "SEQUENCE": [
                ["a", 0, "Int", 0],
                ["b", 1, "Pick", 1],
                ["c", None, "Flag", 1],
                ["d", 40, "Text", 2],
                ["e", 5, "Other.Thing", 1],
                ["f", 6, "Seq", 1],
            ]
        },
        "Twin": {"SEQUENCE": [["x", 2, "Int", 0], ["y", 2, "Int", 1]]},
    },
}
SCHEMA = Schema(TABLE)


def read(name: str, octets: str) -> Any:
    return SCHEMA.decode("M", name, bytes.fromhex(octets))


def sequence(contents: str) -> str:
    return f"30{len(bytes.fromhex(contents)):02x}{contents}"


def write(name: str, value: Any) -> str:
    return SCHEMA.encode("M", name, value).hex()


@pytest.mark.parametrize(
    ("name", "value", "octets"),
    [
        ("Bool", True, "0101ff"),
        ("Bool", False, "010100"),
        ("Int", 0, "020100"),
        ("Int", 127, "02017f"),
        ("Int", 128, "02020080"),
        ("Int", -128, "020180"),
        ("Int", -129, "0202ff7f"),
        ("Int", 1 << 64, "0209010000000000000000"),
        ("Colour", "red", "0a0101"),
        ("Colour", "blue", "0a01fe"),
        ("Colour", 77, "0a014d"),
        ("Octets", b"", "0400"),
        ("Octets", bytes(200), "0481c8" + "00" * 200),
        ("Octets", bytes(256), "04820100" + "00" * 256),
        ("Bits", (0b101, 3), "030205a0"),
        ("Bits", (0, 0), "030100"),
        ("Bits", (1, 36), "0306040000000010"),
        ("Text", "ü", "0c02c3bc"),
        ("Digits", "01", "12023031"),
        ("Time", "20260101000000Z", "180f32303236303130313030303030305a"),
        ("Nothing", None, "0500"),
        ("Oid", (0, 4, 0, 2, 2, 5, 1, 43), "060704000202050 12b".replace(" ", "")),
        ("Oid", (2, 999, 3), "0603883703"),
        ("Rel", (4, 19, 19, 300), "0d05041313822c"),
        ("List", [1, 255], "3007020101020200ff"),
        ("Set", [("number", 1), ("inner", ("plain", True))], "3108810101a2030101ff"),
        ("Seq", {"a": 1, "d": "x"}, "30078001019f280178"),
        ("Seq", {"a": 1, "b": ("number", 2), "d": ""}, "300b800101a1038101029f2800"),
        ("Seq", {"a": 1, "c": ("on", None), "d": ""}, "30088001018700" + "9f2800"),
        ("Seq", {"a": 1, "c": ("off", 255), "d": ""}, "300a800101880200ff9f2800"),
        ("Twin", {"x": 1, "y": 2}, "3006820101820102"),
    ],
)
def test_a_value_and_its_octets(name: str, value: Any, octets: str) -> None:
    assert write(name, value) == octets
    assert read(name, octets) == value


@pytest.mark.parametrize(
    ("name", "value", "octets"),
    [
        ("Int", 5, "02810105"),  # length in a longer form than needed
        ("Int", 5, "0284000000010 5".replace(" ", "")),
        ("Int", 5, "02020005"),  # integer in more octets than needed
        ("Bool", True, "010101"),
        ("List", [1], "30800201010000"),  # indefinite
        ("List", [1], "30820003020101"),
        ("Seq", {"a": 1, "b": ("number", 2), "d": "x"}, "3080800101a1808101020000 9f2801780000"),
        ("Octets", b"abc", "2407040161 04026263"),  # segments
        ("Octets", b"abc", "2480040161240404026263 0000"),
        ("Bits", (0b1111, 12), "2380030200000302 04f0 0000"),
        ("Text", "ab", "2c0604016104016 2"),
        ("Text", "ab", "2c060c01610c0162"),
        ("Digits", "1234", "120431323334"),  # bounds bind the writer, not the reader
        ("Four", b"abc", "0403616263"),
        ("Seq", {"a": 1}, "3003800101"),  # EXPECTED: the reader does without
    ],
)
def test_what_other_writers_may_send(name: str, value: Any, octets: str) -> None:
    assert read(name, octets.replace(" ", "")) == value


@pytest.mark.parametrize(
    ("name", "octets"),
    [
        ("Int", ""),
        ("Int", "02"),
        ("Int", "0200"),
        ("Int", "0202"),
        ("Int", "02ff01"),
        ("Int", "02890000000000000000010 5".replace(" ", "") + "00"),
        ("Int", "0288ffffffffffffffff05"),
        ("Int", "0280010000"),
        ("Int", "22030201 05".replace(" ", "")),
        ("Int", "02010500"),
        ("Int", "040105"),
        ("Int", "1f8080808080 0105".replace(" ", "")),
        ("Bool", "0100"),
        ("Nothing", "050100"),
        ("Bits", "0300"),
        ("Bits", "030108"),
        ("Bits", "030101"),
        ("Bits", "230a030103030200ff030103"),  # unused bits before the last piece
        ("Text", "0c01ff"),
        ("Digits", "120180"),
        ("Oid", "0600"),
        ("Oid", "060180"),
        ("Rel", "0d0184"),
        ("List", "30020500"),
        ("List", "100302 0101".replace(" ", "")),
        ("List", "3080020101"),
        ("List", "3080020101 00".replace(" ", "")),
        ("List", "30050201010000"),
        ("List", "3003020201"),
        ("Octets", "2403020161"),
        ("Seq", "3000"),
        ("Seq", "3006800101800101"),
        ("Seq", "30079f280178800101"),
        ("Seq", "3005800101a100"),
        ("Seq", "3006800101810100"),
        ("Twin", "3009820101820102820103"),
        ("Pick", "a206a1"),
        ("Pick", "a20681010181 0101".replace(" ", "")),
    ],
)
def test_what_is_refused(name: str, octets: str) -> None:
    with pytest.raises(BERDecodeError):
        read(name, octets)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Bool", 1),
        ("Int", True),
        ("Int", "1"),
        ("Byte", 256),
        ("Byte", -1),
        ("Colour", "green"),
        ("Colour", None),
        ("Octets", "text"),
        ("Four", b"123"),
        ("Bits", 5),
        ("Bits", (4, 2)),
        ("Bits", (-1, 2)),
        ("Text", b"x"),
        ("Text", "\ud800"),
        ("Digits", "12a"),
        ("Digits", ""),
        ("Digits", "1234"),
        ("Time", "now"),
        ("Nothing", 0),
        ("Oid", (1,)),
        ("Oid", (1, 40)),
        ("Oid", (3, 1)),
        ("Rel", ()),
        ("Rel", [1, 2]),
        ("List", []),
        ("List", [1, 2, 3, 4]),
        ("List", 5),
        ("Pick", "number"),
        ("Pick", ("other", 1)),
        ("Pick", (UNKNOWN, b"\x81\x01\x05")),
        ("Pick", (UNKNOWN, b"\x85\x02\x05")),
        ("Pick", (UNKNOWN, b"\x85\x01\x05\x00")),
        ("Seq", {}),
        ("Seq", {"a": 1}),
        ("Seq", {"a": 1, "d": "x", "z": 1}),
        ("Seq", {"a": 1, "d": "x", "e": b"\x86\x00"}),
        ("Seq", {"a": 1, "d": "x", "e": 5}),
        ("Seq", {"a": 1, "d": "x", UNKNOWN: [("a", b"\x80\x00")]}),
        ("Seq", {"a": 1, "d": "x", UNKNOWN: [("b", b"\x90\x00")]}),
        ("Seq", {"a": 1, "d": "x", UNKNOWN: [b"\x90\x00"]}),
        ("Seq", []),
        ("Seq", {"a": 1, "d": "x", UNKNOWN: 5}),
        ("Seq", {"a": 1, "d": "x", UNKNOWN: [([], b"\x90\x00")]}),
        ("Seq", {"a": 1, "d": "x", 5: 1, "z": 2}),
        ("Pick", ([], 1)),
        ("Pick", (None, 1)),
    ],
)
def test_what_is_never_written(name: str, value: Any) -> None:
    with pytest.raises(BEREncodeError):
        write(name, value)


@pytest.mark.parametrize(
    "contents",
    [
        "920105 800101 930100 9f280178 9401ff",  # before, between and after
        "800101 9f280178 b480040161 0000",  # of indefinite length
        "800101 9f280178 0c0161",  # of the universal class
    ],
)
def test_unknown_components_are_written_back_unchanged(contents: str) -> None:
    octets = sequence(contents)
    value = read("Seq", octets)
    assert (value["a"], value["d"]) == (1, "x")
    assert write("Seq", value) == octets.replace(" ", "")


def test_unknown_components_say_where_they_stood() -> None:
    value = read("Seq", sequence("920105 800101 930100 9f280178 9400"))
    assert value[UNKNOWN] == [
        ("", b"\x92\x01\x05"),
        ("a", b"\x93\x01\x00"),
        ("d", b"\x94\x00"),
    ]


def test_unknown_alternatives_are_written_back_unchanged() -> None:
    value = read("Pick", "a206bf87680200ff")
    assert value == ("inner", (UNKNOWN, bytes.fromhex("bf87680200ff")))
    assert write("Pick", value) == "a206bf87680200ff"


def test_foreign_types_stay_whole() -> None:
    octets = sequence("800101 9f280178 a503040100")
    value = read("Seq", octets)
    assert value == {"a": 1, "d": "x", "e": bytes.fromhex("a503040100")}
    assert write("Seq", value) == octets.replace(" ", "")


def test_nesting_is_bounded_in_reading_and_writing() -> None:
    octets, value = b"\x81\x01\x00", ("number", 0)
    for _ in range(MAX_DEPTH + 5):
        octets = b"\xa2" + length_octets(len(octets)) + octets
        value = ("inner", value)  # type: ignore[assignment]
    with pytest.raises(BERDecodeError):
        SCHEMA.decode("M", "Pick", octets)
    for _ in range(5000):
        value = ("inner", value)  # type: ignore[assignment]
    with pytest.raises(BEREncodeError):
        SCHEMA.encode("M", "Pick", value)
    with pytest.raises(BERDecodeError):
        read("List", "3080" * (MAX_DEPTH + 2) + "0000" * (MAX_DEPTH + 2))


def test_errors_name_the_place_and_never_the_value() -> None:
    with pytest.raises(BEREncodeError) as caught:
        SCHEMA.encode("M", "Seq", {"a": 1, "b": ("number", "001010000000001"), "d": "x"})
    assert caught.value.path == ("Seq", "b", "number")
    assert "001010000000001" not in str(caught.value)
    with pytest.raises(BERDecodeError) as refused:
        read("List", "3006020101020301")
    assert refused.value.offset == 5


@given(st.integers(0, (1 << 28) - 1), st.booleans(), st.integers(0, 70_000))
def test_headers_round_trip(number: int, constructed: bool, length: int) -> None:
    octets = identifier(context(number), constructed) + length_octets(length)
    found = header(octets + bytes(length), 0, len(octets) + length)
    assert found == (
        context(number),
        constructed,
        len(octets),
        len(octets) + length,
        len(octets) + length,
    )


@pytest.mark.parametrize(
    ("number", "octets"),
    [(30, "9e"), (31, "9f1f"), (127, "9f7f"), (128, "9f8100"), ((1 << 28) - 1, "9fffffff7f")],
)
def test_tags_are_written_in_the_form_their_number_asks_for(number: int, octets: str) -> None:
    assert identifier(context(number), constructed=False).hex() == octets
    assert header(bytes.fromhex(octets + "00"), 0, len(octets) // 2 + 1)[0] == context(number)


@pytest.mark.parametrize(
    "octets", ["0000", "30800001ff0000", "3080" * (MAX_DEPTH + 1) + "0000" * (MAX_DEPTH + 1)]
)
def test_an_extent_is_not_found_where_the_nesting_is_wrong(octets: str) -> None:
    with pytest.raises(BERDecodeError):
        Extent().advance(bytes.fromhex(octets), len(octets) // 2)


def test_an_extent_nests_as_deep_as_is_allowed() -> None:
    octets = bytes.fromhex("3080" * MAX_DEPTH + "0000" * MAX_DEPTH)
    assert Extent().advance(octets, len(octets)) == len(octets)


@given(st.binary(max_size=60), st.sampled_from(sorted(TABLE["types"])))
def test_only_our_error_leaves_the_reader(octets: bytes, name: str) -> None:
    try:
        value = SCHEMA.decode("M", name, octets)
    except BERDecodeError:
        return
    try:
        again = SCHEMA.encode("M", name, value)
    except BEREncodeError:
        return
    assert SCHEMA.decode("M", name, again) == value


@given(st.binary(max_size=60))
def test_an_extent_found_piecemeal_is_the_one_found_at_once(octets: bytes) -> None:
    try:
        whole = Extent().advance(octets, len(octets))
    except BERDecodeError:
        whole = -1
    piecemeal, found = Extent(), None
    try:
        for limit in range(len(octets) + 1):
            found = piecemeal.advance(octets, limit)
    except BERDecodeError:
        found = -1
    assert found == whole


@pytest.mark.parametrize("name", ["Int", "Colour"])
def test_a_number_that_no_decimal_can_be_made_of_is_refused(name: str) -> None:
    tag = {"Int": "02", "Colour": "0a"}[name]
    assert read(name, f"{tag}40" + "7f" * 64) == int("7f" * 64, 16)
    with pytest.raises(BERDecodeError, match="too long"):
        read(name, f"{tag}41" + "7f" * 65)
