"""``/metrics`` over mutual TLS: monitors and administrators, and nobody else."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from custodes.app.config import dump, load, load_registry
from custodes.app.lab import ADMINISTRATOR, Lab
from custodes.app.metrics.collector import Sample
from custodes.app.metrics.endpoint import PATH, Endpoint
from custodes.app.metrics.scrape import Told, parse, scrape
from custodes.base.errors import ConfigurationError, CustodesError, DecodeError, RefusedError
from custodes.model.address import Address
from custodes.model.party import Party
from custodes.net.http import HTTPSClient, TransportError
from custodes.net.tls import Material

NAME = "lemf-agency-a"
COUNTED = "custodes_lemf_counted_total"
WORDS = {"agency": ("agency-a",), "what": ("iri",)}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    return Lab.create(tmp_path_factory.mktemp("metrics") / "lab", datetime.now(UTC))


def endpoint(lab: Lab, name: str = NAME) -> Endpoint:
    folder = lab.function(name)
    samples = (Sample(COUNTED, ("agency-a", "iri"), 3),)
    return Endpoint(folder, load(folder), load_registry(folder), lambda: samples, WORDS)


@contextmanager
def served(lab: Lab) -> Iterator[Address]:
    made = endpoint(lab)
    assert made.config.metrics is not None
    with made.serving_in_thread():
        yield made.config.metrics


def material(lab: Lab, folder: Path) -> Material:
    return Material(folder / "cert.pem", folder / "key.pem", lab.folder / "pki" / "ca.pem")


async def status(
    address: Address, known: Material, expected: Party, path: str = PATH, method: str = "GET"
) -> int:
    client = HTTPSClient(known)
    try:
        answer = await client.request(method, f"https://{address}{path}", expected=expected)
        return answer.status
    finally:
        await client.close()


def party(lab: Lab, name: str) -> Party:
    return next(p for p in lab.registry().parties if p.name == name)


async def test_a_monitor_reads_what_was_counted(lab: Lab) -> None:
    with served(lab):
        told = await scrape(lab.monitor, NAME)
    assert Told(COUNTED, {"agency": "agency-a", "what": "iri"}, 3.0) in told
    assert Told("custodes_lab", {}, 1.0) in told


async def test_in_an_event_loop_and_in_a_thread_it_is_the_same(lab: Lab) -> None:
    async with endpoint(lab).serving():
        told = await scrape(lab.monitor, NAME)
    assert Told(COUNTED, {"agency": "agency-a", "what": "iri"}, 3.0) in told
    with pytest.raises(TransportError):
        await scrape(lab.monitor, NAME)


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("monitor", 200),
        (f"officers/{ADMINISTRATOR}", 200),
        ("officers/officer-1", 403),
        ("functions/poi/amf", 403),
        ("functions/mdf/mdf2", 403),
        ("functions/admf/admf", 403),
        ("functions/x1gate/x1gate", 403),
        ("functions/lemf-agency-b/lemf-agency-b", 403),
    ],
)
async def test_roles(lab: Lab, folder: str, expected: int) -> None:
    with served(lab) as address:
        known = material(lab, lab.folder / folder)
        assert await status(address, known, party(lab, NAME)) == expected


async def test_a_key_that_is_not_enrolled_is_refused(lab: Lab, tmp_path: Path) -> None:
    other = Lab.create(tmp_path / "other", datetime.now(UTC))
    with served(lab) as address, pytest.raises(TransportError):
        await status(address, material(lab, other.monitor), party(lab, NAME))


def test_without_tls_or_without_a_certificate_there_is_nothing(lab: Lab) -> None:
    with served(lab) as at, socket.create_connection((at.host, at.port), 5) as plain:
        plain.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"custodes" not in plain.recv(4096)


@pytest.mark.parametrize(("method", "path", "expected"), [("POST", PATH, 405), ("GET", "/", 404)])
async def test_there_is_only_one_thing_to_ask(
    lab: Lab, method: str, path: str, expected: int
) -> None:
    with served(lab) as address:
        known = material(lab, lab.monitor)
        assert await status(address, known, party(lab, NAME), path, method) == expected


async def test_another_function_at_the_address_is_not_believed(lab: Lab, tmp_path: Path) -> None:
    folder = tmp_path / "monitor"
    folder.mkdir()
    for path in lab.monitor.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    told = (folder / "monitor.toml").read_text()
    (folder / "monitor.toml").write_text(told.replace(f'party = "{NAME}"', 'party = "mdf2"'))
    with served(lab), pytest.raises(RefusedError):
        await scrape(folder, NAME)


async def test_what_cannot_be_read_is_no_answer(lab: Lab) -> None:
    def fails() -> list[Sample]:
        raise CustodesError("damaged")

    folder = lab.function(NAME)
    broken = Endpoint(folder, load(folder), load_registry(folder), fails, WORDS, threaded=True)
    async with broken.serving():
        with pytest.raises(RefusedError, match="500"):
            await scrape(lab.monitor, NAME)


def test_without_an_address_nothing_listens(lab: Lab, tmp_path: Path) -> None:
    folder = lab.function(NAME)
    dump(tmp_path, load(folder).model_copy(update={"metrics": None}))
    silent = Endpoint(folder, load(tmp_path), load_registry(folder), list, WORDS)
    with silent.serving_in_thread():
        assert silent.config.metrics is None


def test_an_address_in_use_is_said(lab: Lab) -> None:
    with (
        served(lab),
        pytest.raises(ConfigurationError, match="listen"),
        endpoint(lab).serving_in_thread(),
    ):
        pytest.fail("it listens where somebody else does")


async def test_a_folder_that_is_no_monitors_is_said(lab: Lab) -> None:
    with pytest.raises(ConfigurationError, match=r"monitor\.toml"):
        await scrape(lab.officer("officer-1"), NAME)
    with pytest.raises(ConfigurationError, match="no function fly"):
        await scrape(lab.monitor, "fly")


def test_what_is_no_exposition_is_said() -> None:
    with pytest.raises(DecodeError):
        parse(b"custodes_lab{ 1\n\xff")
