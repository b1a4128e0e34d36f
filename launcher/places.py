"""Where a checkout keeps its running state: one folder per checkout and user, so that two checkouts live side by side."""

import hashlib
import os
import socket
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOBODY = 65534


def state_folder(kind: str = "run") -> Path:
    """Private folder for servers' data. As root it lies in /var/tmp: the database runs as another user and must reach it."""
    name = f"iprof-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:10]}-{os.geteuid()}"
    if os.geteuid() == 0:
        base = Path("/var/tmp")  # noqa: S108  (world-traversable on purpose; the folders inside are private)
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    folder = base / name / kind
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def free_port(wanted: int, *, span: int = 400) -> int:
    """`wanted` if free on loopback, else the next free one; below 32768, where clients are never given a port."""
    for port in range(wanted, wanted + span):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise SystemExit(f"✗ Aucun port libre entre {wanted} et {wanted + span}.")


def checkout_offset() -> int:
    """A stable shift of the ports, so that each checkout asks for its own first."""
    return int(hashlib.sha256(str(ROOT).encode()).hexdigest()[:4], 16) % 200
