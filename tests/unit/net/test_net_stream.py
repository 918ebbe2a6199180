"""TLS streams in threads: who gets in, both directions at once, and nothing that can hang."""

from __future__ import annotations

import contextlib
import queue
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from custodes.app.pki import LabCA
from custodes.base.errors import ConfigurationError, CustodesError, RefusedError
from custodes.model.party import Party, Role
from custodes.net.stream import Server, Stream, StreamError, connect, serve
from custodes.net.tls import Directory, Material, client_context

LOCAL = "127.0.0.1"
WAIT = 10.0


@dataclass
class Lab:
    """One MDF that serves and the parties around it."""

    mdf: Material
    mdf_party: Party
    element: Material
    element_party: Party
    lemf: Material
    lemf_party: Party
    stranger: Material
    refused: queue.Queue[str] = field(default_factory=queue.Queue)
    streams: queue.Queue[Stream] = field(default_factory=queue.Queue)
    stack: ExitStack = field(default_factory=ExitStack)

    def serve(
        self,
        on_connection: Callable[[Stream], None] | None = None,
        *,
        max_connections: int = 8,
        handshake_timeout: float = WAIT,
    ) -> Server:
        hold = threading.Event()

        def park(stream: Stream) -> None:
            self.streams.put(stream)
            hold.wait(WAIT)

        server = serve(
            LOCAL,
            0,
            self.mdf,
            Directory([self.element_party, self.lemf_party]),
            [Role.ELEMENT],
            on_connection or park,
            self.refused.put,
            max_connections=max_connections,
            handshake_timeout=handshake_timeout,
        )
        self.stack.callback(server.close)
        self.stack.callback(hold.set)
        return server

    def connect(self, server: Server) -> Stream:
        stream = connect(LOCAL, server.port, self.element, self.mdf_party, WAIT)
        self.stack.callback(stream.close)
        return stream

    def pair(self) -> tuple[Stream, Stream]:
        client = self.connect(self.serve())
        return client, self.streams.get(timeout=WAIT)


@pytest.fixture
def lab(ca: LabCA, tmp_path: Path) -> Iterator[Lab]:
    now = datetime.now(UTC)
    mdf, mdf_party = ca.issue(tmp_path / "mdf", "mdf-1", Role.MDF, now)
    element, element_party = ca.issue(tmp_path / "ne", "upf-1", Role.ELEMENT, now)
    lemf, lemf_party = ca.issue(tmp_path / "lemf", "lemf-1", Role.LEMF, now)
    stranger, _ = ca.issue(tmp_path / "x", "nobody", Role.ELEMENT, now)
    result = Lab(mdf, mdf_party, element, element_party, lemf, lemf_party, stranger)
    with result.stack:
        yield result


def test_each_side_knows_the_other(lab: Lab) -> None:
    client, server = lab.pair()
    assert client.peer == lab.mdf_party
    assert server.peer == lab.element_party


def test_octets_go_both_ways(lab: Lab) -> None:
    client, server = lab.pair()
    client.send(b"event")
    assert server.receive(WAIT) == b"event"
    server.send(b"answer")
    assert client.receive(WAIT) == b"answer"


def test_receive_returns_none_when_time_is_up(lab: Lab) -> None:
    client, _ = lab.pair()
    assert client.receive(0.0) is None
    assert client.receive(0.01) is None


def test_what_tls_holds_decrypted_is_returned_without_waiting(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Octets inside TLS never make the socket readable, so a poll first would hang."""
    monkeypatch.setattr("custodes.net.duplex._PIECE", 10)
    client, server = lab.pair()
    client.send(b"x" * 10)  # one record each
    monkeypatch.setattr("custodes.net.duplex._PIECE", 1000)
    client.send(b"y" * 1000)
    monkeypatch.setattr("custodes.net.duplex._PIECE", 10)
    assert server.receive(WAIT) == b"x" * 10
    assert server.receive(WAIT) == b"y" * 10
    # The rest of the record is in TLS, not in the socket.
    rest = b"".join(server.receive(0.0) or b"" for _ in range(99))
    assert rest == b"y" * 990


def test_full_duplex_with_more_than_the_buffers_hold(lab: Lab) -> None:
    """Both sides send megabytes at once, each on one thread while another receives."""
    client, server = lab.pair()
    size = 8 * 1024 * 1024
    got: dict[str, int] = {"client": 0, "server": 0}
    failures: list[BaseException] = []

    def run(work: Callable[[], None]) -> threading.Thread:
        def guarded() -> None:
            try:
                work()
            except BaseException as error:
                failures.append(error)

        thread = threading.Thread(target=guarded, daemon=True)
        thread.start()
        return thread

    def collect(name: str, stream: Stream) -> None:
        while got[name] < size:
            octets = stream.receive(WAIT)
            assert octets, "cut off"
            got[name] += len(octets)

    threads = [
        run(lambda: client.send(b"c" * size)),
        run(lambda: server.send(b"s" * size)),
        run(lambda: collect("client", client)),
        run(lambda: collect("server", server)),
    ]
    for thread in threads:
        thread.join(60)
    assert not failures
    assert got == {"client": size, "server": size}


def test_sends_of_two_threads_do_not_mix(lab: Lab) -> None:
    client, server = lab.pair()
    size = 4 * 1024 * 1024  # more than the buffers hold, so that each has to wait half-way
    threads = [
        threading.Thread(target=client.send, args=(letter * size,)) for letter in (b"a", b"b")
    ]
    for thread in threads:
        thread.start()
    octets = bytearray()
    while len(octets) < 2 * size:
        octets += server.receive(WAIT) or pytest.fail("cut off")
    for thread in threads:
        thread.join(WAIT)
    assert octets in (b"a" * size + b"b" * size, b"b" * size + b"a" * size)


def test_the_peers_close_is_empty_octets(lab: Lab) -> None:
    client, server = lab.pair()
    client.send(b"last")
    client.close()
    assert server.receive(WAIT) == b"last"
    assert server.receive(WAIT) == b""


def test_close_unblocks_a_thread_that_receives(lab: Lab) -> None:
    client, _ = lab.pair()
    results: queue.Queue[bytes | None] = queue.Queue()
    started = threading.Event()

    def receive() -> None:
        started.set()
        results.put(client.receive(None))

    threading.Thread(target=receive, daemon=True).start()
    started.wait(WAIT)
    client.close()
    assert results.get(timeout=WAIT) == b""


def test_close_unblocks_a_thread_that_sends(lab: Lab) -> None:
    client, _ = lab.pair()
    results: queue.Queue[CustodesError] = queue.Queue()

    def send() -> None:
        try:
            client.send(b"x" * 64 * 1024 * 1024, None)
        except CustodesError as error:
            results.put(error)

    thread = threading.Thread(target=send, daemon=True)
    thread.start()
    thread.join(0.05)
    client.close()
    assert isinstance(results.get(timeout=WAIT), StreamError)


def test_a_peer_that_takes_nothing_is_given_up(lab: Lab) -> None:
    client, _ = lab.pair()
    with pytest.raises(StreamError, match="took nothing"):
        client.send(b"x" * 64 * 1024 * 1024, 0.05)
    assert client.closed


def test_after_close_nothing_is_sent_and_nothing_received(lab: Lab) -> None:
    client, _ = lab.pair()
    client.close()
    client.close()
    assert client.receive(None) == b""
    with pytest.raises(StreamError):
        client.send(b"late")


def test_a_peer_that_vanishes_reads_as_closed_and_cannot_be_sent_to(lab: Lab) -> None:
    client, server = lab.pair()
    raw = server._socket
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
    raw.close()  # a reset, not a goodbye
    assert client.receive(WAIT) == b""
    with pytest.raises(StreamError):
        client.send(b"x" * 64 * 1024 * 1024, WAIT)
    assert client.closed


# Who gets in ------------------------------------------------------------------------------------


def refused_use(lab: Lab, server: Server, material: Material) -> None:
    """A refused client sees its connection end; nothing it sent was read."""
    try:
        stream = connect(LOCAL, server.port, material, lab.mdf_party, WAIT)
    except CustodesError:
        return
    try:
        assert stream.receive(WAIT) == b""
    except StreamError:
        pass
    finally:
        stream.close()


def test_an_enrolled_key_in_another_role_is_refused(lab: Lab) -> None:
    server = lab.serve(lambda stream: pytest.fail("let in"))
    refused_use(lab, server, lab.lemf)
    assert "not admitted here" in lab.refused.get(timeout=WAIT)


def test_a_certificate_of_the_ca_alone_lets_nobody_in(lab: Lab) -> None:
    server = lab.serve(lambda stream: pytest.fail("let in"))
    refused_use(lab, server, lab.stranger)
    assert "not enrolled" in lab.refused.get(timeout=WAIT)


def test_another_ca_is_refused(lab: Lab, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    (tmp_path / "other").mkdir()
    other = LabCA.create(tmp_path / "other", now)
    material, _ = other.issue(tmp_path / "forged", "upf-1", Role.ELEMENT, now)
    server = lab.serve(lambda stream: pytest.fail("let in"))
    with pytest.raises(CustodesError):
        connect(LOCAL, server.port, material, lab.mdf_party, WAIT)
    refused_use(lab, server, Material(material.certificate, material.key, lab.mdf.trust))
    assert "TLS was refused" in lab.refused.get(timeout=WAIT)


def test_no_certificate_is_refused(lab: Lab) -> None:
    server = lab.serve(lambda stream: pytest.fail("let in"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with (
        socket.create_connection((LOCAL, server.port), WAIT) as raw,
        pytest.raises((ssl.SSLError, ConnectionError)),
        context.wrap_socket(raw) as secured,
    ):
        secured.recv(1)
    assert "TLS was refused" in lab.refused.get(timeout=WAIT)


def test_tls_1_2_is_refused(lab: Lab) -> None:
    server = lab.serve(lambda stream: pytest.fail("let in"))
    context = client_context(lab.element)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with (
        socket.create_connection((LOCAL, server.port), WAIT) as raw,
        pytest.raises((ssl.SSLError, ConnectionError)),
    ):
        context.wrap_socket(raw)
    assert "TLS was refused" in lab.refused.get(timeout=WAIT)


def test_connect_wants_the_expected_party_and_no_other(lab: Lab) -> None:
    server = lab.serve()
    with pytest.raises(RefusedError, match="is not lemf-1"):
        connect(LOCAL, server.port, lab.element, lab.lemf_party, WAIT)


def test_nobody_listens(lab: Lab) -> None:
    server = lab.serve()
    port = server.port
    server.close()
    with pytest.raises(StreamError, match="cannot be reached"):
        connect(LOCAL, port, lab.element, lab.mdf_party, WAIT)


# Nothing holds up anybody else ------------------------------------------------------------------


def test_a_silent_client_does_not_hold_up_others(lab: Lab) -> None:
    server = lab.serve()
    with socket.create_connection((LOCAL, server.port), WAIT):
        client = lab.connect(server)
        client.send(b"through")
        assert lab.streams.get(timeout=WAIT).receive(WAIT) == b"through"


def test_a_handshake_that_is_not_completed_ends(lab: Lab) -> None:
    server = lab.serve(handshake_timeout=0.05)
    with socket.create_connection((LOCAL, server.port), WAIT) as raw:
        assert raw.recv(1) == b""
    assert "too long" in lab.refused.get(timeout=WAIT)


def test_connect_gives_up_on_a_server_that_says_nothing(lab: Lab) -> None:
    with socket.create_server((LOCAL, 0)) as mute, pytest.raises(StreamError, match="too long"):
        connect(LOCAL, mute.getsockname()[1], lab.element, lab.mdf_party, 0.05)


def test_garbage_instead_of_tls_is_refused_and_the_server_goes_on(lab: Lab) -> None:
    server = lab.serve()
    with socket.create_connection((LOCAL, server.port), WAIT) as raw:
        raw.sendall(b"GET / HTTP/1.0\r\n\r\n" * 10)
        assert "TLS was refused" in lab.refused.get(timeout=WAIT)
    assert lab.connect(server).peer == lab.mdf_party


def test_above_the_limit_connections_are_refused(lab: Lab) -> None:
    server = lab.serve(max_connections=1)
    lab.connect(server)
    lab.streams.get(timeout=WAIT)
    with socket.create_connection((LOCAL, server.port), WAIT):
        assert lab.refused.get(timeout=WAIT) == "too many connections"


def test_the_stream_closes_when_the_function_returns(lab: Lab) -> None:
    server = lab.serve(lambda stream: None)
    assert lab.connect(server).receive(WAIT) == b""


def test_closing_the_server_ends_streams_handshakes_and_the_listener(lab: Lab) -> None:
    received: queue.Queue[bytes | None] = queue.Queue()
    started = threading.Event()

    def wait_for_octets(stream: Stream) -> None:
        started.set()
        received.put(stream.receive(None))

    server = lab.serve(wait_for_octets)
    client = lab.connect(server)
    assert started.wait(WAIT)
    with socket.create_connection((LOCAL, server.port), WAIT) as unfinished:
        port = server.port
        server.close()
        server.close()
        assert received.get(timeout=WAIT) == b""
        assert client.receive(WAIT) == b""
        with contextlib.suppress(ConnectionResetError):  # where it was not accepted yet
            assert unfinished.recv(1) == b""
    with pytest.raises(OSError, match="refused"):
        socket.create_connection((LOCAL, port), 1.0)


def test_an_address_that_is_none_is_no_foreign_error(lab: Lab) -> None:
    for host, port in ((LOCAL, 65536), ("a" * 64, 1), ("", -1)):
        with pytest.raises(StreamError, match="cannot be reached"):
            connect(host, port, lab.element, lab.mdf_party, WAIT)
        with pytest.raises(ConfigurationError, match="cannot listen"):
            serve(host, port, lab.mdf, Directory([]), [], lambda stream: None)


def test_an_address_that_cannot_be_had_is_the_operators_mistake(lab: Lab) -> None:
    server = lab.serve()
    with pytest.raises(ConfigurationError, match="cannot listen"):
        serve(LOCAL, server.port, lab.mdf, Directory([]), [], lambda stream: None)
