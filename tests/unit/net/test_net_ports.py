"""Ports for a lab: as many as asked for, all different, and none that somebody listens on."""

from __future__ import annotations

import socket
from itertools import chain, count

import pytest

from custodes.net import ports
from custodes.net.ports import LOOPBACK, free_ports


def test_all_differ_and_can_be_listened_on() -> None:
    found = free_ports(16)
    assert len(set(found)) == 16
    for port in found:
        with socket.socket() as listener:
            listener.bind((LOOPBACK, port))


def test_a_port_in_use_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind((LOOPBACK, 0))
        port = taken.getsockname()[1]
        draws = chain([port - 1], count(port + 1))  # only the first row would hold it
        monkeypatch.setattr(ports, "_FIRST", 0)
        monkeypatch.setattr(ports.secrets, "randbelow", lambda _: next(draws))
        assert port not in free_ports(2)
