"""The bad wire itself, under a TLS stream of ours: it breaks connections, and TLS never lies."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from custodes.app.pki import LabCA
from custodes.base.errors import CustodesError
from custodes.model.address import Address
from custodes.model.party import Party, Role
from custodes.net.ports import LOOPBACK
from custodes.net.stream import Stream, connect, serve
from custodes.net.tls import Directory, Material
from faults.tcp import GOOD, Fault, Kind, Wire

MESSAGE, MESSAGES = 1000, 200
FAR = 50_000  # beyond any handshake
SENT = b"".join(number.to_bytes(4, "big") * (MESSAGE // 4) for number in range(MESSAGES))


class Sink:
    """What each connection to a server carried, and whether it has ended."""

    def __init__(self) -> None:
        self.carried: list[bytearray] = []
        self.ended = 0

    def __call__(self, stream: Stream) -> None:
        own = bytearray()
        self.carried.append(own)
        try:
            while octets := stream.receive(10.0):
                own += octets
                stream.send(b"+")
        except CustodesError:
            pass
        finally:
            self.ended += 1


@contextmanager
def line(
    ca: LabCA, folder: Path, fault: Fault
) -> Iterator[tuple[Wire, Sink, Callable[[], Stream]]]:
    keys: dict[str, tuple[Material, Party]] = {
        name: ca.issue(folder / name, name, role, datetime.now(UTC))
        for name, role in (("mdf", Role.MDF), ("lemf", Role.LEMF))
    }
    (client, sender), (material, receiver) = keys["mdf"], keys["lemf"]
    sink = Sink()
    server = serve(LOOPBACK, 0, material, Directory([sender]), [Role.MDF], sink)
    try:
        with Wire(Address(LOOPBACK, server.port), lambda _: fault) as wire:
            yield wire, sink, lambda: connect(LOOPBACK, wire.address.port, client, receiver)
    finally:
        server.close()


def send_all(stream: Stream) -> bool:
    """Whether everything went and the far end answers still."""
    try:
        for at in range(0, len(SENT), MESSAGE):
            stream.send(SENT[at : at + MESSAGE], timeout=2.0)
            if stream.receive(0) == b"":
                return False
        return True
    except CustodesError:
        return False


def until(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20.0
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_without_a_fault_everything_passes(ca: LabCA, tmp_path: Path) -> None:
    with line(ca, tmp_path, Fault(delay=0.001)) as (wire, sink, dial):
        stream = dial()
        assert send_all(stream)
        until(lambda: sink.carried == [SENT])
        stream.close()
        until(lambda: sink.ended == 1)
        assert (wire.connections, wire.happened) == (1, 0)


@pytest.mark.parametrize("kind", [Kind.FIN, Kind.RST, Kind.DROP, Kind.REPEAT, Kind.SWAP])
def test_a_broken_connection_carried_a_beginning_and_nothing_else(
    ca: LabCA, tmp_path: Path, kind: Kind
) -> None:
    with line(ca, tmp_path, Fault(kind, after=FAR)) as (wire, sink, dial):
        stream = dial()
        send_all(stream)
        until(lambda: sink.ended == 1)
        assert wire.happened == 1
        assert SENT.startswith(bytes(sink.carried[0]))
        assert 0 < len(sink.carried[0]) <= FAR
        wire.fault_of = lambda _: GOOD
        again = dial()
        assert send_all(again)
        until(lambda: sink.carried[1:] == [SENT])


def test_who_is_not_read_notices_by_time_alone(ca: LabCA, tmp_path: Path) -> None:
    with line(ca, tmp_path, Fault(Kind.STALL, after=FAR)) as (wire, sink, dial):
        stream = dial()
        with pytest.raises(CustodesError):
            stream.send(SENT * 500, timeout=0.3)  # more than any buffer between them takes
        until(lambda: len(sink.carried[0]) > FAR - 17 * 1024)
        assert sink.ended == 0
        wire.cut()
        until(lambda: sink.ended == 1)
        assert len(sink.carried[0]) <= FAR
