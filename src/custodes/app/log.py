"""The operations log: one JSON object a line on standard output, never an identity.

``event`` is the kind of line (``poi.ready``); the supervisor and people's tools read it.
"""

from __future__ import annotations

import sys
import threading

import structlog


class _Lines:
    """Whole lines only, whichever thread writes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def msg(self, line: str) -> None:
        with self._lock:
            sys.stdout.write(line + "\n")
            sys.stdout.flush()

    debug = info = warning = error = critical = msg


def configure(function: str) -> None:
    """Every line says when, which function and how grave."""
    lines = _Lines()
    structlog.configure(
        processors=[
            lambda _logger, _method, line: {**line, "function": function},
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=lambda *_: lines,
    )
