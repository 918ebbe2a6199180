"""How the vectors of each interface are read: at once, and as octets that still arrive."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from wire_vectors import as_json
from x1_plain import plain as x1_plain

from custodes.base.errors import DecodeError, EncodeError
from custodes.wire.ber.tlv import Extent
from custodes.wire.handover import pdu as ps_pdu
from custodes.wire.handover.reader import Reader as PSReader
from custodes.wire.handover.schema import schema
from custodes.wire.x1.errors import X1DecodeError
from custodes.wire.x1.message import decode_request, decode_response, read_request
from custodes.wire.x2x3 import pdu as x2x3_pdu
from custodes.wire.x2x3.attributes import AdditionalXIDRelatedInformation, Attribute, Timestamp
from custodes.wire.x2x3.errors import X2X3DecodeError
from custodes.wire.x2x3.reader import Reader as X2X3Reader

Vector = dict[str, Any]


class Family(ABC):
    """``error``: what leaves the readers of the interface, and nothing else."""

    error: type[DecodeError] = DecodeError

    @abstractmethod
    def decode(self, vector: Vector, octets: bytes) -> Any:
        """The value of exactly these octets."""

    @abstractmethod
    def as_json(self, value: Any, expected: Any) -> Any:
        """The value in the shape of the files."""

    def write(self, vector: Vector, value: Any) -> bytes | None:
        """The octets again, or None where the codec does not send such a value."""
        del vector, value
        return None

    def refusal(self, vector: Vector, octets: bytes) -> DecodeError:
        """The error of octets that are refused; AssertionError where they are not."""
        try:
            self.decode(vector, octets)
        except DecodeError as error:
            return error
        raise AssertionError("these octets are read")


class Streamed(Family):
    """Octets arrive in any pieces."""

    @abstractmethod
    def stream(self, vector: Vector) -> Stream: ...


class Stream(ABC):
    """A reader of a stream: what is whole comes out, what follows stays."""

    @abstractmethod
    def feed(self, octets: bytes) -> list[Any]:
        """The values that are whole now; raises the family's error."""

    @property
    @abstractmethod
    def pending(self) -> int:
        """Octets taken in that belong to nothing whole yet."""


class X1(Family):
    """The body comes whole over HTTP: there is no stream."""

    error = X1DecodeError

    def decode(self, vector: Vector, octets: bytes) -> Any:
        read = decode_response if vector.get("kind") == "response" else decode_request
        return read(octets)

    def as_json(self, value: Any, expected: Any) -> Any:
        del expected
        return x1_plain(value)

    def refusal(self, vector: Vector, octets: bytes) -> DecodeError:
        super().refusal(vector, octets)
        try:
            [message] = read_request(octets)
        except X1DecodeError as error:
            return error
        found: X1DecodeError = message.error  # type: ignore[union-attr]
        return found


class X2X3(Streamed):
    error = X2X3DecodeError

    def decode(self, vector: Vector, octets: bytes) -> Any:
        del vector
        return x2x3_pdu.decode(octets)

    def as_json(self, value: Any, expected: Any) -> Any:
        attributes = []
        for at, attribute in enumerate(value.attributes):
            shown = {"type": attribute.type, "hex": attribute.to_octets().hex()}
            if "value" in expected["attributes"][at]:
                shown["value"] = _attribute(attribute)
            attributes.append(shown)
        return {
            "version": list(value.version),
            "type": int(value.type),
            "payload_format": int(value.payload_format),
            "payload_direction": int(value.payload_direction),
            "xid": str(value.xid),
            "correlation_id": value.correlation_id,
            "attributes": attributes,
            "payload": value.payload.hex(),
        }

    def write(self, vector: Vector, value: Any) -> bytes | None:
        del vector
        return x2x3_pdu.encode(value)

    def stream(self, vector: Vector) -> Stream:
        del vector
        return X2X3Stream()


class X2X3Stream(Stream):
    def __init__(self) -> None:
        self._reader = X2X3Reader()

    def feed(self, octets: bytes) -> list[Any]:
        self._reader.receive_data(octets)
        return _drained(self._reader)

    @property
    def pending(self) -> int:
        return self._reader.pending


class BER(Streamed):
    """Payloads of TS 33.128: elements one after the other."""

    def decode(self, vector: Vector, octets: bytes) -> Any:
        return schema().decode(vector["module"], vector["type"], octets)

    def as_json(self, value: Any, expected: Any) -> Any:
        del expected
        return as_json(value)

    def write(self, vector: Vector, value: Any) -> bytes | None:
        return schema().encode(vector["module"], vector["type"], value)

    def stream(self, vector: Vector) -> Stream:
        return ElementStream(self, vector)


class ElementStream(Stream):
    """By ``Extent``, which finds the end of an element that still arrives."""

    def __init__(self, family: BER, vector: Vector) -> None:
        self._family, self._vector = family, vector
        self._buffer = bytearray()
        self._extent = Extent()

    def feed(self, octets: bytes) -> list[Any]:
        self._buffer += octets
        found = []
        while (end := self._extent.advance(self._buffer, len(self._buffer))) is not None:
            if end > len(self._buffer):
                break
            found.append(self._family.decode(self._vector, bytes(self._buffer[:end])))
            del self._buffer[:end]
            self._extent = Extent()
        return found

    @property
    def pending(self) -> int:
        return len(self._buffer)


class Handover(BER):
    """The values in the files are those of the table; ``pdu.decode`` has to accept them, too."""

    def decode(self, vector: Vector, octets: bytes) -> Any:
        ps_pdu.decode(octets)
        return super().decode(vector, octets)

    def write(self, vector: Vector, value: Any) -> bytes | None:
        pdu = ps_pdu.decode(super().write(vector, value) or b"")
        try:
            octets = ps_pdu.encode(pdu)
        except EncodeError:
            return None
        assert ps_pdu.decode(octets) == pdu
        return octets

    def stream(self, vector: Vector) -> Stream:
        return PSStream(self, vector)


class PSStream(Stream):
    def __init__(self, family: Handover, vector: Vector) -> None:
        self._family, self._vector = family, vector
        self._reader = PSReader()

    def feed(self, octets: bytes) -> list[Any]:
        self._reader.receive_data(octets)
        return [self._family.decode(self._vector, pdu) for pdu in _drained(self._reader)]

    @property
    def pending(self) -> int:
        return self._reader.pending


FAMILIES: dict[str, Family] = {"x1": X1(), "x2x3": X2X3(), "iri": BER(), "handover": Handover()}


def _drained(reader: Any) -> list[Any]:
    found = []
    while (pdu := reader.next_pdu()) is not None:
        found.append(pdu)
    return found


def _attribute(attribute: Attribute) -> Any:
    if isinstance(attribute, Timestamp):
        return attribute.ns
    if isinstance(attribute, AdditionalXIDRelatedInformation):
        return [str(attribute.xid), attribute.correlation_id, attribute.sequence_number]
    value = getattr(attribute, "xml", None) or getattr(attribute, "value", None)
    if isinstance(value, bytes):
        return value.hex()
    return value if isinstance(value, int) else str(value)
