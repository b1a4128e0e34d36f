"""The ZIP of an offline copy: what ordinary tools open, and nothing readable in it (requirement S74)."""

import io
import shutil
import subprocess
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents import encrypted_zip
from documents.encrypted_zip import EncryptedZip
from tests.documents.ae2 import opened

PASSPHRASE = "sept mots sans rapport ni rime"
KNOWN = "000102030405060708090a0b0c0d0e0f418cb08ad29b0e03cb587d39ad4eae918d2a922dc1c1"
AT = (2026, 11, 25, 12, 45, 8)


def archive(contents: dict[str, bytes], passphrase: str = PASSPHRASE) -> bytes:
    out = io.BytesIO()
    made = EncryptedZip(out, passphrase.encode(), AT)
    for name, content in contents.items():
        made.add(name, content)
    made.close()
    return out.getvalue()


@pytest.mark.req("S74")
@settings(max_examples=60, deadline=None)
@given(st.lists(st.binary(max_size=100), max_size=4), st.text(st.characters(min_codepoint=32, max_codepoint=126)))
def test_what_is_put_in_comes_out(contents, passphrase):
    named = {f"{number:02}.pdf": content for number, content in enumerate(contents)}
    assert opened(archive(named, passphrase), passphrase) == named


@pytest.mark.parametrize("size", [0, 1, 15, 16, 17, 8191 * 16, 8192 * 16, 8192 * 16 + 1])
def test_contents_of_every_length_around_a_block_and_a_page_of_counters(size):
    content = bytes(number % 251 for number in range(size))
    assert opened(archive({"a.pdf": content}), PASSPHRASE) == {"a.pdf": content}


def test_another_passphrase_opens_nothing():
    with pytest.raises(AssertionError, match="wrong passphrase"):
        opened(archive({"a.pdf": b"a" * 40}), PASSPHRASE + " ")


def test_a_changed_bit_is_seen():
    made = bytearray(archive({"a.pdf": b"a" * 40}))
    made[made.index(b"a.pdf") + 5 + 11 + 18 + 3] ^= 1  # in the hidden content, after its header, its salt and its check
    with pytest.raises(AssertionError, match="altered"):
        opened(bytes(made), PASSPHRASE)


def test_nothing_is_readable_and_nothing_comes_twice():
    content = b"Certificat de travail fictif " * 4
    made = archive({"01.pdf": content, "02.pdf": content})
    assert b"fictif" not in made
    with zipfile.ZipFile(io.BytesIO(made)) as directory:
        assert [one.date_time for one in directory.infolist()] == [AT, AT]
    salts = [made[made.index(name) + 6 + 11 :][:16] for name in (b"01.pdf", b"02.pdf")]
    assert salts[0] != salts[1]


def test_a_known_entry_is_written_byte_for_byte(monkeypatch):
    """The salt aside, an entry is a function of the content and the passphrase: this one was opened by libarchive."""
    monkeypatch.setattr(encrypted_zip.os, "urandom", lambda count: bytes(range(count)))
    assert encrypted_zip.encrypted(b"Certificat", b"sept mots").hex() == KNOWN


SEVEN_ZIP = shutil.which("7z") or shutil.which("7zz")


@pytest.mark.skipif(SEVEN_ZIP is None, reason="no 7-Zip on this machine")
def test_seven_zip_opens_it(tmp_path):
    (tmp_path / "a.zip").write_bytes(archive({"a.pdf": b"a" * 40}))
    command = [str(SEVEN_ZIP), "x", f"-p{PASSPHRASE}", f"-o{tmp_path}", str(tmp_path / "a.zip")]
    subprocess.run(command, check=True, capture_output=True)
    assert (tmp_path / "a.pdf").read_bytes() == b"a" * 40
