"""A refusal with the code of TS 103 221-1 that the peer is answered."""

from __future__ import annotations

from custodes.base.errors import RefusedError


class X1Refused(RefusedError):  # noqa: N818 - the team's name for it
    """``code`` goes into errorCode, ``what`` into errorDescription: no identity in it."""

    def __init__(self, code: int, what: str) -> None:
        super().__init__(what, code=int(code))
