"""Keys of a local installation: made once, kept in the state folder, readable by their owner only."""

import base64
import json
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes


def local_keys(state: Path) -> dict[str, str]:
    """Environment variables the settings read. An environment that already has them keeps its own; an installation made
    by an older version gets those it lacks.
    """
    path, fresh = state / "keys.json", _fresh()
    if not path.exists():
        _write_once(path, json.dumps(fresh))
    kept: dict[str, str] = json.loads(path.read_text())
    if fresh.keys() - kept.keys():
        kept = fresh | kept
        os.replace(_part(path, json.dumps(kept)), path)
    kept["IPROF_IDP_KEY"] = _signing_key(state)
    kept["IPROF_VAPID_KEY"] = _push_key(state)
    return {name: os.environ.get(name) or value for name, value in kept.items()}


def _signing_key(state: Path) -> str:
    """The RSA key that signs what sibling services receive, in PEM. In a file of its own: older folders have none."""
    path = state / "idp.pem"
    if not path.exists():
        from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415  (installed after the launcher starts)

        _write_once(path, _pem(rsa.generate_private_key(public_exponent=65537, key_size=3072)))
    return path.read_text()


def _push_key(state: Path) -> str:
    """The key on P-256 that names the portal to push services. Another would end every subscription."""
    path = state / "vapid.pem"
    if not path.exists():
        from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415

        _write_once(path, _pem(ec.generate_private_key(ec.SECP256R1())))
    return path.read_text()


def _pem(key: "PrivateKeyTypes") -> str:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat  # noqa: PLC0415

    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _fresh() -> dict[str, str]:
    names = ("NUMEN_KEY", "LOOKUP_KEY", "JOURNAL_KEY", "SIAE_WEBHOOK_SECRETS", "BOUNCE_WEBHOOK_SECRETS")
    made = {name: base64.b64encode(os.urandom(32)).decode() for name in names}
    return {"SECRET_KEY": secrets.token_urlsafe(50)} | made


def servers_password(state: Path) -> str:
    """The password of the local PostgreSQL and Valkey: on a shared machine, loopback is open to every user."""
    path = state / "servers.password"
    if not path.exists():
        _write_once(path, secrets.token_urlsafe(24))
    return path.read_text()


def _part(path: Path, content: str) -> Path:
    """The content in a file beside, mode 600 from the first byte."""
    part = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(content)
    return part


def _write_once(path: Path, content: str) -> None:
    """Two commands started together: the first to write wins."""
    part = _part(path, content)
    try:
        os.link(part, path)
    except FileExistsError:
        pass
    finally:
        part.unlink()
