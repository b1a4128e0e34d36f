"""A folder of contents: whole or not there, whatever fails in the middle; closed to others; never one over another."""

import errno
import os
import stat

import pytest
from django.core.files.base import ContentFile

from documents.storage import disk
from documents.storage.disk import DiskStorage


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "new" / "documents"


@pytest.fixture
def storage(folder):
    return DiskStorage(location=str(folder))


def files(folder) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def mode(path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_content_is_written_closed_to_others(storage, folder):
    assert storage.save("ab/abcd", ContentFile(b"sealed")) == "ab/abcd"
    assert files(folder) == ["ab/abcd"]
    assert (folder / "ab/abcd").read_bytes() == b"sealed"
    assert (mode(folder / "ab/abcd"), mode(folder / "ab"), mode(folder)) == (0o600, 0o700, 0o700)


def test_the_content_then_its_name_are_on_the_disk(storage, folder, monkeypatch):
    """The order is what a power cut respects: bytes, name; a new folder before what is in it."""
    seen = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: seen.append(os.readlink(f"/proc/self/fd/{descriptor}")))
    storage.save("ab/abcd", ContentFile(b"sealed"))
    assert seen[:3] == [str(folder.parent.parent), str(folder.parent), str(folder)]
    assert seen[3].startswith(str(folder / "ab/abcd."))
    assert seen[3].endswith(disk.PARTIAL)
    assert seen[4:] == [str(folder / "ab")]


def full(*args, **kwargs):
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("step", ["fsync", "link"])
def test_a_full_disk_is_told_and_leaves_nothing(storage, folder, monkeypatch, step):
    storage.save("ab/abcd", ContentFile(b"before"))
    monkeypatch.setattr(os, step, full)
    with pytest.raises(OSError, match="No space left"):
        storage.save("ab/abce", ContentFile(b"sealed"))
    assert files(folder) == ["ab/abcd"]


def test_a_name_that_could_not_be_settled_is_taken_back(storage, folder, monkeypatch):
    storage.save("ab/abcd", ContentFile(b"before"))
    monkeypatch.setattr(disk, "_settle", full)
    with pytest.raises(OSError, match="No space left"):
        storage.save("ab/abce", ContentFile(b"sealed"))
    assert files(folder) == ["ab/abcd"]


def test_a_content_is_never_written_over_another(storage, folder):
    storage.save("ab/abcd", ContentFile(b"first"))
    with pytest.raises(FileExistsError):
        storage._save("ab/abcd", ContentFile(b"second"))
    assert storage.open("ab/abcd").read() == b"first"
    assert files(folder) == ["ab/abcd"]


def test_what_is_not_there_is_told(storage):
    with pytest.raises(FileNotFoundError):
        storage.open("ab/abcd")
    storage.delete("ab/abcd")
