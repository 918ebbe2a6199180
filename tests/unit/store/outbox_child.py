"""A process to be killed: commits batches for ever, and says of each what it was promised."""

from __future__ import annotations

import sys
from pathlib import Path

from outbox_scene import LATER, NORTH, NOW, SOUTH, A, B, Opened, pdu

from custodes.model.outbox import Batch


def main(folder: Path) -> None:
    outbox = Opened(folder).side()
    number = outbox.numbers().get("s", 0)
    while True:
        made = []
        for _ in range(1 + number % 7):
            liid, did = (A, B)[number % 2], (NORTH, SOUTH)[number % 3 == 0]
            made.append(pdu(b"%d " % number + bytes(number % 900), liid, did))
            number += 1
        ids = outbox.commit(Batch(made, {"s": number}, {b"c": number}))
        print("committed", number, *ids, flush=True)
        if number % 5 == 0:
            read = outbox.read(SOUTH, outbox.confirmed(SOUTH), 3, 1 << 20)
            if read:
                outbox.confirm(SOUTH, read[-1].id, NOW)
                print("confirmed", read[-1].id, flush=True)
                outbox.destroy(LATER)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
