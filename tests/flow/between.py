"""A man in the middle for tests: it holds stolen lab keys, records, and lies when told to.

It ends TLS on both sides with the keys of the parties it stands between, which nobody without the
lab's folder could do. Positions are made by enrolment: a registry that names its address.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from custodes.app.lab import Lab
from custodes.base.errors import CustodesError
from custodes.model.address import Address
from custodes.model.party import Party
from custodes.model.registry import Registry
from custodes.net.ports import LOOPBACK, free_ports
from custodes.net.stream import Server, Stream, connect, serve
from custodes.net.tls import Directory, Material
from custodes.wire.x2x3.pdu import PDU, PDUType, encode
from custodes.wire.x2x3.reader import Reader

Transform = Callable[[bytes], bytes]
_POLL = 0.1


def unchanged(octets: bytes) -> bytes:
    return octets


@dataclass
class Conversation:
    """What one connection carried, in plain."""

    client: str
    server: str
    from_client: bytearray = field(default_factory=bytearray)
    from_server: bytearray = field(default_factory=bytearray)


def stolen(lab: Lab, party: str) -> Material:
    """A party's key, wherever in the lab it lies."""
    found = next(p for p in lab.folder.rglob("key.pem") if p.parent.name == party)
    return Material(found.parent / "cert.pem", found, lab.folder / "pki" / "ca.pem")


class Between:
    """Plays ``server`` towards clients, and each client towards the real ``towards``."""

    def __init__(
        self,
        lab: Lab,
        server: str,
        target: Address,
        *,
        towards: str | None = None,
        transform: Callable[[], Transform] = lambda: unchanged,
    ) -> None:
        registry = lab.registry()
        self.address = Address(LOOPBACK, free_ports(1)[0])
        self.conversations: list[Conversation] = []
        self._lab = lab
        self._target = target
        self._expected = self._party(registry, towards or server)
        self._name = server
        self._transform = transform
        self._server: Server = serve(
            self.address.host,
            self.address.port,
            stolen(lab, server),
            Directory(registry.parties),
            {p.role for p in registry.parties},
            self._relay,
        )

    @staticmethod
    def _party(registry: Registry, name: str) -> Party:
        return next(p for p in registry.parties if p.name == name)

    def close(self) -> None:
        self._server.close()

    def __enter__(self) -> Between:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _relay(self, client: Stream) -> None:
        said = Conversation(client.peer.name, self._name)
        self.conversations.append(said)
        try:
            server = connect(
                self._target.host,
                self._target.port,
                stolen(self._lab, client.peer.name),
                self._expected,
            )
        except CustodesError:  # not up yet: the client sees a connection that ends
            return
        back = threading.Thread(
            target=self._pump, args=(server, client, said.from_server, unchanged), daemon=True
        )
        back.start()
        self._pump(client, server, said.from_client, self._transform())
        back.join(5.0)

    @staticmethod
    def _pump(source: Stream, sink: Stream, record: bytearray, transform: Transform) -> None:
        try:
            while (octets := source.receive(None)) != b"":
                record += octets or b""
                if changed := transform(octets or b""):
                    sink.send(changed)
        except CustodesError:
            pass  # one side is gone: so is the conversation
        finally:
            source.close()
            sink.close()


class DropOneX3:
    """Lets everything pass but one X3 PDU, the first it sees."""

    def __init__(self) -> None:
        self.dropped = 0

    def __call__(self) -> Transform:
        reader = Reader()

        def transform(octets: bytes) -> bytes:
            reader.receive_data(octets)
            kept: list[PDU] = []
            while (pdu := reader.next_pdu()) is not None:
                if pdu.type is PDUType.X3 and not self.dropped:
                    self.dropped += 1
                else:
                    kept.append(pdu)
            return b"".join(encode(pdu) for pdu in kept)

        return transform


def reach_intake_at(lab: Lab, element: str, address: Address) -> None:
    """Everybody believes from now on that this MDF takes product in at ``address``."""
    registry = lab.registry()
    elements = tuple(
        replace(e, intake=address) if e.neIdentifier == element else e for e in registry.elements
    )
    lab.reenrol(replace(registry, elements=elements))


def reach_x1_at(lab: Lab, element: str, address: Address) -> None:
    registry = lab.registry()
    elements = tuple(
        replace(e, x1=address) if e.neIdentifier == element else e for e in registry.elements
    )
    lab.reenrol(replace(registry, elements=elements))


def reach_agency_at(lab: Lab, agency: str, address: Address) -> None:
    registry = lab.registry()
    agencies = tuple(
        replace(a, hi2=address, hi3=address) if a.name == agency else a for a in registry.agencies
    )
    lab.reenrol(replace(registry, agencies=agencies))


def evidence_files(lab: Lab) -> list[Path]:
    return sorted(p.relative_to(lab.evidence()) for p in lab.evidence().rglob("*") if p.is_file())
