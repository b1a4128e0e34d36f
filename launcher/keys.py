"""Keys of a local installation: made once, kept in the state folder, readable by their owner only."""

import base64
import json
import os
import secrets
from pathlib import Path


def local_keys(state: Path) -> dict[str, str]:
    """Environment variables the settings read. An environment that already has them keeps its own."""
    path = state / "keys.json"
    if not path.exists():
        keys = {
            "SECRET_KEY": secrets.token_urlsafe(50),
            "NUMEN_KEY": base64.b64encode(os.urandom(32)).decode(),
            "LOOKUP_KEY": base64.b64encode(os.urandom(32)).decode(),
            "SIAE_WEBHOOK_SECRETS": base64.b64encode(os.urandom(32)).decode(),
        }
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as stream:
            json.dump(keys, stream)
    kept: dict[str, str] = json.loads(path.read_text())
    return {name: os.environ.get(name, value) for name, value in kept.items()}
