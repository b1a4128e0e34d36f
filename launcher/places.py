"""Where a checkout keeps its running state: one folder per checkout and user, so that two checkouts live side by side."""

import hashlib
import os
import socket
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOBODY = 65534


def state_folder() -> Path:
    """Folder of the servers' data, of the keys and of the logs; nobody else can list it.

    As root it lies in /var/tmp and may be traversed: PostgreSQL runs there as another user. Raises SystemExit when it
    cannot be made, or belongs to somebody else.
    """
    is_root = os.geteuid() == 0
    name = f"iprof-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:10]}-{os.geteuid()}"
    if is_root:
        base = Path("/var/tmp")  # noqa: S108  (the folder's owner is checked below)
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    folder = base / name
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
            raise SystemExit(f"✗ Le dossier {folder} appartient à un autre compte. Supprimez-le, puis relancez.")
        folder.chmod(0o711 if is_root else 0o700)
        state = folder / "run"
        state.mkdir(exist_ok=True)
        state.chmod(0o711 if is_root else 0o700)
    except OSError as error:
        raise SystemExit(
            f"✗ Le dossier {folder} ne peut pas être créé ({error.strerror}). "
            "Indiquez un dossier à vous dans XDG_DATA_HOME, puis relancez."
        ) from None
    return state


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
    raise SystemExit(f"✗ Aucun port libre entre {wanted} et {wanted + span - 1}.")


def checkout_offset() -> int:
    """A stable shift of the ports, so that each checkout asks for its own first."""
    return int(hashlib.sha256(str(ROOT).encode()).hexdigest()[:4], 16) % 200
