"""A ZIP whose entries are encrypted as WinZip's AE-2 says: AES-256 in counter mode, HMAC-SHA1, PBKDF2 (requirement S74).

The format is the one that ordinary tools open; its names and sizes are in clear: name the entries so that they say
nothing. Its derivation is short (1000 rounds of SHA-1), so that the passphrase alone resists (docs/adr/0021-offline-copy.md).
"""

import hashlib
import hmac
import os
import struct
from dataclasses import dataclass, field
from functools import lru_cache
from typing import IO

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

METHOD, STORED, VENDOR_VERSION, STRENGTH = 99, 0, 2, 3  # AES, content as it is, AE-2, 256 bits
SALT_BYTES, KEY_BYTES, CHECK_BYTES, MAC_BYTES = 16, 32, 2, 10
ROUNDS, BLOCK = 1000, 16  # set by the format
PAGE = 1 << 13  # blocks made at once
NEEDED = 51  # version of a reader that knows AES
OVERHEAD = SALT_BYTES + CHECK_BYTES + MAC_BYTES
EXTRA = struct.pack("<HHH2sBH", 0x9901, 7, VENDOR_VERSION, b"AE", STRENGTH, STORED)


@dataclass(slots=True)
class EncryptedZip:
    """Written entry by entry to `out`, closed by `close`. One entry at a time is in memory.

    `at`: (year, month, day, hour, minute, second) written on each entry.
    """

    out: IO[bytes]
    passphrase: bytes
    at: tuple[int, int, int, int, int, int]
    _written: int = 0
    _directory: list[bytes] = field(default_factory=list)

    def add(self, name: str, content: bytes) -> None:
        """`name` is ASCII, without folder."""
        sealed = encrypted(content, self.passphrase)
        common = self._common(len(sealed), len(content), len(name))
        self._directory.append(
            struct.pack("<IH", 0x02014B50, NEEDED)
            + common
            + struct.pack("<HHHII", 0, 0, 0, 0, self._written)
            + name.encode("ascii")
            + EXTRA
        )
        self._put(struct.pack("<I", 0x04034B50) + common + name.encode("ascii") + EXTRA)
        self._put(sealed)

    def close(self) -> None:
        start, directory = self._written, b"".join(self._directory)
        entries = len(self._directory)
        self._put(directory)
        self._put(struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, entries, entries, len(directory), start, 0))

    def _common(self, sealed: int, size: int, name: int) -> bytes:
        """The part that both headers share. AE-2 writes no sum of the clear content."""
        year, month, day, hour, minute, second = self.at
        time, date = hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day
        return struct.pack("<HHHHHIIIHH", NEEDED, 1, METHOD, time, date, 0, sealed, size, name, len(EXTRA))

    def _put(self, part: bytes) -> None:
        self.out.write(part)
        self._written += len(part)


def encrypted(content: bytes, passphrase: bytes) -> bytes:
    """Salt, two bytes that tell a wrong passphrase early, the content, the authentication code."""
    salt = os.urandom(SALT_BYTES)
    keys = hashlib.pbkdf2_hmac("sha1", passphrase, salt, ROUNDS, 2 * KEY_BYTES + CHECK_BYTES)
    hidden = _xor(content, _stream(keys[:KEY_BYTES], len(content)))
    code = hmac.digest(keys[KEY_BYTES : 2 * KEY_BYTES], hidden, "sha1")[:MAC_BYTES]
    return salt + keys[2 * KEY_BYTES :] + hidden + code


def _stream(key: bytes, length: int) -> bytes:
    """The counter of the format grows from its first byte, that of every library from its last: the blocks are made
    here."""
    encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305  (of counters: none comes twice)
    pages = -(-length // (PAGE * BLOCK))
    return b"".join(encryptor.update(_counters(page)) for page in range(pages))[:length]


@lru_cache(maxsize=32)  # those of the heaviest document, the same for all: 4 MB
def _counters(page: int) -> bytes:
    first = page * PAGE + 1
    return b"".join(number.to_bytes(BLOCK, "little") for number in range(first, first + PAGE))


def _xor(left: bytes, right: bytes) -> bytes:
    return (int.from_bytes(left, "little") ^ int.from_bytes(right, "little")).to_bytes(len(left), "little")
