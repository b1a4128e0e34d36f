"""A reader of AE-2 archives that shares nothing with the writer: block by block, from the published format."""

import hashlib
import hmac
import io
import struct
import zipfile

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes


def opened(archive: bytes, passphrase: str) -> dict[str, bytes]:
    """{name: content}. AssertionError when the passphrase or a code is wrong."""
    with zipfile.ZipFile(io.BytesIO(archive)) as directory:
        return {one.filename: _entry(archive, one, passphrase.encode()) for one in directory.infolist()}


def _entry(archive: bytes, one: zipfile.ZipInfo, passphrase: bytes) -> bytes:
    assert (one.compress_type, one.flag_bits & 1, one.CRC) == (99, 1, 0)
    assert struct.unpack("<HHH2sBH", one.extra) == (0x9901, 7, 2, b"AE", 3, 0)
    names = struct.unpack_from("<HH", archive, one.header_offset + 26)
    start = one.header_offset + 30 + sum(names)
    sealed = archive[start : start + one.compress_size]
    salt, check, hidden, code = sealed[:16], sealed[16:18], sealed[18:-10], sealed[-10:]
    keys = hashlib.pbkdf2_hmac("sha1", passphrase, salt, 1000, 66)
    assert keys[64:] == check, "wrong passphrase"
    assert hmac.new(keys[32:64], hidden, hashlib.sha1).digest()[:10] == code, "altered"
    blocks = (hidden[at : at + 16] for at in range(0, len(hidden), 16))
    content = b"".join(_block(keys[:32], number, block) for number, block in enumerate(blocks, start=1))
    assert len(content) == one.file_size
    return content


def _block(key: bytes, number: int, block: bytes) -> bytes:
    return Cipher(algorithms.AES(key), modes.CTR(number.to_bytes(16, "little"))).decryptor().update(block)
