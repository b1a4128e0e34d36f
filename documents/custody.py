"""The content of documents at rest: encrypted under a key of its own each, in a storage that never sees a key.

AES-256-GCM; the key of each file is random, sealed under the portal's master key (`iprof.web.crypto`: the rotation of
docs/operations.md seals it again, the files do not move). The document's id is authenticated with the content: a file
put in the place of another does not open.
"""

import base64
import datetime as dt
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db import Error as DatabaseError

from documents.models import StoredFile
from iprof.web.crypto import UnreadableSecret, seal, unseal

CONTEXT = "document-key"
STORAGE = "documents"
KEY_BYTES, NONCE_BYTES = 32, 12


class LostContent(Exception):
    """The content is missing from the storage, damaged, or of another document."""


@dataclass(frozen=True, slots=True)
class Written:
    """What the storage holds, not told to the database yet."""

    name: str
    key: bytes
    size: int
    sha256: str


def storage() -> Storage:
    return storages[STORAGE]


def write(content: bytes, *, document: UUID) -> Written:
    """Encrypts and writes under a random name. Raises OSError (disk full, storage refusing): nothing is kept then."""
    key, nonce = AESGCM.generate_key(KEY_BYTES * 8), os.urandom(NONCE_BYTES)
    sealed = nonce + AESGCM(key).encrypt(nonce, content, document.bytes)
    name = secrets.token_hex(20)
    stored = storage().save(f"{name[:2]}/{name}", ContentFile(sealed))
    return Written(stored, key, len(sealed), hashlib.sha256(sealed).hexdigest())


def attach(written: Written, *, document_id: UUID) -> StoredFile:
    """The row that knows the key, in the caller's transaction."""
    return StoredFile.objects.create(
        document_id=document_id,
        name=written.name,
        sealed_key=seal(base64.b64encode(written.key).decode(), context=CONTEXT),
        stored_size=written.size,
        stored_sha256=written.sha256,
    )


def read(stored: StoredFile) -> bytes:
    """The content as kept. Raises LostContent, UnreadableSecret (no key known opens it), OSError (storage down)."""
    key = base64.b64decode(unseal(bytes(stored.sealed_key), context=CONTEXT))
    try:
        with storage().open(stored.name) as file:
            sealed = file.read()
    except FileNotFoundError as error:
        raise LostContent(stored.name) from error
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], stored.document_id.bytes)
    except (InvalidTag, ValueError) as error:
        raise LostContent(stored.name) from error


def intact(stored: StoredFile) -> bool:
    """Whether the storage still holds the very bytes that were written. Raises OSError (storage down)."""
    try:
        with storage().open(stored.name) as file:
            return hashlib.sha256(file.read()).hexdigest() == stored.stored_sha256
    except FileNotFoundError:
        return False


@contextmanager
def written_with(written: Written | None) -> Iterator[None]:
    """Around the transaction that attaches a content: takes it back when that fails. Not when the database is gone: nobody
    knows then whether it committed, and a row without content would be a loss. The sweep takes what has no row."""
    try:
        yield
    except DatabaseError:
        raise
    except Exception:
        if written:
            erase(written.name)
        raise


def erase(name: str) -> None:
    """Takes a content out of the storage; one already gone is no error. Raises OSError when the storage refuses."""
    storage().delete(name)


def contents() -> Iterator[list[str]]:
    """The names the storage holds, folder by folder. Raises OSError."""
    folders, _ = storage().listdir("")
    for folder in sorted(folders):
        _, names = storage().listdir(folder)
        yield [f"{folder}/{name}" for name in sorted(names)]


def written_before(name: str, day: dt.datetime) -> bool:
    """False for one that is gone meanwhile. Raises OSError."""
    try:
        return storage().get_modified_time(name) < day
    except FileNotFoundError:
        return False


__all__ = [
    "LostContent",
    "UnreadableSecret",
    "Written",
    "attach",
    "contents",
    "erase",
    "intact",
    "read",
    "storage",
    "write",
    "written_before",
    "written_with",
]
